"""The days of fieldwork out of time stamps."""

from types import SimpleNamespace

import pandas as pd
import pytest

from satmeter.study.answer_dates import answer_dates


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (
            {"started": ["2026-09-03T08:00", "2026/9/1 23:59:01"], "submitted": ["2026年9月30日 1:00", ""]},
            ("2026-09-01", "2026-09-30"),
        ),
        ({"submitted": ["2026.9.5", "2026-02-31", "soon", "09/07/2026"]}, ("2026-09-05", "2026-09-05")),
        ({"started": ["", "12:30"]}, ()),
        ({"seconds": ["2026-09-05"]}, ()),
    ],
)
def test_the_first_and_the_last_day(columns, expected):
    assert answer_dates(SimpleNamespace(other=pd.DataFrame(columns, dtype=object))) == expected
