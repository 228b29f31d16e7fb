"""What respondents answer on the web is what a study reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from satmeter.journal import Store
from satmeter.journal.view import view
from satmeter.questionnaire.model import Questionnaire
from satmeter.responses import read_responses


def test_a_walk_is_a_row(
    web: Any, store: Store, pages: tuple[Any, ...], questionnaire: Questionnaire, tmp_path: Path
) -> None:
    web.walk(web.begin("zh-CN"), pages)
    link = web.begin("en")
    web.walk(link, [{"ctype": "biz", "firm": "=HYPERLINK()"}, {"p1": "3", "p2": "3", "p3": "1"}])
    web.begin("en")
    found = read_responses(f"sqlite:///{tmp_path}/answers.db", questionnaire)
    whole, broken, empty = (found.frame.iloc[row] for row in range(3))
    names = ["ctype", "p1", "p2", "used", "age", "since", "ly", "ly2"]
    assert whole[names].tolist() == ["res", 1, 2, ("a", "b"), 42, "2020-02-29", 9, 8]
    assert found.missing.iloc[0][["p3", "firm", "why"]].tolist() == ["dont_know", "not_asked", "not_asked"]
    assert broken[["ctype", "firm", "p1"]].tolist() == ["biz", "=HYPERLINK()", 3]
    assert found.missing.iloc[1][["used", "ly"]].tolist() == ["break_off", "break_off"]
    assert empty.isna().all()
    assert found.other["page_reached"].tolist() == ["4", "2", "0"]
    assert found.other["language"].tolist() == ["zh-CN", "en", "en"]
    assert [bool(at) for at in found.other["submitted"]] == [True, False, False]
    assert set(found.other["digest"]) == {questionnaire.digest}
    assert found.unknown == ()
    assert [note.code for note in found.notes] == []


def test_an_answer_that_was_hidden_later_is_kept_and_not_read(web: Any, store: Store) -> None:
    link = web.begin("en")
    web.walk(link, [{"ctype": "biz", "firm": "ACME"}])
    web.answer(f"{link}/1", {"ctype": "res"})
    rectangle = view(store)
    assert (rectangle.column("ctype"), rectangle.column("firm")) == (["res"], [""])
    (response,) = rectangle.column("respondent")
    state = store.latest(response)
    assert state is not None
    assert state.values["firm"] == "ACME"


@pytest.mark.parametrize("wishes", ["en", "zh-CN"])
def test_the_order_that_was_drawn_is_in_the_data(
    open_web: Callable[..., Any], store: Store, questionnaire: Questionnaire, wishes: str
) -> None:
    open_web(wishes).begin(wishes)
    (order,) = view(store).column("order")
    assert sorted(order.split()) == sorted(questionnaire.variables)
