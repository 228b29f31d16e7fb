"""Invitations: one link a unit, made once, redeemed once, worth nothing elsewhere."""

import csv
import datetime
import os
import stat
from dataclasses import replace

import pytest
from sqlalchemy import event, func, select

from satmeter.collection.contacts import opened_contacts, purge_contacts
from satmeter.collection.invitations import MESSAGES, Invitations
from satmeter.collection.keys import is_key, link_of
from satmeter.collection.sample import invite
from satmeter.collection.sample_file import Unit
from satmeter.collection.sample_tables import TOKEN, UNIT, open_database
from satmeter.errors import CollectionError, JournalError
from satmeter.journal.sealing import SealingKey

KEY = SealingKey(bytes(range(32)))
TODAY = datetime.date(2026, 11, 22)


@pytest.fixture
def database(tmp_path):
    database = open_database(str(tmp_path / "store.db"))
    yield database
    database.close()


@pytest.fixture
def people(tmp_path):
    database = open_database(str(tmp_path / "people.db"), alone=True)
    yield database
    database.close()


def units(*names, **contacts):
    return [Unit(name, {"region": "urban"}, dict(contacts)) for name in names]


def invited(database, sample, folder, name="links.csv", **options):
    told = {"survey": "power-utility", "version": "1", "key": KEY, "base_url": "https://survey.example"} | options
    return invite(database, sample, file=folder / name, **told)


def tokens(folder, name="links.csv"):
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return {row["id"]: row["link"].rpartition("/")[2] for row in csv.DictReader(file)}


def survey(**options):
    return Invitations(**({"survey": "power-utility", "version": "1", "today": lambda: TODAY} | options))


def redeem(database, invitations, token, response="r1"):
    with database.writing() as connection:
        return invitations.guard(token, response)(connection)


def look(database, invitations, token):
    with database.reading() as connection:
        return invitations.look(connection, token)


def codes_of(action):
    with pytest.raises(CollectionError) as error:
        action()
    assert error.value.text("en")
    assert error.value.text("zh-CN")
    return [problem.code for problem in error.value.problems]


def test_every_unit_gets_a_link_of_128_bits_that_the_store_does_not_hold(database, tmp_path):
    found = invited(database, units("A", "B", "=C"), tmp_path)
    assert (found.new, found.known, found.replaced) == (3, 0, 0)
    made = tokens(tmp_path)
    assert list(made) == ["A", "B", "'=C"]
    assert len(set(made.values())) == 3
    assert all(is_key(token) for token in made.values())
    assert stat.S_IMODE(os.stat(tmp_path / "links.csv").st_mode) == 0o600
    assert (tmp_path / "links.csv").read_text("utf-8-sig").splitlines()[0] == "id,region,link"
    database.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("store.db*"))
    assert not any(token.encode() in stored for token in made.values())
    assert all(link_of(token) in stored for token in made.values())


def test_importing_again_adds_new_units_only(database, tmp_path):
    invited(database, units("A", "B"), tmp_path)
    again = invited(database, units("A", "B", "C"), tmp_path, "more.csv")
    assert (again.new, again.known) == (1, 2)
    assert list(tokens(tmp_path, "more.csv")) == ["C"]
    nothing = invited(database, units("A", "C"), tmp_path, "none.csv")
    assert (nothing.new, nothing.links) == (0, ())
    assert not (tmp_path / "none.csv").exists()


def test_a_link_that_is_replaced_is_worth_nothing_and_the_new_one_is(database, tmp_path):
    invited(database, units("A", "B"), tmp_path)
    invited(database, units("A", phone="1"), tmp_path, "new.csv", replace=["A"])
    old, new = tokens(tmp_path)["A"], tokens(tmp_path, "new.csv")["A"]
    assert [look(database, survey(), token) for token in (old, new)] == ["revoked", ""]
    assert redeem(database, survey(), old) == "revoked"
    assert redeem(database, survey(), new) == ""
    with database.reading() as connection:
        sealed = connection.execute(select(UNIT.c.contacts).where(UNIT.c.id == "A")).scalar_one()
    assert opened_contacts("A", sealed, KEY) == {"phone": "1"}


def test_units_that_are_not_there_or_have_answered_are_not_replaced_and_nothing_is_changed(people, tmp_path):
    invited(people, units("A", "B"), tmp_path)
    survey(people=people).claim(tokens(tmp_path)["A"])
    assert codes_of(lambda: invited(people, units("C"), tmp_path, "new.csv", replace=["A", "Z"])) == ["C058", "C059"]
    assert not (tmp_path / "new.csv").exists()
    with people.reading() as connection:
        assert connection.execute(select(func.count()).select_from(UNIT)).scalar_one() == 2


def test_links_are_never_written_over_others_and_then_nothing_is_imported(database, tmp_path):
    (tmp_path / "links.csv").write_text("mine")
    assert codes_of(lambda: invited(database, units("A"), tmp_path)) == ["C067"]
    assert (tmp_path / "links.csv").read_text() == "mine"
    assert codes_of(lambda: look(database, survey(), "x")) == ["C065"]


def test_links_that_cannot_be_stored_leave_no_file(database, tmp_path):
    invited(database, units("A"), tmp_path)
    with database.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE UPDATE ON sample_token BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    with pytest.raises(JournalError):
        invited(database, units("A", "B"), tmp_path, "new.csv", replace=["A"])
    assert not (tmp_path / "new.csv").exists()


def test_links_that_cannot_be_written_are_not_stored(database, tmp_path, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("satmeter.collection.links.os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            invited(database, units("A", "B"), tmp_path)
    assert not (tmp_path / "links.csv").exists()
    assert not database.imported()
    assert invited(database, units("A", "B"), tmp_path).new == 2


def test_contact_data_are_sealed_and_need_a_key(database, tmp_path):
    sample = units("A", email="zhang@example.cn")
    assert codes_of(lambda: invited(database, sample, tmp_path, key=None)) == ["C057"]
    invited(database, sample, tmp_path)
    database.close()
    assert b"zhang@example.cn" not in b"".join(path.read_bytes() for path in tmp_path.glob("store.db*"))
    with database.reading() as connection:
        sealed = connection.execute(select(UNIT.c.contacts)).scalar_one()
    assert opened_contacts("A", sealed, KEY) == {"email": "zhang@example.cn"}
    with pytest.raises(JournalError):
        opened_contacts("B", sealed, KEY)


def test_contact_data_are_deleted_after_their_day_and_not_before(database, tmp_path):
    invited(database, [*units("A", phone="1" * 40), *units("B")], tmp_path)
    with database.reading() as connection:
        sealed = connection.execute(select(UNIT.c.contacts).where(UNIT.c.id == "A")).scalar_one()["phone"]["sealed"]
    assert purge_contacts(database, TODAY, TODAY) == 0
    assert purge_contacts(database, TODAY + datetime.timedelta(1), TODAY) == 1
    assert purge_contacts(database, TODAY + datetime.timedelta(1), TODAY) == 0
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("store.db*"))
    assert sealed.encode() not in stored
    assert look(database, survey(), tokens(tmp_path)["A"]) == ""


def test_another_surveys_sample_is_refused(database, tmp_path):
    invited(database, units("A"), tmp_path)
    assert codes_of(lambda: invited(database, units("B"), tmp_path, "b.csv", survey="ecsi-mobile")) == ["C064"]


def test_every_refusal_has_its_word_and_a_message(database, tmp_path):
    until = TODAY - datetime.timedelta(1)
    invited(database, units("A", "B", "C"), tmp_path)
    invited(database, units("late"), tmp_path, "late.csv", valid_until=until)
    made = tokens(tmp_path)
    late = tokens(tmp_path, "late.csv")["late"]
    invited(database, units("B"), tmp_path, "b.csv", replace=["B"])
    assert redeem(database, survey(), made["C"], "r3") == ""
    cases = {
        "unknown": (survey(), "x" * 22),
        "foreign": (survey(survey="ecsi-mobile"), made["A"]),
        "outdated": (survey(version="2"), made["A"]),
        "expired": (survey(), late),
        "revoked": (survey(), made["B"]),
        "begun": (survey(), made["C"]),
    }
    for word, (invitations, token) in cases.items():
        assert look(database, invitations, token) == word
        assert redeem(database, invitations, token, "r9") == word
        assert word == "begun" or MESSAGES[word] in {"not_found", "expired", "used"}
    assert look(database, replace(survey(), today=lambda: until), late) == ""
    with database.reading() as connection:
        bound = connection.execute(select(TOKEN.c.response).where(TOKEN.c.response.is_not(None))).scalars().all()
        assert survey().response_of(connection, made["C"]) == "r3"
    assert bound == ["r3"]


@pytest.mark.parametrize("token", ["", "x", "x" * 23, "\u4e2d" * 22, "x" * 100_000, "' OR 1=1 --", "\ud800", "a\0b"])
def test_what_is_no_link_is_unknown(database, tmp_path, token):
    invited(database, units("A"), tmp_path)
    assert look(database, survey(), token) == "unknown"
    assert redeem(database, survey(), token) == "unknown"


def test_the_first_begin_binds_the_response_and_the_link_leads_back_to_it(database, tmp_path):
    invited(database, units("A"), tmp_path)
    token = tokens(tmp_path)["A"]
    assert [redeem(database, survey(), token, name) for name in ("r1", "r2")] == ["", "begun"]
    with database.reading() as connection:
        assert survey().response_of(connection, token) == "r1"
    key = survey().personal_key(token)
    assert is_key(key)
    assert key == survey().personal_key(token)
    assert len({key, token, survey(survey="ecsi-mobile").personal_key(token), survey().personal_key("x" * 22)}) == 4


def test_links_that_were_not_used_can_be_bound_to_a_later_version(database, tmp_path):
    invited(database, units("A", "B"), tmp_path)
    made = tokens(tmp_path)
    redeem(database, survey(), made["B"])
    later = survey(version="2")
    assert [look(database, later, made[name]) for name in "AB"] == ["outdated", "begun"]
    found = invited(database, units("A"), tmp_path, version="2", rebind=True)
    assert found.rebound == 1
    assert [look(database, later, made[name]) for name in "AB"] == ["", "begun"]


def statements_of(database, token):
    statements = []
    with database.writing() as connection:
        event.listen(connection, "before_cursor_execute", lambda *told: statements.append(told[2]))
        survey().guard(token, "r5")(connection)
    return statements


def test_the_work_is_the_same_for_links_that_exist_and_links_that_do_not(database, tmp_path):
    invited(database, units("A", "B"), tmp_path)
    made = tokens(tmp_path)
    redeem(database, survey(), made["B"])
    seen = []
    for token in (made["A"], made["B"], "x" * 22, "nonsense"):
        seen.append(statements_of(database, token))
    assert seen[0] == seen[1] == seen[2] == seen[3]
    assert len(seen[0]) == 2


def test_the_people_of_an_anonymous_survey_stand_in_a_file_of_their_own(tmp_path, people):
    assert codes_of(lambda: open_database("postgresql://localhost/x", alone=True)) == ["C062"]
    invited(people, units("A"), tmp_path)
    assert stat.S_IMODE(os.stat(tmp_path / "people.db").st_mode) == 0o600
    secret = survey(people=people)
    token = tokens(tmp_path)["A"]
    assert [look(people, secret, token), secret.claim(token), look(people, secret, token)] == ["", "", "used"]
    with people.reading() as connection:
        assert secret.response_of(connection, token) is None
    assert secret.claim(token) == "used"
    secret.give_back(token)
    assert secret.claim(token) == ""
    with pytest.raises(ValueError, match="guard"):
        survey().claim(token)
