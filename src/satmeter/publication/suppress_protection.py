"""How well hidden cells are protected: as a group that could be shown, and against bounds that are too narrow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from satmeter.publication.suppress_cells import Cell, Document, Facts, rows_of
from satmeter.publication.suppress_choice import complement
from satmeter.publication.suppress_relations import Relation
from satmeter.study.policy import Policy

NARROWEST = 0.05
"""A hidden figure may be bounded to no less than this part of its scale by the ends of the scale and one relation."""

_SHARES = ("top1", "top2", "top3", "csat", "ces_share", "share_cases", "share_answers")
_BALANCES = ("nps", "ces_net")


def hidden_units(
    units: Mapping[Cell, float], relations: Sequence[Relation], policy: Policy, small: Iterable[Cell]
) -> set[Cell]:
    """Return the groups that stay hidden whatever is measured: small ones, and others so that sums tell little.

    Parameters
    ----------
    units
        Group to how many respondents it has.
    relations
        How groups make up everybody, or each other.
    policy
        The limits.
    small
        Groups below them.

    Returns
    -------
    set of Cell
        None of them can be worked out. Of the groups of a whole that is shown at least two are hidden or none, and
        together they are as many respondents as a figure needs: who takes what is shown from the whole learns the
        figure of all hidden ones together. Each of their counts can lie in a range of at least `min_count` numbers.

    Examples
    --------
    >>> n, s, w = (Cell("", "region", name, "") for name in "nsw")
    >>> total = Relation({n: 200.0, s: 60.0, w: 4.0}, total=True)
    >>> found = hidden_units({n: 200, s: 60, w: 4}, [total], Policy(min_n=30), [w])
    >>> sorted(cell.group for cell in found)
    ['s', 'w']
    """
    gone, full = set(small), set[int]()
    while True:
        gone |= complement(gone, (relations,), units)
        found = next(
            (
                (place, more)
                for place, relation in enumerate(relations)
                if place not in full and (more := _more(relation, units, gone, policy)) is not None
            ),
            None,
        )
        if found is None:
            return gone
        place, more = found
        if more:
            gone.add(min(more, key=lambda cell: (units[cell], cell)))
        else:
            full.add(place)


def _more(relation: Relation, units: Mapping[Cell, float], gone: set[Cell], policy: Policy) -> list[Cell] | None:
    """Return the groups of a whole that could be hidden besides; None where those that are hidden suffice."""
    own = [cell for cell in relation.terms if cell in gone]
    wholes = [cell for cell, c in relation.terms.items() if c < 0]
    if not own or any(whole in gone for whole in wholes):
        return None
    together = sum(units[cell] for cell in own)
    if len(own) > 1 and together >= max(policy.min_n, policy.least_count + len(own)):
        return None
    return [cell for cell in relation.terms if cell in units and cell not in gone]


def too_narrow(
    small: set[Cell], hidden: set[Cell], relations: Sequence[Relation], cells: Mapping[Cell, Facts], document: Document
) -> Iterator[Relation]:
    """Yield the totals by which a figure on few is bounded to less than 5 % of its scale, and that hold a shown cell.

    Parameters
    ----------
    small
        The cells that have few respondents; others that are hidden protect them and need no protection.
    hidden
        The cells that are not shown.
    relations, cells
        What is known of them.
    document
        For the scales of ratings.
    """
    scales = _scales(document)
    for relation in relations:
        own = {cell: c for cell, c in relation.terms.items() if cell in hidden}
        shown = relation.terms.keys() - own.keys() - {relation.everybody}
        if not relation.total or len(own) < 2 or not shown or relation.everybody in hidden:
            continue
        if any(_narrow(own, small, statistic, cells, scales) for statistic in _shared_statistics(own, cells)):
            yield relation


def _shared_statistics(own: Mapping[Cell, float], cells: Mapping[Cell, Facts]) -> tuple[str, ...]:
    known = [cells[cell].figures for cell in own]
    return tuple(s for s in known[0] if s and all(s in figures for figures in known))


def _narrow(
    own: Mapping[Cell, float],
    small: set[Cell],
    statistic: str,
    cells: Mapping[Cell, Facts],
    scales: Mapping[str, tuple[float, float]],
) -> bool:
    ends = _ends(statistic, next(iter(own)).measure, scales)
    if ends is None:
        return False
    low, high = ends
    weight = sum(own.values())
    rest = sum(c * (cells[cell].figures[statistic] - low) for cell, c in own.items()) / (high - low)
    for c in (c for cell, c in own.items() if cell in small):
        least = max(0.0, (rest - (weight - c)) / c)
        most = min(1.0, rest / c)
        if most - least < NARROWEST:
            return True
    return False


def _ends(statistic: str, measure: str, scales: Mapping[str, tuple[float, float]]) -> tuple[float, float] | None:
    """Return the ends of a statistic's scale; None where it has none."""
    if statistic in _SHARES:
        return 0.0, 1.0
    if statistic in _BALANCES:
        return -100.0, 100.0
    if statistic in ("mean_score", "index"):
        return 0.0, 100.0
    return scales.get(measure) if statistic in ("mean_rating", "ces_mean") else None


def _scales(document: Document) -> dict[str, tuple[float, float]]:
    """Return item to the ends of its scale."""
    questionnaire: Mapping[str, Any] = document.get("questionnaire") or {}
    ends = {
        scale["id"]: (min(codes), max(codes))
        for scale in questionnaire.get("scales") or ()
        if (codes := [float(point["code"]) for point in scale.get("points") or ()])
    }
    items = (item for c in questionnaire.get("constructs") or () for item in c.get("items") or ())
    return {item["id"]: ends[item["scale"]] for item in items if item.get("scale") in ends}


def hidden_options(document: Document, policy: Policy, groups: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the options of questions whose counts stay hidden.

    Parameters
    ----------
    document
        Its `sample` says how many chose every option.
    policy
        The limits.
    groups
        Question and option of the groups that are hidden already.

    Returns
    -------
    set of tuple
        Question and option. The options of a choice question add up to those who answered it, so that small counts
        take others with them; those of a multiple question do not, but whoever did not choose an option is counted by
        who did.
    """
    asked = {str(row["question"]): row.get("n") or 0 for row in rows_of(document, "questions")}
    choices = {str(row["question"]) for row in rows_of(document, "questions") if row.get("type") == "choice"}
    counts: dict[str, dict[str, float]] = {}
    for row in rows_of(document, "sample"):
        counts.setdefault(str(row["question"]), {})[str(row["option"])] = row.get("n") or 0
    already, found = set(groups), set[tuple[str, str]]()
    for question, options in counts.items():
        few = {o for o, n in options.items() if 0 < n < policy.least_count or (question, o) in already}
        if question not in choices:
            few |= {o for o, n in options.items() if 0 < asked.get(question, 0) - n < policy.least_count}
        if question in choices and few:
            units = {Cell("", question, option, ""): float(n) for option, n in options.items() if n > 0}
            total = Relation(dict(units), total=True)
            small = [Cell("", question, option, "") for option in few]
            few |= {cell.group for cell in hidden_units(units, [total], policy, [c for c in small if c in units])}
        found |= {(question, option) for option in few}
    return found
