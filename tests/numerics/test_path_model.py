"""Path models are checked before anything is computed: circles, loose constructs, blocks; routes and orders."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.path_model import path_model

ONE_EACH = [(0,), (1,), (2,), (3,)]


def codes(error):
    return [problem.code for problem in error.value.problems]


def refused(*args, **options):
    with pytest.raises(NumericsError) as error:
        path_model(*args, **options)
    return error


def test_order_ancestors_and_routes():
    model = path_model(ONE_EACH, {0: (2,), 1: (0, 2), 3: (1, 0)})
    assert model.order.index(2) < model.order.index(0) < model.order.index(1) < model.order.index(3)
    assert model.endogenous == (0, 1, 3)
    assert model.ancestors() == ({2}, {0, 2}, set(), {0, 1, 2})
    assert model.routes() == ((0, 1, 3), (2, 0, 1), (2, 0, 1, 3), (2, 0, 3), (2, 1, 3))


def test_a_circle_is_named():
    error = refused(ONE_EACH, {1: (0, 3), 2: (1,), 3: (2,)}, names=("w", "x", "y", "z"))
    assert codes(error) == ["N070"]
    assert error.value.problems[0].params["constructs"] in ("x → y → z → x", "y → z → x → y", "z → x → y → z")


def test_all_problems_are_told_at_once():
    error = refused([(0,), (1,), (1,), ()], {1: (1, 0)}, names=("w", "x", "y", "z"))
    assert codes(error) == ["N073", "N071", "N072"]
    by_code = {problem.code: problem.params["constructs"] for problem in error.value.problems}
    assert by_code == {"N073": "z", "N071": "x", "N072": "y, z"}


@pytest.mark.parametrize(
    ("blocks", "guilty"),
    [([(0,), (0,)], "0, 1"), ([(0,), (2,)], "1"), ([(0, 0), (1,)], "0"), ([(), (0,)], "0"), ([(-1,), (0,)], "0")],
)
def test_blocks_name_every_column_once(blocks, guilty):
    error = refused(blocks, {1: (0,)})
    assert codes(error) == ["N073"]
    assert error.value.problems[0].params["constructs"] == guilty


def test_an_anchor_belongs_to_its_construct():
    assert codes(refused([(0, 1), (2,)], {1: (0,)}, anchors={0: 2})) == ["N073"]


@pytest.mark.parametrize(
    "options", [{"predecessors": {5: (0,)}}, {"predecessors": {1: (9,)}}, {"names": ("a",)}, {"modes": ("A",)}]
)
def test_numbers_of_constructs_must_exist(options):
    assert codes(refused([(0,), (1,)], **{"predecessors": {1: (0,)}, **options})) == ["N010"]


def test_too_many_routes_are_refused():
    m = 16
    model = path_model([(k,) for k in range(m)], {k: range(k) for k in range(1, m)})
    with pytest.raises(NumericsError) as error:
        model.routes()
    assert codes(error) == ["N078"]
    assert error.value.problems[0].params["routes"] == 2**m - 1 - m - m * (m - 1) // 2


def test_columns_put_block_by_block():
    model = path_model([(3, 1), (0, 2)], {1: (0,)}, anchors={0: 1}).in_block_order()
    assert model.blocks == ((0, 1), (2, 3))
    assert model.anchors == (1, None)


@given(st.integers(2, 7), st.data())
def test_predecessors_come_first_whatever_the_numbering(m, data):
    label = data.draw(st.permutations(range(m)))
    arcs = {
        label[k]: tuple(label[j] for j in data.draw(st.sets(st.integers(0, k - 1), min_size=1))) for k in range(1, m)
    }
    model = path_model([(k,) for k in range(m)], arcs)
    place = np.argsort(model.order)
    assert all(place[j] < place[k] for j, k in model.arcs)
    assert sorted(model.order) == list(range(m))
