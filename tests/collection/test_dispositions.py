"""What became of every unit: from the journal, from calls and visits, for reminders and for the study."""

import csv
import datetime
import io

import pytest
from sqlalchemy import select

from satmeter.cli.main import run
from satmeter.collection.dispositions import RESULTS, case_list, cases, counts, record_contact, record_contacts
from satmeter.collection.invitations import Invitations
from satmeter.collection.keys import link_of
from satmeter.collection.quotas import Quotas
from satmeter.collection.reminders import reminder_list, reminders
from satmeter.collection.sample import invite
from satmeter.collection.sample_file import Unit
from satmeter.collection.sample_tables import PLACE, UNIT, open_database, prepare
from satmeter.collection.versions import open_edition, questionnaire_text
from satmeter.errors import CollectionError
from satmeter.journal import Event, open_store
from satmeter.journal.sealing import SealingKey
from satmeter.numerics.outcome_rates import outcome_rates
from satmeter.questionnaire import read_questionnaire
from satmeter.responses.read import read_responses
from satmeter.responses.sample_file import place_respondents, read_sample_file
from satmeter.study import read_study
from satmeter.study.fieldwork import read_cases
from satmeter.study.fieldwork_keys import GROUPS

KEY = SealingKey(bytes(32))
NOW = datetime.datetime(2026, 11, 22, 9, tzinfo=datetime.UTC)
NAMES = ("done", "half", "looked", "full", "left", "refused", "away", "silent", "gone")


@pytest.fixture
def field(tmp_path):
    """A store in which every unit of a sample ended in another way."""
    questionnaire = read_questionnaire("power-utility")
    store = open_store(str(tmp_path / "answers.db"), survey=questionnaire.id)

    database = open_database(str(tmp_path / "answers.db"))
    sample = [Unit(name, {"region": "urban"}, {"phone": f"1380000{n}"}) for n, name in enumerate(NAMES)]
    told = {"survey": questionnaire.id, "version": "1", "key": KEY, "base_url": "http://localhost"}
    links = invite(database, sample, file=tmp_path / "links.csv", **told).links
    made = {link.unit.id: link.token for link in links}
    invitations = Invitations(questionnaire.id, "1")

    def opened(name):
        response = f"r-{name}"
        event = Event("opened", response, {"language": "en", "mode": "web", "order": []})
        token = made[name]
        guard = invitations.guard(token, response)
        told = store.append(
            [event], definition=questionnaire.digest, link=link_of(invitations.personal_key(token)), guard=guard
        )
        assert told.refused == ""
        return response

    def happens(response, kind, **payload):
        store.append([Event(kind, response, payload)], definition=questionnaire.digest)

    for name in ("done", "half"):
        happens(opened(name), "answered", page=1, values={"ctype": "res"}, language="en")
    happens("r-done", "submitted", language="en", seconds=60)
    opened("looked")
    happens(opened("full"), "withdrawn", reason="quota_full")
    happens(opened("left"), "withdrawn", reason="asked")
    happens(opened("gone"), "answered", page=1, values={"ctype": "res"}, language="en")
    store.erase("r-gone")
    with database.writing() as connection:
        for name, result in (("refused", "away"), ("refused", "refused"), ("away", "away"), ("done", "away")):
            assert record_contact(connection, name, result, at="2026-11-21T10:00:00", agent="a7")
    yield store, database, questionnaire
    database.close()
    store.close()


def found_in(store, **options):
    with store.connection() as connection:
        return {case.id: case for case in cases(connection, **options)}


def test_every_unit_has_the_group_of_how_it_ended(field):
    found = found_in(field[0])
    assert {name: (case.disposition, case.result) for name, case in found.items()} == {
        "done": ("I", "complete"),
        "half": ("P", "partial"),
        "looked": ("P", "begun"),
        "full": ("NE", "screened_out"),
        "left": ("R", "withdrawn"),
        "refused": ("R", "refused"),
        "away": ("NC", "away"),
        "silent": ("UO", "no_reply"),
        "gone": ("R", "erased"),
    }
    assert found["refused"].attempts == 2
    assert found_in(field[0], no_reply="NC")["silent"].disposition == "NC"


def test_dispositions_have_the_groups_of_the_study(field):
    assert set(RESULTS.values()) | {"I", "P"} == set(GROUPS)
    tally = counts(tuple(found_in(field[0]).values()))
    assert tally == {"I": 1, "P": 2, "R": 3, "NC": 1, "O": 0, "UO": 1, "UH": 0, "NE": 1}
    assert outcome_rates(tally)["rr1"].estimate == 1 / 8


def test_a_response_that_was_opened_again_is_partial(field):
    store, _, questionnaire = field
    store.append([Event("reopened", "r-done", {"by": "staff"})], definition=questionnaire.digest)
    assert found_in(store)["done"].result == "partial"


def test_the_study_reads_the_case_list_and_finds_every_respondent(field, tmp_path):
    store, _, questionnaire = field
    (tmp_path / "cases.csv").write_bytes(case_list(tuple(found_in(store).values())))
    sample = read_sample_file(
        tmp_path / "cases.csv", key="respondent", disposition="disposition", codes={g: g for g in GROUPS}
    )
    assert sample.groups == ("I", "P", "P", "NE", "R", "R", "NC", "UO", "R")
    open_edition(store, questionnaire, questionnaire_text("power-utility"))
    responses = read_responses([f"sqlite:///{tmp_path}/answers.db"], questionnaire)
    assert sorted(place_respondents(sample, responses, key="respondent").tolist()) == [0, 1, 2]
    (tmp_path / "study.yaml").write_text(
        "satmeter: 1\nquestionnaire: power-utility\nresponses: sqlite:///answers.db\n"
        "fieldwork: {sample: cases.csv, key: respondent, disposition: disposition}\n",
        "utf-8",
    )
    rates = {row.statistic: row.estimate for row in read_cases(read_study(tmp_path / "study.yaml"), responses).response}
    assert (rates["rr1"], rates["rr2"], rates["coop1"]) == (1 / 8, 3 / 8, 1 / 6)


def test_calls_and_visits_of_a_file_are_recorded_all_or_none(field, tmp_path):
    _, database, _ = field
    path = tmp_path / "calls.csv"
    path.write_text("id,result,time\nsilent,ill,2026-11-20T09:00\naway,busy,\n", "utf-8")
    assert record_contacts(database, path, now=NOW) == 2
    found = found_in(field[0])
    assert (found["silent"].disposition, found["away"].result, found["away"].attempts) == ("O", "busy", 2)
    for wrong in (
        "id,result\nsilent,busy\nnobody,busy\n",
        "id,result\nsilent,asleep\n",
        "id,result,mood\nsilent,busy,x\n",
    ):
        path.write_text(wrong, "utf-8")
        with pytest.raises(CollectionError) as error:
            record_contacts(database, path, now=NOW)
        assert [p.code for p in error.value.problems] == ["C068"]
        assert error.value.text("zh-CN")
    assert found_in(field[0])["silent"].result == "ill"


def rows_of(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_who_has_not_answered_is_reminded_and_who_refused_is_not(field):
    found = reminders(field[1], anonymous=False)
    assert [(unit.id, unit.progress) for unit in found] == [
        ("half", "partial"),
        ("looked", "begun"),
        ("away", "away"),
        ("silent", "no_reply"),
    ]
    rows = rows_of(reminder_list(found))
    assert rows[2] == {
        "id": "away",
        "region": "urban",
        "progress": "away",
        "attempts": "1",
        "last_contact": "2026-11-21T10:00:00",
    }


def test_contact_data_are_listed_with_the_key_only(field):
    database = field[1]
    assert b"138" not in reminder_list(reminders(database, anonymous=False))
    rows = rows_of(reminder_list(reminders(database, anonymous=False, key=KEY)))
    assert [row["phone"] for row in rows] == ["13800001", "13800002", "13800006", "13800007"]


def test_of_an_anonymous_survey_only_who_has_not_begun_is_known(tmp_path):
    people = open_database(str(tmp_path / "people.db"), alone=True)
    told = {"survey": "power-utility", "version": "1", "key": None, "base_url": "http://localhost"}
    sample = [Unit(name, {}, {}) for name in "ABC"]
    links = invite(people, sample, file=tmp_path / "links.csv", **told).links
    Invitations("power-utility", "1", people).claim(links[1].token)
    with people.writing() as connection:
        prepare(connection)
        record_contact(connection, "C", "refused", at="2026-11-21")
    assert [(unit.id, unit.progress) for unit in reminders(people, anonymous=True)] == [("A", "not_begun")]
    with pytest.raises(CollectionError) as error:
        reminders(people, anonymous=True, key=KEY)
    assert [p.code for p in error.value.problems] == ["C072"]
    people.close()


def test_who_has_begun_goes_on_with_a_link_that_replaces_the_old_one(field, tmp_path):
    store, database, questionnaire = field
    told = {"survey": questionnaire.id, "version": "1", "key": KEY, "base_url": "http://localhost"}
    found = invite(database, [], file=tmp_path / "new.csv", replace=["half", "gone", "silent"], **told)
    invitations = Invitations(questionnaire.id, "1")
    with store.connection() as connection:
        looks = {link.unit.id: invitations.look(connection, link.token) for link in found.links}
        bound = {link.unit.id: invitations.response_of(connection, link.token) for link in found.links}
    assert looks == {"half": "begun", "gone": "", "silent": ""}
    assert bound == {"half": "r-half", "gone": None, "silent": None}
    again = invite(database, [], file=tmp_path / "newer.csv", replace=["half"], **told)
    assert [link.unit.strata for link in again.links] == [{"region": "urban"}]
    with pytest.raises(CollectionError) as error:
        invite(database, [], file=tmp_path / "no.csv", replace=["done"], **told)
    assert [p.code for p in error.value.problems] == ["C059"]
    assert found_in(store)["half"].result == "partial"


def test_of_an_erased_respondent_no_place_and_no_contact_is_kept(field, tmp_path, capsys):
    store, database, questionnaire = field
    quotas = Quotas({"ctype": {"res": 5}}, datetime.timedelta(hours=1))
    for name in ("r-half", "r-done"):
        event = Event("changed", name, {"page": 1, "values": {"ctype": "res"}, "language": "en"})
        store.append([event], definition=questionnaire.digest, guard=quotas.guard(name, {"ctype": "res"}))
    open_edition(store, questionnaire, questionnaire_text("power-utility"))
    store.close()
    assert run(["erase", f"sqlite:///{tmp_path}/answers.db", "r-half", "--yes"]) == 0
    with database.reading() as connection:
        assert [row.response for row in connection.execute(select(PLACE))] == ["r-done"]
        assert [cell.held for cell in quotas.cells(connection)] == [1]
        contacts = dict(connection.execute(select(UNIT.c.id, UNIT.c.contacts)).all())
        found = {case.id: case.result for case in cases(connection)}
    assert [name for name, sealed in contacts.items() if not sealed] == ["half"]
    assert (found["half"], found["done"]) == ("erased", "complete")
    assert "half" not in {unit.id for unit in reminders(database, anonymous=False)}
