"""Every problem that `satmeter check` can find in a questionnaire, each at its line."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from satmeter.errors import Problem
from satmeter.errors.catalogue import entries
from satmeter.questionnaire import check_questionnaire

Checked = Callable[..., tuple[Problem, ...]]


def found(problems: tuple[Problem, ...]) -> list[tuple[str, tuple[str, str] | None, str, str]]:
    return [(p.code, p.about, p.got, p.suggestion) for p in problems]


def test_the_full_questionnaire_is_clean(checked: Checked) -> None:
    assert checked() == ()


PV1 = "pv1: {zh-CN: 电压稳定, en: The voltage is stable}"
OUTAGE = ("outage == 'yes'", "x")


@pytest.mark.parametrize(
    ("old", "new", "code", "about", "got", "suggestion"),
    [
        ("satmeter: 1", "satmeter: 2", "Q030", None, "2", ""),
        ("satmeter: 1\n", "", "Q017", None, "", ""),
        ("licence:", "license:", "Q016", None, "'license'", "licence"),
        ("id: everything", "id: every/thing", "Q038", None, "'every/thing'", ""),
        ("languages: [zh-CN, en]", "languages: [zh-CN, en, en]", "Q034", None, "'en'", ""),
        ("languages: [zh-CN, en]", "languages: [zh-CN, en, 中文]", "Q034", None, "'中文'", "zh-CN"),
        ("languages: [zh-CN, en]", "languages: [zh-CN, en, 1a]", "Q034", None, "'1a'", ""),
        ("en: Customer survey", "EN: Customer survey", "Q035", None, "'EN'", "en"),
        ("en: Customer survey", "en: ''", "Q036", None, "", ""),
        ("title: {zh-CN: 客户满意度调查, en: Customer survey}", "title: [a]", "Q024", None, "[…]", ""),
        ("en: Customer survey", "en: [a]", "Q024", None, "en: […]", ""),
        # ids
        ("pv1:", "1pv:", "Q031", ("item", "1pv"), "'1pv'", ""),
        ("pv1:", "_pv:", "Q031", ("item", "_pv"), "'_pv'", ""),
        ("pv1:", "质量:", "Q031", ("item", "质量"), "'质量'", ""),
        ("pv1:", f"{'p' * 33}:", "Q031", ("item", "p" * 33), f"'{'p' * 33}'", ""),
        ("pv1:", "Digest:", "Q032", ("item", "Digest"), "'Digest'", ""),
        ("pv1:", "with:", "Q032", ("item", "with"), "'with'", ""),
        ("pv1:", "answered:", "Q032", ("item", "answered"), "'answered'", ""),
        # scales
        (
            "scale: agree5\n    items:\n      pv1",
            "scale: agre5\n    items:\n      pv1",
            "Q004",
            ("construct", "product"),
            "'agre5'",
            "agree5",
        ),
        ("range: [0, 10]", "range: [10, 0]", "Q041", ("scale", "nps"), "['10', '0']", ""),
        ("range: [0, 10]", "range: [0]", "Q041", ("scale", "nps"), "['0']", ""),
        ("range: [0, 10]", "range: [0, 1000]", "Q041", ("scale", "nps"), "['0', '1000']", ""),
        ("range: [0, 10]", "range: [0, x]", "Q041", ("scale", "nps"), "['0', 'x']", ""),
        ("range: [0, 10]", "range: [0, 10], points: {1: a}", "Q044", ("scale", "nps"), "", ""),
        ("{range: [0, 10],", "{", "Q044", ("scale", "nps"), "", ""),
        ("98: {zh-CN", "5: {zh-CN", "Q043", ("scale", "agree5"), "'5'", ""),
        (
            "reason: refused}\n  nps",
            "reason: refusd}\n  nps",
            "Q028",
            ("scale", "agree5"),
            "reason: 'refusd'",
            "refused",
        ),
        ("scale: agree5\n    items:\n      pv1", "items:\n      pv1", "Q045", ("item", "pv1"), "", ""),
        ("expect: 4", "expect: 6", "Q048", ("check", "ac1"), "6", ""),
        ("expect: 4", "expect: four", "Q025", ("check", "ac1"), "expect: 'four'", ""),
        # constructs
        ("role: loyalty", "role: loyal", "Q028", ("construct", "loyalty"), "role: 'loyal'", "loyalty"),
        ("reverse: true", "reverse: maybe", "Q027", ("item", "pv2"), "reverse: 'maybe'", ""),
        ("reverse: true", "revers: true", "Q016", ("item", "pv2"), "'revers'", "reverse"),
        # questions
        ("type: choice", "type: single", "Q028", ("question", "outage"), "type: 'single'", ""),
        ("type: number", "type: date", "Q051", ("question", "age"), "min", ""),
        ("type: consent,", "type: consent, max: 3,", "Q051", ("question", "agreed"), "max", ""),
        ("min: 16", "min: 160", "Q052", ("question", "age"), "min: 160, max: 110", ""),
        ("min: 16", "min: x", "Q026", ("question", "age"), "min: 'x'", ""),
        ("max: 500", "max: 0.5", "Q025", ("question", "why"), "max: 0.5", ""),
        ("{app: {", "{a;p: {", "Q053", ("question", "used"), "'a;p'", ""),
        ("missing: {99:", "missing: {yes:", "Q043", ("question", "outage"), "'yes'", ""),
        ("pii: possible", "pii: perhaps", "Q028", ("question", "why"), "pii: 'perhaps'", ""),
        # pages
        ("[product, ac1, image]", "[product, ac1, images]", "Q055", ("page", "2"), "'images'", "image"),
        ("[product, ac1, image]", "[product, ac1, image, iv2]", "Q056", ("item", "iv2"), "", ""),
        ("- grid: [product, ac1, image]", "- {}\n  - grid: [product, ac1, image]", "Q044", ("page", "2"), "", ""),
        ("- {items: [loyalty, why]}", "- {items: [loyalty, why]}\n  - []", "Q058", ("page", "4"), "", ""),
        ("- {items: [loyalty, why]}", "- {items: [loyalty, why]}\n  - ly1", "Q019", ("page", "4"), "'ly1'", ""),
        ("shuffle: items", "shuffle: points", "Q028", ("page", "2"), "shuffle: 'points'", ""),
        # conditions
        ("outage == 'yes'", "outage is yes", "Q060", ("item", "pv2"), "outage is yes", ""),
        ("outage == 'yes'", "outage = 'yes'", "Q061", ("item", "pv2"), "outage = 'yes'", "=="),
        ("outage == 'yes'", "outage == ‘yes’", "Q062", ("item", "pv2"), "outage == ‘yes’", ""),
        ("outage == 'yes'", f"{'(' * 50}outage == 'yes'{')' * 50}", "Q063", ("item", "pv2"), None, ""),
        ("outage == 'yes'", "outtage == 'yes'", "Q064", ("item", "pv2"), "'outtage'", "outage"),
        ("outage == 'yes'", "answered(image)", "Q064", ("item", "pv2"), "'image'", ""),
        ("outage == 'yes'", "ly1 == 3", "Q065", ("item", "pv2"), "'ly1'", ""),
        ("outage == 'yes'", "pv2 == 3", "Q065", ("item", "pv2"), "'pv2'", ""),
        ("outage == 'yes'", "pv1 == 3", "Q065", ("item", "pv2"), "'pv1'", ""),  # the page is shuffled
        ("agreed == 'yes'", "ac1 == 4", "Q065", ("page", "2"), "'ac1'", ""),
        ("outage == 'yes'", "outage == 'yess'", "Q066", ("item", "pv2"), "outage == 'yess'", "yes"),
        ("outage == 'yes'", "outage in ['no', 99]", "Q066", ("item", "pv2"), "outage == 99", ""),
        ("outage == 'yes'", "used == 'ap'", "Q066", ("item", "pv2"), "used == 'ap'", "app"),
        ("agreed == 'yes'", "agreed == 1", "Q066", ("page", "2"), "agreed == 1", ""),
        ("outage == 'yes'", "outage > 'no'", "Q067", ("item", "pv2"), "outage > 'no'", ""),
        ("outage == 'yes'", "visit > 3", "Q067", ("item", "pv2"), "visit > 3", ""),
        ("outage == 'yes'", "age == outage", "Q067", ("item", "pv2"), "age == outage", ""),
        ("outage == 'yes'", "1 == 1", "Q067", ("item", "pv2"), "1 == 1", ""),
        ("show_if: ly1 <= 6", "show_if: ly1 <= '6'", "Q067", ("question", "why"), "ly1 <= '6'", ""),
        ("show_if: ly1 <= 6", "show_if: ly1 == 11", "Q068", ("question", "why"), "ly1 == 11", ""),
        ("show_if: ly1 <= 6", "show_if: 'pv1 in [1, 98]'", "Q068", ("question", "why"), "pv1 == 98", ""),
        ("show_if: ly1 <= 6", "show_if: age != 15", "Q068", ("question", "why"), "age != 15", ""),
        # pipes
        ("Why {ly1}?", "Why {ly11}?", "Q070", ("question", "why"), "{ly11}", "ly1"),
        ("Why {ly1}?", "Why {why}?", "Q071", ("question", "why"), "{why}", ""),
        ("en: Any outage", "en: 'Any outage {age}'", "Q071", ("question", "outage"), "{age}", ""),
        ("Thank you for taking part.", "'Hello {age}'", "Q071", None, "{age}", ""),
        ("en: Please rate", "en: 'Rate {pv1}'", "Q071", ("page", "2"), "{pv1}", ""),
        # model
        ("[product, image, outage]", "[product, imag, outage, image]", "Q075", ("model", "loyalty"), "'imag'", "image"),
        ("[product, image, outage]", "[product, image, pv1]", "Q075", ("model", "loyalty"), "'pv1'", ""),
        ("  loyalty: [product,", "  outage: [product,", "Q075", ("model", "outage"), "'outage'", ""),
        ("[product, image, outage]", "[product, image, loyalty]", "Q077", ("model", "loyalty"), "'loyalty'", ""),
        ("[product, image, outage]", "[product, image, image]", "Q077", ("model", "loyalty"), "'image'", ""),
        ("[product, image, outage]", "[product, image, why]", "Q078", ("model", "loyalty"), "'why'", ""),
        (
            "[product, image, outage]",
            "[product, image]\n  image: [product]\n  product: [loyalty]",
            "Q076",
            ("model", "loyalty"),
            "loyalty → product → loyalty",
            "",
        ),
    ],
)
def test_errors(
    checked: Checked,
    old: str,
    new: str,
    code: str,
    about: tuple[str, str] | None,
    got: str | None,
    suggestion: str,
) -> None:
    errors = [p for p in checked((old, new)) if p.severity == "error"]
    mine = [p for p in errors if p.code == code]
    assert mine, errors
    assert (mine[0].about, mine[0].suggestion) == (about, suggestion)
    assert got is None or mine[0].got == got
    assert mine[0].line > 0


@pytest.mark.parametrize(
    ("old", "new", "line_of"),
    [
        ("role: loyalty", "role: loyal", "role: loyal\n"),
        ("outage == 'yes'", "outage = 'yes'", "show_if: outage ="),
        ("[product, image, outage]", "[product,\n     imag, image]", "     imag"),
        ("[product, ac1, image]", "[product,\n       images, image]", "       images"),
        ("missing: {99:", "missing:\n      {yes:", "{yes: {zh-CN: 不"),
        ("en: Customer survey}", "\n  EN: x}", "  EN: x"),
    ],
)
def test_lines(checked: Checked, full: str, old: str, new: str, line_of: str) -> None:
    text = full.replace(old, new, 1)
    expected = text[: text.index(line_of)].count("\n") + 1
    assert expected in [p.line for p in checked((old, new)) if p.severity == "error"]


def test_one_mistake_is_told_once(checked: Checked) -> None:
    assert found(checked(("agree5:\n    points:", "agree5:\n    pints:"))) == [
        ("Q044", ("scale", "agree5"), "", ""),
        ("Q016", ("scale", "agree5"), "'pints'", "points"),
    ]
    assert [p.code for p in checked(("role: loyalty", "role: loyal"))] == ["Q028"]
    assert [p.code for p in checked(("type: number", "type: numer"))] == ["Q028"]
    assert [p.code for p in checked(("text: {zh-CN: 停电很多", "txt: {zh-CN: 停电很多"))] == ["Q016", "Q017"]


def test_scale_points(checked: Checked) -> None:
    text = (
        "satmeter: 1\nid: a\nversion: 1\ntitle: T\nlanguages: [en]\nscales:\n"
        "  one: {points: {1: a}}\n  words: {points: {low: a, high: b}}\n  twice: {points: {1: a, 01: b}}\n"
        "  ends: {points: {1: a, 2: b}, low: x}\n  blank: {points: {1: a, 2: b}, missing: {'': x}}\n"
        "questions: {q: {type: text, text: Q}}\n"
    )
    assert [(p.code, p.line) for p in checked(text=text)] == [
        ("Q040", 7),
        ("Q042", 8),
        ("Q042", 8),
        ("Q012", 9),
        ("Q051", 10),
        ("Q042", 11),
    ]


def test_ids_are_shared_and_ignore_capitals(checked: Checked) -> None:
    assert sorted(p.code for p in checked(("iv1: {zh", "pv1: {zh"))) == ["Q033", "Q056"]
    (problem,) = checked(("iv1: {zh", "PV1: {zh"))
    assert (problem.code, problem.got) == ("Q033", "'PV1'")
    assert problem.params["first"] == problem.line - 12
    assert [
        p.code for p in checked(("  ac1: {type", "  image: {type"), ("[product, ac1, image]", "[product, image]"))
    ] == ["Q033"]


def test_constructs_without_or_with_one_item(checked: Checked) -> None:
    problems = checked(("      ly1: {zh-CN: 推荐的可能性, en: Likely to recommend}\n", ""), ("ly1 <= 6", "ly2 <= 6"))
    assert [(p.code, p.severity) for p in problems] == [("Q070", "error"), ("Q047", "warning"), ("Q070", "error")]
    text = (
        "satmeter: 1\nid: a\nversion: 1\ntitle: T\nlanguages: [en]\nscales: {s: {range: [1, 5]}}\n"
        "constructs:\n  c:\n    role: other\n    label: C\n    items: {}\n"
    )
    assert [(p.code, p.line) for p in checked(text=text)] == [("Q046", 11)]


def test_options_are_needed(checked: Checked) -> None:
    text = "satmeter: 1\nid: a\nversion: 1\ntitle: T\nlanguages: [en]\nquestions:\n"
    text += "  a: {type: choice, text: A}\n  b: {type: choice, text: B, options: {y: Y}}\n"
    text += "  c: {type: multiple, text: C, options: {y: Y}}\n  d: {type: multiple, text: D, options: {}}\n"
    assert [(p.code, p.line) for p in checked(text=text)] == [("Q050", 7), ("Q050", 8), ("Q050", 10)]


def test_nothing_to_ask(checked: Checked) -> None:
    (problem,) = checked(text="satmeter: 1\nid: a\nversion: 1\ntitle: T\nlanguages: [en]\n")
    assert (problem.code, problem.params["key"]) == ("Q017", "constructs")
    assert [p.code for p in checked(text="- a\n")] == ["Q018"]


@pytest.mark.parametrize(
    ("old", "new", "code", "about"),
    [
        ("iv1: {zh-CN: 值得信赖, en: Trustworthy}", "iv1: {en: Trustworthy}", "Q037", ("item", "iv1")),
        ("[product, ac1, image]", "[product, image]", "Q057", ("check", "ac1")),
        ("[product, image, outage]", "[product]", "Q079", ("construct", "image")),
        ("ly1 <= 6", "ly1 < 0", "Q069", ("question", "why")),
        ("ly1 <= 6", "ly1 <= 60", "Q086", ("question", "why")),
        ("ly1 <= 6", "outage == 'yes' or outage != 'yes'", "Q086", ("question", "why")),
        ("ly1 <= 6", "age >= 16", "Q086", ("question", "why")),
        ("ly1 <= 6", "ly1 > 6 and ly1 < 5", "Q069", ("question", "why")),
        ("ly1 <= 6", "outage == 'yes' and outage == 'no'", "Q069", ("question", "why")),
        ("ly1 <= 6", "not answered(ly2) and ly2 > 3", "Q069", ("question", "why")),
        ("ly1 <= 6", "age > 50 and age < 20", "Q069", ("question", "why")),
        ("ly1 <= 6", "age > 110", "Q069", ("question", "why")),
        ("ly1 <= 6", "used == 'app' and used != 'app'", "Q069", ("question", "why")),
        ("en: Yes", f"en: {'y' * 121}", "Q080", ("question", "outage")),
        ("zh-CN: 不可能", f"zh-CN: {'不' * 41}", "Q080", ("scale", "nps")),
        ("zh-CN: 电压稳定", f"zh-CN: {'稳' * 81}", "Q082", ("item", "pv1")),
        ("zh-CN: 电压稳定", f"zh-CN: {'稳' * 86}", "Q081", ("item", "pv1")),
    ],
)
def test_warnings(checked: Checked, full: str, old: str, new: str, code: str, about: tuple[str, str]) -> None:
    if old == "en: Yes":
        old = 'en: "Yes"'
    problems = checked((old, new))
    assert {p.severity for p in problems} == {"warning"}
    (problem,) = [p for p in problems if p.code == code]
    assert problem.about == about
    assert problem.line > 0


@pytest.mark.parametrize(
    "condition",
    [
        "ly1 > 6 and ly2 < 5",
        "used == 'app' and used == 'web'",
        "age > 20 and age < 20.5",
        "not answered(ly1)",
        "ly1 >= 10",
        "age == pv1",
        "answered(visit) and visit > '2026-01-01'",
    ],
)
def test_conditions_that_can_be_true(checked: Checked, condition: str) -> None:
    assert checked(("show_if: ly1 <= 6", f'show_if: "{condition}"')) == ()


@pytest.mark.parametrize(("text", "size"), [("不" * 40, None), ("y" * 120, None), ("不" * 40 + "y", 121)])
def test_value_labels_are_measured_in_bytes(checked: Checked, text: str, size: int | None) -> None:
    problems = checked(("zh-CN: 不可能", f"zh-CN: {text}"))
    assert [p.params["size"] for p in problems] == ([] if size is None else [size])


def hostile(kind: str) -> str:
    head = "satmeter: 1\nid: x\nversion: 1\ntitle: t\nlanguages: [en]\n"
    items = (
        head
        + "scales: {s: {range: [0, 100]}}\nconstructs:\n  c:\n    role: other\n    label: L\n    scale: s\n    items:\n"
    )
    if kind == "items":
        return items + "\n".join(f"      i{i}: text" for i in range(9000))
    if kind == "unknown keys":
        return head + "\n".join(f"titl{i}: 1" for i in range(9000))
    if kind == "conditions":
        return items + "\n".join(f"      i{i}: {{text: a, show_if: i{i} > 200 and i1 > 3}}" for i in range(3000))
    if kind == "long conditions":
        return items + "\n".join(
            f"      i{i}: {{text: a, show_if: {' or '.join(['i0 > 200'] * 150)}}}" for i in range(900)
        )
    if kind == "unknown members":
        return (
            head
            + "questions: {a: {type: text, text: a}}\npages:\n  - ["
            + ",".join(f"b{i}" for i in range(18_000))
            + "]"
        )
    return head + "model:\n" + "\n".join(f"  a{i}: [a{i + 1}]" for i in range(6000))


@pytest.mark.parametrize(
    "kind", ["items", "unknown keys", "conditions", "long conditions", "unknown members", "long model"]
)
def test_hostile_questionnaires_are_checked_quickly(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_text(hostile(kind), "utf-8")
    check_questionnaire("power-utility")
    started = time.process_time()
    problems = check_questionnaire(path)
    assert time.process_time() - started < 1
    assert (kind == "items") == (problems == ())


def test_the_form_of_a_message(checked: Checked) -> None:
    (problem,) = checked(("scale: agree5\n    items:\n      pv1", "scale: agre5\n    items:\n      pv1"))
    assert problem.text("en").splitlines() == [
        "Q004: the scale is not declared",
        f"  where:    {problem.file}:{problem.line}, construct product",
        "  got:      'agre5'",
        "  expected: one of agree5, nps",
        "  hint:     did you mean 'agree5'? Scales are declared under `scales:`.",
    ]
    assert problem.text("zh-CN").splitlines()[0] == "Q004: 引用了未声明的量表"


def test_every_code_has_its_sentences_in_both_languages() -> None:
    mine = {code: entry for code, entry in entries().items() if code.startswith("Q")}
    assert len(mine) >= 60
    for code, entry in mine.items():
        for part in ("title", "explain"):
            assert set(entry[part]) == {"en", "zh-CN"}, (code, part)
        for part in ("expected", "hint"):
            assert part not in entry or set(entry[part]) == {"en", "zh-CN"}, (code, part)


@pytest.mark.parametrize(
    "show_if", ["answered(ly1)", "ly1 <= 9", "answered(ly2) or ly1 <= 60", "age > 16", "visit > '2020-01-01'"]
)
def test_a_condition_that_hides_something_is_no_warning(checked: Checked, show_if: str) -> None:
    assert [p.code for p in checked(("show_if: ly1 <= 6", f'show_if: "{show_if}"')) if p.code == "Q086"] == []


@pytest.mark.parametrize("wrong", ["zh", "cn", "zh_CN", "zh-cn", "Chinese", "中文"])
@pytest.mark.parametrize("key", ["zh-CN", "kept"])
def test_a_wrong_language_tag_is_one_problem_with_its_remedy(checked: Checked, full: str, wrong: str, key: str) -> None:
    text = full if key == "zh-CN" else full.replace("zh-CN:", f"{wrong}:")
    problems = checked(("languages: [zh-CN, en]", f"languages: [{wrong}, en]"), text=text)
    assert [(p.code, p.got, p.suggestion) for p in problems] == [("Q034", f"'{wrong}'", "zh-CN")]
    assert "是否想写“zh-CN”" in problems[0].text("zh-CN")


def test_a_study_file_is_no_questionnaire(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text("satmeter: 1\nquestionnaire: shop.yaml\nresponses: a.csv\ngroups: [x]\n", "utf-8")
    (problem,) = check_questionnaire(path)
    assert (problem.code, problem.line) == ("Q083", 1)
    assert "研究文件" in problem.text("zh-CN")


def test_every_code_is_raised_here() -> None:
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert [code for code in entries() if code.startswith("Q") and f'"{code}"' not in tests] == []
