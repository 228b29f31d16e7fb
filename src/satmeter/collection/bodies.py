"""Bodies of requests, read strictly: what no browser sends is refused before anybody looks at it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote_plus

from starlette.exceptions import HTTPException
from starlette.requests import Request

from satmeter.collection.keys import is_page_key

MOST_FIELDS = 2000
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_DEEPEST = 8


async def form_fields(request: Request) -> dict[str, list[str]]:
    """Return the fields of a form: name to values, in the order sent.

    Raises
    ------
    HTTPException
        415 when the body is no urlencoded form, 400 when it is malformed: broken escapes, bytes that are no UTF-8,
        a field without ``=``, more than `MOST_FIELDS` fields.
    """
    body = await _body(request, FORM)
    if not body:
        return {}
    if _BAD_ESCAPE.search(body) or body.count(b"&") >= MOST_FIELDS:
        raise HTTPException(400)
    fields: dict[str, list[str]] = {}
    escaped = b"%" in body or b"+" in body
    try:
        for part in body.decode("ascii").split("&"):
            name, equals, value = part.partition("=")
            if not equals:
                raise HTTPException(400)
            if escaped:
                name, value = _decoded(name), _decoded(value)
            known = fields.get(name)
            if known is None:
                fields[name] = [value]
            else:
                known.append(value)
    except ValueError as error:
        raise HTTPException(400) from error
    return fields


async def json_object(request: Request) -> dict[str, Any]:
    """Return the object that a JSON body holds.

    Raises
    ------
    HTTPException
        415 when the body is no JSON, 400 when it is malformed: no object, a name twice, NaN or infinity, figures
        without end, halves of surrogate pairs, more than `MOST_FIELDS` entries, too deep.
    """
    body = await _body(request, JSON)
    try:
        text = body.decode("utf-8")
        if text.count(",") > MOST_FIELDS or _depth(text) > _DEEPEST:
            raise HTTPException(400)
        found = json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_constant)
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise HTTPException(400) from error
    if not isinstance(found, dict):
        raise HTTPException(400)
    return found


def one(fields: Mapping[str, Sequence[str]], name: str) -> str:
    """Return a field that stands once; the last of several, empty when there is none."""
    values = fields.get(name)
    return values[-1] if values else ""


def one_of(fields: Mapping[str, Sequence[str]], name: str, choices: Sequence[str], otherwise: str) -> str:
    """Return a field that has one of these values, else another value."""
    given = one(fields, name)
    return given if given in choices else otherwise


def page_key(fields: Mapping[str, Sequence[str]]) -> str:
    """Return the key of a page that was posted.

    Raises
    ------
    HTTPException
        400 when there is none: no page was made without.
    """
    key = one(fields, "k")
    if not is_page_key(key):
        raise HTTPException(400)
    return key


def _decoded(text: str) -> str:
    return unquote_plus(text, errors="strict") if "%" in text or "+" in text else text


async def _body(request: Request, kind: str) -> bytes:
    given = request.headers.get("content-type", "")
    name, _, parameters = given.partition(";")
    if name.strip().lower() != kind or parameters.strip().lower().replace('"', "") not in ("", "charset=utf-8"):
        raise HTTPException(415)
    return await request.body()


def _depth(text: str) -> int:
    deepest = depth = 0
    for mark in re.findall(r'"(?:[^"\\]|\\.)*"|[\[{\]}]', text):
        if mark in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif mark in "]}":
            depth -= 1
    return deepest


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _no_constant(name: str) -> float:
    raise ValueError
