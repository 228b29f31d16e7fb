"""How much one request may take; what breaks is caught."""

from __future__ import annotations

import asyncio

from starlette.responses import PlainTextResponse
from starlette.types import Scope

from satmeter.collection.failsafe import Failsafe, place_of
from satmeter.collection.limits import Bounded, Limits

SCOPE: Scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}


def bounded(limits: Limits, app=None):
    seen = []

    async def reading(scope, receive, send):
        seen.append((await receive())["body"])
        await PlainTextResponse("read")(scope, receive, send)

    return Bounded(app or reading, limits, lambda scope, kind: PlainTextResponse(kind, 499)), seen


async def ask(app, chunks, *, scope=SCOPE, pause=0.0):
    """Send the chunks of a body and return status and text."""
    left = list(chunks)
    told = []

    async def receive():
        if not left:
            await asyncio.sleep(60)
        await asyncio.sleep(pause)
        chunk = left.pop(0)
        if chunk is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": chunk, "more_body": bool(left)}

    async def send(message):
        told.append(message)

    await app(scope, receive, send)
    return (told[0]["status"], told[1]["body"]) if told else None


def test_a_body_within_the_limits_comes_whole():
    app, seen = bounded(Limits(body=10))
    assert asyncio.run(ask(app, [b"12345", b"67890"])) == (200, b"read")
    assert asyncio.run(ask(app, [b""])) == (200, b"read")
    assert seen == [b"1234567890", b""]


def test_a_body_that_is_too_large_is_refused_whatever_it_says_of_itself():
    app, seen = bounded(Limits(body=10))
    assert asyncio.run(ask(app, [b"12345", b"678901"])) == (499, b"too_large")
    assert asyncio.run(ask(app, [b"12345678901"])) == (499, b"too_large")
    stated = SCOPE | {"headers": [(b"content-length", b"11")]}
    assert asyncio.run(ask(app, [], scope=stated)) == (499, b"too_large")
    lying = SCOPE | {"headers": [(b"content-length", b"-5")]}
    assert asyncio.run(ask(app, [b"x" * 11], scope=lying)) == (499, b"too_large")
    assert seen == []


def test_a_body_that_does_not_come_is_not_waited_for():
    app, seen = bounded(Limits(body_seconds=0.05))
    assert asyncio.run(ask(app, [])) == (499, b"too_slow")
    assert asyncio.run(ask(app, [b"a"] * 50, pause=0.01)) == (499, b"too_slow")
    assert seen == []


def test_a_client_that_goes_away_is_not_answered():
    app, seen = bounded(Limits())
    assert asyncio.run(ask(app, [None])) is None
    assert asyncio.run(ask(app, [b"a", None])) is None
    assert seen == []


def test_more_requests_than_places_are_asked_to_come_again():
    async def slow(scope, receive, send):
        await asyncio.sleep(0.05)
        await PlainTextResponse("done")(scope, receive, send)

    async def three():
        app, _ = bounded(Limits(requests=2), slow)
        first = await asyncio.gather(*(ask(app, [b""]) for _ in range(3)))
        return first, await ask(app, [b""])

    first, later = asyncio.run(three())
    assert sorted(first) == [(200, b"done"), (200, b"done"), (499, b"busy")]
    assert later == (200, b"done")


def test_an_endless_address_is_not_looked_at():
    app, seen = bounded(Limits())
    assert asyncio.run(ask(app, [b""], scope=SCOPE | {"path": "/r/" + "9" * 5000})) == (499, b"not_found")
    assert seen == []


def test_who_does_not_read_an_answer_keeps_nobody_out():
    async def stalled_and_another():
        app, _ = bounded(Limits(requests=1))
        begun = asyncio.Event()

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            begun.set()
            await asyncio.sleep(60)

        stalled = asyncio.create_task(app(SCOPE, receive, send))
        await begun.wait()
        answer = await ask(app, [b""])
        stalled.cancel()
        return answer, await ask(app, [b""])

    assert asyncio.run(stalled_and_another()) == ((200, b"read"), (200, b"read"))


def test_what_breaks_after_an_answer_has_begun_ends_quietly(caplog):
    async def breaks(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("an answer")

    told = []

    async def send(message):
        told.append(message)

    asyncio.run(Failsafe(breaks, lambda scope: PlainTextResponse("page", 500))(SCOPE, None, send))
    assert [message["type"] for message in told] == ["http.response.start"]
    assert "RuntimeError at test_limits.py" in caplog.text
    assert "an answer" not in caplog.text


def test_the_place_of_an_error_without_a_trace():
    assert place_of(ValueError("secret")) == "ValueError at ?"
