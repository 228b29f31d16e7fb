"""The folder of a release: replaced as a whole, put back where a replacement was broken off."""

import json
import sys

import pytest

from satmeter.publication import exchange as exchanges
from satmeter.publication import folder as folders
from satmeter.publication.folder import aside_of, check_place, write_release


def content(word):
    manifest = json.dumps({"kind": "satmeter.release", "word": word}).encode()
    return {"manifest.json": manifest, f"{word}.csv": word.encode()}


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("can", [True, False])
def test_nothing_is_left_beside_a_release(tmp_path, monkeypatch, can):
    if not can:
        monkeypatch.setattr(folders, "exchange", lambda one, other: False)
    place = tmp_path / "release"
    write_release(place, content("old"), replace=False)
    write_release(place, content("new"), replace=True)
    assert names(place) == ["manifest.json", "new.csv"]
    assert names(tmp_path) == ["release"]


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "release").mkdir()
    write_release(tmp_path / "release", content("new"), replace=False)
    assert names(tmp_path / "release") == ["manifest.json", "new.csv"]
    assert names(tmp_path) == ["release"]


def test_what_is_no_release_is_not_put_back(tmp_path):
    aside = aside_of(tmp_path / "release")
    aside.mkdir()
    (aside / "x").write_text("")
    check_place(tmp_path / "release", replace=True)
    assert not (tmp_path / "release").exists()


def test_systems_without_the_call(monkeypatch, tmp_path):
    (tmp_path / "a").mkdir()
    monkeypatch.setattr(exchanges.sys, "platform", "win32")
    assert not exchanges.exchange(tmp_path / "a", tmp_path / "b")
    monkeypatch.undo()
    if sys.platform.startswith("linux"):
        with pytest.raises(FileNotFoundError):
            exchanges.exchange(tmp_path / "a", tmp_path / "b")
