"""What breaks a series and what does not, change by change."""

import pytest

from satmeter.questionnaire import read_questionnaire
from satmeter.questionnaire.diff import compare_questionnaires
from satmeter.questionnaire.diff_model import BREAKING
from satmeter.questionnaire.diff_text import words_of
from satmeter.questionnaire.diff_words import reason_of, sentence_of

OLD = """\
satmeter: 1
id: shop
version: "1"
title: {zh-CN: 门店, en: Shop}
languages: [zh-CN, en]
intro: {zh-CN: 您好, en: Hello}
scales:
  agree5:
    points:
      1: {zh-CN: 低, en: Low}
      2: {zh-CN: 二, en: Two}
      3: {zh-CN: 三, en: Three}
      4: {zh-CN: 四, en: Four}
      5: {zh-CN: 高, en: High}
    missing: {9: {label: {zh-CN: 不适用, en: Does not apply}, reason: not_applicable}}
  rate10: {range: [0, 10], low: {zh-CN: 不可能, en: Never}, high: {zh-CN: 一定, en: Surely}}
constructs:
  product:
    role: driver
    label: {zh-CN: 产品, en: Product}
    scale: agree5
    items:
      p1: {zh-CN: 可靠, en: Reliable}
      p2: {text: {zh-CN: 易坏, en: It breaks}, reverse: true}
  staff:
    role: driver
    label: {zh-CN: 员工, en: Staff}
    scale: agree5
    items:
      s1: {zh-CN: 热情, en: Friendly}
      s2: {zh-CN: 专业, en: Competent}
  loyalty:
    role: loyalty
    label: {zh-CN: 忠诚, en: Loyalty}
    scale: rate10
    items:
      l1: {zh-CN: 推荐, en: Recommend}
questions:
  city:
    type: choice
    text: {zh-CN: 城市, en: City}
    options: {n: {zh-CN: 北, en: North}, s: {zh-CN: 南, en: South}}
  age: {type: number, text: {zh-CN: 年龄, en: Age}}
checks:
  ac: {type: instructed, scale: agree5, expect: 4, text: {zh-CN: 请选四, en: Choose four}}
model:
  loyalty: [product, staff]
pages:
  - {items: [city, age]}
  - {grid: [product, ac, staff], text: {zh-CN: 过去一年, en: In the past year}}
  - {items: [loyalty]}
"""


@pytest.fixture
def changes_of(tmp_path):
    """Compare the questionnaire with itself after replacing text."""

    def changes_of(*replacements):
        new = OLD
        for before, after in replacements:
            assert new.count(before) >= 1, before
            new = new.replace(before, after)
        paths = [tmp_path / "old.yaml", tmp_path / "new.yaml"]
        for path, text in zip(paths, (OLD, new), strict=True):
            path.write_text(text, "utf-8")
        return compare_questionnaires(*(read_questionnaire(path) for path in paths))

    return changes_of


BREAKS = [
    (("en: Reliable", "en: Lasting"), "wording", "p1", {"p1", "product"}),
    (("zh-CN: 可靠", "zh-CN: 耐用"), "wording", "p1", {"p1", "product"}),
    (("en: Low}", "en: Very low}"), "labels", "agree5", {"p1", "p2", "s1", "s2", "product", "staff"}),
    (("range: [0, 10]", "range: [1, 10]"), "scale", "rate10", {"l1", "loyalty"}),
    (("It breaks}, reverse: true}", "It breaks}}"), "reverse", "p2", {"p2", "product"}),
    (
        ("s2: {zh-CN: 专业, en: Competent}", "s2: {text: {zh-CN: 专业, en: Competent}, show_if: \"city == 'n'\"}"),
        "filter",
        "s2",
        {"s2", "staff"},
    ),
    (("[loyalty]}", "[loyalty], show_if: \"city == 'n'\"}"), "filter", "l1", {"l1", "loyalty"}),
    (("past year", "past month"), "lead_in", "p1, p2, s1, s2", {"p1", "p2", "s1", "s2", "product", "staff"}),
]


@pytest.mark.parametrize(("replaced", "kind", "about", "broken"), BREAKS, ids=lambda v: v if isinstance(v, str) else "")
def test_what_breaks_a_series(changes_of, replaced, kind, about, broken):
    found = changes_of(replaced)
    (change,) = found.changes
    assert (change.kind, change.about[1], change.breaks, found.breaks) == (kind, about, True, True)
    assert set(found.broken()) == broken
    assert set(found.broken().values()) == {(kind,)}


HARMLESS = [
    (("en: Reliable", "en: 'reliable .'"), "typography"),
    (("zh-CN: 请选四", "zh-CN: 请选择四"), "check"),
    (("expect: 4", "expect: 5"), "check"),
    (("{9: {label", "{8: {label"), "missing_codes"),
    (("en: Product}", "en: The product}"), "label"),
    (("role: driver\n    label: {zh-CN: 员工", "role: other\n    label: {zh-CN: 员工"), "role"),
    (("loyalty: [product, staff]", "loyalty: [product]"), "model"),
    (("en: Hello", "en: Good day"), "frame"),
    (("[city, age]", "[age, city]"), "order"),
    (("[product, ac, staff]", "[staff, ac, product]"), "order"),
    (("grid: [product, ac, staff]", "items: [product, ac, staff]"), "page"),
    (("{items: [loyalty]}", "{items: [loyalty], required: true}"), "required"),
    (("{type: number,", "{type: number, max: 99,"), "bounds"),
    (("\n  age: {type", "\n  sex: {type: text, text: {zh-CN: 别, en: Sex}}\n  age: {type"), None),
]


@pytest.mark.parametrize(("replaced", "kind"), HARMLESS)
def test_what_breaks_none(changes_of, replaced, kind):
    more = [] if kind else [("[city, age]", "[city, age, sex]")]
    found = changes_of(replaced, *more)
    assert {change.kind for change in found.changes} == {kind or "question_new"}
    assert (found.breaks, found.broken()) == (False, {})


def test_layout_comments_and_the_names_of_scales_are_no_change(changes_of):
    assert changes_of(("agree5", "likert"), ("id: shop", "id: shop  # the shop"), ('"1"', '"2"')).changes == ()


def test_an_item_more_or_less_breaks_its_construct_and_not_its_neighbours(changes_of):
    more = changes_of(("      s2: {zh", "      s3: {zh-CN: 快, en: Fast}\n      s2: {zh"))
    assert more.broken() == {"staff": ("items",)}
    assert {c.kind for c in more.changes} == {"items", "item_new"}
    less = changes_of(("      s2: {zh-CN: 专业, en: Competent}\n", ""))
    assert less.broken() == {"staff": ("items",), "s2": ("item_gone",)}
    moved = changes_of(
        ("      p1: {zh-CN: 可靠, en: Reliable}\n", ""),
        ("      s1:", "      p1: {zh-CN: 可靠, en: Reliable}\n      s1:"),
    )
    assert moved.broken() == {"product": ("items",), "staff": ("items",)}


def test_an_item_under_another_name_is_recognised_by_its_words(changes_of):
    found = changes_of(("      s2: {zh-CN: 专业, en: Competent}", "      s9: {zh-CN: 专业, en: Competent.}"))
    assert [(c.kind, c.about, c.before) for c in found.changes] == [("renamed", ("item", "s9"), "s2")]
    assert not found.breaks


def test_a_construct_may_come_and_go(changes_of):
    block = OLD[OLD.index("  staff:\n") : OLD.index("  loyalty:\n    role")]
    gone = changes_of((block, ""), ("[product, staff]", "[product]"), ("ac, staff]", "ac]"))
    assert gone.broken() == {"staff": ("construct_gone",), "s1": ("item_gone",), "s2": ("item_gone",)}


def test_groups_follow_their_options(changes_of):
    renamed = changes_of(("en: North}", "en: North and east}"))
    assert (renamed.breaks, renamed.broken()) == (True, {})
    assert renamed.broken_groups() == {("city", "n")}
    more = changes_of(("s: {zh-CN: 南", "w: {zh-CN: 西, en: West}, s: {zh-CN: 南"))
    assert (more.breaks, [c.kind for c in more.changes]) == (False, ["option_new"])
    less = compare_questionnaires(more.new, more.old)
    assert (less.breaks, less.broken_groups(), [c.kind for c in less.changes]) == (False, frozenset(), ["option_gone"])
    asked = changes_of(("en: City}", "en: Town}"))
    assert asked.broken_groups() == {("city", "")}
    other = changes_of(("type: number, text: {zh-CN: 年龄", "type: text, text: {zh-CN: 年龄"))
    assert [(c.kind, c.before, c.after) for c in other.changes] == [("type", "number", "text")]


def test_only_languages_that_both_have_are_compared(changes_of):
    found = changes_of(("languages: [zh-CN, en]", "languages: [zh-CN, en, fr]"))
    assert [(c.kind, c.after) for c in found.changes] == [("language_new", "fr")]
    back = compare_questionnaires(found.new, found.old)
    assert [(c.kind, c.before, c.breaks) for c in back.changes] == [("language_gone", "fr", False)]


def test_breaks_come_first_with_the_line_of_the_newer_file(changes_of):
    found = changes_of(("en: Hello", "en: Good day"), ("en: Friendly", "en: Kind"))
    assert [c.kind for c in found.changes] == ["wording", "frame"]
    assert found.changes[0].line == 1 + OLD[: OLD.index("s1: {")].count("\n")


def test_conditions_are_compared_by_what_they_say(changes_of):
    first = ("en: Competent}", "en: Competent}}"), ("s2: {zh-CN", "s2: {show_if: \"city == 'n'\", text: {zh-CN")
    one = changes_of(*first).new
    other = changes_of(first[0], ("s2: {zh-CN", "s2: {show_if: \"( city=='n' )\", text: {zh-CN")).new
    assert compare_questionnaires(one, other).changes == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("您满意吗？", "您满意吗?", True),
        ("ＡＢＣ公司", "ABC公司", True),
        ("Very good", "very good!", True),
        ("1.5 hours", "15 hours", False),
        ("0-5 years", "05 years", False),
        ("50 %", "50", False),
        ("not good", "good", False),
    ],
)
def test_the_same_words(one, other, same):
    assert (words_of(one) == words_of(other)) is same


def test_every_change_is_told_in_both_languages_with_its_reason(changes_of):
    seen = []
    for replaced in [replaced for replaced, *_ in (*BREAKS, *HARMLESS[:-1])]:
        seen += changes_of(replaced).changes
    for change in seen:
        for language in ("en", "zh-CN"):
            assert "{" not in sentence_of(change, language)
            assert reason_of(change, language)
    assert sentence_of(seen[0], "en") == "item p1: other wording (en): “Reliable” → “Lasting”"
    assert sentence_of(seen[0], "zh-CN") == "题项 p1：措辞改变（en）：“Reliable” → “Lasting”"
    assert {c.kind for c in seen if c.breaks} <= BREAKING


def test_the_whole_comparison_as_plain_values(changes_of):
    plain = changes_of(("en: Friendly", "en: Kind")).to_dict()
    assert (plain["breaks"], plain["broken"]) == (True, {"s1": ["wording"], "staff": ["wording"]})
    assert plain["old"]["digest"] != plain["new"]["digest"]
    (change,) = plain["changes"]
    assert (change["kind"], change["about"], change["language"]) == ("wording", ["item", "s1"], "en")
    assert change["text"]["zh-CN"].startswith("题项 s1")
    assert change["reason"]["en"] == "other words are another question"


FILTERED = "items: [loyalty]"


def text_with(page, item):
    own = f'{{text: {{zh-CN: 推荐, en: Recommend}}, show_if: "{item}"}}' if item else "{zh-CN: 推荐, en: Recommend}"
    text = OLD.replace("l1: {zh-CN: 推荐, en: Recommend}", f"l1: {own}")
    return text.replace(FILTERED, f'{FILTERED}, show_if: "{page}"') if page else text


@pytest.mark.parametrize(
    ("old", "new", "breaks"),
    [
        (("city == 'n'", ""), ("(city=='n')", ""), False),
        (("city == 'n'", ""), ("", "city == 'n'"), False),
        (("age >= 18", "city == 'n'"), ("age >= 18.0 and city == 'n'", ""), False),
        (("city == 'n' or age < 18", "age > 9"), ("city == 'n' or age < 18 and age > 9", ""), True),
    ],
)
def test_a_filter_is_what_it_asks_for_and_not_how_it_is_written(tmp_path, old, new, breaks):
    paths = [tmp_path / "old.yaml", tmp_path / "new.yaml"]
    for path, (page, item) in zip(paths, (old, new), strict=True):
        path.write_text(text_with(page, item), "utf-8")
    found = compare_questionnaires(*(read_questionnaire(str(path)) for path in paths))
    assert {change.kind for change in found.changes} == ({"filter"} if breaks else set())
