from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from satmeter.questionnaire import read_questionnaire
from satmeter.questionnaire.yaml_text import Node, parse_yaml

# maps whose order of keys is content
ORDERED = {"options", "missing", "items"}


@pytest.fixture
def digest(tmp_path: Path) -> Callable[[str], str]:
    def of(text: str) -> str:
        path = tmp_path / "q.yaml"
        path.write_text(text, "utf-8")
        return read_questionnaire(path).digest

    return of


def shuffled(node: Node, rng: random.Random, key: str = "") -> object:
    """Return the tree as plain values, the keys of unordered maps in random order."""
    if node.kind == "scalar":
        return node.text
    if node.kind == "list":
        return [shuffled(item, rng) for item in node.items]
    entries = list(node.entries)
    if key not in ORDERED:
        rng.shuffle(entries)
    return {entry.key: shuffled(entry.value, rng, entry.key) for entry in entries}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_layout_and_order_of_keys_leave_the_digest(digest: Callable[[str], str], full: str, rng: random.Random) -> None:
    other = "# another layout\n" + json.dumps(
        shuffled(parse_yaml(full), rng), ensure_ascii=False, indent=rng.choice([0, 3])
    )
    assert digest(other) == digest(full)


def test_the_digest_is_stable_and_well_formed(digest: Callable[[str], str], full: str) -> None:
    found = digest(full)
    assert found.startswith("sha256:")
    assert len(found) == 7 + 64
    assert digest(full.replace("\n", "\n\n# comment\n")) == found
    assert digest(full.replace("show_if: ly1 <= 6", "show_if: (ly1<=6.0)")) == found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Customer survey", "Customers' survey"),
        ('"1.10"', '"1.1"'),
        ("en: Neither", "en: Neutral"),
        ("[0, 10]", "[0, 9]"),
        ("reason: refused}\n  nps", "reason: dont_know}\n  nps"),
        ("98: ", "97: "),
        ("role: loyalty", "role: satisfaction"),
        ("mode: formative", "mode: reflective"),
        ("en: Trustworthy", "en: Worthy"),
        ("reverse: true", "reverse: false"),
        ("required: false", "required: true"),
        ("ly1 <= 6", "ly1 < 6"),
        ("en: App", "en: Apps"),
        (
            "{app: {zh-CN: 应用, en: App}, web: {zh-CN: 网站, en: Web}",
            "{web: {zh-CN: 网站, en: Web}, app: {zh-CN: 应用, en: App}",
        ),
        ("min: 16", "min: 18"),
        ("max: 500", "max: 400"),
        ("pii: possible", "pii: yes"),
        ("expect: 4", "expect: 5"),
        ("[product, image, outage]", "[product, image]"),
        ("[agreed, outage,", "[outage, agreed,"),
        ("shuffle: items", "shuffle: none"),
        ("{items: [loyalty, why]}", "{grid: [loyalty, why]}"),
        ("en: Please rate", "en: Please"),
        ("licence: CC0-1.0", "licence: MIT"),
    ],
)
def test_every_change_of_content_changes_the_digest(
    digest: Callable[[str], str], full: str, old: str, new: str
) -> None:
    assert old in full
    assert digest(full.replace(old, new, 1)) != digest(full)
