"""The keys ``scores`` and ``answers`` of a study file."""

from __future__ import annotations

from typing import cast

from satmeter.questionnaire.model import Question, Questionnaire
from satmeter.questionnaire.spec import Collector, Field, listed, nearest, parse_integer, read_fields
from satmeter.questionnaire.yaml_text import Node, quoted
from satmeter.study.check_plan import line_of
from satmeter.study.plan import Answers, CesVariant, Plan, ScoreOptions

MOST_TRIM = 0.45
SATISFACTION_POINTS = 5
EFFORT_POINTS = tuple(range(1, 8))
ANSWERED = ("choice", "multiple", "number")
_VARIANTS = ("mean", "share", "net")
_SCORES = {"boxes": Field("strings"), "csat": Field("strings"), "ces": Field("map")}
_ANSWERS = {"questions": Field("strings"), "trim": Field("number", low=0, high=MOST_TRIM), "ratios": Field("map")}


def read_scores(node: Node | None, collector: Collector) -> ScoreOptions:
    """Read ``scores``; S086 for boxes that are none of 1, 2, 3, Q028 for a variant of CES that there is not."""
    if node is None or node.is_null:
        return ScoreOptions()
    fields = read_fields(node, _SCORES, collector, about=("key", "scores"))
    boxes: list[int] = []
    for item in fields.strings("boxes"):
        number = parse_integer(item.text.strip())
        if number not in (1, 2, 3) or number in boxes:
            collector.error("S086", item.line, about=("key", "scores.boxes"), got=quoted(item.text.strip()))
        else:
            boxes.append(number)
    ces: dict[str, tuple[CesVariant, ...]] = {}
    place = fields.node("ces")
    for entry in place.entries if place else ():
        ces[entry.key] = _variants(entry.key, entry.value, collector)
    default = ScoreOptions().boxes
    return ScoreOptions(tuple(sorted(boxes)) or default, tuple(dict.fromkeys(_texts(fields.strings("csat")))), ces)


def _variants(key: str, node: Node, collector: Collector) -> tuple[CesVariant, ...]:
    found: list[CesVariant] = []
    for item in node.items if node.kind == "list" else (node,):
        text = item.text.strip() if item.kind == "scalar" else ""
        if text not in _VARIANTS:
            got, params = f"{key}: {item.shown()}", {"choices": listed(_VARIANTS)}
            near = nearest(text, _VARIANTS)
            collector.error("Q028", item.line, about=("key", "scores.ces"), got=got, suggestion=near, params=params)
        elif text not in found:
            found.append(cast(CesVariant, text))
    return tuple(found)


def read_answers(node: Node | None, collector: Collector) -> Answers | None:
    """Read ``answers``; S034 for a ratio that is not made of two names. An empty map means all questions."""
    if node is None or node.is_null:
        return None
    fields = read_fields(node, _ANSWERS, collector, about=("key", "answers"))
    ratios: dict[str, tuple[str, str]] = {}
    place = fields.node("ratios")
    for entry in place.entries if place else ():
        names = _texts(entry.value.items) if entry.value.kind == "list" else ()
        if len(names) != 2 or names[0] == names[1]:
            got = f"{quoted(entry.key)}: {entry.value.shown()}"
            collector.error("S034", entry.line, about=("key", "answers.ratios"), got=got)
        else:
            ratios[entry.key] = (names[0], names[1])
    trim = fields.number("trim")
    questions = tuple(dict.fromkeys(_texts(fields.strings("questions"))))
    return Answers(questions, Answers().trim if trim is None else trim, ratios)


def _texts(nodes: tuple[Node, ...]) -> tuple[str, ...]:
    return tuple(node.text.strip() for node in nodes)


def answered_questions(questionnaire: Questionnaire) -> tuple[Question, ...]:
    """Return the questions whose answers can be published; those marked ``pii: yes`` are personal data as a whole."""
    return tuple(q for q in questionnaire.questions.values() if q.type in ANSWERED and q.pii != "yes")


def check_scores(plan: Plan, questionnaire: Questionnaire, root: Node, collector: Collector) -> None:
    """Record items and questions that do not suit what is asked of them.

    Parameters
    ----------
    plan
        As read so far.
    questionnaire
        The one that the plan names.
    root
        The study file's tree, for the lines.
    collector
        Takes the problems S085 (an item on another scale, or none) S087 and S063 (questions and ratios).
    """
    points = {i.id: questionnaire.scales[i.scale].codes for i in questionnaire.items.values()}
    five = [name for name, codes in points.items() if len(codes) == SATISFACTION_POINTS]
    seven = [name for name, codes in points.items() if codes == EFFORT_POINTS]
    for key, names, suited in (("csat", plan.scores.csat, five), ("ces", tuple(plan.scores.ces), seven)):
        for name in names:
            if name not in suited:
                line = line_of(root, "scores", key, item=name) if key == "csat" else line_of(root, "scores", key, name)
                params = {"choices": listed(suited) or "–", "points": "1–5" if key == "csat" else "1–7"}
                about, near = ("key", f"scores.{key}"), nearest(name, suited)
                collector.error("S085", line, about=about, got=quoted(name), suggestion=near, params=params)
    if plan.answers is not None:
        _check_answers(plan.answers, questionnaire, root, collector)


def _check_answers(answers: Answers, questionnaire: Questionnaire, root: Node, collector: Collector) -> None:
    questions = answered_questions(questionnaire)
    wanted = [question.id for question in questions]
    numbers = [question.id for question in questions if question.type == "number"]
    places = [
        ("questions", name, line_of(root, "answers", "questions", item=name), wanted) for name in answers.questions
    ]
    for ratio, names in answers.ratios.items():
        line = line_of(root, "answers", "ratios", ratio)
        places += [("ratios", name, line, numbers) for name in names]
        if ratio in questionnaire.variables:
            about = ("key", "answers.ratios")
            collector.error("S063", line, about=about, got=quoted(ratio))
    for key, name, line, suited in places:
        if name not in suited:
            about, near, params = ("key", f"answers.{key}"), nearest(name, suited), {"choices": listed(suited) or "–"}
            collector.error("S087", line, about=about, got=quoted(name), suggestion=near, params=params)
