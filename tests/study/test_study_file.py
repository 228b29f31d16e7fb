"""The study file: every key, and every mistake at once with its line."""

import re
from pathlib import Path

import pytest

from satmeter.errors import StudyError
from satmeter.study import read_study
from satmeter.study.plan import Missing, Plan, Quality, ReportWish, Uncertainty
from satmeter.study.sampling_plan import Design

FULL = """\
columns: {V1: p1, 所用时间: seconds}
design: {weight: w, strata: region, cluster: branch, single_unit: collapse}
quality:
  duplicates: exclude
  straightlining: {share: 0.9, max_variance: 0.1, then: exclude}
  speeders: {min_seconds: 60, then: exclude}
  attention: off
  too_many_missing: {max_share: 0.3}
missing: {items: complete, min_answered: 0.8}
groups: [city]
model:
  loyalty: [product, city]
drivers: {outcome: loyalty, controls: [age]}
uncertainty: {replicates: 200, seed: 7, conf_level: 0.9}
publication: {sponsor: The shop, mode: web, dates: 2026-05-01 to 2026-05-31}
reports: [{template: satisfaction, languages: [en], formats: [html]}]
"""


def problems_of(plan_of, text, **options):
    with pytest.raises(StudyError) as error:
        plan_of(text, **options)
    assert error.value.text("zh-CN")
    return error.value.problems


def test_every_key_reaches_the_plan(plan_of, folder):
    plan = plan_of(FULL)
    assert plan.questionnaire == str(folder / "shop.yaml")
    assert plan.responses == (folder / "answers.csv",)
    assert plan.columns == {"V1": "p1", "所用时间": "seconds"}
    assert plan.design == Design(weight="w", strata="region", cluster="branch", single_unit="collapse")
    assert plan.quality == Quality(
        duplicates="exclude",
        straightlining="exclude",
        straightlining_share=0.9,
        straightlining_variance=0.1,
        speeders="exclude",
        min_seconds=60,
        attention="off",
        too_many_missing="exclude",
        max_missing=0.3,
    )
    assert plan.missing == Missing("complete", 0.8)
    assert plan.groups == ("city",)
    assert plan.model == {"loyalty": ("product", "city")}
    assert (plan.outcomes, plan.controls) == (("loyalty",), ("age",))
    assert plan.uncertainty == Uncertainty(200, 7, 0.9)
    assert plan.disclosure == {"sponsor": "The shop", "mode": "web", "dates": "2026-05-01 to 2026-05-31"}
    assert plan.reports == (ReportWish("satisfaction", ("en",), ("html",)),)


def test_what_is_left_out_has_the_documented_default(plan_of):
    plan = plan_of()
    fresh = Plan(plan.questionnaire, plan.responses, file=plan.file, digest=plan.digest)
    assert plan == fresh


def test_a_built_in_questionnaire_is_named_without_a_path(plan_of):
    head = "satmeter: 1\nquestionnaire: ecsi-mobile\nresponses: [answers.csv]\n"
    assert plan_of("quality: {speeders: {min_seconds: 30}}\n", head=head).questionnaire == "ecsi-mobile"


def test_a_rule_with_a_limit_flags_unless_it_says_more(plan_of):
    quality = plan_of(
        "quality: {speeders: {min_seconds: 30}, straightlining: off, duplicates: {then: exclude}}\n"
    ).quality
    assert (quality.speeders, quality.straightlining, quality.duplicates) == ("flag", "off", "exclude")


def test_the_digest_says_what_the_plan_says_and_not_where_it_lies(plan_of, folder):
    first = plan_of("groups: [city]\n").digest
    assert plan_of("groups: [city]  # a comment\n").digest == first
    assert plan_of("groups: []\n").digest != first
    assert plan_of("groups: [city]\nuncertainty: {seed: 3}\n").digest != first


def test_an_address_that_is_no_store_is_refused(plan_of):
    head = "satmeter: 1\nquestionnaire: shop.yaml\nresponses: https://example.org/answers.csv\n"
    assert [p.code for p in problems_of(plan_of, "", head=head)] == ["S001"]


def test_a_store_is_named_by_its_url_relative_to_the_study_file(plan_of, folder):
    (folder / "x.db").write_bytes(b"")
    for text in ("sqlite:///x.db", "x.db"):
        head = f"satmeter: 1\nquestionnaire: shop.yaml\nresponses: {text}\n"
        assert plan_of("", head=head).responses == (f"sqlite:///{folder / 'x.db'}",)


def test_a_database_server_is_taken_as_it_is_and_its_password_leaves_no_trace(plan_of):
    head = "satmeter: 1\nquestionnaire: shop.yaml\nresponses: postgresql+psycopg://me:{}@host/survey?sslmode=require\n"
    plan = plan_of("", head=head.format("secret"))
    assert plan.responses == ("postgresql+psycopg://me:secret@host/survey?sslmode=require",)
    assert plan.digest == plan_of("", head=head.format("other")).digest


@pytest.mark.parametrize(
    ("text", "codes"), [("sqlite:///y.db", ["S002"]), ("[x.db, sqlite:///x.db]", ["S017"]), ("mysql://h/d", ["S001"])]
)
def test_a_store_that_cannot_be_used_is_found_with_its_line(plan_of, folder, text, codes):
    (folder / "x.db").write_bytes(b"")
    head = f"satmeter: 1\nquestionnaire: shop.yaml\nresponses: {text}\n"
    found = problems_of(plan_of, "", head=head)
    assert [(p.code, p.line) for p in found] == [(code, 3) for code in codes]


@pytest.mark.parametrize(
    ("text", "code", "line", "suggestion"),
    [
        ("group: [city]\n", "Q016", 4, "groups"),
        ("groups:\n  - age\n  - cty\n", "S003", 5, ""),
        ("groups: [cities]\n", "S003", 4, "city"),
        ("model:\n  loyality: [product]\n", "S004", 5, "loyalty"),
        ("model:\n  loyalty:\n    - product\n    - stuff\n", "S005", 7, "staff"),
        ("model: {loyalty: [product, why]}\n", "S005", 4, ""),
        ("model:\n  loyalty: [product]\n  product: [staff]\n  staff: [product]\n", "S006", 6, ""),
        ("model: {loyalty: [loyalty]}\n", "S006", 4, ""),
        ("drivers: {outcome: product}\n", "S007", 4, ""),
        ("drivers: {controls: [agee]}\n", "S008", 4, "age"),
        ("drivers: {controls: [product]}\n", "S008", 4, ""),
        ("model: {loyalty: [product, age]}\ndrivers: {controls: [age]}\n", "S015", 5, ""),
        ("model: {loyalty: [product, product]}\n", "S016", 4, ""),
        ("quality: {speeders: exclude}\n", "S009", 4, ""),
        ("quality: {speeders: {then: exclude}}\n", "S009", 4, ""),
        ("quality: {duplicates: exclud}\n", "Q028", 4, "exclude"),
        ("quality: {straitlining: flag}\n", "Q016", 4, "straightlining"),
        ("quality: {straightlining: {share: 1.2}}\n", "Q029", 4, ""),
        ("uncertainty: {replicates: 99}\n", "S019", 4, ""),
        ("uncertainty: {replicates: 200000}\n", "Q029", 4, ""),
        ("uncertainty: {conf_level: 95}\n", "Q029", 4, ""),
        ("uncertainty: {seed: -1}\n", "Q029", 4, ""),
        ("missing: {min_answered: 2}\n", "Q029", 4, ""),
        ("reports: [{languages: [fr]}]\n", "S011", 4, ""),
        ("reports: [{template: satisfactions}]\n", "S012", 4, "satisfaction"),
        ("reports: [{formats: [odt]}]\n", "S013", 4, ""),
        ("publication: {sponser: X}\n", "Q016", 4, "sponsor"),
        ("columns: {V1: p11}\n", "R017", 4, "p1"),
    ],
)
def test_a_mistake_is_found_with_its_line(plan_of, text, code, line, suggestion):
    found = problems_of(plan_of, text)
    assert (found[0].code, found[0].line) == (code, line)
    if suggestion:
        assert found[0].suggestion == suggestion


def test_heads_that_are_wrong(plan_of):
    assert [
        p.code for p in problems_of(plan_of, "", head="satmeter: 2\nquestionnaire: shop.yaml\nresponses: answers.csv\n")
    ] == ["S014"]
    missing = problems_of(
        plan_of,
        "",
        head="satmeter: 1\nquestionnaire: shop.yaml\nresponses: [answer.csv, answers.csv, answers.csv, a.ods]\n",
    )
    assert [(p.code, p.line, p.suggestion) for p in missing] == [
        ("S002", 3, "answers.csv"),
        ("S017", 3, ""),
        ("R002", 3, ""),
    ]
    assert [p.code for p in problems_of(plan_of, "", head="satmeter: 1\nquestionnaire: shop.yaml\n")] == ["Q017"]
    assert [
        p.code
        for p in problems_of(plan_of, "", head="satmeter: 1\nquestionnaire: ecsi-mobil\nresponses: answers.csv\n")
    ] == ["Q002"]


def test_a_questionnaire_is_no_study_file(folder):
    with pytest.raises(StudyError) as error:
        read_study(folder / "shop.yaml")
    (problem,) = error.value.problems
    assert (problem.code, problem.line) == ("S018", 1)
    assert "问卷文件" in problem.text("zh-CN")


def test_a_pattern_stands_for_its_files_in_order(plan_of, folder):
    forms = folder / "forms"
    forms.mkdir()
    for name in ("b.csv", "a.csv", "c.txt", "a.truth.json"):
        (forms / name).write_text("p1\n1\n", "utf-8")
    head = "satmeter: 1\nquestionnaire: shop.yaml\nresponses: {}\n"
    assert [p.name for p in plan_of("", head=head.format("forms/*.csv")).responses] == ["a.csv", "b.csv"]
    listed = plan_of("", head=head.format("[answers.csv, 'forms/[bc].*']")).responses
    assert [p.name for p in listed] == ["answers.csv", "b.csv", "c.txt"]
    assert [p.name for p in plan_of("", head=head.format("forms/*")).responses] == ["a.csv", "b.csv", "c.txt"]


def test_a_pattern_without_files_and_a_file_named_twice(plan_of, folder):
    head = "satmeter: 1\nquestionnaire: shop.yaml\nresponses: {}\n"
    (nothing,) = problems_of(plan_of, "", head=head.format("none/*.csv"))
    assert (nothing.code, nothing.line, nothing.got) == ("S002", 3, "'none/*.csv'")
    (twice,) = problems_of(plan_of, "", head=head.format("[answers.csv, '*.csv']"))
    assert (twice.code, twice.got) == ("S017", "'answers.csv'")


def test_all_problems_come_at_once_in_line_order(plan_of):
    text = "groups: [cty]\nwaves: {a: 1}\nmodel: {loyalty: [x]}\ncolour: red\nquality: {speeders: flag}\n"
    found = problems_of(plan_of, text)
    assert [(p.line, p.code) for p in found] == [
        (4, "S003"),
        (5, "Q016"),
        (5, "S092"),
        (6, "S005"),
        (7, "Q016"),
        (8, "S009"),
    ]


def test_the_problems_of_the_questionnaire_come_along(plan_of, folder):
    path = folder / "shop.yaml"
    path.write_text(path.read_text("utf-8").replace("s3: {text", "s3: {tex"), "utf-8")
    codes = [p.code for p in problems_of(plan_of, "colour: red\n")]
    assert codes[0] == "Q016"
    assert len(codes) > 1


def test_a_study_file_that_is_not_there_or_no_yaml(tmp_path):
    with pytest.raises(StudyError):
        read_study(tmp_path / "none.yaml")
    (tmp_path / "bad.yaml").write_text("a: [1\n")
    with pytest.raises(StudyError):
        read_study(tmp_path / "bad.yaml")


def test_the_example_of_the_documentation_is_a_study_file(tmp_path):
    page = (Path(__file__).parents[2] / "docs/study.md").read_text("utf-8")
    short, full, *further = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    for name in ("answers.csv", "spring.csv", "autumn.xlsx", "again.csv", "sample.csv"):
        (tmp_path / name).touch()
    for text in (short, *(f"{short}{block}" for block in further), full):
        (tmp_path / "study.yaml").write_text(text, "utf-8")
        plan = read_study(tmp_path / "study.yaml")
        assert plan.questionnaire == "power-utility"
    assert plan.quality.straightlining_variance == 0.1
    assert len(plan.disclosure) == 6
