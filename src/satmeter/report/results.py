"""Reading a results document: rows of sections that may be missing, and names in one language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from satmeter.report.estimate import Estimate
from satmeter.report.number_text import true_minus
from satmeter.report.wording import LANGUAGES, read_words
from satmeter.study.policy import LOW, SUPPRESSED

Row = Mapping[str, Any]
NO_ERROR = "P117"
"""Note on a public document of a sample that is not a probability sample."""

WITH_SYMBOLS = ("scores", "answers", "sample", "questions", "margins", "verbatims", "waves", "tree", "adjusted")
"""Sections of whose rows those that are not published are printed with their symbol."""

_BESIDE_WIDE = re.compile(r" (?=〔)|(?<=〕) ")  # wide brackets bring their own space
_BETWEEN_WIDE = re.compile(r"(?<=[\u4e00-\u9fff”）]) (?=[\u4e00-\u9fff“（])")  # where a label took the place of an id
_PIPE = re.compile(r"\{([A-Za-z][A-Za-z0-9_]*)\}", re.ASCII)


@dataclass(frozen=True, eq=False)
class Results:
    """A results document (see docs/results.md) seen in one language.

    Attributes
    ----------
    document
        The parsed ``results.json``; any section may be missing or empty.
    language
        Texts are given in this language; where one is missing, in the first language that there is.
    """

    document: Mapping[str, Any]
    language: str

    def rows(self, section: str) -> tuple[Row, ...]:
        """Return the rows of a section that a reader is told of; none when it is missing.

        Rows that are not published stand in tables of figures and of the sample, with their symbol; tests, ranks and
        models go without them.
        """
        rows = self.every_row(section)
        return rows if section in WITH_SYMBOLS else tuple(row for row in rows if not hidden_symbol(row))

    def every_row(self, section: str) -> tuple[Row, ...]:
        """Return all rows of a section, also those whose numbers are not published."""
        return tuple((self.document.get(section) or {}).get("rows") or ())

    def notes(
        self, section: str, concerns: Callable[[str], bool] | None = None, *, about: str | None = None
    ) -> tuple[str, ...]:
        """Return the notes of a section as sentences, each once; of those about one thing, whose code is accepted."""
        notes = (self.document.get(section) or {}).get("notes") or ()
        chosen = [
            note
            for note in notes
            if (about is None or note.get("about") == about)
            and (concerns is None or concerns(str(note.get("code") or "")))
        ]
        told = (true_minus(str(note.get(self.language) or note.get("en") or "")) for note in chosen)
        return tuple(dict.fromkeys(_BETWEEN_WIDE.sub("", text) for text in told))

    @property
    def study(self) -> Row:
        """The study's description."""
        study: Row = self.document["study"]
        return study

    def typed(self, key: str) -> str:
        """Return what the researcher typed of an item of disclosure; nothing where they typed nothing."""
        value = (self.study.get("disclosure") or {}).get(key)
        return self.text(value) if isinstance(value, Mapping) else str(value or "")

    @property
    def symbols(self) -> Mapping[str, str]:
        """What stands in place of figures that are not published (`suppressed`), and beside those on a `low` base."""
        policy: Row = self.study.get("policy") or {}
        return {"suppressed": SUPPRESSED, "low": LOW} | dict(policy.get("symbols") or {})

    @property
    def without_error(self) -> bool:
        """Whether errors and intervals were taken out, because nobody drew the sample by chance."""
        return any(note.get("code") == NO_ERROR for note in self.study.get("notes") or ())

    @property
    def provenance(self) -> Row:
        """Digests, versions, seed, replicates and level."""
        return self.document.get("provenance") or {}

    @property
    def conf_level(self) -> float:
        """The level of every interval."""
        return float(self.provenance.get("conf_level") or 0.95)

    @property
    def constructs(self) -> tuple[Row, ...]:
        """The questionnaire's constructs."""
        return tuple(self._questionnaire.get("constructs") or ())

    @property
    def questions(self) -> tuple[Row, ...]:
        """The questionnaire's questions."""
        return tuple(self._questionnaire.get("questions") or ())

    @property
    def checks(self) -> tuple[Row, ...]:
        """The questionnaire's attention checks."""
        return tuple(self._questionnaire.get("checks") or ())

    @cached_property
    def scales(self) -> dict[str, Row]:
        """The questionnaire's scales by id."""
        return {scale["id"]: scale for scale in self._questionnaire.get("scales") or ()}

    @cached_property
    def items(self) -> dict[str, Row]:
        """All scale items by id."""
        return {item["id"]: item for construct in self.constructs for item in construct.get("items") or ()}

    @property
    def _questionnaire(self) -> Row:
        return self.document.get("questionnaire") or {}

    def text(self, texts: Mapping[str, str] | None) -> str:
        """Return a text in this language, else in the first that there is."""
        texts = texts or {}
        return self._unpiped(str(texts.get(self.language) or next((t for t in texts.values() if t), "")))

    def _unpiped(self, text: str) -> str:
        """Return a text in which words stand for an earlier answer instead of ``{ly1}``."""
        if "{" not in text:
            return text
        words = read_words(self.language if self.language in LANGUAGES else "en")
        filled = _PIPE.sub(lambda m: words.fill("mark.piped", {"name": m[1]}) if m[1] in self._ids else m[0], text)
        return _BESIDE_WIDE.sub("", filled)

    @cached_property
    def _ids(self) -> frozenset[str]:
        """Ids of everything that is asked."""
        return frozenset([*self.items, *(str(entry["id"]) for entry in (*self.questions, *self.checks))])

    @cached_property
    def _labels(self) -> dict[str, str]:
        named = {q["id"]: self.text(q.get("text")) for q in (*self.questions, *self.checks)}
        named |= {key: self.text(item.get("text")) for key, item in self.items.items()}
        named |= {tree["id"]: self.text(tree.get("label")) for tree in self.study.get("trees") or ()}
        return named | {c["id"]: self.text(c.get("label")) for c in (*self.constructs, *self._higher_order)}

    @property
    def _higher_order(self) -> tuple[Row, ...]:
        """Constructs that the path model makes of others."""
        return tuple(self.document.get("study", {}).get("higher_order") or ())

    def label(self, name: str) -> str:
        """Return the label of a construct, or the wording of an item or question; else the name itself."""
        return self._labels.get(name) or name

    @cached_property
    def _options(self) -> dict[tuple[str, str], str]:
        return {
            (q["id"], str(option["code"])): self.text(option.get("label"))
            for q in self.questions
            for option in q.get("options") or ()
        }

    def option(self, question: str, code: str) -> str:
        """Return the label of an option of a question; else its code."""
        return self._options.get((question, str(code))) or str(code)

    @cached_property
    def _themes(self) -> dict[tuple[str, str], str]:
        return {(str(r["question"]), str(r["theme"])): self.text(r.get("label")) for r in self.rows("verbatims")}

    def theme(self, question: str, theme: str) -> str:
        """Return the label of a theme of the answers to a question; else its id."""
        return self._themes.get((question, theme)) or theme

    def role(self, construct: str) -> str:
        """Return the role of a construct; empty for anything else."""
        known = (*self.constructs, *self._higher_order)
        return next((str(c.get("role", "")) for c in known if c["id"] == construct), "")


def estimate(row: Row, label: str) -> Estimate:
    """Return the estimate of a row under a label."""
    symbol = str(row.get("symbol") or "")
    return Estimate(
        label, row.get("estimate"), row.get("conf_low"), row.get("conf_high"), int(row.get("n") or 0), symbol
    )


def hidden_symbol(row: Row) -> str:
    """Return what stands in place of the numbers of a row that is not published; empty for any other.

    Examples
    --------
    >>> hidden_symbol({"estimate": None, "n": None, "symbol": "[c]"}), hidden_symbol({"n": 40, "symbol": "[u]"})
    ('[c]', '')
    """
    return str(row.get("symbol") or "") if row.get("n") is None and row.get("estimate") is None else ""


def matching(rows: Iterable[Row], wanted: Mapping[str, str]) -> tuple[Row, ...]:
    """Return the rows that have these values.

    Examples
    --------
    >>> matching([{"a": "x", "b": 1}, {"a": "y", "b": 2}], {"a": "y"})
    ({'a': 'y', 'b': 2},)
    """
    return tuple(row for row in rows if all(row.get(key) == value for key, value in wanted.items()))
