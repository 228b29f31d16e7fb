"""A survey with every kind of question, and a browser without scripts that walks through it."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from satmeter.collection import survey
from satmeter.collection.application import application
from satmeter.collection.settings import Settings
from satmeter.collection.versions import open_edition
from satmeter.journal import Store, open_store
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.read import parse_questionnaire

EVERYTHING = """\
satmeter: 1
id: shop
version: "1"
title: {zh-CN: 门店调查, en: Shop survey}
languages: [zh-CN, en]
intro: {zh-CN: 欢迎, en: Welcome to the survey.}
thanks: {zh-CN: 谢谢！, en: "Thanks for the {ly}."}
scales:
  agree:
    points: {1: {zh-CN: 不同意, en: Disagree}, 2: {zh-CN: 一般, en: Neutral}, 3: {zh-CN: 同意, en: Agree}}
    missing: {98: {label: {zh-CN: 不了解, en: Do not know}, reason: dont_know}}
  nps: {range: [0, 10], low: {zh-CN: 低, en: low}, high: {zh-CN: 高, en: high}}
constructs:
  product:
    role: satisfaction
    label: {zh-CN: 产品, en: Product}
    scale: agree
    items:
      p1: {zh-CN: 可靠, en: Reliable}
      p2: {zh-CN: 耐用, en: Durable}
      p3: {zh-CN: 美观, en: Beautiful}
  loyalty:
    role: loyalty
    label: {zh-CN: 忠诚, en: Loyalty}
    scale: nps
    items:
      ly: {zh-CN: 推荐, en: Recommend}
      ly2: {zh-CN: 再次购买, en: Buy again}
questions:
  ctype:
    type: choice
    text: {zh-CN: 类别, en: Type}
    options: {res: {zh-CN: 居民, en: Household}, biz: {zh-CN: 企业, en: Business}}
  firm: {type: text, max: 40, show_if: "ctype == 'biz'", text: {zh-CN: 企业名称, en: Name of the business}}
  used: {type: multiple, text: {zh-CN: 用过, en: Used}, options: {a: {zh-CN: 甲, en: A}, b: {zh-CN: 乙, en: B}}}
  age: {type: number, min: 18, max: 99, text: {zh-CN: 年龄, en: Age}}
  since: {type: date, text: {zh-CN: 自何时, en: Since}}
  why: {type: text, max: 500, show_if: "ly <= 6", text: {zh-CN: "{ly} 分的原因", en: "Why a {ly}?"}}
pages:
  - {items: [ctype, firm], required: true}
  - {grid: [product], shuffle: items, required: true}
  - [used, age, since]
  - {items: [loyalty], required: true}
  - {items: [why], show_if: "ly <= 6"}
"""

Fields = dict[str, Any]


class Web:
    """A browser without scripts: it posts what stands in a page's controls, and follows no redirect by itself."""

    def __init__(self, app: ASGIApp, language: str = "en") -> None:
        self._loop = asyncio.new_event_loop()
        headers = {"accept-language": language}
        transport = httpx.ASGITransport(app, raise_app_exceptions=True)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://survey.example", headers=headers)

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send one request."""
        return self._loop.run_until_complete(self._client.request(method, path, **more))

    def together(self, requests: Sequence[tuple[str, str, Mapping[str, Any]]]) -> list[httpx.Response]:
        """Send several requests at the same time."""

        async def all_of_them() -> list[httpx.Response]:
            return await asyncio.gather(*(self._client.request(m, p, **more) for m, p, more in requests))

        return self._loop.run_until_complete(all_of_them())

    def get(self, path: str, **more: Any) -> httpx.Response:
        """Get a page."""
        return self.request("GET", path, **more)

    def post(self, path: str, data: Mapping[str, Any], **more: Any) -> httpx.Response:
        """Post a form."""
        return self.request("POST", path, data=dict(data), **more)

    def begin(self, language: str = "en") -> str:
        """Begin a response and return its personal link."""
        fields = controls(self.get("/", params={"language": language}).text)
        place = self.post("/begin", fields).headers["location"]
        return place.rpartition("/")[0]

    def answer(self, path: str, answers: Mapping[str, Any], *, go: str = "next", **more: Any) -> httpx.Response:
        """Get a page and post it with answers (`v.` is added to names that have no dot)."""
        fields = controls(self.get(path).text)
        return self.post(path, filled(fields, answers) | {"go": go} | more)

    def walk(self, link: str, answers: Sequence[Mapping[str, Any]]) -> httpx.Response:
        """Answer page after page, going where the server leads; return the last answer of the server."""
        place, found = f"{link}/1", None
        for page in answers:
            found = self.answer(place.partition("?")[0], page)
            assert found.status_code == 303, found.text
            place = found.headers["location"]
        assert found is not None
        return found

    def close(self) -> None:
        """Let go of everything."""
        self._loop.run_until_complete(self._client.aclose())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()


def controls(page: str) -> Fields:
    """Return what a browser would post from a page as it was made."""
    fields: Fields = {}
    for tag in re.findall(r"<input[^>]*>", page):
        attributes = {name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        words = set(re.sub(r'"[^"]*"', "", tag).strip("<>").split())
        ticked = attributes.get("type") in ("radio", "checkbox")
        if "name" not in attributes or "disabled" in words or (ticked and "checked" not in words):
            continue
        fields.setdefault(attributes["name"], []).append(attributes.get("value", ""))
    for name, more, text in re.findall(r'<textarea[^>]*name="([^"]+)"([^>]*)>\n?(.*?)</textarea>', page, re.DOTALL):
        if "disabled" not in more:
            fields[name] = [html.unescape(text)]
    return fields


def filled(fields: Fields, answers: Mapping[str, Any]) -> Fields:
    """Return fields with answers written over them; None takes an answer out."""
    named = {name if "." in name else f"v.{name}": value for name, value in answers.items()}
    return {name: value for name, value in (fields | named).items() if value is not None}


PAGES: tuple[Mapping[str, Any], ...] = (
    {"ctype": "res"},
    {"p1": "1", "p2": "2", "p3": "98"},
    {"used": ["a", "b"], "age": "42", "since": "2020-02-29"},
    {"ly": "9", "ly2": "8"},
)
"""Answers to every page that such a respondent is asked."""


@pytest.fixture(scope="session", autouse=True)
def _each_form_is_made_once() -> Iterator[None]:
    """A form draws a font, which takes longer than a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(survey, "live_form", cache(survey.live_form))
        yield


@pytest.fixture(scope="session")
def questionnaire() -> Questionnaire:
    """A questionnaire with every kind of question."""
    return parse_questionnaire(EVERYTHING, name="shop.yaml")


@pytest.fixture
def store(tmp_path: Path, questionnaire: Questionnaire) -> Iterator[Store]:
    """An SQLite store that knows the questionnaire."""
    with open_store(f"sqlite:///{tmp_path}/answers.db", survey="shop") as opened:
        open_edition(opened, questionnaire, EVERYTHING)
        yield opened


@pytest.fixture
def new_web() -> Iterator[Callable[..., Web]]:
    """Make a browser before any application."""
    with ExitStack() as stack:

        def opened(app: ASGIApp, wishes: str = "en") -> Web:
            web = Web(app, wishes)
            stack.callback(web.close)
            return web

        yield opened


@pytest.fixture
def open_web(new_web: Callable[..., Web], questionnaire: Questionnaire, store: Store) -> Callable[..., Web]:
    """Make a browser before the application with these settings."""

    def opened(wishes: str = "en", **more: Any) -> Web:
        given = {"questionnaire": questionnaire, "store": store} | more
        return new_web(application(Settings(**given)), wishes)

    return opened


@pytest.fixture
def web(open_web: Callable[..., Web]) -> Web:
    """A browser before the plain application."""
    return open_web()


@pytest.fixture
def pages() -> tuple[Mapping[str, Any], ...]:
    """Answers to every page that a household is asked."""
    return PAGES


@pytest.fixture
def fields_of() -> Callable[[str], Fields]:
    """What a browser would post from a page as it was made."""
    return controls
