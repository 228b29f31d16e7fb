"""The Makefile looks for marked tests where they stand."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("mark", ["slow", "browser", "speed", "fieldwork"])
def test_every_marked_test_is_run(mark):
    makefile = (ROOT / "Makefile").read_text("utf-8")
    (named,) = re.findall(rf"^{mark.upper()} *:= (.+)$", makefile, re.M)
    places = [ROOT / name for name in named.split()]
    marked = [path for path in (ROOT / "tests").rglob("*.py") if f"pytest.mark.{mark}" in path.read_text("utf-8")]
    assert marked
    assert [path for path in marked if not any(path.is_relative_to(place) for place in places)] == []
