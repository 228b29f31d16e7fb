"""The fieldwork file: every key, and every mistake at once with its line."""

import datetime

import pytest

from satmeter.collection.fieldwork_file import Fieldwork, Site, read_fieldwork
from satmeter.collection.fieldwork_modes import Modes
from satmeter.errors import CollectionError
from satmeter.questionnaire import read_questionnaire
from satmeter.questionnaire.model import Text

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def utility():
    return read_questionnaire("power-utility")


@pytest.fixture
def read(tmp_path, utility):
    def read(text):
        path = tmp_path / "fieldwork.yaml"
        path.write_text(text, "utf-8")
        return read_fieldwork(path, utility)

    return read


def problems_of(read, text):
    with pytest.raises(CollectionError) as error:
        read(text)
    assert error.value.text("en")
    assert error.value.text("zh-CN")
    return [(p.code, p.line, p.suggestion) for p in error.value.problems if p.severity == "error"]


def test_every_key_is_read(read, tmp_path):
    (tmp_path / "logo.png").write_bytes(PNG)
    found = read(
        """\
satmeter: 1
theme: {title: {zh-CN: 某市供电, en: City Power}, colour: "#0a5fA5", logo: logo.png}
quotas: {ctype: {res: 300, biz: 0}}
quota_hold: 30
plan: {ctype: {res: 200}}
device_limit: 2
anonymous: yes
no_reply: NC
retention: {until: 2027-06-30, contacts: "2027-01-31"}
closes: 2026-12-31
sites: {hall-1: {zh-CN: 一号厅, en: Hall 1}, hall-2: 二号厅}
modes: [web, kiosk]
"""
    )
    assert found == Fieldwork(
        title=Text((("zh-CN", "某市供电"), ("en", "City Power"))),
        colour="#0a5fA5",
        logo=PNG,
        logo_type="image/png",
        quotas={"ctype": {"res": 300, "biz": 0}},
        plan={"ctype": {"res": 200}},
        hold_minutes=30,
        device_limit=2,
        anonymous=True,
        no_reply="NC",
        until=datetime.date(2027, 6, 30),
        contacts_until=datetime.date(2027, 1, 31),
        closes=datetime.date(2026, 12, 31),
        sites=(
            Site("hall-1", Text((("zh-CN", "一号厅"), ("en", "Hall 1")))),
            Site("hall-2", Text((("zh-CN", "二号厅"),))),
        ),
        modes=Modes(("web", "kiosk")),
    )


def test_an_empty_file_of_fieldwork_has_the_defaults(read):
    assert read("satmeter: 1\n") == Fieldwork()
    assert read("satmeter: 1\nsites: [hall-1, hall-2]\n").sites == (Site("hall-1"), Site("hall-2"))


def test_every_mistake_is_told_at_once_with_its_line(read):
    wrong = """\
satmeter: 2
theme: {colour: blue, logo: nothing.gif}
quotas:
  ctpye: {res: 3}
  ctyp: {res: 3}
  ctype: {ress: 3, biz: many}
plan: {ctype: {res: -1}}
closes: 31.12.2026
retention: {until: 2027-02-30}
sites: [Hall 1, a, a]
modes: [web, kiosks]
device_limits: 1
"""
    codes = problems_of(read, wrong)
    assert codes == [
        ("Q030", 1, ""),
        ("C049", 2, ""),
        ("C048", 2, ""),
        ("C045", 4, "ctype"),
        ("C045", 5, "ctype"),
        ("Q016", 6, "res"),
        ("Q025", 6, ""),
        ("Q029", 7, ""),
        ("C047", 8, ""),
        ("C047", 9, ""),
        ("C050", 10, ""),
        ("C051", 10, ""),
        ("Q028", 11, "kiosk"),
        ("Q016", 12, "device_limit"),
    ]


def test_only_questions_of_which_one_option_is_ticked_have_quotas(read, utility):
    item = next(iter(utility.items))
    several = next((name for name, q in utility.questions.items() if q.type == "multiple"), item)
    assert problems_of(read, f"satmeter: 1\nquotas: {{{item}: {{1: 3}}}}\nplan: {{{several}: {{a: 1}}}}") == [
        ("C046", 2, ""),
        ("C046", 3, ""),
    ]


@pytest.mark.parametrize("content", [b"", b"x" * 200_001])
def test_a_logo_is_a_picture_of_sensible_size(read, tmp_path, content):
    (tmp_path / "logo.svg").write_bytes(content)
    assert problems_of(read, "satmeter: 1\ntheme: {logo: logo.svg}") == [("C049", 2, "")]


def test_a_file_that_is_not_there(read, tmp_path, utility):
    with pytest.raises(CollectionError) as error:
        read_fieldwork(tmp_path / "none.yaml", utility)
    assert [p.code for p in error.value.problems] == ["Q001"]
