"""The built-in instruments hold what they promise."""

import os
from pathlib import Path

import pytest

from satmeter.builtin import builtin, builtin_names
from satmeter.questionnaire import check_questionnaire, read_questionnaire
from satmeter.questionnaire.model import Text

ROOT = Path(__file__).parents[2]
NAMES = builtin_names("questionnaires")
EXPLAINED = {("ecsi-mobile", "Q047", "complaints")}  # one item in the published model, see questionnaires/README.md
ECSI_COLUMNS = {
    "image": ["IMAG1", "IMAG2", "IMAG3", "IMAG4", "IMAG5"],
    "expectation": ["CUEX1", "CUEX2", "CUEX3"],
    "quality": ["PERQ1", "PERQ2", "PERQ3", "PERQ4", "PERQ5", "PERQ6", "PERQ7"],
    "value": ["PERV1", "PERV2"],
    "satisfaction": ["CUSA1", "CUSA2", "CUSA3"],
    "complaints": ["CUSCO"],
    "loyalty": ["CUSL1", "CUSL2", "CUSL3"],
}
HALF_WIDTH = set(",;:?!()")


def texts_of(questionnaire):
    """Every text with the place that it stands at."""
    yield "title", questionnaire.title
    yield "intro", questionnaire.intro
    yield "thanks", questionnaire.thanks
    for scale in questionnaire.scales.values():
        for point in scale.points:
            if not scale.is_range or point.code in (scale.low, scale.high):
                yield f"{scale.id} {point.code}", point.label
        for code in scale.missing:
            yield f"{scale.id} {code.code}", code.label
    for construct in questionnaire.constructs.values():
        yield construct.id, construct.label
    for variable in questionnaire.variables:
        yield variable, questionnaire.text_of(variable)
    for question in questionnaire.questions.values():
        for option in (*question.options, *question.missing):
            yield f"{question.id} {option.code}", option.label
    for number, page in enumerate(questionnaire.pages):
        for text in (page.title, page.text):
            if text != Text():
                yield f"page {number}", text


def test_both_instruments_are_there():
    assert {"power-utility", "ecsi-mobile"} <= set(NAMES)
    readme = builtin("questionnaires").joinpath("README.md").read_text("utf-8")
    assert [name for name in NAMES if f"| `{name}` |" not in readme] == []


@pytest.mark.parametrize("name", NAMES)
def test_checks_without_unexplained_problems(name):
    found = {(name, p.code, p.about[1] if p.about else "") for p in check_questionnaire(name)}
    assert found == {entry for entry in EXPLAINED if entry[0] == name}


@pytest.mark.parametrize("name", NAMES)
def test_every_text_stands_in_both_languages(name):
    questionnaire = read_questionnaire(name)
    assert questionnaire.languages == ("zh-CN", "en")
    for place, text in texts_of(questionnaire):
        assert text.has("zh-CN"), place
        assert text.has("en"), place
        assert text.get("zh-CN") != text.get("en"), place


@pytest.mark.parametrize("name", NAMES)
def test_chinese_punctuation_is_full_width(name):
    for place, text in texts_of(read_questionnaire(name)):
        assert not HALF_WIDTH & set(text.get("zh-CN")), place


@pytest.mark.parametrize("name", NAMES)
def test_labels_fit_into_spss_and_stata(name):
    questionnaire = read_questionnaire(name)
    for variable in questionnaire.variables:
        text = questionnaire.text_of(variable)
        assert len(text.get("zh-CN")) <= 40, variable
        assert len(text.get("en")) <= 80, variable
    assert all(len(variable) <= 32 for variable in questionnaire.variables)


def test_power_utility_holds_the_four_values_and_the_four_costs():
    power = read_questionnaire("power-utility")
    sizes = {name: len(construct.items) for name, construct in power.constructs.items()}
    assert [c.id for c in power.constructs_of_role("driver")] == ["product", "service", "staff", "image"]
    assert [c.id for c in power.constructs_of_role("cost")] == ["money", "time", "effort", "energy"]
    assert all(sizes[name] >= 3 for name in ("product", "service", "staff", "image", "satisfaction", "loyalty"))
    assert all(sizes[name] >= 2 for name in ("money", "time", "effort", "energy"))
    reverse = [name for name, item in power.items.items() if item.reverse]
    assert reverse == ["pv2", "pe2", "nc3"]
    grids = [page.members for page in power.pages if page.grid]
    assert [sum(name in grid for name in reverse) for grid in grids] == [1, 1, 1]
    assert power.model == {
        "satisfaction": ("product", "service", "staff", "image", "money", "time", "effort", "energy"),
        "loyalty": ("satisfaction", "image"),
    }


def test_power_utility_asks_for_recommendation_complaint_and_profile():
    power = read_questionnaire("power-utility")
    on_nps = [name for name, item in power.items.items() if "nps" in item.scale]
    assert on_nps == ["ly1"]
    assert power.scales["nps11"].codes == tuple(range(11))
    assert power.questions["complained"].type == "choice"
    assert all(power.show_if_of(item) is not None for item in power.constructs["complaint"].items)
    assert {"ctype", "region", "channel", "years", "age"} <= set(power.questions)
    assert power.variables[0] == "consent"
    assert power.questions["why"].type == "text"
    assert all("{ly1}" in power.questions["why"].text.get(language) for language in power.languages)
    assert power.questions["why"].show_if is not None
    assert set(power.checks) == {"ac1"}
    reasons = {code.code: code.reason for code in power.scales["agree5"].missing}
    assert reasons == {"98": "dont_know", "99": "refused"}


def test_power_utility_takes_no_longer_than_it_says():
    power = read_questionnaire("power-utility")
    seconds = {"item": 10, "choice": 12, "multiple": 15, "number": 12, "text": 40, "consent": 30}
    total = sum(seconds[power.questions[name].type if name in power.questions else "item"] for name in power.variables)
    assert 8 * 60 <= total <= 10 * 60


def test_ecsi_is_the_european_model_on_ten_points():
    ecsi = read_questionnaire("ecsi-mobile")
    assert {name: list(construct.items) for name, construct in ecsi.constructs.items()} == ECSI_COLUMNS
    assert all(scale.codes == tuple(range(1, 11)) for scale in ecsi.scales.values())
    assert ecsi.model == {
        "expectation": ("image",),
        "quality": ("expectation",),
        "value": ("expectation", "quality"),
        "satisfaction": ("image", "expectation", "quality", "value"),
        "complaints": ("satisfaction",),
        "loyalty": ("image", "satisfaction", "complaints"),
    }


def test_ecsi_ids_are_the_columns_of_the_real_data():
    folder = Path(os.environ.get("SATMETER_DATA", ROOT.parent / "shared" / "data"))
    data = folder / "ecsi-mobile" / "mobi.csv"
    if not data.is_file():
        pytest.skip("no real data: set SATMETER_DATA")
    header = data.read_text("utf-8").splitlines()[0].replace('"', "").split(",")
    assert sorted(header) == sorted(read_questionnaire("ecsi-mobile").variables)
