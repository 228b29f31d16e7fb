"""Answers that belong to another questionnaire, or to another version of it."""

import pytest

from satmeter.errors import ResponsesError
from satmeter.questionnaire import read_questionnaire
from satmeter.responses import read_responses, simulate, write_simulation


def read(shop, tmp_path, text, **options):
    (tmp_path / "a.csv").write_text(text, "utf-8")
    return read_responses(tmp_path / "a.csv", shop, **options)


def test_fewer_than_half_of_the_items_is_the_wrong_questionnaire(shop, tmp_path):
    with pytest.raises(ResponsesError) as error:
        read(shop, tmp_path, "city,l1,quality,P_1,7、质量靠谱,w,seconds\nn,5,1,1,1,1,9\n")
    (problem,) = error.value.problems
    assert (problem.code, problem.params["n"], problem.params["total"]) == ("R021", 1, 4)
    assert problem.params["missing"] == "p1 “质量可靠”, p2 “经常出故障”, p3 “外观好看”"
    assert problem.params["columns"] == "quality, P_1, 7、质量靠谱, w"
    assert problem.suggestion == "P_1 → p1"
    for language in ("en", "zh-CN"):
        assert "质量可靠" in problem.text(language)
        assert "quality" in problem.text(language)
    assert "seconds" not in problem.text("en")


def test_a_near_wording_is_suggested(shop, tmp_path):
    with pytest.raises(ResponsesError) as error:
        read(shop, tmp_path, "l1,7、质量很可靠\n5,1\n")
    assert error.value.problems[0].suggestion == "7、质量很可靠 → p1"


def test_no_item_of_an_outcome_is_refused(shop, tmp_path):
    with pytest.raises(ResponsesError) as error:
        read(shop, tmp_path, "p1,p2,p3,推荐可能\n1,1,1,1\n")
    (problem,) = error.value.problems
    assert (problem.code, problem.suggestion) == ("R022", "推荐可能 → l1")
    assert problem.params["missing"] == "l1 “推荐的可能”"
    assert "满意度和忠诚的题项" in problem.text("zh-CN")
    with pytest.raises(ResponsesError) as error:
        read(shop, tmp_path, "p1,city\n1,n\n")
    assert [p.code for p in error.value.problems] == ["R021", "R022"]


def test_lists_in_chinese_messages_have_chinese_separators(shop, tmp_path):
    with pytest.raises(ResponsesError) as error:
        read(shop, tmp_path, "city,l1,quality,P_1\nn,5,1,1\n")
    text = error.value.text("zh-CN")
    assert "例如 p1 “质量可靠”、p2 “经常出故障”、p3 “外观好看”" in text
    assert "未能对应的列：quality、P_1。" in text


def test_half_of_the_items_with_one_of_an_outcome_is_enough(shop, tmp_path):
    assert read(shop, tmp_path, "p1,l1\n1,2\n").absent == (
        "ok",
        "city",
        "used",
        "p2",
        "p3",
        "ac",
        "trouble",
        "age",
        "day",
    )


def test_answers_given_under_another_version_are_told_loudly(shop, tmp_path):
    other = "sha256:0123456789abcdef"
    rows = f"1,2,{shop.digest}\n1,2,{other}\n1,2,{other}\n1,2,\n1,2,odd\n"
    responses = read(shop, tmp_path, "p1,l1,Digest\n" + rows)
    notes = [note for note in responses.notes if note.code == "R109"]
    own = shop.digest[7:19]
    assert [(note.about, dict(note.params)) for note in notes] == [
        ("shop", {"n": 2, "given": "0123456789ab", "own": own}),
        ("shop", {"n": 1, "given": "odd", "own": own}),
    ]
    assert "wording may differ" in notes[0].text("en")
    assert "题目文字可能不同" in notes[0].text("zh-CN")
    same = read(shop, tmp_path, f"p1,l1,digest\n1,2,{shop.digest}\n")
    assert [note for note in same.notes if note.code == "R109"] == []


def test_simulated_answers_are_known_as_such(tmp_path):
    questionnaire = read_questionnaire("ecsi-mobile")
    write_simulation(simulate(questionnaire, 3, seed=1), tmp_path / "a.csv")
    responses = read_responses(tmp_path / "a.csv", questionnaire)
    assert responses.simulated is True
    assert responses.other["simulated"].tolist() == ["1", "1", "1"]
    text = (tmp_path / "a.csv").read_text("utf-8-sig")
    (tmp_path / "b.csv").write_text(
        text.replace(",simulated,", ",Simulated,").replace(f"{questionnaire.digest},1,", ",0,")
    )
    assert read_responses(tmp_path / "b.csv", questionnaire).simulated is False
