"""The reliability tables: constructs, differences of two, and all items together."""

from satmeter.report import report_context


def with_rows(document, *rows):
    template = document["reliability"]["rows"][0]
    document["reliability"]["rows"] += [template | {"construct": c, "coefficient": k} for c, k in rows]
    return document


def tables(document, language="en"):
    return [t for part in report_context(document, language=language).reliability.parts for t in part.tables]


def test_all_items_and_differences_have_names(document):
    with_rows(document, ("", "alpha"), ("product-service", "difference_reliability"))
    for language, whole, heading in (
        ("en", "All items", "reliability of the difference"),
        ("zh-CN", "全部题项", "差值信度"),
    ):
        found = tables(document, language)
        names = [row[0] for table in found for row in table.rows]
        assert names.count(whole) == 1
        assert any(" − " in name for name in names)
        assert any(column.label == heading for table in found for column in table.columns)


def test_verdicts_are_about_constructs_only(document):
    before = report_context(document, language="en").reliability.parts[0].points
    with_rows(document, ("", "alpha"))
    assert report_context(document, language="en").reliability.parts[0].points == before
