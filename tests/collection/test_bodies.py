"""Forms and documents are read strictly."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.requests import Request

from satmeter.collection.bodies import MOST_FIELDS, form_fields, json_object, one, one_of


def request(body: bytes, kind: str = "application/x-www-form-urlencoded") -> Request:
    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    return Request({"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}, receive)


def read(body: bytes, **more):
    return asyncio.run(form_fields(request(body, **more)))


def refused(call) -> int:
    with pytest.raises(HTTPException) as caught:
        call()
    return caught.value.status_code


@given(st.lists(st.tuples(st.text(min_size=1), st.text()), min_size=1, max_size=20))
def test_what_a_browser_sends_is_read_as_it_was_meant(pairs):
    body = urlencode(pairs).encode()
    assert read(body) == parse_qs(body.decode(), keep_blank_values=True, strict_parsing=True)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"", {}),
        (b"a=1&a=2&b=", {"a": ["1", "2"], "b": [""]}),
        (b"a=%E4%B8%AD+x%2B", {"a": ["中 x+"]}),
        (b"a=b=c", {"a": ["b=c"]}),
    ],
)
def test_forms(body, fields):
    assert read(body) == fields
    assert read(body, kind="Application/X-WWW-Form-Urlencoded; Charset=UTF-8") == fields


@pytest.mark.parametrize(
    "body",
    [
        b"a",
        b"a=1&&b=2",
        b"a=%",
        b"a=%4",
        b"a=%zz",
        b"a=%ff",
        b"a=%ED%A0%80",
        "a=中".encode(),
        b"&",
        b"a=1&" * MOST_FIELDS,
    ],
)
def test_malformed_forms_are_refused(body):
    assert refused(lambda: read(body)) == 400


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "multipart/form-data", "application/x-www-form-urlencoded; charset=gbk"]
)
def test_other_kinds_are_refused(kind):
    assert refused(lambda: read(b"a=1", kind=kind)) == 415
    assert refused(lambda: asyncio.run(json_object(request(b"{}", kind)))) == 415


def test_documents():
    body = '{"values": {"a": [1, "中", null, 2.5]}}'.encode()
    assert asyncio.run(json_object(request(body, "application/json"))) == {"values": {"a": [1, "中", None, 2.5]}}


def test_fields_that_stand_once():
    fields = {"go": ["stay", "next"], "language": []}
    assert (one(fields, "go"), one(fields, "language"), one(fields, "k")) == ("next", "", "")
    assert one_of(fields, "go", ("back",), "stay") == "stay"
