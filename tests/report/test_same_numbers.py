"""Every number in every format is the number of results.json after rounding: read back from the files and compared.

What is expected is worked out here from the document alone, with rounding by `decimal` and labels from the
questionnaire; nothing of `satmeter.report` is asked for it.
"""

import copy
import importlib.util
import re
from decimal import ROUND_HALF_EVEN, Decimal
from functools import partial
from pathlib import Path

import pytest

from satmeter.report import build_report

TEXTS = ("md", "html", "docx", "pdf")
PHI = 0.6180339887498949
JITTERED = ("sample", "items", "reliability", "scores", "drivers", "regression", "fit", "priorities", "margins")
KEPT = re.compile("^(n|n_.*|df|code|rank)$")


def sibling(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


back = sibling("read_back")


# --- the document -------------------------------------------------------------------------------------------------


def with_all_digits(document):
    """The document with numbers that no other number of it looks like: each is moved by up to two thousandths."""
    turn = 0
    for name in JITTERED:
        for row in document[name]["rows"]:
            for key, value in row.items():
                if isinstance(value, float) and not KEPT.match(key):
                    turn += 1
                    row[key] = value * (1 - 0.004 * (turn * PHI % 1))
    return document


@pytest.fixture(scope="module")
def results(make_document):
    """The whole document, weighted to margins, with all sections of a full run; not to be changed."""
    document = sibling("synthetic_drivers").with_drivers(sibling("synthetic_measurement").with_depth(make_document()))
    document["study"] |= {"weighted": True, "n_eff": 431.6, "deff": 1.112}
    shares = [("n", 200, 0.40, 0.45), ("s", 160, 0.35, 0.30), ("e", 100, 0.20, 0.20), ("w", 20, 0.05, 0.05)]
    document["margins"] = {
        "rows": [
            {"margin": "region", "category": c, "n": n, "before": before, "after": after, "target": after}
            for c, n, before, after in shares
        ],
        "notes": [],
    }
    figures = {"minimum": 0.8123, "maximum": 1.2345, "cv": 0.334, "deff": 1.112, "n_eff": 431.6, "steps": 4.0}
    document["weighting"] = {
        "rows": [{"statistic": name, "estimate": value, "n": 480} for name, value in figures.items()],
        "notes": [],
    }
    return with_all_digits(document)


@pytest.fixture(scope="module", params=["en", "zh-CN"])
def language(request):
    return request.param


@pytest.fixture(scope="module")
def found(results, language):
    """What stands in the files of all formats; drawings are made for slides alone, whose charts hold numbers."""
    plain = build_report(results, language=language, formats=(*TEXTS, "xlsx"), figures=False)
    slides = build_report(results, language=language, formats=("pptx",)).file("pptx")
    return {
        "md": back.markdown_rows(plain.file("md")),
        "html": back.html_rows(plain.file("html")),
        "docx": back.docx_rows(plain.file("docx")),
        "pdf": back.pdf_text(plain.file("pdf")),
        "pptx": back.pptx_rows(slides),
        "bars": back.pptx_bars(slides),
        "xlsx": back.xlsx_rows(plain.file("xlsx")),
    }


# --- what is expected ---------------------------------------------------------------------------------------------


def rounded(value, digits, scale=1, end=""):
    """A number to some digits with a true minus sign; a dash where there is none."""
    if value is None:
        return "–"
    number = (Decimal(value) * scale).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
    return (str(abs(number)) if number == 0 else str(number).replace("-", "−")) + end


points = partial(rounded, digits=1)
two = partial(rounded, digits=2)
tenths = partial(rounded, digits=1, scale=100, end="%")
whole = partial(rounded, digits=0, scale=100, end="%")


def ends(row, form, low="conf_low", high="conf_high"):
    return f"[{form(row[low])},{form(row[high])}]"


def ranged(row, form, key="estimate", low="conf_low", high="conf_high"):
    return form(row[key]) + ends(row, form, low, high)


class Labels:
    """Labels of the questionnaire in one language."""

    def __init__(self, document, language):
        asked = document["questionnaire"]
        self.of = {c["id"]: c["label"][language] for c in asked["constructs"]}
        self.of |= {item["id"]: item["text"][language] for c in asked["constructs"] for item in c["items"]}
        self.of |= {question["id"]: question["text"][language] for question in asked["questions"]}
        self.options = {
            (question["id"], option["code"]): option["label"][language]
            for question in asked["questions"]
            for option in question["options"]
        }


def rows_of(document, section, **wanted):
    return [r for r in document[section]["rows"] if all(r.get(key) == value for key, value in wanted.items())]


def sample(document, labels):
    for row in rows_of(document, "sample"):
        name = labels.options[row["question"], row["option"]]
        yield name, str(row["n"]), tenths(row["share"]), tenths(row["weighted_share"])


def margins(document, labels):
    for row in rows_of(document, "margins"):
        shares = (tenths(row[key]) for key in ("before", "after", "target"))
        yield labels.of[row["margin"]], labels.options[row["margin"], row["category"]], str(row["n"]), *shares


def scores(document, labels):
    for row in rows_of(document, "scores", group_by=""):
        form = tenths if row["statistic"] == "top2" else points
        yield labels.of[row["measure"]], form(row["estimate"]), ends(row, form), str(row["n"])


def groups(document, labels):
    """A line for every construct, a column for every group of each question."""
    for question in ("region", "ctype"):
        rows = rows_of(document, "scores", group_by=question, statistic="mean_score")
        for measure in dict.fromkeys(row["measure"] for row in rows):
            yield labels.of[measure], *(ranged(row, points) for row in rows if row["measure"] == measure)


def reliability(document, labels):
    for row in rows_of(document, "reliability", coefficient="alpha"):
        if row["construct"]:
            omega = rows_of(document, "reliability", coefficient="omega_total", construct=row["construct"])
            coefficients = (ranged(one, two) for one in (row, *omega))
            yield labels.of[row["construct"]], str(row["n_items"]), str(row["n"]), *coefficients


def shares(document, labels):
    for row in rows_of(document, "drivers", method="lmg"):
        share = whole(row["share"]), ends(row, whole, "share_low", "share_high")
        yield labels.of[row["driver"]], *share, rounded(row["estimate"], 3)


def regression(document, labels):
    for row in rows_of(document, "regression", model="ols"):
        if row["term"] in labels.of:
            error = two(row["estimate"]), two(row["std_error"]), ends(row, two), two(row["statistic"])
            p = "<0.001" if row["p_value"] < 0.001 else rounded(row["p_value"], 3)
            yield labels.of[row["term"]], *error, p, two(row["beta"]), points(row["vif"]), str(row["n"])


def priorities(document, labels):
    for row in rows_of(document, "priorities"):
        performance = ranged(row, points, "performance", "performance_low", "performance_high")
        importance = ranged(row, whole, "importance", "importance_low", "importance_high")
        yield labels.of[row["driver"]], performance, importance, str(row["n"])


def items(document, labels):
    for row in rows_of(document, "items"):
        numbers = (two(row[key]) for key in ("item_rest_r", "alpha_if_dropped", "loading"))
        first = str(row["n"]), two(row["mean"]), two(row["sd"]), tenths(row["missing_share"])
        last = tenths(row["floor_share"]), tenths(row["ceiling_share"]), two(row["skew"])
        yield row["item"], labels.of[row["construct"]], *first, *numbers, *last


CHECKED = {
    "sample": (sample, TEXTS),
    "margins": (margins, TEXTS),
    "scores": (scores, TEXTS),
    "groups": (groups, TEXTS),
    "reliability": (reliability, (*TEXTS, "pptx")),
    "drivers": (shares, TEXTS),
    "regression": (regression, TEXTS),
    "priorities": (priorities, (*TEXTS, "pptx")),
    "items": (items, TEXTS),
}


def stands(found, row):
    """Whether a row with this heading holds these texts in this order; a PDF has only the order and the nearness."""
    heading, *texts = (back.bare(text) for text in row)
    if isinstance(found, str):
        # a wording or the name of a statistic may stand between
        return re.search(".{0,60}?".join(map(re.escape, (heading, *texts))), found) is not None
    return any(line[0] == heading and _in_order(texts, line[1:]) for line in found if line)


def _in_order(texts, cells):
    left = iter(cells)
    return all(any(cell == text for cell in left) for text in texts)


def missing(document, language, found, section, form):
    """The expected rows of a section that do not stand in the file."""
    expected = list(CHECKED[section][0](document, Labels(document, language)))
    assert expected
    return [row for row in expected if not stands(found[form], row)]


PAIRS = [(section, form) for section, (_, forms) in CHECKED.items() for form in forms]


@pytest.mark.parametrize(("section", "form"), PAIRS)
def test_the_rounded_number_stands_at_its_label(results, language, found, section, form):
    assert missing(results, language, found, section, form) == []


CHANGES = {
    "sample": ("sample", {}, "share", 0.001),
    "margins": ("margins", {}, "after", 0.001),
    "scores": ("scores", {"group_by": ""}, "estimate", 0.1),
    "groups": ("scores", {"group": "e", "statistic": "mean_score"}, "conf_high", 0.1),
    "reliability": ("reliability", {"coefficient": "omega_total"}, "conf_low", 0.01),
    "drivers": ("drivers", {"method": "lmg"}, "share_high", 0.01),
    "regression": ("regression", {"term": "staff"}, "beta", 0.01),
    "priorities": ("priorities", {}, "importance", 0.01),
    "items": ("items", {"item": "st2"}, "alpha_if_dropped", 0.01),
}


@pytest.mark.parametrize(("section", "form"), PAIRS)
def test_one_changed_digit_is_noticed(results, language, found, section, form):
    name, wanted, key, step = CHANGES[section]
    changed = copy.deepcopy(results)
    rows_of(changed, name, **wanted)[0][key] += step
    assert len(missing(changed, language, found, section, form)) == 1


def test_all_formats_with_text_have_the_same_rows(found):
    """What is compared above for some sections holds for every table: as many numbers, and the same."""
    lines = {row for row in found["md"] if not re.fullmatch("[:-]+", "".join(row))}
    assert len(lines) > 300
    assert lines - found["html"] == found["html"] - lines == set()
    assert lines - found["docx"] == set()
    assert [row for row in lines if "".join(row) not in found["pdf"]] == []


# --- full precision -----------------------------------------------------------------------------------------------


def unequal(document, found, section):
    """Keys whose number in the workbook is not that of the document, to the last digit."""
    rows, cells = document[section]["rows"], found["xlsx"][section]
    assert len(rows) == len(cells)
    return [
        key
        for row, cell in zip(rows, cells, strict=True)
        for key, value in row.items()
        if isinstance(value, int | float) and repr(cell[key]) != repr(value)
    ]


@pytest.mark.parametrize("section", JITTERED)
def test_the_workbook_has_every_digit(results, found, section):
    assert unequal(results, found, section) == []
    changed = copy.deepcopy(results)
    row = changed[section]["rows"][0]
    key = next(key for key, value in row.items() if isinstance(value, float))
    row[key] *= 1 + 1e-15
    assert unequal(changed, found, section) == [key]


def bars_of(document, labels):
    """Label, estimate and its reaches of everything that slides draw as a bar with an error bar."""
    for row in rows_of(document, "scores", statistic="mean_score", group_by=""):
        yield labels.of[row["measure"]], row["estimate"], row["conf_low"], row["conf_high"]
    for row in rows_of(document, "drivers", method="lmg"):
        yield labels.of[row["driver"]], row["share"], row["share_low"], row["share_high"]
    for row in rows_of(document, "scores", statistic="mean_score", measure="satisfaction"):
        if row["group"]:
            yield labels.options[row["group_by"], row["group"]], row["estimate"], row["conf_low"], row["conf_high"]


def not_drawn(document, language, found):
    bars = {(name.split(" (")[0].split("（")[0], *sizes) for (_, name), sizes in found["bars"].items()}
    rows = list(bars_of(document, Labels(document, language)))
    return [(name, at) for name, at, low, high in rows if (name, at, at - low, high - at) not in bars]


def test_charts_on_slides_have_every_digit(results, language, found):
    assert not_drawn(results, language, found) == []
    changed = copy.deepcopy(results)
    rows_of(changed, "drivers", method="lmg")[0]["share_low"] *= 1 + 1e-12
    assert len(not_drawn(changed, language, found)) == 1
