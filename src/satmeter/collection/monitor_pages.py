"""The monitor's pages and what they load: style, script and font, each under a name that says its content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from satmeter.collection.monitor_figures import Figures
from satmeter.collection.monitor_signals import Signal
from satmeter.collection.monitor_view import page_context
from satmeter.collection.monitor_words import LANGUAGES, NAMES, all_words, plain_words, word
from satmeter.form.assets import style
from satmeter.form.fonts import FAMILY, font_file
from satmeter.questionnaire.model import Questionnaire


class Pages:
    """All pages of the monitor of one survey.

    Parameters
    ----------
    questionnaire
        The one that is fielded.
    min_cell
        Fewest respondents of whom a score is shown.
    formats
        Of downloads.
    with_pii
        Whether downloads may hold answers that identify a person.

    Attributes
    ----------
    assets
        Name to media type and bytes.
    """

    def __init__(self, questionnaire: Questionnaire, *, min_cell: int, formats: Iterable[str], with_pii: bool) -> None:
        self._questionnaire = questionnaire
        self._min_cell = min_cell
        self._formats = tuple(formats)
        self._with_pii = with_pii
        self.assets = _assets(all_words() + _labels(questionnaire))

    def login(self, language: str, *, token: str, complaint: str = "") -> str:
        """Return the page that asks for the password."""
        more = {"token": token, "complaint": complaint and word(complaint, language)}
        return self._render("monitor_login.html.j2", language, "/monitor/login", script=False, more=more)

    def figures(
        self, figures: Figures, found: Sequence[Signal] | None, language: str, *, token: str, complaint: str = ""
    ) -> str:
        """Return the page of figures."""
        more = page_context(self._questionnaire, figures, found, language, self._min_cell) | {
            "token": token,
            "complaint": complaint,
            "formats": [(name, word(f"format_{name}", language)) for name in self._formats],
            "with_pii": self._with_pii,
        }
        return self._render("monitor_figures.html.j2", language, "/monitor", script=True, more=more)

    def _render(self, template: str, language: str, path: str, *, script: bool, more: Mapping[str, Any]) -> str:
        context = {
            "language": language,
            "word": plain_words(language),
            "survey": self._questionnaire.title.get(language) or self._questionnaire.id,
            "languages": [(tag, NAMES[tag], tag == language) for tag in LANGUAGES],
            "path": path,
            "styles": [name for name in self.assets if name.endswith(".css")],
            "script": next(name for name in self.assets if name.endswith(".js")) if script else "",
        }
        return _environment().get_template(template).render(context | dict(more)).lstrip()


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("satmeter.collection", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _labels(questionnaire: Questionnaire) -> str:
    """Return every text of the questionnaire that the monitor may show."""
    texts = [questionnaire.title, *(c.label for c in questionnaire.constructs.values())]
    texts += [page.title for page in questionnaire.pages]
    for question in questionnaire.questions.values():
        texts += [question.text, *(option.label for option in question.options)]
    return "".join(text for entry in texts for _, text in entry.by_language)


@cache
def _assets(text: str) -> dict[str, tuple[str, bytes]]:
    sheet = style("screen") + _read("css/monitor.css")
    found: dict[str, tuple[str, bytes]] = {}
    font = font_file(text)
    if font:
        name = _add(found, "woff", "font/woff", font)
        sheet += f'@font-face{{font-family:"{FAMILY}";font-display:swap;src:url("{name}") format("woff")}}\n'
    _add(found, "css", "text/css; charset=utf-8", sheet.encode())
    _add(found, "js", "text/javascript; charset=utf-8", _read("js/monitor.js").encode())
    return found


def _add(found: dict[str, tuple[str, bytes]], ending: str, kind: str, data: bytes) -> str:
    name = f"monitor-{hashlib.sha256(data).hexdigest()[:20]}.{ending}"
    found[name] = (kind, data)
    return name


def _read(name: str) -> str:
    return files("satmeter.collection").joinpath(name).read_text("utf-8").replace("\r\n", "\n")
