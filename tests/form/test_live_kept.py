"""What is made once stays right: the same page as one made afresh, whatever was shown before."""

from __future__ import annotations

import random
from typing import Any

import pytest

from satmeter.form.live import LiveForm, Theme, live_form
from satmeter.form.model import FieldProblem
from satmeter.form.moulds import Moulds
from satmeter.questionnaire import read_questionnaire
from satmeter.questionnaire.model import Questionnaire


def wished(questionnaire: Questionnaire, source: random.Random) -> dict[str, Any]:
    """Draw a page, answers and everything else that a page can differ in."""
    page = source.randrange(1, len(questionnaire.pages) + 1)
    members = questionnaire.pages[page - 1].members
    values: dict[str, Any] = {}
    for name in questionnaire.variables:
        scale = questionnaire.scale_of(name)
        options = questionnaire.questions[name].options if name in questionnaire.questions else ()
        cells = [None, *(scale.codes if scale else ()), *(option.code for option in options)]
        values[name] = source.choice(cells)
        if name in questionnaire.questions and questionnaire.questions[name].type == "multiple":
            values[name] = [option.code for option in options if source.random() < 0.5]
    values["years"], values["why"] = source.choice([None, 3, 12.5, "96"]), source.choice([None, "<b>", "why"])
    shown = [name for name in members if source.random() < 0.7]
    return {
        "page": page,
        "language": source.choice(questionnaire.languages),
        "values": values,
        "order": source.sample(questionnaire.variables, len(questionnaire.variables)),
        "shown": shown,
        "errors": {name: FieldProblem("error_choose") for name in shown if source.random() < 0.1},
        "action": f"/r/{source.randrange(10**9)}/{page}",
        "key": f"{source.randrange(10**9)}",
        "number": page,
        "of": source.choice([4, 5]),
        "personal_link": source.choice(["", "https://x.example/r/<key>"]),
        "notice": source.choice(["", "open", "further"]),
    }


def test_pages_made_in_any_order_are_those_made_afresh(every_type: Questionnaire) -> None:
    source = random.Random(20261122)
    kept = live_form(every_type, Theme())
    wishes = [wished(every_type, source) for _ in range(60)]
    for wish in wishes:
        kept.page(**wish)
    for wish in source.sample(wishes, 20):
        assert kept.page(**wish) == live_form(every_type, Theme()).page(**wish)


def test_marks_of_moulds_stand_in_no_page(every_type: Questionnaire) -> None:
    moulds = Moulds(most=2)
    found = [
        moulds.filled(n % 3, lambda part: f"<i>{part('a')}{part('b')}</i>", {"a": "<", "b": str(n)}) for n in range(9)
    ]
    assert found == [f"<i>&lt;{n}</i>" for n in range(9)]


@pytest.mark.speed
def test_a_page_of_a_grid_takes_a_tenth_of_making_it() -> None:
    from time import process_time

    power = read_questionnaire("power-utility")
    page = next(n for n, one in enumerate(power.pages, start=1) if one.grid)
    wish: dict[str, Any] = {
        "page": page,
        "language": "zh-CN",
        "values": {},
        "order": (),
        "shown": power.pages[page - 1].members,
        "errors": {},
        "action": "/r/key/1",
        "key": "k",
        "number": page,
        "of": len(power.pages),
    }

    def seconds(forms: list[LiveForm]) -> float:
        began = process_time()
        for form in forms:
            form.page(**wish)
        return process_time() - began

    fresh = [live_form(power, Theme()) for _ in range(10)]
    first = seconds(fresh)
    assert seconds(fresh) < first / 10
