"""Quality rules: each one looks at every respondent and gives a value and a verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from satmeter.errors import Note, Problem, StudyError
from satmeter.questionnaire.spec import listed
from satmeter.responses.model import Responses
from satmeter.study.duration import seconds_of
from satmeter.study.plan import Quality, QualityAction
from satmeter.study.straightlining import blocks, straightness

LEAST_ANSWERS = 10  # fewer equal answers do not make a duplicate

Mask = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Finding:
    """What one rule found.

    Attributes
    ----------
    rule
        Its name in the study file.
    found
        shape (n,), bool.
    value
        shape (n,), the figure that the verdict rests on.
    """

    rule: str
    found: Mask
    value: FloatArray
    action: QualityAction
    notes: tuple[Note, ...] = ()


Rule = Callable[[Responses, Quality, str], Finding]


def duplicates(responses: Responses, quality: Quality, file: str) -> Finding:
    """Find answers that repeat those of an earlier row, and respondent ids that occur again.

    Answers repeat when every variable (paradata aside) is equal, at least ten are answered, and the ratings among them
    are not all the same: uniform answers are left to the rule of straightlining, since two delighted customers are no
    copy. The first row stays. Value: number of equal answers.
    """
    frame, missing = responses.frame, responses.missing
    answered = (missing == "").to_numpy().sum(axis=1).astype(float)
    codes = np.column_stack([pd.factorize(frame[column], use_na_sentinel=False)[0] for column in frame.columns])
    repeated = pd.DataFrame(codes).duplicated(keep="first").to_numpy()
    ratings = frame[list(responses.questionnaire.items)].to_numpy(float)
    uniform = np.fmax.reduce(ratings, axis=1) == np.fmin.reduce(ratings, axis=1)
    found = repeated & (answered >= LEAST_ANSWERS) & ~uniform
    if "respondent" in responses.other.columns:
        ids = responses.other["respondent"].astype(object).map(lambda text: str(text).strip())
        found = found | (ids.duplicated(keep="first") & (ids != "")).to_numpy()
    return Finding("duplicates", found, answered, quality.duplicates)


def attention(responses: Responses, quality: Quality, file: str) -> Finding:
    """Find who failed an attention check; one that was not answered is not failed. Value: checks failed."""
    failed = np.zeros(len(responses.frame))
    for check in responses.questionnaire.checks.values():
        answer = responses.frame[check.id].to_numpy(float)
        failed += (answer != check.expect) & ~np.isnan(answer)
    return Finding("attention", failed > 0, failed, quality.attention)


def speeders(responses: Responses, quality: Quality, file: str) -> Finding:
    """Find who took less than ``min_seconds``. Value: seconds.

    Raises
    ------
    StudyError
        S027 when the data have no column ``seconds``.
    """
    if "seconds" not in responses.other.columns:
        columns = listed(list(responses.other.columns)) or "–"
        raise StudyError(Problem("S027", file, about=("rule", "speeders"), params={"choices": columns}))
    texts = responses.other["seconds"].astype(object).map(str)
    seconds = np.array([np.nan if (s := seconds_of(text)) is None else s for text in texts])
    unread = int(np.isnan(seconds).sum())
    notes = (Note("S111", "seconds", {"n": unread}),) if unread else ()
    least = quality.min_seconds or 0.0
    return Finding("speeders", np.nan_to_num(seconds, nan=np.inf) < least, seconds, quality.speeders, notes)


def straightlining(responses: Responses, quality: Quality, file: str) -> Finding:
    """Find who gave equal answers in a row in a block of at least five items of one page and scale.

    Raw codes are compared, in the order of the questionnaire, so that reversed items speak against a straight line.
    Value: the longest run as a part of the items answered, in the most uniform block.
    """
    members = blocks(responses.questionnaire, responses.absent)
    answers = {item: responses.frame[item].to_numpy(float) for block in members for item in block}
    if not members:
        nothing = np.zeros(len(responses.frame))
        return Finding("straightlining", nothing > 0, nothing, quality.straightlining)
    straight = straightness(answers, members)
    found = np.nan_to_num(straight.run_share) >= quality.straightlining_share - 1e-12
    if quality.straightlining_variance is not None:
        found |= np.nan_to_num(straight.variance, nan=np.inf) <= quality.straightlining_variance + 1e-12
    return Finding("straightlining", found, straight.run_share, quality.straightlining)


def too_many_missing(responses: Responses, quality: Quality, file: str) -> Finding:
    """Find who left more than ``max_share`` of the items unrated. Value: that share.

    The base are the items that were asked and that apply: ``not_asked`` and ``not_applicable`` do not count.
    """
    reasons = responses.missing[list(responses.questionnaire.items)].to_numpy(object)
    base = (~np.isin(reasons, ["not_asked", "not_applicable"])).sum(axis=1)
    lacking = np.isin(reasons, ["no_answer", "break_off", "dont_know", "refused"]).sum(axis=1)
    share = np.divide(lacking, base, out=np.zeros(len(base)), where=base > 0)
    return Finding("too_many_missing", share > quality.max_missing + 1e-12, share, quality.too_many_missing)


RULES: tuple[tuple[str, Rule], ...] = (
    ("duplicates", duplicates),
    ("attention", attention),
    ("speeders", speeders),
    ("straightlining", straightlining),
    ("too_many_missing", too_many_missing),
)


def apply_rules(responses: Responses, quality: Quality, *, file: str = "") -> tuple[Finding, ...]:
    """Apply every rule that is not off to all respondents that were read, in the order of the disposition table."""
    return tuple(rule(responses, quality, file) for name, rule in RULES if getattr(quality, name) != "off")
