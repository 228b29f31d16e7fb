"""The key `verbatims`: what reaches the plan, what is refused with its line, and the codes that coders gave."""

import pytest

from satmeter.errors import StudyError
from satmeter.study import open_answers
from satmeter.study.plan import Theme, Verbatim

THEMES = """\
verbatims:
  why:
    themes:
      price: {label: {zh-CN: 价格, en: Price}, words: [电费, price], not: [价格公示]}
      outage: {label: 停电, words: 停电}
      staff: {words: [staff]}
    quotes: 3
"""


def test_the_key_reaches_the_plan(plan_of):
    (found,) = plan_of(THEMES).verbatims
    assert (found.question, found.coded, found.quotes, found.line) == ("why", None, 3, 5)
    assert found.themes == (
        Theme("price", {"zh-CN": "价格", "en": "Price"}, ("电费", "price"), ("价格公示",)),
        Theme("outage", {"und": "停电"}, ("停电",)),
        Theme("staff", {"und": "staff"}, ("staff",)),
    )
    assert plan_of("verbatims: {why: }\n").verbatims == (Verbatim("why", line=4),)
    assert plan_of("").verbatims == ()


def test_a_frame_of_its_own_is_the_same_as_one_in_the_study_file(plan_of, folder):
    lines = THEMES.splitlines()
    (folder / "themes.yaml").write_text("\n".join(line[6:] for line in lines[3:6]), "utf-8")
    own = plan_of("verbatims: {why: {frame: themes.yaml, quotes: 3}}\n")
    assert own.verbatims[0].themes == plan_of(THEMES).verbatims[0].themes
    assert own.digest == plan_of("\n" + THEMES).digest


def test_digests_follow_the_frame_and_not_its_absence(plan_of):
    plain = plan_of("").digest
    assert plan_of("verbatims:\n").digest == plain
    assert plan_of(THEMES).digest != plain
    assert plan_of(THEMES.replace("staff]", "clerk]")).digest != plan_of(THEMES).digest


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("verbatims: {city: }\n", "S070", 4),
        ("verbatims:\n  whyy: {themes: {a: {words: b}}}\n", "S070", 5),
        ("verbatims:\n  why:\n    themes:\n      a: {label: A}\n", "S071", 7),
        ("verbatims:\n  why:\n    themes:\n      a: {words: ['', b]}\n", "S071", 7),
        ("verbatims:\n  why: {themes: {a: {words: b}},\n    frame: x.yaml}\n", "S072", 6),
        ("verbatims:\n  why:\n    coded: c\n", "S073", 6),
        ("verbatims:\n  why:\n    coded: c\n    themes:\n      a: {words: b}\n", "S073", 8),
        ("verbatims:\n  why:\n    themes:\n      other: {words: b}\n", "S074", 7),
        ("verbatims:\n  why: {quotes: 3}\n", "S076", 5),
        ("verbatims:\n  why: {quotes: 30}\n", "Q029", 5),
        ("verbatims:\n  why: {themes: {a: {words: b}}, quote: 3}\n", "Q016", 5),
        ("verbatims:\n  why: {themes: {a: {label: {fr: A}, words: b}}}\n", "Q035", 5),
        ("verbatims:\n  why: {themes: {a: {label: [A], words: b}}}\n", "Q018", 5),
        ("verbatims: [why]\n", "Q018", 4),
    ],
)
def test_what_cannot_be_is_named_with_its_line(plan_of, text, code, line):
    with pytest.raises(StudyError) as error:
        plan_of(text)
    assert [(p.code, p.line) for p in error.value.problems] == [(code, line)]
    assert error.value.text("zh-CN")


def test_mistakes_of_a_frame_bear_its_name(plan_of, folder):
    with pytest.raises(StudyError) as error:
        plan_of("verbatims: {why: {frame: none.yaml}}\n")
    assert [(p.code, p.file.endswith("none.yaml")) for p in error.value.problems] == [("Q001", True)]
    (folder / "themes.yaml").write_text("a: {words: b}\nc: {label: C}\n", "utf-8")
    with pytest.raises(StudyError) as error:
        plan_of("verbatims: {why: {frame: themes.yaml}}\n")
    assert [(p.code, p.line, p.file.endswith("themes.yaml")) for p in error.value.problems] == [("S071", 2, True)]


def test_answers_that_are_personal_data_are_only_counted(plan_of, folder):
    text = (folder / "shop.yaml").read_text("utf-8")
    (folder / "shop.yaml").write_text(text.replace("why: {type: text,", "why: {type: text, pii: yes,"), "utf-8")
    for refused in ("verbatims: {why: }\n", THEMES):
        with pytest.raises(StudyError) as error:
            plan_of(refused)
        assert [p.code for p in error.value.problems] == ["S078"]
    assert plan_of(THEMES.replace("    quotes: 3\n", "")).verbatims[0].quotes == 0


CODED = """\
quality: {too_many_missing: off}
verbatims:
  why:
    coded: codes
    themes: {a: {label: A}, b: {label: B}}
"""
HEADER = ("p1", "p2", "p3", "s1", "l1", "why", "codes")


def rated(*ends):
    """Rows of ratings that differ, with these cells at their ends."""
    return [f"{k},2,3,4,{k + 1},{end}" for k, end in enumerate(ends, 1)]


def test_codes_of_coders_are_read_whatever_joins_them(study_of):
    rows = rated("x,a;b", "x, b ", "x,", "x,a┋b", ",")
    study = study_of(rows, CODED, HEADER)
    assert study.codes["why"].to_dict("list") == {
        "a": [True, False, False, True, False],
        "b": [True, True, False, True, False],
    }
    assert "R110" not in [note.code for note in study.notes]


def test_codes_follow_exclusions_and_frequencies(study_of):
    text = CODED.replace("quality: {", "design: {frequency: f}\nquality: {duplicates: off, ")
    study = study_of(rated("x,a,2", "x,b,0", "x,b,1"), text, (*HEADER, "f"))
    assert study.codes["why"]["a"].tolist() == [True, True, False]
    assert study.codes["why"].index.equals(study.frame.index)


def test_codes_that_no_theme_has_are_told_by_line_and_never_shown(study_of):
    with pytest.raises(StudyError) as error:
        study_of(rated("x,a", "x,a;secret", "x,secret"), CODED, HEADER)
    (problem,) = error.value.problems
    assert (problem.code, problem.params["rows"], problem.params["n"]) == ("S075", "3, 4", 2)
    assert "secret" not in error.value.text("en") + error.value.text("zh-CN")


def test_a_column_of_codes_that_is_not_there(study_of):
    with pytest.raises(StudyError) as error:
        study_of(rated("x,a"), CODED.replace("coded: codes", "coded: code"), HEADER)
    (problem,) = error.value.problems
    assert (problem.code, problem.suggestion) == ("S079", "codes")


def test_words_of_chinese_answers_need_jieba(study_of, monkeypatch):
    monkeypatch.setattr(open_answers, "find_spec", lambda name: None)
    text = "quality: {too_many_missing: off}\nverbatims: {why: }\n"
    assert study_of(rated("too dear", ""), text, HEADER[:-1]).n == 2
    with pytest.raises(StudyError) as error:
        study_of(rated("电费贵", ""), text, HEADER[:-1])
    assert [p.code for p in error.value.problems] == ["S077"]
    assert "电费贵" not in error.value.text("zh-CN")
    themes = THEMES.replace("verbatims:", "quality: {too_many_missing: off}\nverbatims:")
    assert study_of(rated("电费贵", ""), themes, HEADER[:-1]).n == 2
