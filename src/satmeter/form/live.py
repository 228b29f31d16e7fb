"""The questionnaire as pages that a server makes, one at a time: complete without a script, better with one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from satmeter.form.definition import collect_texts
from satmeter.form.fonts import font_file
from satmeter.form.layout import lay_out
from satmeter.form.live_assets import Assets, ending_in, live_assets, own_assets
from satmeter.form.live_pages import LivePages, PageView
from satmeter.form.live_texts import LiveTexts, substantive_answers
from satmeter.form.model import OWN_BROWSER, Desk, FieldProblem, RawAnswer
from satmeter.form.templating import render
from satmeter.form.theme import Theme, check_theme
from satmeter.form.words import all_words, language_name, word
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
        sheets = lay_out(questionnaire)
        self.entries = {entry.id: entry for sheet in sheets for entry in sheet.entries}
        self.texts = collect_texts(questionnaire) | all_words(questionnaire.languages)
        if theme.title is not None:
            self.texts["title"] = _words_of(theme.title)
        own = own_assets(theme, font_file(self._all_text()))
        self.assets: Assets = live_assets() | own
        self._shared = {
            "languages": questionnaire.languages,
            "names": {tag: language_name(tag) for tag in questionnaire.languages},
            "has": self.texts.__contains__,
            "preview": preview,
            "styles": [f"{root}/assets/{name}" for name in (ending_in(live_assets(), "live-", "css"), *_styles(own))],
            "script": f"{root}/assets/{ending_in(live_assets(), 'live-', 'js')}",
            "kiosk_script": f"{root}/assets/{ending_in(live_assets(), 'kiosk-', 'js')}",
            "logo": "".join(f"{root}/assets/{name}" for name in own if name.startswith("logo-")),
        }
        self._pages = LivePages(questionnaire, sheets, self.texts, self._context)

    def welcome(
        self,
        *,
        language: str,
        action: str,
        fields: Mapping[str, str] | None = None,
        notice: str = "",
        personal: bool = False,
        desk: Desk = OWN_BROWSER,
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
        desk
            Where the page is shown.
        """
        texts = self._said(language, {})
        context = {
            "action": action,
            "fields": fields or {},
            "personal": personal,
            "desk": desk,
            "page_title": texts.words("title"),
            "notice": word(f"live_notice_{notice}", texts.voice) if notice else "",
        }
        return self._render("welcome", texts, context)

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
        desk: Desk = OWN_BROWSER,
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
        desk
            Where the page is shown.
        """
        view = PageView(
            page=page,
            language=language,
            values=values,
            order=order,
            shown=shown,
            errors=errors,
            action=action,
            key=key,
            number=number,
            of=of,
            personal_link=personal_link,
            notice=notice,
            raw=raw or {},
            desk=desk,
        )
        return self._pages.page(view)

    def message(
        self,
        kind: str,
        *,
        language: str,
        fields: Mapping[str, str | int] | None = None,
        values: Mapping[str, Any] | None = None,
        desk: Desk = OWN_BROWSER,
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
        desk
            Where the page is shown.
        """
        texts = self._said(language, values or {})
        title = f"{word(f'live_{kind}_title', texts.voice)} \N{MIDDLE DOT} {texts.words('title')}"
        return self._render("message", texts, {"kind": kind, "fields": fields or {}, "page_title": title, "desk": desk})

    def _render(self, part: str, texts: LiveTexts, context: Mapping[str, Any]) -> str:
        return render("live.html.j2", self._context(texts) | {"part": f"live_{part}.html.j2", **context})

    def _context(self, texts: LiveTexts) -> dict[str, Any]:
        """Return what the templates of every page find."""
        return {
            "language": texts.language,
            "words": texts.words,
            "foreign": texts.foreign,
            "marked": texts.marked,
            "voice": texts.voice,
            "ui": lambda key, **values: word(key, texts.voice, values),
            "notice": "",
            "desk": OWN_BROWSER,
            **self._shared,
        }

    def _said(self, language: str, values: Mapping[str, Any]) -> LiveTexts:
        answers = substantive_answers(self.questionnaire, values) if values else {}
        return LiveTexts(self.questionnaire, self.texts, self.entries, language=language, answers=answers)

    def _all_text(self) -> str:
        shown = [text for by_language in self.texts.values() for text in by_language.values()]
        return "".join([*shown, *map(language_name, self.questionnaire.languages)])


def _words_of(text: Text) -> dict[str, str]:
    return {language: words for language, words in text.by_language if words}


def _styles(own: Assets) -> list[str]:
    return [name for name in own if name.startswith("form-")]
