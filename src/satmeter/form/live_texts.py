"""Every text of a live page in the respondent's language, with earlier answers filled in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from markupsafe import Markup

from satmeter.form.controls import plain_number
from satmeter.form.definition import Texts
from satmeter.form.layout import Entry
from satmeter.form.words import voice_of
from satmeter.questionnaire.evaluate import Answer, asked, substantive
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.piping import piped_names, split_pipes

SEPARATOR = "ui.list_separator"


class LiveTexts:
    """The texts of one page for one respondent.

    Parameters
    ----------
    questionnaire, texts, entries
        The form: its texts from `satmeter.form.definition.collect_texts`, its entries by id.
    language
        Wanted; a text that is not there in it comes in the questionnaire's first.
    answers
        Substantive answers to what is asked, from `substantive_answers`.
    here
        Variables of this page: texts with their answers are marked, so that the script can fill them in again.
    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        texts: Texts,
        entries: Mapping[str, Entry],
        *,
        language: str,
        answers: Mapping[str, Answer],
        here: Collection[str] = (),
    ) -> None:
        self.questionnaire = questionnaire
        self.texts = texts
        self.entries = entries
        self.language = language
        self.voice = voice_of(language, questionnaire.languages)
        self.answers = answers
        self.here = here

    def words(self, key: str) -> str:
        """Return a text, answers filled in; nothing stands for what is not answered."""
        text = self.found(key)[1]
        if key.startswith("ui."):
            return text
        pieces = (piece if not is_name else self.piped(piece) for is_name, piece in split_pipes(text))
        return "".join(pieces)

    def foreign(self, key: str) -> Markup:
        """Return the attribute that names the language of a text, where it is not the page's."""
        tag = self.found(key)[0]
        return Markup("") if tag == self.language else Markup(' lang="{}"').format(tag)

    def marked(self, key: str) -> Markup:
        """Return the mark by which the script finds a text that changes with answers on this page."""
        return Markup(' data-t="{}"').format(key) if self.is_live(key) else Markup("")

    def is_live(self, key: str) -> bool:
        """Tell whether a text shows an answer that is given on this page."""
        return any(name in self.here for text in self.texts.get(key, {}).values() for name in piped_names(text))

    def found(self, key: str) -> tuple[str, str]:
        """Return the language that a text is really in, and the text."""
        by_language = self.texts.get(key, {})
        tags = (self.language, *self.questionnaire.languages, *by_language)
        tag = next((tag for tag in tags if tag in by_language), self.language)
        return tag, by_language.get(tag, "")

    def piped(self, name: str) -> str:
        """Return what a text says for an earlier answer; empty when there is none."""
        if name not in self.entries:
            return f"{{{name}}}"
        answer = self.answers.get(name)
        if answer is None:
            return ""
        codes = answer if isinstance(answer, tuple) else (answer,)
        return self.found(SEPARATOR)[1].join(self._label(self.entries[name], code) for code in codes)

    def _label(self, entry: Entry, code: str | float) -> str:
        text = code if isinstance(code, str) else plain_number(code)
        key = next((choice.key for choice in entry.choices if choice.code == text), "")
        return self.found(key)[1] if key else text


def substantive_answers(questionnaire: Questionnaire, values: Mapping[str, Any]) -> dict[str, Answer]:
    """Return the answers that conditions and texts see: of what is asked, without missing codes.

    Parameters
    ----------
    questionnaire
        A checked questionnaire.
    values
        Variable to cell as the journal keeps it.
    """
    answers = {name: tuple(cell) if isinstance(cell, list) else cell for name, cell in values.items()}
    found = {name: substantive(questionnaire, name, answers.get(name)) for name in asked(questionnaire, answers)}
    return {name: answer for name, answer in found.items() if answer is not None}
