"""The key `waves`: its two forms, and everything that cannot be, with file and line."""

import pytest

from satmeter.errors import StudyError
from satmeter.study.wave_plan import WavePlan

FILES = "waves:\n  earlier: {'2025': old/study.yaml}\n  order: ['2025', '2026']\n"


@pytest.fixture
def old_study(folder):
    """Write an earlier study beside the study file."""

    def old_study(text="", name="old"):
        (folder / name).mkdir()
        head = "satmeter: 1\nquestionnaire: ../shop.yaml\nresponses: ../answers.csv\n"
        (folder / name / "study.yaml").write_text(head + text, "utf-8")
        return folder / name / "study.yaml"

    return old_study


def problems_of(plan_of, text):
    with pytest.raises(StudyError) as error:
        plan_of(text)
    assert error.value.text("zh-CN")
    return error.value.problems


def test_rows_of_one_file_are_told_apart_by_a_column(plan_of, folder):
    plan = plan_of(
        "waves: {variable: wave, order: ['2024', '2025'], baseline: '2024', panel: true, mode: {'2024': phone},\n"
        "  questionnaires: {'2024': shop.yaml}, breaks: {staff: {'2025': other office}, all: {'2025': new frame}}}\n"
    )
    assert plan.waves == WavePlan(
        variable="wave",
        order=("2024", "2025"),
        baseline="2024",
        questionnaires={"2024": str(folder / "shop.yaml")},
        mode={"2024": "phone"},
        panel=True,
        breaks={"staff": {"2025": "other office"}, "all": {"2025": "new frame"}},
        line=4,
    )
    assert plan_of("waves: {variable: wave}\n").waves == WavePlan(variable="wave", line=4)


def test_earlier_waves_are_study_files(plan_of, old_study):
    path = old_study()
    assert plan_of(FILES).waves.earlier == {"2025": path}


def test_the_digest_knows_of_waves_and_not_of_places(plan_of, old_study):
    plain = plan_of("").digest
    assert plan_of("waves:\n").digest == plain
    old_study()
    first = plan_of(FILES).digest
    assert first != plain
    assert plan_of(FILES + "  panel: true\n").digest != first
    assert plan_of("\n" + FILES).digest == first


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("waves: {panel: true}\n", "S092", 4),
        ("waves: {variable: wave, earlier: {'2025': old/study.yaml}}\n", "S092", 4),
        ("waves:\n  earlier: {'2025': old/study.yaml}\n", "S092", 5),
        ("waves:\n  earlier: {'2025': old/study.yaml}\n  order: ['2026', '2025']\n", "S093", 5),
        ("waves: {variable: wave, order: ['2025']}\n", "S092", 4),
        ("waves: {variable: wave, order: ['2025', '2026', '2025']}\n", "S094", 4),
        ("waves: {variable: wave, order: ['2025', '2025.0', '2026']}\n", "S094", 4),
        ("waves:\n  variable: wave\n  mode: {2025: web, 2025.0: phone}\n", "S094", 6),
        ("waves:\n  variable: wave\n  order: [a, b]\n  baseline: c\n", "S093", 7),
        ("waves:\n  variable: wave\n  order: [a, b]\n  baseline: b\n", "S093", 7),
        ("waves:\n  variable: wave\n  order: [a, b]\n  mode: {c: web}\n", "S093", 7),
        ("waves:\n  variable: wave\n  order: [a, b]\n  breaks: {staff: {a: x}}\n", "S093", 7),
        ("waves: {variable: wave, breaks: {staf: {b: x}}}\n", "S049", 4),
        ("waves: {variable: wave, breaks: {staff: x}}\n", "Q018", 4),
        ("waves: {variable: wave, mode: {a: [x]}}\n", "Q024", 4),
        ("waves: {variable: wave, panels: true}\n", "Q016", 4),
        ("waves: [a]\n", "Q018", 4),
    ],
)
def test_what_cannot_be_is_named_with_its_line(plan_of, old_study, text, code, line):
    old_study()
    assert (code, line) in [(p.code, p.line) for p in problems_of(plan_of, text)]


def test_a_label_is_suggested(plan_of):
    (problem,) = problems_of(plan_of, "waves: {variable: wave, order: [spring, autumn], baseline: sprin}\n")
    assert (problem.suggestion, problem.params["choices"]) == ("spring", "spring")


def test_the_problems_of_an_earlier_study_stand_under_its_own_file(plan_of, old_study):
    path = old_study("groups: [citty]\ncolour: red\n")
    found = problems_of(plan_of, FILES + "  panel: maybe\n")
    assert [(p.code, p.file.endswith("old/study.yaml")) for p in found] == [
        ("Q027", False),
        ("S003", True),
        ("Q016", True),
    ]
    assert found[1].file == str(path)


def test_an_earlier_study_that_is_not_there(plan_of):
    (problem,) = problems_of(plan_of, FILES)
    assert problem.file.endswith("old/study.yaml")


def test_a_questionnaire_of_then_that_does_not_read(plan_of):
    text = "waves: {variable: wave, questionnaires: {'2025': none.yaml}}\n"
    (problem,) = problems_of(plan_of, text)
    assert problem.file.endswith("none.yaml")


def test_a_circle_of_earlier_waves(plan_of, old_study):
    old_study("waves: {earlier: {'2024': ../study.yaml}, order: ['2024', '2025']}\n")
    (problem,) = problems_of(plan_of, FILES)
    assert (problem.code, problem.file.endswith("old/study.yaml"), problem.got) == ("S046", True, "'2024'")
    (itself,) = problems_of(plan_of, "waves: {earlier: {'2025': study.yaml}, order: ['2025', '2026']}\n")
    assert (itself.code, itself.line) == ("S046", 4)


def test_one_study_under_two_labels(plan_of, old_study):
    old_study()
    text = (
        "waves: {earlier: {'2024': old/study.yaml, '2025': old/../old/study.yaml}, order: ['2024', '2025', '2026']}\n"
    )
    (problem,) = problems_of(plan_of, text)
    assert (problem.code, problem.got) == ("S094", "'2024', '2025'")
