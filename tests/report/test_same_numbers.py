"""Every number in every format is the number of results.json after rounding: read back from the files and compared.

What is expected is worked out by `expected_rows` and `expected_group_rows` from the document alone.
"""

import base64
import copy
import importlib.util
import re
from pathlib import Path

import pytest

from satmeter.report import build_report
from satmeter.report.assemble import assemble
from satmeter.report.edition import Edition
from satmeter.report.formats import write
from satmeter.report.material import Material
from satmeter.report.results import Results
from satmeter.report.template import find_template
from satmeter.report.wording import read_words

TEXTS = ("md", "html", "docx", "pdf")
WHITE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP4DwABAQEAHLCMmQAAAABJRU5ErkJggg==")
"""A PNG image of one white pixel."""

PHI = 0.6180339887498949
JITTERED = ("sample", "items", "reliability", "scores", "drivers", "regression", "fit", "priorities", "margins")
JITTERED += ("comparisons", "ranks", "waves", "tree", "adjusted", "case_mix", "answers")
KEPT = re.compile("^(n|n_.*|df|code|rank)$")


def sibling(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


back = sibling("read_back")
expected = sibling("expected_rows")
more = sibling("expected_group_rows")
Labels, rows_of = expected.Labels, expected.rows_of


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
    groups = sibling("test_group_sections")
    document = sibling("synthetic_waves").with_waves(document)
    document["comparisons"] = {"rows": [*groups.comparison_rows(), *groups.target_rows()], "notes": []}
    document["ranks"] = {"rows": groups.rank_rows(), "notes": []}
    document["weighting"] = {
        "rows": [{"statistic": name, "estimate": value, "n": 480} for name, value in figures.items()],
        "notes": [],
    }
    document = with_all_digits(document)
    for row in document["waves"]["rows"]:  # a wave stands beside every other with the same score
        first = next(r for r in document["waves"]["rows"] if same_score(r, row))
        row.update({key: first[key] for key in ("estimate", "std_error", "conf_low", "conf_high")})
    return document


def same_score(one, other):
    return all(one[key] == other[key] for key in ("measure", "statistic", "wave", "group_by", "group"))


@pytest.fixture(scope="module", params=["en", "zh-CN"])
def language(request):
    return request.param


def slides_without_drawings(document, language):
    """Slides have charts for the figures of a report; in place of drawings stands a white pixel."""
    edition = Edition(Results(document, language), read_words(language), True)
    material = Material(edition, assemble(edition), find_template("satisfaction"))
    vars(material)["png"] = dict.fromkeys(material.png, WHITE)
    return write(material, "pptx")


@pytest.fixture(scope="module")
def found(results, language):
    """What stands in the files of all formats; nothing is drawn."""
    plain = build_report(results, language=language, formats=(*TEXTS, "xlsx"), figures=False)
    slides = slides_without_drawings(results, language)
    return {
        "md": back.markdown_rows(plain.file("md")),
        "html": back.html_rows(plain.file("html")),
        "docx": back.docx_rows(plain.file("docx")),
        "pdf": back.pdf_text(plain.file("pdf")),
        "pptx": back.pptx_rows(slides),
        "bars": back.pptx_bars(slides),
        "xlsx": back.xlsx_rows(plain.file("xlsx")),
    }


CHECKED = {
    "sample": (expected.sample, TEXTS),
    "margins": (expected.margins, TEXTS),
    "scores": (expected.scores, TEXTS),
    "groups": (expected.groups, TEXTS),
    "reliability": (expected.reliability, (*TEXTS, "pptx")),
    "drivers": (expected.shares, TEXTS),
    "regression": (expected.regression, TEXTS),
    "priorities": (expected.priorities, (*TEXTS, "pptx")),
    "items": (expected.items, TEXTS),
    "comparisons": (more.comparisons, (*TEXTS, "pptx")),
    "targets": (more.targets, (*TEXTS, "pptx")),
    "ranks": (more.ranks, (*TEXTS, "pptx")),
    "waves": (more.waves, (*TEXTS, "pptx")),
    "tree": (more.tree, (*TEXTS, "pptx")),
    "adjusted": (more.adjusted, (*TEXTS, "pptx")),
    "answers": (more.answers, (*TEXTS, "pptx")),
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
    wanted = list(CHECKED[section][0](document, Labels(document, language)))
    assert wanted
    return [row for row in wanted if not stands(found[form], row)]


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
    "comparisons": ("comparisons", {"measure": "service", "group": "e"}, "conf_low", 0.1),
    "targets": ("comparisons", {"method": "target", "group": "e"}, "estimate", 0.1),
    "ranks": ("ranks", {"unit": "w"}, "rank_high", -1),
    "waves": ("waves", {"group": "n"}, "change_conf_high", 0.1),
    "tree": ("tree", {"node": "service"}, "share", 0.001),
    "adjusted": ("adjusted", {"unit": "e", "method": "adjusted"}, "shift", 0.1),
    "answers": ("answers", {"statistic": "share_answers"}, "estimate", 0.001),
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
