"""Pages of questions; what is the same for many respondents, a frame or a question and its ticks, is made once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup

from satmeter.form.controls import EmptyControls, FilledControls, first_control, raw_of
from satmeter.form.definition import Texts
from satmeter.form.layout import Entry, Run, Sheet
from satmeter.form.live_script import earlier_names, page_definition
from satmeter.form.live_texts import LiveTexts, substantive_answers
from satmeter.form.model import OWN_BROWSER, Desk, FieldProblem, RawAnswer
from satmeter.form.moulds import Moulds, Part, at_once
from satmeter.form.templating import render
from satmeter.form.words import word
from satmeter.questionnaire.evaluate import names_in
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.piping import piped_names

Context = Callable[[LiveTexts], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """What one respondent sees on one page; see `satmeter.form.live.LiveForm.page`."""

    page: int
    language: str
    values: Mapping[str, Any]
    order: Sequence[str]
    shown: Collection[str]
    errors: Mapping[str, FieldProblem]
    action: str
    key: str
    number: int
    of: int
    personal_link: str = ""
    notice: str = ""
    raw: Mapping[str, RawAnswer] = field(default_factory=dict)
    desk: Desk = OWN_BROWSER


class LivePages:
    """All pages of questions of one form.

    Parameters
    ----------
    questionnaire, sheets, texts
        The form; `texts` by key and language.
    context
        Gives a template what every page has: language, addresses of assets, functions for texts.
    """

    def __init__(self, questionnaire: Questionnaire, sheets: tuple[Sheet, ...], texts: Texts, context: Context) -> None:
        self._questionnaire = questionnaire
        self._sheets = sheets
        self._texts = texts
        self._context = context
        self._moulds = Moulds()
        self._entries = {entry.id: entry for sheet in sheets for entry in sheet.entries}
        self._piped = {key for key in texts if not key.startswith("ui.") and self._pipes(key)}
        self._earlier = {sheet.number: earlier_names(questionnaire, sheet) for sheet in sheets}
        self._refers = {sheet.number: self._refers_back(sheet) for sheet in sheets}
        self._leads = {sheet.number: self._leads_on(sheet) for sheet in sheets}

    def page(self, view: PageView) -> str:
        """Return the whole page."""
        sheet = self._sheets[view.page - 1]
        here = frozenset(entry.id for entry in sheet.entries)
        answers = substantive_answers(self._questionnaire, view.values) if self._refers[view.page] else {}
        texts = LiveTexts(
            self._questionnaire, self._texts, self._entries, language=view.language, answers=answers, here=here
        )
        runs = _arranged(sheet, view.order)
        wrong = [entry for run in runs for entry in run.entries if entry.id in view.errors and entry.id in view.shown]
        parts = {
            "action": view.action,
            "key": view.key,
            "kept_as": hashlib.sha256(view.action.rpartition("/")[0].encode()).hexdigest()[:24],
            "had": " ".join(entry.id for entry in sheet.entries if view.values.get(entry.id) is not None),
            "personal_link": view.personal_link,
            "runs": Markup("\n").join(self._run(view, texts, sheet, number, run) for number, run in enumerate(runs)),
            "definition": self._definition(view, texts, sheet),
        }

        def make(part: Part) -> str:
            return self._frame(view, texts, sheet, wrong, part)

        if wrong:
            return str(at_once(make, parts))
        own = [f"p.{view.page}.title", f"p.{view.page}.text", "title"]
        told = tuple(texts.words(name) for name in own if name in self._piped)
        place = (view.number, view.of, view.notice, bool(view.personal_link), view.desk)
        return str(self._moulds.filled(("frame", view.page, view.language, place, told), make, parts))

    def _frame(self, view: PageView, texts: LiveTexts, sheet: Sheet, wrong: Sequence[Entry], part: Part) -> str:
        place = word("page_of", texts.voice, {"page": view.number, "pages": view.of})
        title = f"{texts.words('title')} \N{MIDDLE DOT} {place}"
        context = {
            "part": "live_page.html.j2",
            "page_title": word("live_error_title", texts.voice, {"title": title}) if wrong else title,
            "desk": view.desk,
            "place_words": place,
            "sheet": sheet,
            "wrong": [(first_control(entry), entry.id, view.errors[entry.id]) for entry in wrong],
            "number": view.number,
            "of": view.of,
            "is_last": view.number == view.of and not self._leads[view.page],
            "notice": word(f"live_notice_{view.notice}", texts.voice) if view.notice else "",
            "action": part("action"),
            "key": part("key"),
            "kept_as": part("kept_as"),
            "had": part("had"),
            "personal_link": view.personal_link and part("personal_link"),
            "runs": part("runs"),
            "definition": part("definition"),
        }
        return render("live.html.j2", self._context(texts) | context)

    def _run(self, view: PageView, texts: LiveTexts, sheet: Sheet, number: int, run: Run) -> Markup:
        """Return neighbours that stand together, in the order drawn for this respondent."""
        places = sheet.runs[number]
        is_shown = any(entry.id in view.shown for entry in run.entries)

        def make(part: Part) -> str:
            context = self._context(texts) | {"run": places, "state": _Places(part, is_shown)}
            return render("live_run.html.j2", context)

        drawn = zip(places.entries, run.entries, strict=True)
        parts = {there.id: self._entry(view, texts, entry) for there, entry in drawn}
        return self._moulds.filled(("run", view.page, number, view.language, is_shown), make, parts)

    def _entry(self, view: PageView, texts: LiveTexts, entry: Entry) -> Markup:
        raw = view.raw.get(entry.id) or raw_of(entry, view.values.get(entry.id)) or RawAnswer()
        problem = view.errors.get(entry.id)
        state = FilledControls(texts.voice, {entry.id: raw}, view.shown, {entry.id: problem} if problem else {})

        def make(part: Part) -> str:
            return render("live_entry.html.j2", self._context(texts) | {"entry": entry, "state": state})

        stem = f"v.{entry.id}"
        labels = {choice.key or choice.anchor for choice in (*entry.choices, *entry.missing)}
        if raw.text or not self._piped.isdisjoint(labels):
            return at_once(make, {})
        told = texts.words(stem) if stem in self._piped else ""
        fault = (problem.word, tuple(problem.fields.items())) if problem else None
        key = ("entry", entry.id, view.language, raw.picked, entry.id in view.shown, fault, told)
        return self._moulds.filled(key, make, {})

    def _definition(self, view: PageView, texts: LiveTexts, sheet: Sheet) -> Markup:
        def make(part: Part) -> str:
            return page_definition(self._questionnaire, sheet, texts)

        earlier = self._earlier[view.page]
        if any(self._entries[name].written for name in earlier):
            return at_once(make, {})
        told = tuple(texts.answers.get(name) for name in earlier)
        return self._moulds.filled(("definition", view.page, view.language, told), make, {})

    def _pipes(self, key: str) -> bool:
        told = {name for text in self._texts[key].values() for name in piped_names(text)}
        return not told.isdisjoint(self._entries)

    def _refers_back(self, sheet: Sheet) -> bool:
        """Tell whether texts or conditions of a page look at any answer."""
        keys = {f"p.{sheet.number}.title", f"p.{sheet.number}.text", "title"}
        for entry in sheet.entries:
            keys |= {f"v.{entry.id}", *(choice.key or choice.anchor for choice in (*entry.choices, *entry.missing))}
        return not self._piped.isdisjoint(keys) or any(entry.show_if is not None for entry in sheet.entries)

    def _leads_on(self, sheet: Sheet) -> bool:
        """Tell whether answers on this page can make a later one asked."""
        here = {entry.id for entry in sheet.entries}
        later = self._sheets[sheet.number :]
        conditions = [after.show_if for after in later] + [one.show_if for after in later for one in after.entries]
        return any(here & set(names_in(condition)) for condition in conditions if condition is not None)


class _Places(EmptyControls):
    """Places of questions in a run, for those that are drawn to stand there."""

    def __init__(self, part: Part, is_shown: bool) -> None:
        self._part = part
        self._is_shown = is_shown

    def known(self, entry: Entry) -> Markup:
        """Return what stands for a question."""
        return self._part(entry.id)

    def run(self, run: Run) -> Markup:
        """Return further attributes of neighbours that stand together."""
        return Markup("") if self._is_shown else Markup(" hidden")


def _arranged(sheet: Sheet, order: Sequence[str]) -> tuple[Run, ...]:
    """Put the entries of a page into the order drawn for this respondent; runs keep their lengths."""
    members = {entry.id: entry for entry in sheet.entries}
    drawn = [members[name] for name in order if name in members]
    if len(drawn) != len(members) or len(set(drawn)) != len(members):
        return sheet.runs
    places = iter(drawn)
    return tuple(replace(run, entries=tuple(next(places) for _ in run.entries)) for run in sheet.runs)
