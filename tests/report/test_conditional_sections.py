"""Effects that depend on a third variable, and how sure orders and places are."""

import importlib.util
from pathlib import Path

import pytest

from satmeter.report import report_context

INDIRECT = {"product": (0.09, 0.12, 0.15, 0.0021, 0.0008), "time": (-0.02, -0.03, -0.04, -0.0004, 0.0009)}


def mediated(source, stage="second"):
    low, mean, high, index, half = INDIRECT[source]
    base = {"outcome": "loyalty", "source": source, "mediator": "satisfaction", "moderator": "image", "stage": stage}
    places = (
        ("low", 55.04, low, 0.03),
        ("mean", 70.0, mean, 0.03),
        ("high", 84.96, high, 0.03),
        ("index", None, index, half),
    )
    return [
        base
        | {"at": at, "value": value, "estimate": b, "std_error": h / 2, "conf_low": b - h, "conf_high": b + h, "n": 460}
        for at, value, b, h in places
    ]


def product(b, half, f2):
    row = {"target": "loyalty", "source": "satisfaction", "moderator": "image", "f2": f2, "r2_change": f2 * 0.6}
    return row | {"estimate": b, "std_error": half / 2, "conf_low": b - half, "conf_high": b + half, "n": 470}


@pytest.fixture
def full(document):
    spec = importlib.util.spec_from_file_location("drivers", Path(__file__).with_name("synthetic_drivers.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = module.with_drivers(document)
    found["moderated_mediation"] = {"rows": [*mediated("product"), *mediated("time")], "notes": []}
    found["path_moderation"] = {"rows": [product(-0.08, 0.05, 0.012)], "notes": []}
    return found


def part(document, title, language="en", section="paths"):
    parts = getattr(report_context(document, language=language), section).parts
    return next((p for p in parts if p.title.startswith(title)), None)


def test_indirect_effects_by_a_moderator(full):
    found = part(full, "Over Overall satisfaction to Loyalty, by “Image value”")
    assert "at three values of “Image value”: 55.0, 70.0 and 85.0" in found.paragraphs[0]
    assert "The step that may depend on it is that from Overall satisfaction to Loyalty." in found.paragraphs[0]
    assert found.paragraphs[1] == (
        "What runs over Overall satisfaction rises with “Image value” for: Product value (from 0.09 [0.06, 0.12] to "
        "0.15 [0.12, 0.18]). Not settled whether it depends on “Image value” (the interval of the change holds zero): "
        "Time cost."
    )
    (table,) = found.tables
    assert [c.label for c in table.columns][1:5] == [
        *("mean − 1 SD (55.0)", "mean (70.0)", "mean + 1 SD (85.0)", "Change per 10")
    ]
    assert table.rows[0] == (
        *(
            "Product value",
            "0.09 [0.06, 0.12]",
            "0.12 [0.09, 0.15]",
            "0.15 [0.12, 0.18]",
            "0.021 [0.013, 0.029]",
            "460",
        ),
    )
    assert [panel.title for panel in found.figure.plot.panels] == ["Product value", "Time cost"]
    assert [e.value for e in found.figure.plot.panels[0].estimates] == [0.09, 0.12, 0.15]


def test_the_first_step_and_a_fall_in_chinese(full):
    rows = mediated("product", "first")
    rows[3] |= {"estimate": -0.002, "conf_low": -0.003, "conf_high": -0.001}
    full["moderated_mediation"]["rows"] = rows
    found = part(full, "经由总体满意度到“客户忠诚”，按“形象价值”", "zh-CN")
    assert "可能随之变化的是从来源到总体满意度的一步。" in found.paragraphs[0]
    assert found.paragraphs[1].startswith(
        "经由总体满意度的部分随“形象价值”升高而减小：产品价值（由 0.09 [0.06, 0.12] 至 "
    )


PATH = "the path Overall satisfaction → Loyalty"


@pytest.mark.parametrize(
    ("b", "half", "f2", "told"),
    [
        (
            *(-0.08, 0.05, 0.012),
            f"The higher “Image value”, the smaller {PATH}: −0.08 [−0.13, −0.03] per standard deviation; "
            "a medium effect (f² 0.012).",
        ),
        (
            *(0.08, 0.05, 0.026),
            f"The higher “Image value”, the larger {PATH}: 0.08 [0.03, 0.13] per standard deviation; "
            "a large effect (f² 0.026).",
        ),
        (
            *(0.04, 0.05, 0.002),
            f"Whether {PATH} depends on “Image value” is not settled: 0.04 [−0.01, 0.09], the interval holds zero.",
        ),
    ],
)
def test_products_in_the_path_model(full, b, half, f2, told):
    full["path_moderation"]["rows"] = [product(b, half, f2)]
    found = part(full, "Does a path depend on another construct?")
    assert found.points == (told,)
    assert "these limits are conventions" in found.paragraphs[0]
    assert found.tables[0].rows[0][3:] == (f"{f2:.3f}", f"{0.6 * f2:.3f}", "470")


def test_a_product_that_could_not_be_entered_is_told(full):
    note = {"code": "D206", "about": "", "en": "Products are not entered.", "zh-CN": "不纳入乘积。"}
    full["path_moderation"] = {"rows": [], "notes": [note]}
    assert part(full, "路径是否随另一构念而变？", "zh-CN").paragraphs == ("不纳入乘积。",)


def test_the_two_models_of_indirect_effects_say_that_they_are_two(full):
    assert "estimated anew by regressions on the mean scores" in part(full, "Model, fit").paragraphs[1]
    assert "not from the path model" in part(full, "Direct or over others?").paragraphs[1]
    full["paths"]["rows"] = []
    assert len(part(full, "Direct or over others?").paragraphs) == 1


def test_a_missing_interval_is_explained(full):
    assert "A BCa interval is “–” where it cannot be had" in part(full, "Model, fit").paragraphs[1]
    assert not any("BCa" in text for text in part(full, "Direct or over others?").paragraphs)
    for row in full["mediation"]["rows"]:
        row |= {"bca_low": None, "bca_high": None}
    assert "BCa" in part(full, "Direct or over others?").paragraphs[1]
    for row in full["paths"]["rows"]:
        row |= {"bca_low": 0.1, "bca_high": 0.2}
    assert "BCa" not in part(full, "Model, fit").paragraphs[1]


def test_how_often_every_driver_stands_before_another(full):
    found = part(full, "Do the methods agree?", section="drivers")
    order = found.tables[1]
    assert [c.label for c in order.columns] == ["Driver", "2", "3", "4"]
    assert order.rows == (
        ("1 Service value", "84%", "100%", "100%"),
        ("2 Product value", "", "97%", "100%"),
        ("3 Staff value", "", "", "99%"),
    )
    for row in full["dominance"]["rows"]:
        if (row["driver"], row["other"]) == ("service", "product"):
            row["probability"] = 0.9483
    found = part(full, "Do the methods agree?", section="drivers")
    assert found.tables[1].rows[0][1] == "94.8%"
    assert "Service value before Product value in 94.8% only" in found.paragraphs[0]


def shapley(method, driver, share):
    row = {"outcome": "satisfaction", "driver": driver, "method": method, "estimate": 0.2 * share, "n": 463}
    return row | {"share": share, "share_low": share - 0.05, "share_high": share + 0.05}


def test_importance_for_the_single_answer(full):
    assert part(full, "Importance for the single answer", section="drivers") is None
    shares = {"product": 0.45, "service": 0.33, "staff": 0.12, "image": 0.10}
    full["drivers"]["rows"] += [shapley("shapley_ordinal", d, s) for d, s in shares.items()]
    full["drivers"]["rows"] += [shapley("shapley_logistic", d, s) for d, s in shares.items() if d != "image"]
    found = part(full, "Importance for the single answer: Overall satisfaction", section="drivers")
    assert "McFadden's R²" in found.paragraphs[0]
    assert (
        "Product value is most closely associated with the answer on Overall satisfaction: it carries 45% [40%, 50%]"
        in found.paragraphs[0]
    )
    assert "LMG, which rests on the score of several items, puts Service value first instead." in found.paragraphs[0]
    rows = found.tables[0].rows
    assert rows[0][0] == "Product value"
    assert rows[0][2:] == ("45% [40%, 50%]", "45% [40%, 50%]", "463")
    assert rows[3][2:] == ("10% [5%, 15%]", "–", "463")


def test_the_probability_of_a_place(document):
    rows = document["priorities"]["rows"]
    for row, probability in zip(rows, (1.0, 0.98, 0.9483, 0.62), strict=True):
        row["probability"] = probability
    rows[1]["certain"] = rows[2]["certain"] = False
    found = part(document, "Priorities for", section="priorities")
    table = found.tables[0]
    assert [c.label for c in table.columns][3] == "In this quadrant"
    assert sorted(row[3] for row in table.rows) == ["100%", "62%", "94.8%", "98%"]
    agreed = report_context(document, language="en").priorities.parts[0].paragraphs[0]
    assert "though at least 95% of the replicates agree: Service value (To improve, 98%)." in agreed
    for row in rows:
        del row["probability"]
    found = part(document, "Priorities for", section="priorities")
    assert len(found.tables[0].columns) == 6
    assert "replicates" not in found.paragraphs[0]


def test_copied_items_are_no_sign_of_quality(document):
    rows = [row for row in document["reliability"]["rows"] if row["coefficient"] == "alpha"]
    rows[0] |= {"estimate": 1.0, "conf_low": 1.0, "conf_high": 1.0}
    rows[1] |= {"estimate": 0.997, "conf_low": 0.99, "conf_high": 0.998}
    rows[2] |= {"estimate": 0.96, "conf_low": 0.95, "conf_high": 0.97}
    first, second, third = report_context(document, language="en").reliability.parts[0].points[:3]
    assert "as if its 3 items were copies of one another" in first
    assert "copies" in second
    assert "ask for the same thing over again" in third


def test_a_number_just_below_its_limit_does_not_look_like_it(document):
    row = next(row for row in document["reliability"]["rows"] if row["coefficient"] == "alpha")
    row |= {"estimate": 0.7996, "conf_low": 0.6971, "conf_high": 0.84}
    told = report_context(document, language="en").reliability.parts[0].points[0]
    assert told.startswith("Product value: acceptable, α = 0.7996 [0.697, 0.84].")
    assert told.endswith("would count as questionable.")


def test_the_second_survey_is_named(measured):
    measured["provenance"] |= {"retest_source": "again.csv", "retest_digest": "sha256:99"}
    context = report_context(measured, language="en")
    again = next(p for p in context.reliability.parts if p.title.startswith("Measured again"))
    assert "The second answers were read from again.csv." in again.paragraphs[0]
    assert ("Second survey, files", "again.csv") in context.provenance.parts[0].tables[0].rows


def test_chinese_notes_have_no_space_between_words(document):
    text = "对 总体满意度 的权重（0.02）与 sa1、sa2 不一致，但 “客户类型” 除外。"
    document["drivers"]["notes"] = [{"code": "D114", "about": "time", "en": "x", "zh-CN": text}]
    (told,) = report_context(document, language="zh-CN").drivers.notes[:1]
    assert told == "对总体满意度的权重（0.02）与 sa1、sa2 不一致，但“客户类型”除外。"
