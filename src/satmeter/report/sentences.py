"""Sentences made from numbers; a sentence hedges when the interval does.

Every function takes the words of one language and plain numbers, and returns text without markup. Nothing here
says that a change of a driver would change the outcome: regression finds association.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from satmeter.report.estimate import SMALL_BASE, Estimate, known
from satmeter.report.number_text import (
    count,
    decimal,
    decimal_beside,
    digits_beside,
    interval,
    percent,
    percent_interval,
    with_interval,
)
from satmeter.report.wording import Words

WIDE = 10.0

TOO_ALIKE = 0.95
"""Above this alpha the items may say the same thing over again (Streiner 2003)."""

ALPHA_GRADES = ((0.8, "good"), (0.7, "acceptable"), (0.6, "questionable"))
ALPHA_LIMITS = (*(limit for limit, _ in ALPHA_GRADES), 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class RuleCount:
    """What one quality rule did: respondents found, left out at its step, and found but only marked."""

    found: int
    left_out: int
    marked: int


def points(estimate: Estimate) -> str:
    """Return an estimate in points with its interval: ``74.2 [72.1, 76.3]``."""
    return with_interval(decimal(estimate.value, 1), interval(estimate.low, estimate.high, 1))


def beside(estimate: Estimate, limits: Sequence[float], digits: int = 2) -> str:
    """Return a number with its interval, each with the digits that it needs below a limit that it does not reach.

    Examples
    --------
    >>> beside(Estimate("Image", 0.823, 0.7981, 0.849), [0.7, 0.8])
    '0.82 [0.798, 0.85]'
    """
    value, low, high = (decimal_beside(end, digits, limits) for end in (estimate.value, estimate.low, estimate.high))
    return with_interval(value, f"[{low}, {high}]" if estimate.has_interval else "")


def share(estimate: Estimate) -> str:
    """Return a share with its interval: ``31% [24%, 38%]``."""
    return with_interval(percent(estimate.value), percent_interval(estimate.low, estimate.high))


def base(words: Words, n: int) -> str:
    """Return the base of a number: ``480 respondents``; a small base says so."""
    key = "sentence.base_small" if n < SMALL_BASE else "sentence.base"
    return words.plural(key, n, {"n": count(n)})


def index_sentence(words: Words, index: Estimate, conf_level: float) -> str:
    """Return what the index is and how well it is known.

    Examples
    --------
    >>> from satmeter.report.wording import read_words
    >>> index_sentence(read_words("en"), Estimate("Index", 74.2, 72.1, 76.3, 480), 0.95)
    'The index is 74.2 of 100; the 95% interval runs from 72.1 to 76.3.'
    """
    if index.value is None:
        return words["sentence.index_absent"]
    fields = {"value": decimal(index.value, 1), "level": percent(conf_level)}
    if index.low is None or index.high is None:
        return words.fill("sentence.index_alone", fields)
    fields |= {"low": decimal(index.low, 1), "high": decimal(index.high, 1)}
    first = words.fill("sentence.index", fields)
    if index.high - index.low <= WIDE:
        return first
    half = {"half": decimal((index.high - index.low) / 2, 0)}
    return words.paragraph([first, words.fill("sentence.index_wide", half)])


def extremes_sentence(words: Words, estimates: tuple[Estimate, ...], measure: str = "") -> str:
    """Return which of several scores is highest and which lowest, and whether the intervals settle it.

    Parameters
    ----------
    words
        Words of the language.
    estimates
        The scores.
    measure
        What is scored, where the estimates are groups; the sentence then names it.
    """
    ranked, of = known(estimates), "of_" if measure else ""
    if not ranked:
        return ""
    top, bottom = ranked[0], ranked[-1]
    fields = {"top": top.label, "top_value": points(top), "bottom": bottom.label, "bottom_value": points(bottom)}
    fields["measure"] = measure
    if len(ranked) == 1:
        return words.fill(f"sentence.{of}only_score", fields)
    if decimal(top.value, 1) == decimal(bottom.value, 1):
        return words.fill(f"sentence.{of}equal_scores", fields)
    settled = "clear" if not top.overlaps(bottom) else "overlap"
    return words.fill(f"sentence.{of}extremes_{settled}", fields)


def small_groups_sentence(words: Words, groups: Sequence[Estimate]) -> str:
    """Return a warning that names the groups with fewer than 30 respondents; empty when there are none."""
    small = [words.fill("sentence.group_base", {"group": g.label, "n": count(g.n)}) for g in groups if g.is_small]
    if not small:
        return ""
    return words.plural("sentence.small_groups", len(small), {"groups": words.join(small), "min": str(SMALL_BASE)})


def alpha_verdict(words: Words, label: str, alpha: Estimate, n_items: int) -> str:
    """Return in plain words whether the items of a construct agree well enough to be added up."""
    fields = {"construct": label, "n_items": str(n_items), "alpha": decimal(alpha.value, 2)}
    if n_items < 2:
        return words.fill("sentence.alpha_single", fields)
    if alpha.value is None:
        return words.fill("sentence.alpha_absent", fields)
    fields["alpha"] = beside(alpha, ALPHA_LIMITS)
    grade = _alpha_grade(alpha.value)
    verdict = words.fill(f"sentence.alpha_{grade}", fields)
    if alpha.value > TOO_ALIKE:
        key = "copied" if decimal(alpha.value, 2) == "1.00" else "repeated"
        return words.fill(f"sentence.alpha_{key}", fields)
    if alpha.low is not None and _alpha_grade(alpha.low) != grade:
        lower = {"grade": words[f"grade.{_alpha_grade(alpha.low)}"]}
        return words.paragraph([verdict, words.fill("sentence.alpha_hedge", lower)])
    return verdict


def _alpha_grade(alpha: float) -> str:
    if alpha < 0:
        return "negative"
    return next((grade for limit, grade in ALPHA_GRADES if alpha >= limit), "low")


def explained_sentence(words: Words, outcome: str, r2: Estimate) -> str:
    """Return how much of the differences in the outcome goes with the drivers together."""
    if r2.value is None:
        return ""
    return words.fill("sentence.explained", {"outcome": outcome, "share": share(r2)})


def importance_sentence(words: Words, outcome: str, shares: tuple[Estimate, ...]) -> str:
    """Return which driver is most closely associated with the outcome, and whether the order is settled."""
    ranked = known(shares)
    if not ranked:
        return words.fill("sentence.no_importance", {"outcome": outcome})
    first = ranked[0]
    fields = {"outcome": outcome, "first": first.label, "first_share": share(first)}
    if len(ranked) == 1:
        return words.fill("sentence.importance_only", fields)
    rivals = [e.label for e in ranked[1:] if e.overlaps(first)]
    if not rivals:
        return words.fill("sentence.importance_clear", fields)
    return words.fill("sentence.importance_open", fields | {"rivals": words.join(rivals)})


def finding_sentence(
    words: Words, quadrant: str, outcome: str, performance: Estimate, importance: Estimate, line: float | None
) -> str:
    """Return one driver's place: its score, the line it is held against, its share of what the drivers explain."""
    digits = 1 if line is None else digits_beside(performance.value, 1, [line], [line])
    fields = {
        "driver": performance.label,
        "score": with_interval(decimal(performance.value, digits), interval(performance.low, performance.high, 1)),
        "share": share(importance),
        "outcome": outcome,
        "line": decimal(line, digits),
    }
    return words.fill(f"finding.{quadrant}", fields)


def score_finding_sentence(words: Words, kind: str, score: Estimate) -> str:
    """Return a strength or weakness that is known by its score alone."""
    return words.fill(f"finding.score_{kind}", {"driver": score.label, "score": points(score)})


def quadrant_sentence(words: Words, certain: dict[str, list[str]], uncertain: Sequence[str]) -> str:
    """Return which drivers stand in which quadrant, and which of them the intervals leave open.

    Parameters
    ----------
    words
        Words of the language.
    certain
        Quadrant (`strength`, `improve`, `opportunity`, `maintain`) to labels of the drivers that stand there for sure.
    uncertain
        Labels of the drivers whose interval crosses a line.
    """
    placed = [
        words.fill("sentence.quadrant_members", {"quadrant": words[f"quadrant.{q}"], "drivers": words.join(names)})
        for q, names in certain.items()
        if names
    ]
    sentences = [words.fill("sentence.quadrants", {"members": words["list.semicolon"].join(placed)})] if placed else []
    if uncertain and not placed:
        sentences.append(words["sentence.quadrants_all_open"])
    elif uncertain:
        sentences.append(words.plural("sentence.quadrants_open", len(uncertain), {"drivers": words.join(uncertain)}))
    return words.paragraph(sentences)


def kept_sentence(
    words: Words, n: int, n_read: int, rows_read: int | None = None, left_out: Mapping[str, int] | None = None
) -> str:
    """Return how many of the responses were kept, and for frequencies in how many rows they stood.

    Parameters
    ----------
    words
        Words of the language.
    n, n_read
        Responses kept and read.
    rows_read
        Rows of the file, where they are not the responses.
    left_out
        Rule to responses left out at its step; told where they add up to all that were left out.
    """
    steps = {rule: dropped for rule, dropped in (left_out or {}).items() if dropped}
    fields = {"n": count(n), "read": count(n_read), "dropped": count(n_read - n)}
    key, number = ("kept_all", n) if n == n_read else ("kept", n_read)
    if steps and sum(steps.values()) == n_read - n:
        key, number = "kept_by_step", n_read - n
        counted = [
            words.fill("sentence.step_count", {"rule": words.name("rule", rule), "n": count(dropped)})
            for rule, dropped in steps.items()
        ]
        fields["steps"] = words["list.semicolon"].join(counted)
    kept = words.plural(f"sentence.{key}", number, fields)
    if rows_read is None or rows_read == n_read:
        return kept
    stood = words.plural("sentence.expanded", rows_read, {"rows": count(rows_read), "read": count(n_read)})
    return words.paragraph([stood, kept])


def flagged_sentence(words: Words, counts: Mapping[str, RuleCount]) -> str:
    """Return how many respondents the rules found that only mark; that nothing was found, where that is so."""
    if not counts:
        return words["sentence.no_flags"]
    found = [
        words.fill("sentence.flag_kept", {"rule": words.name("rule", rule), "n": count(counted.marked)})
        for rule, counted in counts.items()
        if counted.marked
    ]
    return words.fill("sentence.flagged_kept", {"found": words["list.semicolon"].join(found)}) if found else ""


def alpha_range_sentence(words: Words, alphas: Sequence[float]) -> str:
    """Return the range of Cronbach's alpha over the constructs; empty when there is none."""
    if not alphas:
        return ""
    low, high = decimal(min(alphas), 2), decimal(max(alphas), 2)
    if low == high:
        return words.fill("sentence.alpha_same", {"value": low})
    return words.fill("sentence.alpha_range", {"low": low, "high": high})


def listing(words: Words, estimates: Sequence[Estimate], as_share: bool = False) -> str:
    """Return every estimate with its interval in one sentence: a figure in words."""
    show = share if as_share else points
    parts = [words.fill("sentence.listed", {"label": e.label, "value": show(e)}) for e in estimates]
    return words["list.semicolon"].join(parts) + words["list.stop"]
