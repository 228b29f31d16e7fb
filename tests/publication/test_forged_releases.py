"""Releases made to mislead: verify reads nothing outside of them, waits for nothing, breaks at nothing."""

import io
import json
import os
import signal
import zipfile
from contextlib import contextmanager

import pytest

from satmeter.cli.main import run
from satmeter.cli.publish import analyse_again
from satmeter.cli.texts import TEXTS
from satmeter.errors import PublicationError
from satmeter.publication import rendered_again, stacks, verify
from satmeter.publication.manifest import NAME, SIGNATURE, read_manifest
from satmeter.publication.verify import verify_release


def checked(folder):
    return verify_release(folder, analyse=analyse_again, reports=False)


def wrong(found):
    return {(p.name, f.about, f.word) for p in found.parts for f in p.wrong}


@contextmanager
def in_time(seconds=20):
    """Fail where something waits for ever."""

    def late(*_):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("name", ["results.json", "study.yaml", "moments/stacks.npz", "README.txt"])
def test_links_out_of_a_release_are_not_followed(release, broken, tmp_path, name):
    outside = tmp_path / "outside"
    outside.write_bytes((release / name).read_bytes())

    def change(place):
        (place / name).unlink()
        (place / name).symlink_to(outside)

    assert ("files", name, "edited") in wrong(checked(broken(release, change)))


def test_a_manifest_that_is_a_link_is_none(release, broken, tmp_path):
    (tmp_path / NAME).write_bytes((release / NAME).read_bytes())

    def change(place):
        (place / NAME).unlink()
        (place / NAME).symlink_to(tmp_path / NAME)

    with pytest.raises(PublicationError) as caught:
        checked(broken(release, change))
    assert [p.code for p in caught.value.problems] == ["P021"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
@pytest.mark.parametrize("name", ["results.json", SIGNATURE, "more"])
def test_nobody_waits_for_a_pipe(release, broken, name):
    def change(place):
        (place / name).unlink(missing_ok=True)
        os.mkfifo(place / name)

    with in_time():
        found = wrong(checked(broken(release, change)))
    assert found == set() if name == SIGNATURE else found


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_manifest_that_is_a_pipe_is_none(tmp_path):
    os.mkfifo(tmp_path / NAME)
    with in_time(), pytest.raises(PublicationError) as caught:
        checked(tmp_path)
    assert [p.code for p in caught.value.problems] == ["P021"]


@pytest.mark.parametrize(
    "line",
    [
        "weighting: {margins: inputs/../../outside.csv}",
        "weighting: {margins: /outside.csv}",
        "reports: [{template: ../x}]",
    ],
)
def test_a_study_file_that_names_something_outside_is_not_followed(release, broken, line):
    def change(place):
        text = (place / "study.yaml").read_text("utf-8")
        key = line.partition(":")[0]
        kept = "".join(part for part in text.splitlines(keepends=True) if not part.startswith(f"{key}:"))
        (place / "study.yaml").write_text(f"{kept}{line}\n", encoding="utf-8")

    found = checked(broken(release, change, forge=True))
    (finding,) = next(p for p in found.parts if p.name == "study.yaml").wrong
    assert finding.word == "damaged"
    if "reports" not in line:
        assert finding.detail.startswith("P031: ")


def test_microdata_are_computed_by_the_study_file_of_the_release_only(release_with_microdata, broken, tmp_path):
    (tmp_path / "other.csv").write_text("respondent\n1\n")

    def change(place):
        path = place / "microdata/study.yaml"
        path.write_text(path.read_text("utf-8").replace("answers.csv", str(tmp_path / "other.csv")), encoding="utf-8")

    def never(path):
        raise AssertionError(path)

    place = broken(release_with_microdata, change, forge=True)
    found = verify_release(place, analyse=never, reports=False)
    assert ("figures", "microdata/study.yaml", "canonical") in wrong(found)


def packed(*members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def header(shape):
    text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()


def test_a_fault_of_the_program_is_not_laid_at_the_door_of_the_release(release, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(verify, "bound_inputs", broken)
    (finding,) = next(part for part in checked(release).parts if part.name == "inputs").wrong
    assert (finding.word, finding.detail) == ("unexpected", "ZeroDivisionError")
    assert "satmeter itself" in TEXTS["findings"]["unexpected"]["en"]


@pytest.mark.parametrize("shape", ["(100000000000000,)", "(-1,)", "(2,)"])
def test_arrays_that_are_not_what_they_say(release, broken, shape):
    data = packed(("a0.npy", header(shape) + bytes(8)))
    found = checked(broken(release, lambda p: (p / "moments/stacks.npz").write_bytes(data), forge=True))
    assert {about for part, about, word in wrong(found) if part == "figures"} <= {"moments/stacks.npz", "figures"}
    assert any(part == "figures" and word == "damaged" for part, _, word in wrong(found))


def test_arrays_that_unpack_to_too_much_are_not_read(release, broken, monkeypatch):
    monkeypatch.setattr(stacks, "LARGEST", 1_000)
    monkeypatch.setattr(stacks.np, "load", None)
    assert ("figures", "moments/stacks.npz", "damaged") in wrong(checked(release))


DAMAGE = {
    "study": {"study": {}},
    "policy": {"study": {"policy": "none"}},
    "dates": {"study": {"dates": 5}},
    "provenance": {"provenance": {}},
    "questionnaire": {"questionnaire": {}},
}


@pytest.mark.parametrize("name", DAMAGE)
def test_results_that_break_a_check_are_a_finding(release, broken, changed_json, name):
    def edit(document):
        for key, value in DAMAGE[name].items():
            document[key] = value

    found = checked(broken(release, lambda p: changed_json(p / "results.json", edit), forge=True))
    assert not found.good
    assert {"files", "signature", "inputs", "figures"} & {p.name for p in found.parts}


@pytest.mark.parametrize("entry", [{"sha256": "0"}, {"name": "NaN"}])
def test_a_manifest_names_a_file_once_and_has_numbers(release, broken, entry):
    def change(place):
        content = json.loads((place / NAME).read_text("utf-8"))
        if "sha256" in entry:
            content["files"].insert(0, content["files"][0] | entry)
        else:
            content["study"]["n"] = float("nan")
        (place / NAME).write_text(json.dumps(content, indent=1), encoding="utf-8")

    with pytest.raises(PublicationError) as caught:
        checked(broken(release, change))
    assert [p.code for p in caught.value.problems] == ["P021"]


def test_a_manifest_that_says_two_things_is_found(release, broken):
    def change(place):
        text = (place / NAME).read_text("utf-8")
        (place / NAME).write_text(text.replace('"date":', '"date": "2020-01-01",\n "date":', 1), encoding="utf-8")

    place = broken(release, change)
    assert read_manifest(place).content["date"] == "2026-06-15"
    assert wrong(checked(place)) == {("manifest", NAME, "canonical")}


@pytest.mark.parametrize("name", ["r\u0435sults.json", "Results.json", "publication.en.htm"])
def test_a_file_beside_the_real_one_is_found_without_reports_too(release, broken, name):
    found = checked(broken(release, lambda p: (p / name).write_text("{}"), forge=True))
    assert wrong(found) == {("others", name, "stray")}


def test_names_cannot_steer_the_terminal(release, broken, capsys):
    place = broken(release, lambda p: (p / "\x1b[2J\nfiles agrees").write_text("x"))
    assert run(["verify", str(place), "--no-reports"]) == 1
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "\\x1b[2J\\nfiles agrees" in said


def test_other_libraries_are_no_excuse_for_other_words(release, broken, monkeypatch):
    """Whoever claims other versions in the manifest cannot exchange two groups."""
    monkeypatch.setattr(rendered_again, "tools", lambda: {"python": "9.9"})

    def change(place):
        path = place / "tables/scores.csv"
        text = path.read_bytes().decode("utf-8-sig")
        one, *_, last = [line for line in text.splitlines() if line.startswith("product,mean_score,region")]
        swapped = text.replace(one, "?").replace(last, one.replace(",n,", ",s,", 1)).replace("?", last)
        assert sorted(swapped.replace(",s,", ",n,")) == sorted(text.replace(",s,", ",n,"))
        path.write_bytes(b"\xef\xbb\xbf" + swapped.encode())

    assert wrong(checked(release)) == set()
    assert ("tables", "tables/scores.csv", "bytes") in wrong(checked(broken(release, change, forge=True)))
