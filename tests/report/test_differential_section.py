"""Differential item functioning in the report: who differs, how surely, how much; and nothing without tests."""

import pytest

from satmeter.report import build_report, report_context


def parts(document, language="en"):
    found = report_context(document, language=language).validity
    head = {"en": "Items that groups answer differently?", "zh-CN": "题项功能差异"}[language]
    return [part for part in found.parts if part.title.startswith(head)], found.notes


def test_the_items_are_named_with_class_and_certainty(measured):
    (first, second), notes = parts(measured)
    assert first.title == "Items that groups answer differently? Customer type"
    assert first.paragraphs[0] == (
        "1 of 4 items works differently for groups of equal standing: st3 (class C). "
        "Beyond chance but negligible: st1 (class A). Notable in these data but not beyond chance: st2 (class B)."
    )
    assert first.paragraphs[1].startswith("Class A is negligible, B moderate, C large")
    assert second.paragraphs == ("No item of 1 works differently for groups of equal standing on the construct.",)
    assert second.tables == ()
    assert "cp1 not tested." in notes


def test_the_table_has_the_items_told_and_the_kind_of_difference(measured):
    (table,) = parts(measured)[0][0].tables
    assert [c.label for c in table.columns] == [
        *("Item", "Construct", "Wording", "Difference", "χ²", "df", "p adjusted", "ΔR²", "Class")
    ]
    assert table.rows == (
        (
            "st3",
            "Staff value",
            "Staff know their job",
            "the same at every standing",
            "14.2",
            "2",
            "0.001",
            "0.081",
            "C",
        ),
        ("st1", "Staff value", "Staff are friendly", "changes with the standing", "14.2", "2", "0.021", "0.012", "A"),
        (
            *("st2", "Staff value", "Staff are indifferent (reverse-keyed)", "not told apart"),
            *("14.2", "2", "0.200", "0.040", "B"),
        ),
    )


def test_in_chinese(measured):
    first = parts(measured, "zh-CN")[0][0]
    assert first.title == "题项功能差异：客户类型"
    assert first.paragraphs[0] == (
        "4 个题项中有 1 个在构念水平相同时各组作答不同：st3（C 级）。"
        "超出随机误差但可以忽略：st1（A 级）。数据中可见但未超出随机误差：st2（B 级）。"
    )
    assert first.tables[0].rows[1][3] == "随水平而变"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_without_tests_there_is_no_part_and_absent_numbers_are_dashes(measured, document, language):
    assert parts(document, language)[0] == []
    for row in measured["dif"]["rows"]:
        row |= {"statistic": None, "p_value": None, "p_adjusted": None, "effect": None}
    assert "None" not in build_report(measured, language=language, figures=False).html
