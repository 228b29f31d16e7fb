"""The margins of a study file held against the questions that they name."""

from __future__ import annotations

from satmeter.errors import Problem
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.spec import Collector, listed, nearest
from satmeter.study.plan import Plan
from satmeter.study.weighting_keys import ABOUT, CROSS


def check_weighting(plan: Plan, questionnaire: Questionnaire, collector: Collector) -> None:
    """Record every category (S051) that is no option of its choice question.

    Margins may also name columns of the answers that are no questions; those are looked at when answers are there.
    """
    for margin in plan.weighting.margins if plan.weighting else ():
        options = [
            tuple(option.code for option in question.options) if question and question.options else ()
            for question in (questionnaire.questions.get(part) for part in margin.parts)
        ]
        if not all(options):
            continue
        for category in margin.values:
            parts = category.split(CROSS)
            wrong = next((i for i, codes in enumerate(options) if i >= len(parts) or parts[i] not in codes), None)
            if wrong is None and len(parts) == len(options):
                continue
            codes = options[wrong or 0]
            params = {"margin": margin.name, "choices": CROSS.join(f"({listed(c)})" for c in options)}
            near = nearest(parts[wrong], codes) if wrong is not None and wrong < len(parts) else ""
            place, line = margin.file or collector.file, margin.line_of(category)
            collector.problems.append(Problem("S051", place, line, ABOUT, f"'{category}'", near, params))
