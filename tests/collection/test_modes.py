"""Ways of answering: what the fieldwork file says of them, and a server made ready with who works in them."""

import pytest

from satmeter.collection.fielding import Wish, make_ready
from satmeter.collection.fieldwork_file import read_fieldwork
from satmeter.collection.fieldwork_modes import Modes
from satmeter.collection.monitor_password import hash_password
from satmeter.errors import SatmeterError

HASH = hash_password("correct horse", time_cost=1, memory_cost=64)


@pytest.fixture
def read(tmp_path, questionnaire):
    def _read(text):
        path = tmp_path / "fieldwork.yaml"
        path.write_text(f"satmeter: 1\n{text}\n", "utf-8")
        return read_fieldwork(path, questionnaire)

    return _read


@pytest.fixture
def folder(tmp_path, monkeypatch, store):
    """The questionnaire, agents of all roles, a fieldwork file."""
    (tmp_path / "shop.yaml").write_text(store.definitions()[0].text, "utf-8")
    (tmp_path / "agents.txt").write_text(f"a01:interviewer:{HASH}\nk01:entry:{HASH}\n", "utf-8")
    (tmp_path / "keyers.txt").write_text(f"k01:entry,lead:{HASH}\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def wrong(read, text):
    with pytest.raises(SatmeterError) as error:
        read(text)
    return [(problem.code, problem.line) for problem in error.value.problems]


def ready(folder, fieldwork="", **more):
    """Make a server ready; return its ways and agents, or the codes of what is wrong."""
    (folder / "fieldwork.yaml").write_text(f"satmeter: 1\n{fieldwork}\n", "utf-8")
    wish = Wish(questionnaire="shop.yaml", store="sqlite:///other.db", port=0, fieldwork="fieldwork.yaml", **more)
    try:
        with make_ready(wish) as made:
            return made.settings.ways, [agent.id for agent in made.settings.agents]
    except SatmeterError as error:
        return [problem.code for problem in error.problems]


@pytest.mark.parametrize(
    ("text", "modes"),
    [
        ("", Modes(("web",), 60, False)),
        ("modes: kiosk", Modes(("kiosk",), 60, False)),
        ("modes: [web, agent]", Modes(("web", "agent"), 60, False)),
        ("modes: {kiosk: {reset: 45}, web: }", Modes(("kiosk", "web"), 45, False)),
        ("modes: {paper: {same_keyer: yes}}", Modes(("paper",), 60, True)),
    ],
)
def test_ways_are_a_list_or_a_map_with_options(read, text, modes):
    assert read(text).modes == modes


def test_what_is_wrong_with_ways_and_scripts_is_told_at_once(read):
    text = """\
modes: {kiosk: {reset: 5}, agents: {}, paper: {same_keyer: perhaps}}
script:
  start: {zh-CN: 您好, en: Hello}
  pages:
    0: {zh-CN: 零, en: none}
    2: {zh-CN: 二, en: two}
    6: {zh-CN: 六, en: six}
    x: {zh-CN: 某, en: some}
  end: {zh-CN: 再见, en: Good bye}"""
    found = wrong(read, text)
    assert [pair for pair in found if pair[0] == "C103"] == [("C103", 6), ("C103", 8), ("C103", 9)]
    assert sorted(pair for pair in found if pair[0] != "C103") == [
        ("Q016", 10),
        ("Q027", 2),
        ("Q028", 2),
        ("Q029", 2),
    ]


def test_a_script_is_read_by_language_and_page(read):
    script = read("script: {start: {zh-CN: 您好, en: Hello}, pages: {2: {zh-CN: 二, en: two}}}").script
    assert (script.start.get("zh-CN"), script.pages[2].get("en")) == ("您好", "two")
    assert wrong(read, "script: [a]")[0][1] == 2


def test_agents_come_from_the_fieldwork_file_or_from_the_option(folder):
    assert ready(folder) == ((), [])
    assert ready(folder, "agents: agents.txt") == (("agent", "entry"), ["a01", "k01"])
    assert ready(folder, "agents: agents.txt", agents="keyers.txt")[1] == ["k01"]
    assert ready(folder, "modes: [web, kiosk]") == (("kiosk",), [])
    assert ready(folder, "agents: nobody.txt") == ["C100"]


def test_a_way_that_nobody_could_work_in_is_refused(folder):
    assert ready(folder, "modes: [agent, paper]") == ["C104", "C104"]
    assert ready(folder, "modes: [agent, paper]", agents="keyers.txt") == ["C104"]


def test_an_anonymous_survey_has_no_interviewers(folder):
    assert ready(folder, "anonymous: yes\nagents: agents.txt") == ["C105"]
    assert ready(folder, "anonymous: yes\nagents: keyers.txt")[1] == ["k01"]
