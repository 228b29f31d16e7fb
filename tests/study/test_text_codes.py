import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.study import text_codes
from satmeter.study.text_codes import value_codes

TEXTS = st.lists(st.one_of(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), st.none()))


@given(TEXTS)
@pytest.mark.parametrize("dtype", [pd.StringDtype("python"), pd.StringDtype("python", na_value=np.nan), object])
def test_codes_are_those_of_factorize(dtype, texts):
    values = pd.Series(texts, dtype=dtype)
    codes, distinct = value_codes(values)
    expected, first = pd.factorize(values)
    assert np.asarray(codes).tolist() == expected.tolist()
    assert list(distinct) == list(first)


def test_texts_go_through_the_table_of_texts(monkeypatch):
    monkeypatch.setattr(text_codes.pd, "factorize", None)
    codes, distinct = value_codes(pd.Series(["n", None, "s", "n"], dtype=pd.StringDtype("python")))
    assert (list(codes), list(distinct)) == ([0, -1, 1, 0], ["n", "s"])


def test_categories_keep_their_order():
    codes, distinct = value_codes(pd.Series(["b", None, "a"], dtype=pd.CategoricalDtype(["c", "b", "a"])))
    assert (list(codes), list(distinct)) == ([1, -1, 2], ["c", "b", "a"])


def test_numbers_and_a_pandas_without_the_table(monkeypatch):
    codes, distinct = value_codes(pd.Series([2.0, np.nan, 1.0, 2.0]))
    assert (list(codes), list(distinct)) == ([0, -1, 1, 0], [2.0, 1.0])
    monkeypatch.setattr(text_codes, "import_module", lambda _name: object())
    codes, distinct = value_codes(pd.Series(["n", None, "s"], dtype=pd.StringDtype("python")))
    assert (list(codes), list(distinct)) == ([0, -1, 1], ["n", "s"])
