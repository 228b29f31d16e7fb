"""What a single cell means."""

import numpy as np
import pytest

from satmeter.questionnaire import read_questionnaire
from satmeter.responses.codebook import Cell, decoder_of
from satmeter.responses.decoding import decode_column


@pytest.mark.parametrize(
    ("variable", "text", "cell"),
    [
        ("p1", "4", Cell(4.0)),
        ("p1", "４", Cell(4.0)),
        ("p1", "4.0", Cell(4.0)),
        ("p1", "+4", Cell(4.0)),
        ("p1", "4分", Cell(4.0)),
        ("p1", "4 points", Cell(4.0)),
        ("p1", "(4) Agree", Cell(4.0)),
        ("p1", "4 = agree", Cell(4.0)),
        ("p1", "4－同意", Cell(4.0)),
        ("p1", "4-5", Cell(unknown="unknown_label")),
        ("p1", "4-不同意", Cell(unknown="unknown_label")),
        ("p1", "4 Strongly agree", Cell(unknown="unknown_label")),
        ("p1", "1.5", Cell(unknown="out_of_range")),
        ("p1", "6", Cell(unknown="out_of_range")),
        ("p1", "inf", Cell(unknown="unknown_label")),
        ("p1", "98", Cell(missing="dont_know")),
        ("p1", "98.0", Cell(missing="dont_know")),
        ("p1", "不了解", Cell(missing="dont_know")),
        ("p1", "DON'T KNOW", Cell(missing="dont_know")),
        ("p1", "\u3000", Cell(missing="no_answer", blank=True)),
        ("p1", "（空）", Cell(missing="no_answer", blank=True)),
        ("p1", "（跳过）", Cell(missing="not_asked")),
        ("p1", "-3", Cell(missing="not_asked")),
        ("p1", "-2.0", Cell(missing="no_answer", blank=True)),
        ("city", "-3", Cell(missing="not_asked")),
        ("used", "-2", Cell(missing="no_answer", blank=True)),
        ("age", "-3", Cell(missing="not_asked")),
        ("day", "-3", Cell(missing="not_asked")),
        ("trouble", "-3", Cell(missing="not_asked")),
        ("trouble", "-2", Cell(missing="no_answer", blank=True)),
        ("trouble", "-2 stars", Cell("-2 stars")),
        ("p1", "n/a", Cell(missing="no_answer", blank=True)),
        ("l1", "0", Cell(0.0)),
        ("l1", "一定", Cell(10.0)),
        ("l1", "10分", Cell(10.0)),
        ("trouble", "'=HYPERLINK(1)", Cell("=HYPERLINK(1)")),
        ("trouble", "''+1", Cell("'+1")),
        ("trouble", "'tis slow", Cell("'tis slow")),
        ("city", "n", Cell("n")),
        ("city", "N", Cell("n")),
        ("city", "A. 北城", Cell("n")),
        ("city", "n-北城", Cell("n")),
        ("city", "n 北城", Cell("n")),
        ("city", "s-北城", Cell(unknown="unknown_label")),
        ("city", "南城〖靠近河边〗", Cell("s")),
        ("city", "NA", Cell("NA")),
        ("city", "na", Cell("NA")),
        ("used", "网站┋应用", Cell(("w", "a"))),
        ("used", "应用|网站|应用", Cell(("w", "a"))),
        ("used", "网站；柜台", Cell(("w", "c"))),
        ("used", "w,", Cell(("w",))),
        ("used", "网站┋别的", Cell(unknown="unknown_label")),
        ("age", "1,100", Cell(unknown="out_of_range")),
        ("age", "15", Cell(unknown="out_of_range")),
        ("age", "4O", Cell(unknown="not_a_number")),
        ("day", "2026-02-30", Cell(unknown="not_a_date")),
        ("day", "20260501", Cell(unknown="not_a_date")),
        ("ok", "同意", Cell("yes")),
        ("trouble", "  kept as it is ", Cell("  kept as it is ")),
        ("trouble", "(空)", Cell(missing="no_answer", blank=True)),
    ],
)
def test_a_cell_is_decoded(shop, variable, text, cell):
    assert decoder_of(shop, variable)(text) == cell


@pytest.fixture(scope="module")
def below_zero(tmp_path_factory):
    path = tmp_path_factory.mktemp("below") / "q.yaml"
    path.write_text(
        "satmeter: 1\nid: q\nversion: '1'\ntitle: T\nlanguages: [en]\nscales:\n"
        "  s: {range: [-3, 3], low: Low, high: High, missing: {-9: Unknown}}\n"
        "  t: {range: [1, 5], low: Low, high: High, missing: {-3: Do not know}}\n"
        "constructs:\n  c: {role: driver, label: C, scale: s, items: {a: One, b: {text: Two, scale: t}}}\n"
        "questions:\n  n: {type: number, text: Hours, min: 0.0, max: 99.0}\n  m: {type: number, text: Degrees}\n"
        "  d: {type: date, text: Day}\n",
        "utf-8",
    )
    return read_questionnaire(path)


def test_marks_of_a_platform_that_are_codes_stay_codes(below_zero):
    assert decoder_of(below_zero, "a")("-3") == Cell(-3.0)
    assert decoder_of(below_zero, "a")("-2") == Cell(-2.0)
    assert decoder_of(below_zero, "b")("-3") == Cell(missing="dont_know")
    assert decoder_of(below_zero, "b")("-2") == Cell(missing="no_answer", blank=True)
    assert decoder_of(below_zero, "n")("-3") == Cell(missing="not_asked")
    assert decoder_of(below_zero, "m")("-3") == Cell(-3.0)


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ("a", "−3, −2, −1, 0, 1, 2, 3, −9"),
        ("n", "0–99"),
        ("m", "−∞–∞"),
        ("d", "YYYY-MM-DD"),
    ],
)
def test_what_was_expected_is_told_in_figures(below_zero, variable, expected):
    cells = ["junk"] + ["2026-01-01" if variable == "d" else "1"] * 4
    decoded = decode_column(below_zero, variable, variable, cells, np.arange(2, 7))
    assert (decoded.note.code, decoded.note.params["expected"]) == ("R104", expected)
