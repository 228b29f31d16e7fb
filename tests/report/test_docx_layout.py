"""How blocks come onto pages of Word: widths, sizes of type, pages that lie across, tables and figures in pieces."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.report.context import Figure
from satmeter.report.estimate import Estimate
from satmeter.report.figures.pieces import pieces
from satmeter.report.formats.docx_columns import ACROSS, UPRIGHT, Column, lay_out, measured
from satmeter.report.formats.docx_figure import MOST_HIGH, PIECE_WIDE, cut, drawn_pieces, inches
from satmeter.report.formats.docx_sections import Flow, body_xml
from satmeter.report.plots import BarPlot, HeatBlock, HeatPlot, HeatRow, MeasurementPlot, Panel, PanelPlot

NUMBERS = measured("Importance", ["74.2 [72.1, 76.3]"] * 3, number=True)
NAMES = measured("Driver", ["Complaint handling", "Image"], number=False)


def figures(count: int) -> list[Column]:
    return [NAMES, *[NUMBERS] * count]


def test_a_column_asks_for_its_longest_piece_at_least():
    column = measured("n", ["供电可靠性", "voltage quality"], number=False)
    assert (column.tight, column.snug, column.natural) == (7, 15, 15)
    assert measured("Item–rest r", ["0.41"], number=True).tight == 6  # broken after the dash, one more for bold type
    assert measured("人数", ["591"], number=True).tight == 5  # two characters stay on one line
    assert measured("间接部分占比", ["18%"], number=True).comfortable == 7  # two lines


def test_a_long_word_does_not_push_others_off():
    column = measured("x", ["a" * 500], number=False)
    assert column.tight == 24
    layout = lay_out([column, *[NUMBERS] * 3], 20)
    assert not layout.across
    assert sum(layout.blocks[0].widths) <= UPRIGHT


@pytest.mark.parametrize(
    ("count", "across", "points", "blocks"),
    [(1, False, 9, 1), (4, False, 9, 1), (5, True, 9, 1), (8, True, 7, 1), (20, True, 8, 3)],
)
def test_small_type_then_pages_across_then_pieces(count, across, points, blocks):
    layout = lay_out(figures(count), 20)
    assert (layout.across, layout.points, len(layout.blocks)) == (across, points, blocks)
    assert [block.columns[0] for block in layout.blocks] == [0] * blocks
    assert [place for block in layout.blocks for place in block.columns[1:]] == list(range(1, count + 1))


def test_smaller_type_is_tried_before_text_is_squeezed_and_pages_are_turned():
    names = measured("Driver", ["Reliability of the supply and of the voltage"], number=False)
    assert (names.comfortable, names.snug) == (26, 18)
    layout = lay_out([names, *[NUMBERS] * 4], 20)
    assert (layout.across, layout.points) == (False, 8)


def test_a_few_rows_turn_no_page_where_two_blocks_hold_them():
    layout = lay_out(figures(6), 6)
    assert (layout.across, [block.columns for block in layout.blocks]) == (False, [(0, 1, 2, 3), (0, 4, 5, 6)])
    assert all(sum(block.widths) <= UPRIGHT for block in layout.blocks)
    assert lay_out(figures(6), 7).across
    assert lay_out(figures(10), 2).across  # three blocks would be hard to read


def test_a_small_table_is_not_stretched_and_a_large_one_fills_the_page():
    assert sum(lay_out(figures(1), 20).blocks[0].widths) < 0.62 * UPRIGHT
    assert UPRIGHT - 5 < sum(lay_out(figures(3), 20).blocks[0].widths) <= UPRIGHT


cells = st.lists(st.text(st.sampled_from("ab 电[].,-"), max_size=90), min_size=1, max_size=4)


@given(st.lists(st.tuples(st.text(max_size=40), cells, st.booleans()), min_size=1, max_size=45))
def test_no_table_is_wider_than_its_page(columns):
    layout = lay_out([measured(head, texts, number=number) for head, texts, number in columns], 20)
    shown = [place for block in layout.blocks for place in block.columns]
    assert set(shown) == set(range(len(columns)))
    for block in layout.blocks:
        assert sum(block.widths) <= (ACROSS if layout.across else UPRIGHT)
        assert min(block.widths) > 150


def turned(flows: list[Flow]) -> list[str]:
    """Return what stands on each section's pages, ``-`` before those that lie across; the title page left out."""
    sections = body_xml("", flows).split("<w:sectPr>")
    found = []
    for content, properties in itertools.pairwise(sections[1:]):
        letters = "".join(part[0] for part in content.split("§")[1:])
        found.append(("-" if "landscape" in properties else "") + letters)
    return found


def flow(letter: str) -> Flow:
    kinds = {"h": "heading", "t": "text", "n": "table", "W": "table", "f": "figure"}
    return Flow(f"§{letter}", kinds[letter], letter == "W")


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ("htn", ["htn"]),
        ("htW", ["-htW"]),  # heading and sentence go with the table
        ("hthW", ["ht", "-hW"]),
        ("hhWt", ["-hhW", "t"]),
        ("httttW", ["htttt", "-W"]),  # much text stays upright
        ("hfW", ["hf", "-W"]),  # a figure stays upright
        ("nWtWn", ["n", "-WtW", "n"]),  # no turning for one sentence
        ("WtnW", ["-WtnW"]),
        ("WfW", ["-W", "f", "-W"]),
        ("", [""]),
    ],
)
def test_pages_are_turned_for_what_needs_it(blocks, expected):
    assert turned([flow(letter) for letter in blocks]) == expected


def estimate(label: str) -> Estimate:
    return Estimate(label, 70.0, 65.0, 75.0, 100)


def test_tall_figures_are_cut_between_panels_blocks_and_constructs():
    panels = PanelPlot(tuple(Panel(str(i), (estimate("a"),)) for i in range(7)), "score", 0.0, 100.0)
    assert [[p.title for p in piece.panels] for piece in pieces(panels, 3)] == [["0", "1", "2", "3"], ["4", "5", "6"]]
    heat = HeatPlot(("1",), tuple(HeatBlock(str(i), (HeatRow("x", (0.5,)),)) for i in range(5)))
    assert [[b.title for b in piece.blocks] for piece in pieces(heat, 2)] == [["0", "1", "2"], ["3", "4"]]
    model = MeasurementPlot(tuple((str(i), ()) for i in range(3)))
    assert [len(piece.constructs) for piece in pieces(model, 5)] == [1, 1, 1]
    bars = BarPlot((estimate("a"), estimate("b")), "share")
    assert pieces(bars, 4) == (bars,)
    assert pieces(panels, 1) == (panels,)


def test_panels_of_many_groups_are_cut_between_rows_too():
    some = tuple(Estimate(f"Customers of the northern district {j}", 70.0, 65.0, 75.0, 200) for j in range(40))
    plot = PanelPlot((Panel("Raw", some), Panel("Adjusted", some)), "points", 0.0, 100.0)
    drawn = drawn_pieces(Figure("many", "Caption", "", plot), 3)
    assert len(drawn) == 3
    assert all(high * PIECE_WIDE / wide <= MOST_HIGH for wide, high in map(inches, drawn))
    assert drawn_pieces(Figure("whole", "Caption", "", plot), 1) == []


def test_a_figure_takes_half_a_page_or_is_cut_so_that_no_page_stays_half_empty():
    def cuts(high):
        return cut(f'<svg viewBox="0 0 316.8 {72 * high}"/>')

    assert [cuts(high) for high in (3, 6, 6.1, 11, 25)] == [1, 1, 2, 2, 3]
