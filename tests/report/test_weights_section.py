"""The part on weights says what they were made to meet and what they cost."""

from satmeter.report import report_context

MARGINS = [
    {"margin": "region", "category": "n", "n": 60, "before": 0.6, "after": 0.4, "target": 0.4},
    {"margin": "region", "category": "s", "n": 30, "before": 0.3, "after": 0.5, "target": 0.5},
    {"margin": "region", "category": "", "n": 10, "before": 0.1, "after": 0.1, "target": 0.1},
]
FIGURES = {"minimum": 0.512, "maximum": 2.345, "cv": 0.3, "deff": 1.09, "n_eff": 91.7, "steps": 4.0}


def weighted(document):
    rows = [{"statistic": name, "estimate": value, "n": 100} for name, value in FIGURES.items()]
    return document | {"weighting": {"rows": rows, "notes": []}, "margins": {"rows": MARGINS, "notes": []}}


def test_margins_and_cost_are_told_in_both_languages(document):
    for language, unknown in (("en", "unknown"), ("zh-CN", "未知")):
        (part,) = report_context(weighted(document), language=language).method.parts
        text = part.paragraphs[0]
        assert all(figure in text for figure in ("0.51", "2.35", "30%", "1.09", "100", "92"))
        (table,) = part.tables
        assert [row[2:] for row in table.rows] == [
            ("60", "60.0%", "40.0%", "40.0%"),
            ("30", "30.0%", "50.0%", "50.0%"),
            ("10", "10.0%", "10.0%", "10.0%"),
        ]
        assert table.rows[2][1] == unknown


def test_nothing_is_told_where_nothing_was_calibrated(document):
    assert report_context(document, language="en").method.parts == ()
