"""Answers that may identify a person are sealed; the key lies elsewhere."""

from __future__ import annotations

import base64
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.errors import JournalError
from satmeter.journal.sealing import SealingKey, is_sealed, make_key, pii_variables, read_key, seal, seal_values, unseal
from satmeter.questionnaire import read_questionnaire

KEY = SealingKey(bytes(range(32)), "a.key")
CELLS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])), st.integers(), st.floats(allow_nan=False, allow_infinity=False)
) | st.lists(st.text(st.characters(exclude_categories=["Cs"])))


@given(CELLS)
def test_what_is_sealed_can_be_opened_and_shows_nothing(value: object) -> None:
    cell = seal(value, KEY, response="r", variable="v")
    assert is_sealed(cell)
    assert unseal(cell, KEY, response="r", variable="v") == value


def test_a_sealed_answer_says_neither_what_nor_how_long() -> None:
    long, short = (seal(text, KEY, response="r", variable="v") for text in ("张三 13800000000 " * 3, "n"))
    assert len(long["sealed"]) == len(short["sealed"])
    hidden = base64.urlsafe_b64decode(long["sealed"].partition(".")[2])
    assert b"13800000000" not in hidden
    assert seal("n", KEY, response="r", variable="v") != short


@pytest.mark.parametrize("place", [{"response": "other"}, {"variable": "other"}])
def test_a_sealed_answer_moved_elsewhere_is_refused(place: dict[str, str]) -> None:
    cell = seal("13800000000", KEY, response="r", variable="v")
    with pytest.raises(JournalError) as caught:
        unseal(cell, KEY, **({"response": "r", "variable": "v"} | place))
    assert [p.code for p in caught.value.problems] == ["K055"]
    assert "138" not in caught.value.text()


@pytest.mark.parametrize("damage", [lambda t: t[:-8] + "AAAAAAA=", lambda t: t[:20], lambda t: t[:9] + "?"])
def test_a_changed_sealed_answer_is_refused(damage: object) -> None:
    cell = seal("13800000000", KEY, response="r", variable="v")
    with pytest.raises(JournalError) as caught:
        unseal({"sealed": damage(cell["sealed"])}, KEY, response="r", variable="v")  # type: ignore[operator]
    assert [p.code for p in caught.value.problems] == ["K055"]


def test_another_key_is_told_by_its_short_name() -> None:
    cell = seal("x", KEY, response="r", variable="v")
    other = SealingKey(bytes(32), "b.key")
    with pytest.raises(JournalError) as caught:
        unseal(cell, other, response="r", variable="v")
    (problem,) = caught.value.problems
    assert problem.code == "K052"
    assert problem.params == {"key": other.id, "needed": KEY.id}
    assert KEY.secret.hex() not in problem.text()


def test_a_key_file_is_made_for_its_owner_alone_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "survey.key"
    made = make_key(path)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert read_key(path).secret == made.secret
    assert read_key(path).warnings == ()
    assert made.secret.hex() not in repr(made)
    before = path.read_bytes()
    with pytest.raises(JournalError) as caught:
        make_key(path)
    assert [p.code for p in caught.value.problems] == ["K053"]
    assert path.read_bytes() == before


def test_a_key_file_that_others_can_read_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "survey.key"
    make_key(path)
    path.chmod(0o644)
    (warning,) = read_key(path).warnings
    assert (warning.code, warning.severity, warning.got) == ("K054", "warning", "0644")
    assert "权限 0600" in warning.text("zh-CN")


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "K050"), (b"", "K051"), (b"satmeter-key-1 abcd\n", "K051"), (b"\xff\xfe", "K051"), (b"x " * 90, "K051")],
)
def test_a_key_file_that_is_none(tmp_path: Path, content: bytes | None, code: str) -> None:
    path = tmp_path / "survey.key"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(JournalError) as caught:
        read_key(path)
    assert [p.code for p in caught.value.problems] == [code]


def test_without_the_library_the_message_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "cryptography.hazmat.primitives.ciphers.aead", None)
    with pytest.raises(JournalError) as caught:
        make_key(tmp_path / "survey.key")
    (problem,) = caught.value.problems
    assert problem.code == "K056"
    assert "satmeter[web]" in problem.text("en")
    assert not (tmp_path / "survey.key").exists()


def test_only_questions_marked_as_personal_are_sealed() -> None:
    questionnaire = read_questionnaire("power-utility")
    hidden = pii_variables(questionnaire)
    assert hidden
    (name, *_) = hidden
    values = {name: "电话 13800000000", "pv1": 4, "region": "n"}
    sealed = seal_values(questionnaire, values, KEY, response="r")
    assert (sealed["pv1"], sealed["region"]) == (4, "n")
    assert unseal(sealed[name], KEY, response="r", variable=name) == values[name]
    assert seal_values(questionnaire, {name: None}, KEY, response="r") == {name: None}
