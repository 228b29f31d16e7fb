"""What the reader must know first: simulated answers, bad columns, the design, and counts that add up."""

import pytest

from satmeter.report import build_report, report_context
from satmeter.report.results import Results


def note(code):
    return {"code": code, "about": "", "en": f"Note {code} with -3.", "zh-CN": f"说明 {code}。"}


def test_simulated_answers_are_called_so(document):
    assert report_context(document, language="en").banner == ""
    document["study"]["simulated"] = True
    for language, words in (("zh-CN", "模拟数据，不是真实调查结果"), ("en", "Simulated answers, not a real survey")):
        context = report_context(document, language=language)
        assert context.banner == words
        assert context.disclosure.startswith(words + " · ")
    first = build_report(document, language="en", figures=False).html.split('<nav class="contents"')[0]
    assert first.count("Simulated answers, not a real survey") == 2


def test_notes_about_the_data_stand_first(document):
    document["study"]["notes"] = [note(code) for code in ("R101", "R103", "S107", "R109", "S103", "P119")]
    context = report_context(document, language="en")
    assert context.read_first == tuple(f"Note {code} with −3." for code in ("R103", "R109", "S103", "P119"))
    assert len(context.notes) == 6
    html = build_report(document, language="zh-CN", figures=False).html
    assert html.index("阅读前请先留意") < html.index('<nav class="contents"') < html.index('id="method"')


def test_many_notes_are_counted(document):
    document["study"]["notes"] = [note("R104") | {"en": f"Column {i}."} for i in range(9)]
    told = report_context(document, language="en").read_first
    assert told[-2:] == ("Column 4.", "4 more under “Notes”.")


@pytest.mark.parametrize(
    ("study", "words"),
    [
        ({"design": []}, "treated as a simple random one"),
        ({"design": ["frequency"]}, "treated as a simple random one"),
        (
            {"design": ["weight", "strata", "cluster"]},
            "over the declared design (weights, strata and clusters; bootstrap",
        ),
        ({"weighted": True}, "over the declared design (weights; bootstrap"),
    ],
)
def test_the_design_is_named_only_where_there_is_one(document, study, words):
    document["study"] |= study
    text = report_context(document, language="en").method.paragraphs[2]
    assert words in text
    assert "real design" not in text
    assert ("simple random" in text) is ("simple random" in words)


def test_frequencies_are_named(document):
    document["study"] |= {"rows_read": 72, "n_read": 1681, "n": 1681}
    text = report_context(document, language="zh-CN").method.paragraphs[0]
    assert "72 行代表 1,681 名受访者" in text
    document["study"]["rows_read"] = 1681
    assert "频数" not in report_context(document, language="zh-CN").method.paragraphs[0]


def test_the_index_is_the_mean_score(document):
    assert "是同一个数字" in report_context(document, language="zh-CN").method.paragraphs[1]


def test_rules_tell_found_and_left_out_at_their_step(document):
    document["disposition"]["rows"] = [
        {"step": "read", "n": 500},
        {"step": "attention", "n": 485},
        {"step": "speeders", "n": 480},
        {"step": "kept", "n": 480},
    ]
    document["quality"]["rows"] = [
        *({"respondent": f"a{i}", "rule": "attention", "value": 1.0, "excluded": True} for i in range(15)),
        *({"respondent": f"a{i}", "rule": "speeders", "value": 9.0, "excluded": True} for i in range(10, 20)),
        *({"respondent": f"b{i}", "rule": "straightlining", "value": 1.0, "excluded": False} for i in range(4)),
    ]
    context = report_context(document, language="zh-CN")
    rules = next(part.tables for part in context.quality.parts if part.tables)[1]
    assert [c.label for c in rules.columns] == ["规则", "发现人数", "本步剔除"]
    assert rules.rows == (
        ("未通过注意力检测", "15", "15"),
        ("作答过快", "10", "5"),
        ("直线作答（整组题选同一答案）", "4", "0"),
    )
    assert "一名受访者可能同时触犯几条规则" in context.quality.paragraphs[0]
    document["disposition"]["rows"] = []
    assert "触犯" not in report_context(document, language="zh-CN").quality.paragraphs[0]
    assert context.headline.quality.startswith(
        "回收 500 份，采用 480 份，剔除 20 份：未通过注意力检测 15 份；作答过快 5 份。只标记、不据此剔除：直线作答"
    )


def test_an_earlier_answer_in_a_text_is_called_so(document):
    text = {"en": "You gave {lo2}, why? {x}", "zh-CN": "您打了 {lo2} 分，为什么？"}
    document["questionnaire"]["questions"][2]["text"] = text
    assert Results(document, "en").label("why") == "You gave [answer to lo2], why? {x}"
    assert Results(document, "zh-CN").label("why") == "您打了〔此处为 lo2 题的答案〕分，为什么？"


def test_scales_go_by_their_points(document):
    wording = report_context(document, language="en").wording
    assert wording.parts[0].tables[0].rows[0] == ("pr1", "The voltage is stable", "1–5")
    document["questionnaire"]["scales"].append(document["questionnaire"]["scales"][0] | {"id": "other5"})
    wording = report_context(document, language="en").wording
    assert wording.parts[0].tables[0].rows[0][2] == "1–5 (Strongly disagree … Strongly agree)"
    assert [t.caption for t in wording.parts[1].tables] == [
        "Scale 1–5 (Strongly disagree … Strongly agree)",
        "Scale 0–10",
    ]


def test_groups_are_compared_on_the_figures_of_their_table(document):
    for row in document["scores"]["rows"]:
        if row["group"] and row["statistic"] == "index":
            row["estimate"] = 1.0
    part = report_context(document, language="en").groups.parts[0]
    assert part.paragraphs[1].startswith("“Overall satisfaction” is highest for “West” with 77.2 [68.4, 86.0]")
    row = next(row for row in part.tables[0].rows if row[0] == "Overall satisfaction")
    assert row[4] == "77.2 [68.4, 86.0]"


def test_an_item_under_a_group_figure_ends_no_sentence_twice(document):
    document["questionnaire"]["constructs"][-1]["items"][1]["text"] = {"zh-CN": "您愿意推荐吗？"}
    rows = document["scores"]["rows"]
    nps = next(r for r in rows if r["statistic"] == "nps")
    rows += [nps | {"group_by": "ctype", "group": code} for code in ("h", "b")]
    parts = report_context(document, language="zh-CN").groups.parts
    table = next(part for part in parts if "客户类型" in part.title).tables[0]
    assert table.rows[-1][0] == "净推荐值（NPS）：您愿意推荐吗？"
