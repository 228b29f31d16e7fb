"""The questionnaire as a sheet of paper, in one language, with the codes beside the boxes."""

from __future__ import annotations

from markupsafe import Markup

from satmeter.form.assets import policy, style
from satmeter.form.conditions import condition_in_words
from satmeter.form.definition import collect_texts
from satmeter.form.fonts import font_rule
from satmeter.form.layout import Entry, lay_out
from satmeter.form.paper_codes import paper_codes
from satmeter.form.templating import render
from satmeter.form.words import word
from satmeter.questionnaire.expressions import Expression
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.piping import split_pipes

_LINE_LENGTH = 80
_MOST_LINES = 6


def paper_html(questionnaire: Questionnaire, language: str, *, link: str = "", picture: str = "") -> str:
    """Return the whole sheet.

    Parameters
    ----------
    questionnaire
        A checked questionnaire.
    language
        The only language of the sheet.
    link, picture
        Address of the same questionnaire on the web, and its QR code as an SVG element; empty: neither is printed.
    """
    words = _Words(questionnaire, language)
    context = {
        "language": language,
        "title": questionnaire.title.get(language),
        "intro": words.text("intro"),
        "privacy": words.text("privacy"),
        "thanks": words.text("thanks"),
        "sheets": lay_out(questionnaire),
        "words": words.text,
        "ui": words.own,
        "condition": words.condition,
        "hint": words.hint,
        "lines": _lines,
        "printed": lambda entry: {code: number for number, code in paper_codes(entry).items()},
        "link": link,
        "picture": Markup(picture),  # noqa: S704 made by the caller, no text of anybody
        "stamp": f"{questionnaire.id} · {word('version', language, {'version': questionnaire.version})}",
        "digest": questionnaire.digest,
    }
    bare = render("paper.html.j2", context | {"style": "", "policy": ""})
    style_text = f"{style('paper')}{_page_foot(questionnaire)}\n{font_rule(bare)}"
    full = {"style": Markup(style_text), "policy": policy(style_text)}  # noqa: S704
    return render("paper.html.j2", context | full)


class _Words:
    """The sheet's texts, in its language."""

    def __init__(self, questionnaire: Questionnaire, language: str) -> None:
        self.questionnaire = questionnaire
        self.language = language
        self.texts = collect_texts(questionnaire)
        self.numbers = {variable: n for n, variable in enumerate(questionnaire.variables, start=1)}

    def own(self, key: str) -> str:
        return word(key, self.language)

    def text(self, key: str) -> str:
        by_language = self.texts.get(key, {})
        text = by_language.get(self.language) or next(iter(by_language.values()), "")
        return "".join(self._piece(is_name, piece) for is_name, piece in split_pipes(text))

    def _piece(self, is_name: bool, piece: str) -> str:
        if not is_name:
            return piece
        if piece not in self.numbers:
            return f"{{{piece}}}"
        return f"[{word('paper_answer_of', self.language, {'number': self.numbers[piece]})}]"

    def condition(self, expression: Expression) -> str:
        told = condition_in_words(self.questionnaire, expression, self.language)
        return f"→ {word('paper_only_if', self.language, {'condition': told})}"

    def hint(self, entry: Entry) -> str:
        if entry.kind == "multiple":
            return self.own("paper_multiple")
        if entry.kind == "date":
            return self.own("paper_date_format")
        if entry.kind != "number" or (entry.low is None and entry.high is None):
            return ""
        bounds = {
            name: f"{value:.15g}" for name, value in (("low", entry.low), ("high", entry.high)) if value is not None
        }
        key = "range_both" if len(bounds) == 2 else "range_low" if "low" in bounds else "range_high"
        return word(key, self.language, bounds)


def _lines(entry: Entry) -> int:
    """Return how many ruled lines a written answer gets."""
    return min(_MOST_LINES, max(1, round((entry.max_length or 240) / _LINE_LENGTH)))


def _page_foot(questionnaire: Questionnaire) -> str:
    stamp = f"{questionnaire.id} {questionnaire.version} {questionnaire.digest[:23]}"
    plain = "".join(character if character.isalnum() or character in " .-:" else "_" for character in stamp)
    return f'@page{{@bottom-left{{content:"{plain}"}}@bottom-right{{content:counter(page) " / " counter(pages)}}}}'
