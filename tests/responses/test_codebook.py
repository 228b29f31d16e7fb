"""What a single cell means."""

import pytest

from satmeter.responses.codebook import Cell, decoder_of


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
        ("p1", "n/a", Cell(missing="no_answer", blank=True)),
        ("l1", "0", Cell(0.0)),
        ("l1", "一定", Cell(10.0)),
        ("l1", "10分", Cell(10.0)),
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
