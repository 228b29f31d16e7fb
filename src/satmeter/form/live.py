"""The questionnaire as pages that a server makes, one at a time: complete without a script, better with one."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from satmeter.form.controls import FilledControls, first_control, raw_of
from satmeter.form.definition import collect_texts
from satmeter.form.fonts import font_file
from satmeter.form.layout import Run, Sheet, lay_out
from satmeter.form.live_assets import Assets, ending_in, live_assets, own_assets
from satmeter.form.live_script import page_definition
from satmeter.form.live_texts import LiveTexts, substantive_answers
from satmeter.form.model import FieldProblem, RawAnswer
from satmeter.form.templating import render
from satmeter.form.theme import Theme, check_theme
from satmeter.form.words import all_words, language_name, word
from satmeter.questionnaire.evaluate import names_in
from satmeter.questionnaire.model import Questionnaire, Text

__all__ = ["LiveForm", "Theme", "live_form"]


def live_form(questionnaire: Questionnaire, theme: Theme, *, root: str = "", preview: bool = False) -> LiveForm:
    """Make a live form; once for a definition, as it draws a font.

    Parameters
    ----------
    questionnaire
        A checked questionnaire.
    theme
        Title, colour, logo.
    root
        Path under which the server stands behind a proxy, e.g. ``/survey``; assets are at ``<root>/assets/<name>``.
    preview
        Whether every page says that nothing is stored.

    Raises
    ------
    FormError
        F004, F005: the theme cannot be used.

    Examples
    --------
    >>> from satmeter.questionnaire import read_questionnaire
    >>> form = live_form(read_questionnaire("power-utility"), Theme(colour="#0a5fa5"))
    >>> form.message("not_found", language="en").startswith("<!doctype html>")
    True
    """
    check_theme(theme)
    return LiveForm(questionnaire, theme, root=root, preview=preview)


class LiveForm:
    """All pages of one questionnaire.

    Attributes
    ----------
    assets
        What the pages ask the server for: name to media type and bytes; a name never stands for other bytes.
    """

    def __init__(self, questionnaire: Questionnaire, theme: Theme, *, root: str, preview: bool) -> None:
        self.questionnaire = questionnaire
        self.preview = preview
        self.sheets = lay_out(questionnaire)
        self.entries = {entry.id: entry for sheet in self.sheets for entry in sheet.entries}
        self.texts = collect_texts(questionnaire) | all_words(questionnaire.languages)
        if theme.title is not None:
            self.texts["title"] = _words_of(theme.title)
        own = own_assets(theme, font_file(self._all_text()))
        self.assets: Assets = live_assets() | own
        self._places = {
            "styles": [f"{root}/assets/{name}" for name in (ending_in(live_assets(), "live-", "css"), *_styles(own))],
            "script": f"{root}/assets/{ending_in(live_assets(), 'live-', 'js')}",
            "logo": "".join(f"{root}/assets/{name}" for name in own if name.startswith("logo-")),
        }

    def welcome(
        self,
        *,
        language: str,
        action: str,
        fields: Mapping[str, str] | None = None,
        notice: str = "",
        personal: bool = False,
    ) -> str:
        """Return the page before the first: introduction, privacy notice, a button that begins.

        Parameters
        ----------
        language
            One of the questionnaire's; links lead to the same address with ``?language=``.
        action
            Where the button posts to.
        fields
            Hidden fields of the post.
        notice
            What is said above the questions, a word of ``live_notice_…``: ``further``, ``open``, ``conflict``,
            ``not_stored``; empty: nothing.
        personal
            Whether the respondent came by an invitation of their own.
        """
        texts = self._texts(language, {})
        context = {"action": action, "fields": fields or {}, "personal": personal, "page_title": texts.words("title")}
        return self._render("welcome", texts, context, notice)

    def page(
        self,
        page: int,
        *,
        language: str,
        values: Mapping[str, Any],
        order: Sequence[str],
        shown: Collection[str],
        errors: Mapping[str, FieldProblem],
        action: str,
        key: str,
        number: int,
        of: int,
        personal_link: str = "",
        notice: str = "",
        raw: Mapping[str, RawAnswer] | None = None,
    ) -> str:
        """Return one page of questions.

        Parameters
        ----------
        page
            Its number, from 1.
        language
            One of the questionnaire's.
        values
            All answers so far: variable to cell.
        order
            All variables in the order drawn for this respondent; empty: as in the questionnaire.
        shown
            Variables of the page that are asked now. The others stand on it too, hidden and switched off, so that the
            script can show them at once.
        errors
            Variable to what is wrong with the answer.
        action
            Where the page posts to; ``<action>/save`` takes what the script sends.
        key
            Makes this posting of the page one, however often it is sent.
        number, of
            Place among the pages that are asked.
        personal_link
            Address under which the respondent can go on later; empty: it is not shown.
        notice
            What is said above the questions, a word of ``live_notice_…``: ``further``, ``open``, ``conflict``,
            ``not_stored``; empty: nothing.
        raw
            Variable to what stood in its controls, where that is not its value.
        """
        sheet = self.sheets[page - 1]
        here = {entry.id for entry in sheet.entries}
        answers = substantive_answers(self.questionnaire, values)
        texts = self._texts(language, answers, here)
        runs = _arranged(sheet, order)
        wrong = [entry for run in runs for entry in run.entries if entry.id in errors and entry.id in shown]
        place = word("page_of", language, {"page": number, "pages": of})
        title = f"{texts.words('title')} \N{MIDDLE DOT} {place}"
        context = {
            "page_title": word("live_error_title", language, {"title": title}) if wrong else title,
            "place_words": place,
            "sheet": replace(sheet, runs=runs),
            "state": FilledControls(language, self._controls(sheet, values, raw or {}), shown, errors),
            "shown": shown,
            "wrong": [(first_control(entry), entry.id, errors[entry.id]) for entry in wrong],
            "action": action,
            "key": key,
            "kept_as": hashlib.sha256(action.rpartition("/")[0].encode()).hexdigest()[:24],
            "number": number,
            "of": of,
            "is_last": number == of and not self._leads_on(sheet),
            "personal_link": personal_link,
            "definition": page_definition(self.questionnaire, sheet, texts),
        }
        return self._render("page", texts, context, notice)

    def message(
        self,
        kind: str,
        *,
        language: str,
        fields: Mapping[str, str | int] | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> str:
        """Return a page that says one thing.

        Parameters
        ----------
        kind
            ``thanks``, ``not_found``, …: what has words ``live_<kind>_title`` and ``live_<kind>_text``.
        language
            One of the questionnaire's.
        fields
            ``link``: an address to go on at, shown as a button.
        values
            All answers, for those that the questionnaire's thanks show.
        """
        texts = self._texts(language, substantive_answers(self.questionnaire, values or {}))
        title = f"{word(f'live_{kind}_title', language)} \N{MIDDLE DOT} {texts.words('title')}"
        return self._render("message", texts, {"kind": kind, "fields": fields or {}, "page_title": title}, "")

    def _render(self, part: str, texts: LiveTexts, context: Mapping[str, Any], notice: str) -> str:
        language = texts.language
        frame = {
            "part": f"live_{part}.html.j2",
            "language": language,
            "languages": self.questionnaire.languages,
            "names": {tag: language_name(tag) for tag in self.questionnaire.languages},
            "words": texts.words,
            "foreign": texts.foreign,
            "marked": texts.marked,
            "has": self.texts.__contains__,
            "ui": lambda key, **values: word(key, language, values),
            "notice": word(f"live_notice_{notice}", language) if notice else "",
            "preview": self.preview,
            **self._places,
        }
        return render("live.html.j2", frame | dict(context))

    def _texts(self, language: str, answers: Mapping[str, Any], here: Collection[str] = ()) -> LiveTexts:
        return LiveTexts(self.questionnaire, self.texts, self.entries, language=language, answers=answers, here=here)

    def _controls(self, sheet: Sheet, values: Mapping[str, Any], raw: Mapping[str, RawAnswer]) -> dict[str, RawAnswer]:
        known = {entry.id: raw_of(entry, values.get(entry.id)) or RawAnswer() for entry in sheet.entries}
        return known | {name: answer for name, answer in raw.items() if name in known}

    def _leads_on(self, sheet: Sheet) -> bool:
        """Tell whether answers on this page can make a later one asked."""
        here = {entry.id for entry in sheet.entries}
        later = self.sheets[sheet.number :]
        conditions = [after.show_if for after in later] + [one.show_if for after in later for one in after.entries]
        return any(here & set(names_in(condition)) for condition in conditions if condition is not None)

    def _all_text(self) -> str:
        shown = [text for by_language in self.texts.values() for text in by_language.values()]
        return "".join([*shown, *map(language_name, self.questionnaire.languages)])


def _arranged(sheet: Sheet, order: Sequence[str]) -> tuple[Run, ...]:
    """Put the entries of a page into the order drawn for this respondent; runs keep their lengths."""
    members = {entry.id: entry for entry in sheet.entries}
    drawn = [members[name] for name in order if name in members]
    if sorted(entry.id for entry in drawn) != sorted(members):
        return sheet.runs
    places = iter(drawn)
    return tuple(replace(run, entries=tuple(next(places) for _ in run.entries)) for run in sheet.runs)


def _words_of(text: Text) -> dict[str, str]:
    return {language: words for language, words in text.by_language if words}


def _styles(own: Assets) -> list[str]:
    return [name for name in own if name.startswith("form-")]
