"""What a store holds, in numbers: how many began and finished, where they stopped, how long they took."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from satmeter.journal.model import Chain
from satmeter.journal.view import Rectangle


@dataclass(frozen=True, slots=True)
class CountRow:
    """Responses of one language, mode or day: how many were opened, and how many submitted."""

    label: str
    opened: int
    submitted: int


@dataclass(frozen=True, slots=True)
class PageRow:
    """One page: how many responses came to it, and how many of them stopped there without submitting."""

    page: int
    reached: int
    stopped: int


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """One questionnaire of the store, and the responses under it."""

    version: str
    taken_up: str
    change: str
    digest: str
    opened: int
    submitted: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The state of a store.

    Attributes
    ----------
    opened
        All responses, those withdrawn, screened out and erased too.
    submitted
        Responses that are submitted and still there.
    languages, modes, days
        Withdrawn, screened-out and erased responses are not in them. A day counts what was opened on it and what was
        submitted on it (UTC).
    pages
        By the furthest page that was passed; a page that the skip logic leaves out counts as reached.
    median_seconds
        Of submitted responses; None where there is none.
    """

    survey: str
    opened: int
    submitted: int
    unfinished: int
    withdrawn: int
    screened_out: int
    erased: int
    median_seconds: float | None
    languages: tuple[CountRow, ...]
    modes: tuple[CountRow, ...]
    days: tuple[CountRow, ...]
    pages: tuple[PageRow, ...]
    definitions: tuple[DefinitionRow, ...]
    chain: Chain

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return asdict(self)


def summarise(survey: str, rectangle: Rectangle, chain: Chain) -> Summary:
    """Return the state of a store.

    Parameters
    ----------
    survey
        The id of its questionnaire.
    rectangle
        From `view`.
    chain
        From `verify_chain`.
    """
    rows = [dict(zip(rectangle.columns, row, strict=True)) for row in rectangle.rows]
    done = [row for row in rows if row["submitted"]]
    seconds = [float(row["seconds"]) for row in done if row["seconds"]]  # of sheets of paper nobody knows
    return Summary(
        survey=survey,
        opened=len(rows) + rectangle.withdrawn + rectangle.screened_out + rectangle.erased,
        submitted=len(done),
        unfinished=len(rows) - len(done),
        withdrawn=rectangle.withdrawn,
        screened_out=rectangle.screened_out,
        erased=rectangle.erased,
        median_seconds=statistics.median(seconds) if seconds else None,
        languages=_counts(Counter(r["language"] for r in rows), Counter(r["language"] for r in done)),
        modes=_counts(Counter(_mode(r) for r in rows), Counter(_mode(r) for r in done)),
        days=_counts(Counter(r["started"][:10] for r in rows), Counter(r["submitted"][:10] for r in done)),
        pages=_pages(rectangle, rows),
        definitions=_definitions(rectangle, rows),
        chain=chain,
    )


def _mode(row: dict[str, str]) -> str:
    return row["paradata_mode"] if "paradata_mode" in row else row["mode"]


def _counts(opened: Counter[str], submitted: Counter[str]) -> tuple[CountRow, ...]:
    labels = sorted({*opened, *submitted})
    return tuple(CountRow(label, opened[label], submitted[label]) for label in labels)


def _pages(rectangle: Rectangle, rows: list[dict[str, str]]) -> tuple[PageRow, ...]:
    name = "paradata_page_reached" if "paradata_page_reached" in rectangle.columns else "page_reached"
    last = max((len(q.pages) for q in rectangle.questionnaires.values()), default=0)
    found = []
    for page in range(1, last + 1):
        reached = [row for row in rows if row["submitted"] or int(row[name]) >= page - 1]
        stopped = sum(1 for row in reached if not row["submitted"] and int(row[name]) == page - 1)
        found.append(PageRow(page, len(reached), stopped))
    return tuple(found)


def _definitions(rectangle: Rectangle, rows: list[dict[str, str]]) -> tuple[DefinitionRow, ...]:
    opened = Counter(row["digest"] for row in rows)
    submitted = Counter(row["digest"] for row in rows if row["submitted"])
    return tuple(
        DefinitionRow(d.version, d.opened, d.change, d.digest, opened[d.digest], submitted[d.digest])
        for d in rectangle.definitions
    )
