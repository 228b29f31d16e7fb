"""docs/questionnaire.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from satmeter.questionnaire import build, check_questionnaire, constructs, pages, parse_expression, questions, scales
from satmeter.questionnaire.draft import RESERVED

PAGE = (Path(__file__).parents[2] / "docs/questionnaire.md").read_text("utf-8")


def test_the_example_has_no_problem(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "example.yaml"
    path.write_text(example, "utf-8")
    assert check_questionnaire(path) == ()


def test_the_condition_parses() -> None:
    (example,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    assert parse_expression(example)


@pytest.mark.parametrize(
    ("heading", "table"),
    [
        ("Top level", build._TOP),
        ("`scales`", scales._SCALE),
        ("`constructs`", {**constructs._CONSTRUCT, **constructs._ITEM}),
        ("`questions`", questions._QUESTION),
        ("`checks`", questions._CHECK),
        ("`pages`", pages._PAGE),
    ],
)
def test_every_key_is_described(heading: str, table: dict[str, object]) -> None:
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    assert [key for key in table if f"`{key}" not in section] == []


def test_every_reserved_name_is_listed() -> None:
    section = PAGE.split("## General rules")[1].split("\n## ")[0]
    words = set(re.findall(r"[a-z]+", " ".join(re.findall(r"`([^`]+)`", section))))
    assert words >= RESERVED
