"""Headers matched to variables, by whatever name the platform gave them."""

import pytest

from satmeter.errors import ResponsesError
from satmeter.questionnaire import read_questionnaire
from satmeter.responses.columns import match_columns


@pytest.fixture(autouse=True)
def _every_message_can_be_written(monkeypatch):
    """Write every error in both languages when it is raised."""
    begin = ResponsesError.__init__

    def written(self, problems):
        begin(self, problems)
        assert self.text("en") != self.text("zh-CN")

    monkeypatch.setattr(ResponsesError, "__init__", written)


def match(shop, *header, **columns):
    return match_columns("a.csv", header, shop, columns).variables


@pytest.mark.parametrize(
    ("header", "variable"),
    [
        ("p1", "p1"),
        ("P1", "p1"),
        ("质量可靠", "p1"),
        ("it is  RELIABLE.", "p1"),
        ("3、质量可靠", "p1"),
        ("3．质量可靠", "p1"),
        ("Q3. It is reliable", "p1"),
        ("Q3_1. It is reliable", "p1"),
        ("第3题 质量可靠", "p1"),
        ("12、您是否同意下列说法—质量可靠", "p1"),
        ("12、您是否同意下列说法——1、质量可靠", "p1"),
        ("7、推荐的可能[单选题]", "l1"),
        ("8、用过的渠道【多选题】", "used"),
        ("Would you recommend us?", "l1"),
        ("本题请选同意", "ac"),
    ],
)
def test_a_header_finds_its_variable(shop, header, variable):
    assert match(shop, header) == {variable: header}


def test_an_exact_id_goes_before_the_wording(shop):
    assert match(shop, "p1", "w", "外观好看") == {"p1": "p1", "p3": "外观好看"}


def test_columns_map_what_does_not_match_by_itself(shop):
    found = match_columns("a.csv", ["V1", "p1", "所用时间"], shop, {"V1": "p3", "所用时间": "seconds"})
    assert found.variables == {"p3": "V1", "p1": "p1"}
    assert found.others == {"seconds": "所用时间"}


def test_a_mapped_column_takes_the_place_of_its_wording(shop):
    found = match_columns("a.csv", ["V1", "质量可靠"], shop, {"V1": "p1"})
    assert found.variables == {"p1": "V1"}
    assert found.others == {"质量可靠": "质量可靠"}


def test_mistakes_in_the_mapping_come_at_once_with_a_suggestion(shop):
    with pytest.raises(ResponsesError) as error:
        match_columns("a.csv", ["IMAG1", "p1"], shop, {"IMAGE1": "p3", "p1": "pp2"})
    assert [(p.code, p.suggestion) for p in error.value.problems] == [("R016", "IMAG1"), ("R017", "p2")]


def test_two_columns_for_one_variable_are_refused(shop):
    with pytest.raises(ResponsesError) as error:
        match(shop, "p1", "3、质量可靠", "P1", "P3", "外观好看")
    assert [(p.code, p.params["variable"], p.params["columns"]) for p in error.value.problems] == [
        ("R015", "p1", "p1, 3、质量可靠, P1"),
        ("R015", "p3", "P3, 外观好看"),
    ]


def test_an_id_and_a_wording_for_the_same_variable_are_refused(shop):
    with pytest.raises(ResponsesError) as error:
        match(shop, "p1", "5、质量可靠", "p3")
    (problem,) = error.value.problems
    assert (problem.code, problem.about) == ("R015", ("column", "5、质量可靠"))
    assert problem.params == {"columns": "p1, 5、质量可靠", "variable": "p1"}


def test_the_paradata_of_wjx_are_known_unless_something_else_says_so(shop):
    header = ["序号", "提交答卷时间", "所用时间", "来源", "p1"]
    assert match_columns("a.csv", header, shop, {}).others == {
        "respondent": "序号",
        "submitted": "提交答卷时间",
        "seconds": "所用时间",
        "来源": "来源",
    }
    own = match_columns("a.csv", [*header, "Respondent", "t"], shop, {"t": "seconds"})
    assert own.others == {
        "序号": "序号",
        "submitted": "提交答卷时间",
        "所用时间": "所用时间",
        "来源": "来源",
        "respondent": "Respondent",
        "seconds": "t",
    }
    assert match_columns("a.csv", ["序号", "p1"], shop, {"序号": "age"}).variables == {"age": "序号", "p1": "p1"}


@pytest.mark.parametrize(
    ("header", "option"),
    [
        ("10、用过的渠道（网站）", "w"),
        ("10、用过的渠道(应用)", "a"),
        ("10、用过的渠道？【多选题】（柜台）", "c"),
        ("10、用过的渠道:网站", "w"),
        ("用过的渠道：A.网站", "w"),
        ("10、用过的渠道—柜台", "c"),
        ("Q10. Channels used (App, phone)", "a"),
        ("used:c", "c"),
    ],
)
def test_one_column_an_option_is_found(shop, header, option):
    found = match_columns("a.csv", ["p1", header], shop, {})
    assert (found.options, found.others) == ({"used": {option: header}}, {})


def test_what_looks_like_an_option_and_is_none_stays_aside(shop):
    header = ["p1", "10、用过的渠道（电话）", "所在城市（北城）", "渠道（网站）", "（网站）"]
    found = match_columns("a.csv", header, shop, {})
    assert (found.options, set(found.others)) == ({}, set(header[1:]))


def test_a_multiple_question_in_one_column_and_in_several_is_refused(shop):
    with pytest.raises(ResponsesError) as error:
        match(shop, "p1", "used", "用过的渠道（网站）", "用过的渠道（柜台）")
    (problem,) = error.value.problems
    assert (problem.code, problem.params["columns"]) == ("R015", "used, 用过的渠道（网站）")
    with pytest.raises(ResponsesError) as error:
        match(shop, "p1", "用过的渠道（网站）", "用过的渠道:网站")
    assert [p.params["variable"] for p in error.value.problems] == ["used = w"]


def test_a_wording_that_several_items_share_is_refused(tmp_path):
    (tmp_path / "q.yaml").write_text(
        "satmeter: 1\nid: q\nversion: '1'\ntitle: T\nlanguages: [en]\nscales:\n"
        "  s: {range: [1, 5], low: Low, high: High}\n"
        "constructs:\n"
        "  price: {role: driver, label: Price, scale: s, items: {a1: It is fair, a2: It is low}}\n"
        "  terms: {role: driver, label: Terms, scale: s, items: {b1: It is fair, b2: They are clear}}\n"
        "pages:\n  - [price, terms]\n",
        "utf-8",
    )
    questionnaire = read_questionnaire(tmp_path / "q.yaml")
    with pytest.raises(ResponsesError) as error:
        match_columns("a.csv", ["It is fair", "b2"], questionnaire, {})
    (problem,) = error.value.problems
    assert (problem.code, problem.about, problem.params["choices"]) == ("R014", ("column", "It is fair"), "a1, b1")
    assert match_columns("a.csv", ["It is fair", "b2"], questionnaire, {"It is fair": "b1"}).variables == {
        "b1": "It is fair",
        "b2": "b2",
    }


def test_nothing_that_matches_is_an_error_with_examples(shop):
    with pytest.raises(ResponsesError) as error:
        match(shop, "x", "y")
    assert [p.code for p in error.value.problems] == ["R013"]
    assert "ok, city, used" in error.value.text("en")
    assert "问卷 shop" in error.value.text("zh-CN")
