"""Simulated answers and the truth behind them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from satmeter.errors import Problem, ResponsesError
from satmeter.questionnaire.model import Questionnaire
from satmeter.responses.blueprint import make_blueprint
from satmeter.responses.careless import KINDS, PACE, answer_carelessly, pick_careless
from satmeter.responses.draws import ObjectArray, draw, draw_languages
from satmeter.responses.losses import lose
from satmeter.responses.missingness import asked_cells
from satmeter.responses.truth import population_truth
from satmeter.writing import write_whole

SECONDS_A_QUESTION = 11.0
_SPREAD_OF_PACE = 0.25  # standard deviation of the logarithm
_FIELDWORK_START, _FIELDWORK_DAYS = np.datetime64("2026-03-02T00:00:00"), 14
_MULTIPLE_JOINER = ";"


@dataclass(frozen=True, eq=False)
class Simulation:
    """Simulated answers.

    Attributes
    ----------
    frame
        One row a respondent: ``respondent, started, submitted, seconds, language, digest, simulated`` (always 1),
        then every variable in the order of asking, all as text: codes, '' where there is no answer, several codes
        joined by ``;``.
    truth
        Plain numbers, texts, lists and dicts: the structure that the answers were drawn from, what an analysis of
        complete and attentive answers is expected to find (see `population_truth`), and who was careless.
    """

    frame: pd.DataFrame
    truth: dict[str, Any]


def simulate(
    questionnaire: Questionnaire, n: int, *, seed: int, careless: float = 0.0, missing: float = 0.0
) -> Simulation:
    """Draw answers from the questionnaire's own model.

    What the questionnaire does not say (path coefficients, loadings, thresholds, shares of options) follows the
    rules of `satmeter.responses.blueprint` and stands in the truth. Skip logic is obeyed; attention checks are failed
    by careless respondents only. Answers are unweighted.

    Parameters
    ----------
    questionnaire
        Checked.
    n
        Number of respondents, at least 1.
    seed
        Same seed, same bytes. Attentive, answered cells do not change with `careless` and `missing`.
    careless
        Share of careless respondents, in [0, 1): straightliners, random answerers and speeders, 4 : 4 : 2.
    missing
        Expected share of missing cells, in [0, 1): left blank, given a missing code, or lost by breaking off, in the
        parts 2 : 1 : 1.

    Returns
    -------
    Simulation

    Raises
    ------
    ResponsesError
        R201 `n` below 1, R202 a share outside [0, 1), R203 a negative seed, R204 a model that cannot be simulated.

    Examples
    --------
    >>> from satmeter.questionnaire import read_questionnaire
    >>> made = simulate(read_questionnaire("ecsi-mobile"), 3, seed=1)
    >>> made.frame.loc[:, ["respondent", "IMAG1"]].shape, round(made.truth["r2"]["loyalty"], 2)
    ((3, 2), 0.6)
    """
    _check_arguments(n, seed, {"careless": careless, "missing": missing})
    blueprint = make_blueprint(questionnaire)
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(6)]
    for_languages, for_latent, for_answers, for_careless, for_losses, for_times = streams
    languages = draw_languages(questionnaire, n, for_languages)
    drawn = draw(blueprint, languages, for_latent, for_answers)
    kinds = pick_careless(n, careless, for_careless)
    answered = answer_carelessly(questionnaire, drawn.columns, kinds, for_careless)
    left = lose(questionnaire, answered, missing, for_losses)
    columns = _only_asked(questionnaire, left.columns)
    respondents = np.array([f"s{i:0{len(str(n))}d}" for i in range(1, n + 1)], dtype=object)
    times = _paradata(columns, kinds, left.broke_off, for_times)
    frame = pd.DataFrame(
        {
            "respondent": respondents,
            **times,
            "language": languages,
            "digest": np.full(n, questionnaire.digest, dtype=object),
            "simulated": np.full(n, "1", dtype=object),
            **{name: _as_text(column) for name, column in columns.items()},
        },
        dtype=object,
    )
    truth = {
        "kind": "satmeter.simulation",
        "schema_version": 1,
        "questionnaire": questionnaire.id,
        "digest": questionnaire.digest,
        "n": n,
        "seed": seed,
        "careless": {
            "share": careless,
            "parts": dict(KINDS),
            "respondents": {r: kind for r, kind in zip(respondents.tolist(), kinds.tolist(), strict=True) if kind},
        },
        "missing": {"share": missing, "break_offs": respondents[left.broke_off].tolist()},
        **population_truth(blueprint),
    }
    return Simulation(frame, truth)


def write_simulation(simulation: Simulation, path: str | Path) -> tuple[Path, Path]:
    """Write the answers as CSV (UTF-8 with byte order mark, as offices want it) and the truth as JSON beside them.

    Parameters
    ----------
    path
        Of the CSV; the truth goes to ``<stem>.truth.json``. Each file is written whole or not at all.

    Returns
    -------
    tuple of Path
        The answers, the truth.
    """
    answers = Path(path)
    truth = answers.with_name(f"{answers.stem}.truth.json")
    text = simulation.frame.to_csv(index=False, lineterminator="\n")
    document = json.dumps(simulation.truth, ensure_ascii=False, indent=1, allow_nan=False)
    write_whole(truth, document + "\n")
    write_whole(answers, text.encode("utf-8-sig"))
    return answers, truth


def _check_arguments(n: int, seed: int, shares: dict[str, float]) -> None:
    problems = []
    if n < 1:
        problems.append(Problem("R201", got=str(n)))
    problems += [
        Problem("R202", about=("key", name), got=str(share)) for name, share in shares.items() if not 0 <= share < 1
    ]
    if seed < 0:
        problems.append(Problem("R203", got=str(seed)))
    if problems:
        raise ResponsesError(problems)


def _only_asked(questionnaire: Questionnaire, columns: dict[str, ObjectArray]) -> dict[str, ObjectArray]:
    variables = questionnaire.variables
    asked = asked_cells(questionnaire, variables, columns)
    return {name: np.where(asked[:, i], columns[name], "") for i, name in enumerate(variables)}


def _paradata(
    columns: dict[str, ObjectArray], kinds: ObjectArray, broke_off: npt.NDArray[np.bool_], rng: np.random.Generator
) -> dict[str, ObjectArray]:
    n = len(kinds)
    answered = sum((column != "").astype(np.int64) for column in columns.values())
    pace = np.array([PACE[kind] for kind in kinds.tolist()]) * np.exp(_SPREAD_OF_PACE * rng.standard_normal(n))
    seconds = np.maximum(np.round(SECONDS_A_QUESTION * answered * pace), 1).astype(np.int64)
    day = rng.integers(0, _FIELDWORK_DAYS, n) * 86400
    started = _FIELDWORK_START + (day + rng.integers(8 * 3600, 21 * 3600, n)).astype("timedelta64[s]")
    submitted = started + seconds.astype("timedelta64[s]")
    return {
        "started": np.array([f"{t}Z" for t in started], dtype=object),
        "submitted": np.where(broke_off, "", np.array([f"{t}Z" for t in submitted], dtype=object)),
        "seconds": np.array([str(s) for s in seconds.tolist()], dtype=object),
    }


def _as_text(column: ObjectArray) -> ObjectArray:
    if not any(isinstance(answer, tuple) for answer in column):
        return column
    texts = [_MULTIPLE_JOINER.join(a) if isinstance(a, tuple) else a for a in column.tolist()]
    return np.array(texts, dtype=object)
