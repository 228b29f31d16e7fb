"""Small studies made by hand, so that the rooms above study are tested without files."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import settings

from satmeter.questionnaire.model import Construct, Item, Option, Point, Question, Questionnaire, Scale, Text
from satmeter.responses.model import Responses
from satmeter.study.model import DispositionRow, Study
from satmeter.study.plan import Missing, Plan, Uncertainty
from satmeter.study.sampling_plan import Design

# A busy machine is no defect of the code; in CI the same examples are tried every time.
settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("house")

# scripts that are run by hand
collect_ignore_glob = ["reference/scripts/*", "house/write_messages.py", "benchmarks/form_*.py"]


def text(word: str) -> Text:
    return Text((("zh-CN", f"{word}（中文）"), ("en", word)))


def scale_of(low: int, high: int) -> Scale:
    return Scale(f"s{low}to{high}", tuple(Point(c, text(f"point {c}")) for c in range(low, high + 1)))


def hand_made_study(
    constructs: dict[str, tuple[str, dict[str, list[float]]]],
    *,
    scales: dict[str, tuple[int, int]] | None = None,
    questions: dict[str, tuple[str, list[Any]]] | None = None,
    model: dict[str, tuple[str, ...]] | None = None,
    modes: dict[str, str] | None = None,
    reverse: tuple[str, ...] = (),
    weights: list[float] | None = None,
    strata: list[int] | None = None,
    cluster: list[int] | None = None,
    groups: tuple[str, ...] = (),
    outcomes: tuple[str, ...] = (),
    controls: tuple[str, ...] = (),
    replicates: int = 200,
    seed: int = 1,
    conf_level: float = 0.95,
    missing_rule: str = "person_mean",
) -> Study:
    """Make a study: construct to role and item ratings (already reversed); items are on 1–5 unless `scales` says so."""
    scales, questions, modes = scales or {}, questions or {}, modes or {}
    items, made_scales = {}, {}
    for name, (_, ratings) in constructs.items():
        for item in ratings:
            scale = scale_of(*scales.get(item, (1, 5)))
            made_scales[scale.id] = scale
            items[item] = Item(item, name, text(f"wording of {item}"), scale.id, reverse=item in reverse)
    n = len(next(iter(next(iter(constructs.values()))[1].values())))
    index = pd.Index([f"r{i + 1}" for i in range(n)], name="respondent")
    columns: dict[str, Any] = {i: np.asarray(v, float) for _, r in constructs.values() for i, v in r.items()}
    made_questions = {}
    for name, (kind, answers) in questions.items():
        given = (
            [a for several in answers if isinstance(several, tuple) for a in several] if kind == "multiple" else answers
        )
        codes = sorted({a for a in given if isinstance(a, str)}) if kind in ("choice", "multiple") else []
        made_questions[name] = Question(name, kind, text(name), tuple(Option(c, text(c)) for c in codes))  # type: ignore[arg-type]
        columns[name] = pd.Series(answers, index=index, dtype=object if kind != "number" else float)
    frame = pd.DataFrame(columns, index=index)
    questionnaire = Questionnaire(
        id="tiny",
        version="1",
        title=text("Tiny"),
        languages=("zh-CN", "en"),
        scales=made_scales,
        constructs={
            name: Construct(name, role, text(name), tuple(ratings), modes.get(name, "reflective"))  # type: ignore[arg-type]
            for name, (role, ratings) in constructs.items()
        },
        items=items,
        questions=made_questions,
        model=model or {},
        source="made for a test",
        licence="CC0-1.0",
        digest="sha256:q",
    )
    missing = frame.isna().map(lambda gone: "no_answer" if gone else "")
    plan = Plan(
        questionnaire="tiny",
        responses=(),
        design=Design(),
        missing=Missing(items=missing_rule),  # type: ignore[arg-type]
        measurement="full",
        groups=groups,
        outcomes=outcomes,
        controls=controls,
        uncertainty=Uncertainty(replicates=replicates, seed=seed, conf_level=conf_level),
        digest="sha256:p",
    )
    responses = Responses(
        questionnaire=questionnaire,
        frame=frame,
        missing=missing,
        other=pd.DataFrame(index=index),
        row=pd.Series(range(2, n + 2), index=index),
        source="tiny.csv",
        digest="sha256:d",
        n_read=n,
    )
    scores = {}
    for name, (_, ratings) in constructs.items():
        parts = []
        for item in ratings:
            scale = made_scales[items[item].scale]
            parts.append(100 * (frame[item] - scale.low) / (scale.high - scale.low))
        block = pd.concat(parts, axis=1)
        mean = block.mean(axis=1)
        needed = 1.0 if missing_rule == "complete" else 0.5
        scores[name] = mean.where(block.notna().mean(axis=1) >= needed)
    w = np.ones(n) if weights is None else np.asarray(weights, float) / np.mean(weights)
    return Study(
        plan=plan,
        responses=responses,
        frame=frame,
        missing=missing,
        weights=w,
        weighted=bool(len(np.unique(w)) > 1),
        strata=None if strata is None else np.asarray(strata),
        cluster=None if cluster is None else np.asarray(cluster),
        groups={g: frame[g] for g in groups},
        construct_scores=pd.DataFrame(scores, index=index),
        disposition=(DispositionRow("read", n), DispositionRow("kept", n)),
        quality=(),
    )


@pytest.fixture(scope="session")
def study_by_hand() -> Callable[..., Study]:
    return hand_made_study
