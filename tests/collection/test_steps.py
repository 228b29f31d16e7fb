"""Which pages are asked, in which order items stand; the same as the form's own script does."""

from __future__ import annotations

import json
import random
from pathlib import Path

from py_mini_racer import MiniRacer

from satmeter.collection.steps import asked_now, asked_pages, draw_order, next_page, place, previous_page, sheets_of
from satmeter.form.assets import pure_script
from satmeter.form.definition import collect_texts, definition
from satmeter.questionnaire import read_questionnaire

EVERY = read_questionnaire(Path(__file__).parent.parent / "form" / "every-type.yaml")
CLASSES = ("sv1", "sv2", "sv3", "ac1")


def test_pages_follow_the_answers() -> None:
    assert [next_page(EVERY, {}, page) for page in range(6)] == [1, 2, 3, 4, None, None]
    assert next_page(EVERY, {"ly1": 3}, 4) == 5
    assert next_page(EVERY, {"ly1": 8}, 4) is None
    assert previous_page(EVERY, {}, 1) is None
    assert previous_page(EVERY, {"ly1": 8}, 6) == 4
    assert place(EVERY, {"ly1": 3}, 3) == (3, 5)
    assert place(EVERY, {}, 5) == (4, 4)
    assert asked_pages(EVERY, {"ly1": "99"}) == (1, 2, 3, 4)


def test_lists_are_read_as_what_was_ticked() -> None:
    assert "sv4" in asked_now(EVERY, {"visit": "often", "bought": ["food"]})
    assert "sv4" not in asked_now(EVERY, {"visit": "rarely", "bought": ["food"]})


def test_drawn_orders_are_those_of_the_script() -> None:
    engine = MiniRacer()
    engine.eval(pure_script("expressions", "answers", "state"))
    engine.eval(f"const definition = {json.dumps(definition(EVERY, sheets_of(EVERY), collect_texts(EVERY)))};")
    engine.eval(
        """
        let seed = 1;
        globalThis.window = { crypto: { getRandomValues: (box) => {
          for (let i = 0; i < box.length; i += 1) {
            seed = (seed * 48271) % 2147483647;
            box[i] = (seed * 2) ^ (seed >>> 9);
          }
          return box; } } };
        """
    )
    drawn = json.loads(
        str(
            engine.eval("JSON.stringify(Array.from({ length: 600 }, () => SatmeterState.load(definition, 'en').order))")
        )
    )
    source = random.Random(7)
    own = [draw_order(EVERY, source) for _ in range(600)]
    assert len({tuple(order) for order in drawn}) == 24
    assert {tuple(order) for order in drawn} == set(own)
    first = [order.index(CLASSES[0]) for order in own]
    assert min(first.count(where) for where in set(first)) > 110  # 150 expected in each of four places
    assert all(
        [m for m in order if m not in CLASSES] == [m for m in EVERY.variables if m not in CLASSES] for order in own
    )
