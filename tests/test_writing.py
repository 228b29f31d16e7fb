"""Files are written whole, and a set of files all or none."""

import os
import subprocess
from pathlib import Path

import pytest

from satmeter.writing import MANIFEST, check_writable, write_results_folder, write_set, write_whole


def contents(folder):
    return {str(p.relative_to(folder)): p.read_text("utf-8") for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_file_is_written_as_utf8_and_replaces_the_old_one(tmp_path):
    write_whole(tmp_path / "new" / "a.txt", "满意")
    write_whole(tmp_path / "new" / "a.txt", b"again")
    assert contents(tmp_path) == {"new/a.txt": "again"}


@pytest.mark.parametrize("failing", ["a", "sub/b"])
def test_a_set_that_cannot_be_written_leaves_everything_as_it_was(tmp_path, monkeypatch, failing):
    write_set(tmp_path, {"a": "1", "sub/b": "2"})
    real = os.replace

    def refusing(source, target):
        if Path(target) == tmp_path / failing and ".old" not in Path(source).name:
            raise PermissionError(13, "locked", str(source))
        real(source, target)

    monkeypatch.setattr(os, "replace", refusing)
    with pytest.raises(PermissionError) as caught:
        write_set(tmp_path, {"new": "0", "a": "3", "sub/b": "4"})
    assert caught.value.filename == str(tmp_path / failing)
    assert contents(tmp_path) == {"a": "1", "sub/b": "2"}


def test_a_folder_that_is_a_file_is_named(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(OSError, match="taken"):
        write_whole(tmp_path / "taken" / "a.txt", "x")


def test_a_place_that_refuses_is_named_before_anything_is_made(tmp_path, monkeypatch):
    check_writable(tmp_path / "new" / "deep")
    assert not (tmp_path / "new").exists()
    (tmp_path / "taken").write_text("")
    with pytest.raises(NotADirectoryError, match="taken"):
        check_writable(tmp_path / "taken" / "out")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(PermissionError):
        check_writable(tmp_path / "out")


def test_what_an_earlier_run_wrote_goes_and_what_others_wrote_stays(tmp_path):
    write_results_folder(tmp_path, {"report.html": "1", "figures/old.svg": "2", "figures/edited.svg": "3"})
    (tmp_path / "figures/edited.svg").write_text("by hand")
    (tmp_path / "figures/mine.svg").write_text("mine")
    write_results_folder(tmp_path, {"report.html": "4"})
    left = contents(tmp_path)
    left.pop(MANIFEST)
    assert left == {"report.html": "4", "figures/edited.svg": "by hand", "figures/mine.svg": "mine"}


def test_the_manifest_is_checked_by_sha256sum_and_cannot_reach_outside(tmp_path):
    folder = tmp_path / "out"
    write_results_folder(folder, {"report.html": "满意", "tables/a.csv": b"1"})
    subprocess.run(["sha256sum", "-c", "--quiet", MANIFEST], cwd=folder, check=True)
    outside = tmp_path / "precious"
    outside.write_text("x")
    digest = subprocess.run(["sha256sum", outside], capture_output=True, check=True, encoding="utf-8").stdout.split()[0]
    (folder / MANIFEST).write_text(f"{digest}  ../precious\n{digest}  {outside}\n")
    write_results_folder(folder, {"report.html": "2"})
    assert outside.read_text() == "x"
