"""Importance by several methods, of single items, and against what respondents say matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from satmeter.report.context import Column, Part, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import ABSENT, count, percent, percent_beside
from satmeter.report.results import Row, matching
from satmeter.report.sections.cells import columns, estimated, item_label, ranged, shared

COMPARED = ("lmg", "johnson", "beta", "correlation")
MOST_SHOWN = 10
TIE = 1e-9
SETTLED = 0.95
"""Share of the replicates from which the order of two drivers counts as settled."""

SAID = ("both", "stated", "derived", "neither")

Methods = Mapping[str, Mapping[str, Row]]


def method_parts(edition: Edition, outcome: str) -> tuple[Part, ...]:
    """Return what further methods say of an outcome's drivers; nothing where there are none.

    Parameters
    ----------
    edition
        Results and words.
    outcome
        The construct that is explained.
    """
    parts = (_agreement_part(edition, outcome), _item_part(edition, outcome), _stated_part(edition, outcome))
    return tuple(part for part in parts if part.tables)


def _by_method(edition: Edition, outcome: str) -> Methods:
    found: dict[str, dict[str, Row]] = {}
    for row in matching(edition.results.rows("drivers"), {"outcome": outcome}):
        found.setdefault(str(row["method"]), {})[str(row["driver"])] = row
    return found


def _agreement_part(edition: Edition, outcome: str) -> Part:
    words, label = edition.words, edition.results.label
    methods = _by_method(edition, outcome)
    pairs = matching(edition.results.rows("dominance"), {"outcome": outcome})
    if "lmg" not in methods or not ("johnson" in methods or pairs):
        return Part()
    ranked = sorted(methods["lmg"], key=lambda name: -(methods["lmg"][name].get("share") or 0.0))
    sentences = [_first_sentence(edition, ranked[0], methods), *_dominance_sentences(edition, ranked, pairs)]
    sentences.append(_order_sentence(edition, ranked, pairs))
    tables = (
        _agreement_table(edition, outcome, ranked, methods, pairs),
        *_order_tables(edition, outcome, ranked, pairs),
    )
    title = words.fill("heading.methods_of", {"outcome": label(outcome)})
    return Part(title, (words.paragraph(sentences),), tables=tables)


def _first_sentence(edition: Edition, leader: str, methods: Methods) -> str:
    """Return whether all methods put the same driver first; where several tie, LMG's counts."""
    words = edition.words
    firsts: dict[str, list[str]] = {}
    for method in COMPARED:
        values = {name: abs(row["estimate"]) for name, row in methods.get(method, {}).items() if row.get("estimate")}
        if len(values) > 1:
            tied = [name for name, value in values.items() if value >= max(values.values()) - TIE]
            first = leader if leader in tied else tied[0]
            firsts.setdefault(edition.results.label(first), []).append(words[f"importance_method.{method}"])
    if not firsts:
        return ""
    if len(firsts) == 1:
        first, used = next(iter(firsts.items()))
        return words.fill("sentence.methods_agree", {"first": first, "methods": words.join(used)})
    told = [words.fill("sentence.first_by", {"driver": d, "methods": words.join(used)}) for d, used in firsts.items()]
    return words.fill("sentence.methods_differ", {"firsts": words["list.semicolon"].join(told)})


def _dominance_sentences(edition: Edition, ranked: Sequence[str], pairs: Sequence[Row]) -> list[str]:
    words = edition.words
    if not pairs:
        return []
    own = matching(pairs, {"driver": ranked[0]})
    if any(row["complete"] < 1 for row in own):
        return [words["sentence.dominates_none"]]
    sentences = [words.fill("sentence.dominates_all", {"driver": edition.results.label(ranked[0])})]
    reproduced = [row["reproduced"] for row in own if row.get("reproduced") is not None]
    if reproduced:
        key = "dominance_settled" if min(reproduced) >= SETTLED else "dominance_open"
        sentences.append(words.fill(f"sentence.{key}", {"share": percent_beside(min(reproduced), SETTLED)}))
    return sentences


def _order_sentence(edition: Edition, ranked: Sequence[str], pairs: Sequence[Row]) -> str:
    """Return in how many replicates neighbours of the ranking stand in this order."""
    words, label = edition.words, edition.results.label
    found = {(str(r["driver"]), str(r["other"])): r.get("probability") for r in pairs}
    told = []
    for first, second in pairwise(ranked):
        share = found.get((first, second))
        if share is not None:
            key = "order_settled" if share >= SETTLED else "order_open"
            fields = {"first": label(first), "second": label(second), "share": percent_beside(share, SETTLED)}
            told.append(words.fill(f"sentence.{key}", fields))
    if not told:
        return ""
    fields = {"pairs": words["list.semicolon"].join(told), "settled": percent(SETTLED)}
    return words.fill("sentence.order", fields)


def _order_tables(edition: Edition, outcome: str, ranked: Sequence[str], pairs: Sequence[Row]) -> tuple[Table, ...]:
    """Return how often every driver stands before those below it; nothing for two, whom the sentence tells."""
    found = {(str(r["driver"]), str(r["other"])): r["probability"] for r in pairs if r.get("probability") is not None}
    if not found or len(ranked) <= 2:
        return ()
    heads = (Column(edition.words["column.driver"]), *(Column(str(j + 1), "right") for j in range(1, len(ranked))))
    others = tuple(enumerate(ranked))[1:]
    lines = tuple(
        (
            f"{i + 1} {edition.results.label(driver)}",
            *(percent_beside(found.get((driver, other)), SETTLED) if j > i else "" for j, other in others),
        )
        for i, driver in enumerate(ranked[:-1])
    )
    return (Table(edition.caption("order", "outcome", edition.results.label(outcome)), heads, lines),)


def _agreement_table(
    edition: Edition, outcome: str, ranked: Sequence[str], methods: Methods, pairs: Sequence[Row]
) -> Table:
    label = edition.results.label
    heads = ("lmg_share", "johnson", "correlation", "beta", "dominates", "dominates_conditionally", "n")
    lines = []
    for driver in ranked:
        of = {method: rows.get(driver, {}) for method, rows in methods.items()}
        own = matching(pairs, {"driver": driver})
        lines.append(
            (
                label(driver),
                shared(of["lmg"]),
                shared(of.get("johnson", {})),
                estimated(of.get("correlation", {})),
                estimated(of.get("beta", {})),
                _dominated(own, "complete"),
                _dominated(own, "conditional"),
                count(of["lmg"].get("n")),
            )
        )
    caption = edition.caption("methods", "outcome", label(outcome))
    return Table(caption, columns(edition, ("driver",), heads), tuple(lines))


def _dominated(pairs: Sequence[Row], kind: str) -> str:
    """Return how many others a driver dominates, of how many."""
    return f"{sum(row[kind] == 1 for row in pairs)}/{len(pairs)}" if pairs else ABSENT


def _item_part(edition: Edition, outcome: str) -> Part:
    words, results = edition.words, edition.results
    rows = matching(results.rows("drivers"), {"outcome": outcome, "method": "owen"})
    ranked = sorted((r for r in rows if r.get("share") is not None), key=lambda r: -r["share"])[:MOST_SHOWN]
    if len(ranked) < 2:
        return Part()
    owner = {item["id"]: construct["id"] for construct in results.constructs for item in construct["items"]}
    of = {str(row["driver"]): results.label(owner.get(row["driver"], "")) for row in ranked}
    first = str(ranked[0]["driver"])
    fields = {"item": results.label(first), "driver": of[first], "share": shared(ranked[0])}
    rivals = sum((row.get("share_high") or 1.0) >= (ranked[0].get("share_low") or 0.0) for row in ranked[1:])
    sentence = words.fill("sentence.item_first", fields)
    if rivals:
        sentence = words.plural("sentence.item_open", rivals, fields | {"n": str(rivals)})
    cells = tuple((item_label(edition, str(r["driver"])), of[r["driver"]], shared(r), count(r["n"])) for r in ranked)
    caption = words.fill("caption.single_items", {"outcome": results.label(outcome), "level": edition.level})
    table = Table(caption, columns(edition, ("item_wording", "driver"), ("importance", "n")), cells)
    title = words.fill("heading.single_items", {"outcome": results.label(outcome)})
    return Part(title, (sentence,), tables=(table,))


def _stated_part(edition: Edition, outcome: str) -> Part:
    words, label = edition.words, edition.results.label
    rows = matching(edition.results.rows("stated"), {"outcome": outcome})
    if not rows:
        return Part()
    sentences = []
    for kind in SAID:
        names = [label(str(row["driver"])) for row in rows if row["kind"] == kind and row.get("certain")]
        if names:
            sentences.append(words.fill(f"sentence.said_{kind}", {"drivers": words.join(names)}))
    if open_ones := [label(str(row["driver"])) for row in rows if not row.get("certain")]:
        sentences.append(words.fill("sentence.said_open", {"drivers": words.join(open_ones)}))
    cells = tuple(
        (
            label(str(row["driver"])),
            words[f"said.{row['kind']}"],
            words["mark.yes"] if row.get("certain") else words["mark.no"],
            ranged(row.get("stated"), row.get("stated_low"), row.get("stated_high"), 1),
            f"{row['stated_rank']:g}",
            shared({"share": row.get("derived")} | {f"share_{e}": row.get(f"derived_{e}") for e in ("low", "high")}),
            f"{row['derived_rank']:g}",
            count(row["n"]),
        )
        for row in sorted(rows, key=lambda r: r["stated_rank"])
    )
    heads = ("stated", "stated_rank", "derived", "derived_rank", "n")
    caption = edition.caption("stated", "outcome", label(outcome))
    table = Table(caption, columns(edition, ("driver", "said", "certain"), heads), cells)
    title = words.fill("heading.stated", {"outcome": label(outcome)})
    return Part(title, (words.paragraph(sentences),), tables=(table,))
