"""The sample beside the answers, on both databases: links, contacts, dispositions, reminders, the purge."""

import datetime

import pytest
from sqlalchemy import text

from satmeter.collection.contacts import purge_contacts
from satmeter.collection.dispositions import cases, record_contact
from satmeter.collection.invitations import Invitations
from satmeter.collection.keys import link_of
from satmeter.collection.reminders import reminders
from satmeter.collection.sample import invite
from satmeter.collection.sample_file import Unit
from satmeter.collection.sample_tables import open_database
from satmeter.errors import CollectionError, JournalError
from satmeter.journal import Event, open_store
from satmeter.journal.sealing import SealingKey

KEY = SealingKey(bytes(32))
TODAY = datetime.date(2026, 11, 22)


@pytest.fixture
def store(store_url):
    with open_store(store_url, survey="shop") as store:
        yield store


@pytest.fixture
def database(store, store_url):
    database = open_database(store_url)
    yield database
    database.close()


def invited(database, folder, *names, file="links.csv", **options):
    told = {"survey": "shop", "version": "1", "key": KEY, "base_url": "http://localhost"} | options
    units = [Unit(name, {"city": "郑州"}, {"phone": f"1380013{n:04d}"}) for n, name in enumerate(names)]
    return {link.unit.id: link.token for link in invite(database, units, file=folder / file, **told).links}


def begin(store, token, response):
    invitations = Invitations("shop", "1")
    event = Event("opened", response, {"language": "en", "mode": "web", "order": []})
    link = link_of(invitations.personal_key(token))
    return store.append([event], definition="d", link=link, guard=invitations.guard(token, response))


def test_a_sample_from_its_import_to_its_purge(store, database, tmp_path):
    tokens = invited(database, tmp_path, "done", "half", "gone", "refused", "silent")
    for name in ("done", "half", "gone"):
        assert begin(store, tokens[name], f"r-{name}").refused == ""
        answers = Event("answered", f"r-{name}", {"page": 1, "values": {"a": 1}, "language": "en"})
        store.append([answers], definition="d")
    store.append([Event("submitted", "r-done", {"language": "en", "seconds": 9})], definition="d")
    store.append([Event("withdrawn", "r-gone", {"reason": "quota_full"})], definition="d")
    store.transact(lambda connection: record_contact(connection, "refused", "refused", at="2026-11-22"))
    again = begin(store, tokens["half"], "r-other")
    assert (again.repeated, again.refused) == (True, "")
    with store.connection() as connection:
        ends = {case.id: (case.disposition, case.strata["city"]) for case in cases(connection)}
    assert ends == {
        "done": ("I", "郑州"),
        "half": ("P", "郑州"),
        "gone": ("NE", "郑州"),
        "refused": ("R", "郑州"),
        "silent": ("UO", "郑州"),
    }
    listed = reminders(database, anonymous=False, key=KEY)
    assert [(unit.id, unit.contacts) for unit in listed] == [
        ("half", {"phone": "13800130001"}),
        ("silent", {"phone": "13800130004"}),
    ]
    new = invited(database, tmp_path, "half", "late", file="new.csv", replace=["half"])
    assert sorted(new) == ["half", "late"]
    with store.connection() as connection:
        looks = [
            Invitations("shop", "1").look(connection, token) for token in (tokens["half"], new["half"], new["late"])
        ]
        assert looks == ["revoked", "begun", ""]
        assert Invitations("shop", "1").response_of(connection, new["half"]) == "r-half"
    assert purge_contacts(database, TODAY + datetime.timedelta(1), TODAY) == 6
    with pytest.raises(CollectionError) as error:
        reminders(database, anonymous=False, key=KEY)
    assert [problem.code for problem in error.value.problems] == ["C072"]


def test_half_an_import_is_none(store, database, tmp_path):
    invited(database, tmp_path, "A")
    unit = Unit("B\0" if database.address.kind == "postgresql" else "B", {}, {})
    if database.address.kind == "sqlite":
        with database.writing() as connection:
            connection.execute(
                text("CREATE TRIGGER no BEFORE INSERT ON sample_token BEGIN SELECT RAISE(ABORT, 'no'); END")
            )
    with pytest.raises(JournalError):
        invite(
            database,
            [Unit("C", {}, {}), unit],
            survey="shop",
            version="1",
            key=None,
            file=tmp_path / "no.csv",
            base_url="http://localhost",
        )
    assert not (tmp_path / "no.csv").exists()
    with store.connection() as connection:
        assert [case.id for case in cases(connection)] == ["A"]
