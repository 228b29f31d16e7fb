"""Pages for those who work for a survey, in both languages; what they load stands under names that say its content."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from satmeter.collection.monitor_words import LANGUAGES, NAMES
from satmeter.form.assets import style
from satmeter.form.fonts import FAMILY, font_file
from satmeter.questionnaire.model import Questionnaire

_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_WORDS = "staff_words.toml"


@cache
def staff_words() -> Mapping[str, Mapping[str, str]]:
    """Return language → key → text."""
    return tomllib.loads(files("satmeter.collection").joinpath(_WORDS).read_text("utf-8"))


def staff_word(key: str, language: str, fields: Mapping[str, object] | None = None) -> str:
    """Return one text with its fields filled in.

    Examples
    --------
    >>> staff_word("attempts_n", "en", {"n": 2}), staff_word("sign_in", "zh-CN")
    ('2 calls', '登录')
    """
    text = staff_words()[language][key]
    return text.format_map(fields) if fields else text


class StaffPages:
    """All pages below one path.

    Parameters
    ----------
    questionnaire
        Its title heads every page.
    path
        Below which they stand.
    name
        Key of the word that names the place.
    """

    def __init__(self, questionnaire: Questionnaire, path: str, name: str) -> None:
        self._questionnaire = questionnaire
        self._path = path
        self._name = name
        asked = (questionnaire.questions, questionnaire.items, questionnaire.checks)
        texts = [questionnaire.title, *(one.text for table in asked for one in table.values())]
        self._assets = _made("".join(words for text in texts for _, words in text.by_language))

    def route(self) -> Route:
        """Return the route of what the pages load."""
        return Route(f"{self._path}/assets/{{name}}", self._asset, methods=["GET"])

    def login(self, language: str, token: str, complaint: str) -> str:
        """Return the page that asks for id and password."""
        told = complaint and staff_word(complaint, language)
        more = {"token": token, "complaint": told, "agent": ""}
        return self.render("staff_login.html.j2", language, f"{self._path}/login", more)

    def render(self, template: str, language: str, path: str, more: Mapping[str, Any]) -> str:
        """Return a page.

        Parameters
        ----------
        template
            File name.
        language
            One of the staff's.
        path
            Of this page, for the links to its other languages; may have a query.
        more
            The template's names.
        """
        context = {
            "language": language,
            "word": staff_words()[language],
            "survey": self._questionnaire.title.get(language) or self._questionnaire.id,
            "place": staff_word(self._name, language),
            "languages": [(tag, NAMES[tag], tag == language) for tag in LANGUAGES],
            "root": self._path,
            "here": path + ("&" if "?" in path else "?"),
            "script": next(name for name in self._assets if name.endswith(".js")),
            "styles": [name for name in self._assets if name.endswith(".css")],
            "token": "",
            "agent": "",
            "complaint": "",
        }
        return _environment().get_template(template).render(context | dict(more)).lstrip()

    async def _asset(self, request: Request) -> Response:
        found = self._assets.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        return Response(found[1], media_type=found[0], headers=_FOREVER)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("satmeter.collection", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _made(text: str) -> dict[str, tuple[str, bytes]]:
    sheet = style("screen") + _read("css/staff.css")
    found: dict[str, tuple[str, bytes]] = {}
    _add(found, "js", "text/javascript; charset=utf-8", _read("js/entry.js").encode())
    font = font_file(text + _read(_WORDS))
    if font:
        name = _add(found, "woff", "font/woff", font)
        sheet += f'@font-face{{font-family:"{FAMILY}";font-display:swap;src:url("{name}") format("woff")}}\n'
    _add(found, "css", "text/css; charset=utf-8", sheet.encode())
    return found


def _add(found: dict[str, tuple[str, bytes]], ending: str, kind: str, data: bytes) -> str:
    name = f"staff-{hashlib.sha256(data).hexdigest()[:20]}.{ending}"
    found[name] = (kind, data)
    return name


def _read(name: str) -> str:
    return files("satmeter.collection").joinpath(name).read_text("utf-8").replace("\r\n", "\n")
