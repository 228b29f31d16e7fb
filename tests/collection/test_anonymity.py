"""Of an anonymous survey nothing joins who answered and what was answered: not order, time, address, token or bytes."""

import random
import re
import shutil
from dataclasses import replace

import pytest
from sqlalchemy import select

from satmeter.collection.fielding import Wish, make_ready
from satmeter.collection.fieldwork_file import Fieldwork
from satmeter.collection.invitations import Invitations
from satmeter.collection.keys import link_of
from satmeter.collection.sample import invite
from satmeter.collection.sample_file import Unit
from satmeter.collection.sample_tables import TABLES, TOKEN, UNIT, open_database, people_apart
from satmeter.errors import CollectionError
from satmeter.journal.sealing import SealingKey

NAMES = [f"customer-{n:03d}" for n in range(30)]
KEY = SealingKey(bytes(32))


@pytest.fixture
def folder(tmp_path):
    """The people of a survey, in a folder of their own."""
    (tmp_path / "people").mkdir()
    database = open_database(str(tmp_path / "people" / "people.db"), alone=True)
    sample = [Unit(name, {"region": "urban"}, {"phone": f"138{n:08d}"}) for n, name in enumerate(NAMES)]
    links = invite(
        database, sample, survey="shop", version="1", key=KEY, file=tmp_path / "links.csv", base_url="http://localhost"
    )
    database.close()
    return tmp_path, {link.unit.id: link.token for link in links.links}


def claimed(source, target, tokens):
    """Copy the people and redeem links in this order; return the bytes of every file that is there meanwhile."""
    shutil.copytree(source, target)
    database = open_database(str(target / "people.db"), alone=True)
    with database.reading() as watching:  # as a server does that shows the welcome page
        assert watching.execute(select(UNIT.c.id)).first()
    assert {Invitations("shop", "1", database).claim(token) for token in tokens} == {""}
    files = {path.name: path.read_bytes() for path in target.iterdir()}
    database.close()
    return files


def test_the_order_in_which_people_began_is_not_in_the_file(folder):
    place, tokens = folder
    some = [tokens[name] for name in NAMES[::2]]
    files = []
    for seed in range(3):
        random.Random(seed).shuffle(some)
        files.append(claimed(place / "people", place / f"run{seed}", some))
    assert set(files[0]) == {"people.db"}
    assert all(other == files[0] for other in files[1:])


def test_a_link_that_was_given_back_leaves_no_trace(folder):
    place, tokens = folder
    database = open_database(str(place / "people" / "people.db"), alone=True)
    invitations = Invitations("shop", "1", database)
    for name in NAMES[:3]:
        assert invitations.claim(tokens[name]) == ""
    for name in NAMES[:3]:
        invitations.give_back(tokens[name])
    with database.reading() as connection:
        assert not any(connection.execute(select(TOKEN.c.used)).scalars())
    database.close()


def test_no_table_of_people_knows_a_time_or_a_response(folder):
    place, tokens = folder
    database = open_database(str(place / "people" / "people.db"), alone=True)
    Invitations("shop", "1", database).claim(tokens["customer-007"])
    with database.reading() as connection:
        used = connection.execute(select(TOKEN).where(TOKEN.c.used)).mappings().all()
        assert len(used) == 1
        expected = {"survey": "shop", "version": "1", "valid_until": "", "revoked": False, "used": True}
        free = {"number", "hash", "unit"}
        assert {name: value for name, value in used[0].items() if name not in free} == expected | {"response": None}
        assert [column.name for column in TABLES.tables["sample_unit"].columns] == [
            "number",
            "survey",
            "id",
            "strata",
            "contacts",
        ]
    database.close()


def walk(web, fields_of, pages, token):
    """Begin by an invitation and answer everything; return the personal link and all pages that were seen."""
    seen = [web.get(f"/i/{token}")]
    begun = web.post(f"/i/{token}/begin", fields_of(seen[0].text))
    mine = begun.headers["location"].removesuffix("/1")
    seen += [begun, web.get(f"{mine}/1"), web.walk(mine, pages), web.get(f"{mine}/thanks")]
    return mine, seen


def test_answers_and_people_have_no_value_in_common(folder, open_web, store, fields_of, pages):
    place, tokens = folder
    database = open_database(str(place / "people" / "people.db"), alone=True)
    web = open_web(invitations=Invitations("shop", "1", database), fieldwork=Fieldwork(anonymous=True))
    names = random.Random(3).sample(NAMES, 5)
    links = []
    for name in names:
        mine, seen = walk(web, fields_of, pages, tokens[name])
        links.append(mine.removeprefix("/r/"))
        assert all("set-cookie" not in answer.headers for answer in seen)
        assert all(answer.headers["referrer-policy"] == "no-referrer" for answer in seen)
        after = [answer.text + str(answer.headers) for answer in seen[1:]]
        assert not any(tokens[name] in text or name in text for text in after)
    with database.reading() as connection:
        people = [str(value).encode() for row in connection.execute(select(UNIT.c.id)) for value in row]
    database.close()
    store.close()
    answers = b"".join(path.read_bytes() for path in place.glob("answers.db*"))
    who = b"".join(path.read_bytes() for path in (place / "people").iterdir())
    known = [*people, *(token.encode() for token in tokens.values()), *(link_of(token) for token in tokens.values())]
    assert not any(value in answers for value in known)
    responses = set(re.findall(rb"r[0-9a-f]{24}", answers))
    assert len(responses) == 5
    assert all(link_of(key) in answers for key in links)
    assert not any(value in who for value in [*responses, *map(link_of, links), *(key.encode() for key in links)])


def test_every_response_looks_alike_whoever_was_invited(folder, open_web, store, fields_of):
    place, tokens = folder
    database = open_database(str(place / "people" / "people.db"), alone=True)
    web = open_web(invitations=Invitations("shop", "1", database))
    for name in NAMES[:2]:
        web.post(f"/i/{tokens[name]}/begin", fields_of(web.get(f"/i/{tokens[name]}").text))
    web.begin()
    database.close()
    shapes = [sorted(event.payload) for event in store.events() if event.kind == "opened"]
    assert shapes == [["language", "mode", "order"]] * 3


def test_people_do_not_stand_in_the_store_of_the_answers(tmp_path):
    with pytest.raises(CollectionError) as error:
        people_apart(str(tmp_path / "answers.db"), f"sqlite:///{tmp_path}/x/../answers.db")
    assert [problem.code for problem in error.value.problems] == ["C063"]
    assert people_apart(str(tmp_path / "people.db"), "postgresql://localhost/answers").address.kind == "sqlite"


@pytest.mark.parametrize(
    ("anonymous", "people", "kind"), [("yes", "", "none"), ("yes", "p.db", "apart"), ("no", "", "beside")]
)
def test_a_server_of_an_anonymous_survey_never_redeems_links_beside_the_answers(
    tmp_path, questionnaire, anonymous, people, kind
):
    day = "satmeter: 1\nretention: {contacts: 2020-01-01}\n"
    (tmp_path / "fieldwork.yaml").write_text(f"{day}anonymous: {anonymous}\n", "utf-8")
    wish = Wish(
        questionnaire="power-utility",
        store=f"sqlite:///{tmp_path}/answers.db",
        port=0,
        fieldwork=str(tmp_path / "fieldwork.yaml"),
        pii_key=str(tmp_path / "key"),
    )
    wish = replace(wish, people=str(tmp_path / people) if people else "")
    with make_ready(wish) as ready:
        found = ready.settings.invitations
        assert kind == ("none" if found is None else "apart" if found.anonymous else "beside")
        ready.taken.close()


@pytest.mark.parametrize(("until", "kept"), [("2020-01-01", 0), ("2999-01-01", 30)])
def test_a_server_deletes_contact_data_whose_day_is_past(folder, until, kept):
    place, _ = folder
    (place / "fieldwork.yaml").write_text(f"satmeter: 1\nretention: {{contacts: {until}}}\n", "utf-8")
    wish = Wish(
        questionnaire="power-utility",
        store=str(place / "answers.db"),
        people=str(place / "people" / "people.db"),
        port=0,
        fieldwork=str(place / "fieldwork.yaml"),
        pii_key=str(place / "key"),
    )
    with make_ready(wish) as ready:
        ready.taken.close()
    database = open_database(str(place / "people" / "people.db"), alone=True)
    with database.reading() as connection:
        assert sum(bool(contacts) for contacts in connection.execute(select(UNIT.c.contacts)).scalars()) == kept
    database.close()
