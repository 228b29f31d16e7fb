"""The population behind simulated answers: what the questionnaire leaves open is declared here.

Rules, all of them printed into the truth:

* of the predecessors of an outcome, each acts 0.75 times as strongly as the one named before it, so that there is a
  strongest and a weakest; together they explain 0.6 of satisfaction and loyalty and 0.4 of any other outcome;
* constructs without predecessors share a common factor (correlation 0.4); costs stand on its other side;
* the first choice question that everybody is asked shifts every one of these constructs (correlation 0.15);
* items load 0.85, 0.80, 0.75 in turn; answers lean to the high side, for costs to the low side;
* options are chosen in the shares 1 : 1/2 : 1/3 …
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import Problem, ResponsesError
from satmeter.numerics.simulation import Population, population, scale_thresholds
from satmeter.questionnaire.model import Construct, Question, Questionnaire, Scale

COMMON_SHARE = 0.4
GROUP_EFFECT = 0.15
R2 = {"satisfaction": 0.6, "loyalty": 0.6}
R2_OTHER = 0.4
DECLINE = 0.75
LOADINGS = (0.85, 0.80, 0.75)
SPREAD = 0.22
CENTRE, CENTRE_COST = 0.66, 0.42
CONSTRUCT_SHIFTS = (0.03, -0.05, 0.05, 0.0, -0.03)
ITEM_SHIFTS = (0.0, -0.03, 0.03)
NUMBER_SHAPE = (2.0, 4.0)  # Beta distribution of `number` answers between their bounds


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """How one item measures its construct.

    Attributes
    ----------
    node
        Column of the construct in `Blueprint.nodes`.
    loading
        Correlation of the continuous answer with the construct.
    thresholds
        Where it is cut; one less than the scale has points.
    raw
        Code in the data of every place, from the lowest amount of the construct to the highest; descending for a
        reverse-keyed item.
    keyed
        The same after reversing: what the analysis sees.
    """

    node: int
    loading: float
    thresholds: tuple[float, ...]
    raw: tuple[int, ...]
    keyed: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Blueprint:
    """The population that answers are drawn from.

    Attributes
    ----------
    questionnaire
        Its constructs and model.
    nodes
        Names of the population's variables: all constructs, then questions of the model, then the group question.
    signs
        -1 for costs, else 1; by node.
    population
        Paths and correlations by node.
    items
        By item id; items of the pages only.
    group
        The question that shifts the constructs without predecessors; empty when there is none.
    """

    questionnaire: Questionnaire
    nodes: tuple[str, ...]
    signs: tuple[int, ...]
    population: Population
    items: dict[str, ItemPlan]
    group: str


def make_blueprint(questionnaire: Questionnaire) -> Blueprint:
    """Declare the population of a questionnaire.

    Raises
    ------
    ResponsesError
        R204 when the model explains a question, or uses one that is neither a choice nor a number.
    """
    _check_model(questionnaire)
    model = questionnaire.model
    constructs = tuple(questionnaire.constructs.values())
    group = _group_question(questionnaire)
    in_model = dict.fromkeys(name for names in model.values() for name in names if name in questionnaire.questions)
    nodes = (*questionnaire.constructs, *in_model, *((group,) if group else ()))
    place = {name: i for i, name in enumerate(nodes)}
    signs = tuple(-1 if name in questionnaire.constructs and _is_cost(questionnaire, name) else 1 for name in nodes)
    predecessors = tuple(tuple(place[name] for name in model.get(node, ())) for node in nodes)
    weights = tuple(
        tuple(signs[i] * signs[cause] * w for cause, w in zip(causes, _falling(len(causes)), strict=True))
        for i, causes in enumerate(predecessors)
    )
    r2 = [R2.get(questionnaire.constructs[n].role, R2_OTHER) if n in questionnaire.constructs else 0.0 for n in nodes]
    exogenous = _exogenous(len(constructs), signs, place.get(group, -1))
    items = {
        item: plan
        for number, construct in enumerate(constructs)
        for item, plan in _item_plans(questionnaire, construct, number, place[construct.id]).items()
    }
    return Blueprint(questionnaire, nodes, signs, population(exogenous, predecessors, weights, r2), items, group)


def option_shares(question: Question) -> npt.NDArray[np.float64]:
    """Return the share of every option of a choice question; also the frequency of every option of a multiple one."""
    shares = 1.0 / np.arange(1, len(question.options) + 1)
    return shares / shares.sum() if question.type == "choice" else shares * 0.8


def option_scores(question: Question) -> npt.NDArray[np.float64]:
    """Return the standardised score of every option of a choice question: its place, centred by the shares.

    Zero throughout for a question of one option.
    """
    shares = option_shares(question)
    places = np.arange(len(shares))
    mean = shares @ places
    sd = np.sqrt(shares @ (places - mean) ** 2)
    return (places - mean) / sd if sd > 0 else np.zeros(len(shares))


def _check_model(questionnaire: Questionnaire) -> None:
    problems = []
    for outcome, names in questionnaire.model.items():
        strange = [
            name
            for name in names
            if name in questionnaire.questions and questionnaire.questions[name].type not in ("choice", "number")
        ]
        if outcome not in questionnaire.constructs:
            strange.insert(0, outcome)
        problems += [
            Problem("R204", questionnaire.file, about=("model", outcome), got=name, params={"name": name})
            for name in strange
        ]
    if problems:
        raise ResponsesError(problems)


def _group_question(questionnaire: Questionnaire) -> str:
    used = {name for names in questionnaire.model.values() for name in names}
    for page in questionnaire.pages:
        for member in page.members if page.show_if is None else ():
            question = questionnaire.questions.get(member)
            free = question is not None and question.show_if is None and member not in used
            if question is not None and free and question.type == "choice" and len(question.options) > 1:
                return member
    return ""


def _is_cost(questionnaire: Questionnaire, name: str) -> bool:
    return questionnaire.constructs[name].role == "cost"


def _falling(k: int) -> tuple[float, ...]:
    return tuple(DECLINE**i for i in range(k))


def _exogenous(n_constructs: int, signs: tuple[int, ...], group: int) -> npt.NDArray[np.float64]:
    side = np.array(signs[:n_constructs], dtype=np.float64)
    shift = GROUP_EFFECT if group >= 0 else 0.0
    corr = np.eye(len(signs))
    shared = shift**2 + (1 - shift**2) * COMMON_SHARE
    corr[:n_constructs, :n_constructs] = np.where(np.eye(n_constructs) > 0, 1.0, shared * np.outer(side, side))
    if group >= 0:
        corr[group, :n_constructs] = corr[:n_constructs, group] = shift * side
    return corr


def _item_plans(questionnaire: Questionnaire, construct: Construct, number: int, node: int) -> dict[str, ItemPlan]:
    level = (CENTRE_COST if construct.role == "cost" else CENTRE) + CONSTRUCT_SHIFTS[number % len(CONSTRUCT_SHIFTS)]
    plans = {}
    for position, name in enumerate(construct.items):
        item = questionnaire.items[name]
        scale = questionnaire.scales[item.scale]
        centre = level + ITEM_SHIFTS[position % len(ITEM_SHIFTS)]
        raw, keyed = _codes(scale, reverse=item.reverse)
        thresholds = tuple(scale_thresholds(len(raw), centre, SPREAD).tolist())
        plans[name] = ItemPlan(node, LOADINGS[position % len(LOADINGS)], thresholds, raw, keyed)
    return plans


def _codes(scale: Scale, *, reverse: bool) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if not reverse:
        return scale.codes, scale.codes
    raw = scale.codes[::-1]
    return raw, tuple(scale.low + scale.high - code for code in raw)
