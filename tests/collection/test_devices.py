"""Open links: a device may begin so many responses; the store knows a digest and a number."""

import pytest
from sqlalchemy import select

from satmeter.collection.devices import cookie_header, device_of, guard
from satmeter.collection.keys import is_key, link_of
from satmeter.collection.sample_tables import DEVICE, open_database, prepare


@pytest.fixture
def database(tmp_path):
    database = open_database(str(tmp_path / "store.db"))
    with database.writing() as connection:
        prepare(connection)
    return database


def test_a_device_begins_as_many_responses_as_it_may(database):
    with database.writing() as connection:
        assert [guard("x" * 22, 2)(connection) for _ in range(4)] == ["", "", "device_limit", "device_limit"]
        assert guard("y" * 22, 2)(connection) == ""
    with database.writing() as connection:
        assert {tuple(row) for row in connection.execute(select(DEVICE))} == {
            (link_of("x" * 22), 2),
            (link_of("y" * 22), 1),
        }


@pytest.mark.parametrize("cookie", [None, "", "short", "x" * 23, "x; Path=/" + "y" * 13])
def test_what_is_no_device_is_a_new_one(cookie):
    assert is_key(device_of(cookie))
    assert device_of(cookie) != device_of(cookie)


def test_a_device_is_known_again():
    assert device_of("x" * 22) == "x" * 22


def test_no_script_and_no_other_site_reads_the_cookie():
    told = cookie_header("x" * 22, secure=False).split("; ")
    assert told[0] == "device=" + "x" * 22
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(told)
    assert "Secure" not in told
    assert "Secure" in cookie_header("x" * 22, secure=True).split("; ")
