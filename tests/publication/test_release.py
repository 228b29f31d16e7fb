"""Releases as a user makes them: what is in the folder, what is refused, and the same bytes for the same input."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from satmeter.cli import publish
from satmeter.cli.main import run
from satmeter.errors import PublicationError
from satmeter.publication import folder
from satmeter.publication.manifest import read_manifest
from satmeter.publication.release import shown_to_all
from satmeter.publication.stacks import read_stacks


def bytes_of(place):
    return {p.relative_to(place).as_posix(): p.read_bytes() for p in sorted(place.rglob("*")) if p.is_file()}


def test_what_is_in_a_release(release):
    names = set(bytes_of(release))
    assert {
        *("README.txt", "manifest.json", "results.json", "policy.json", "study.yaml", "questionnaire.yaml"),
        *("inputs/margins.csv", "moments/index.json", "moments/stacks.npz", "tables/scores.csv"),
        *(f"{name}.{tag}" for name in ("publication", "method") for tag in ("en.html", "zh-CN.html")),
        *("method.en.md", "method.zh-CN.md", "tables.en.xlsx", "tables.zh-CN.xlsx"),
    } <= names
    assert any(name.startswith("figures/") for name in names)
    readme = (release / "README.txt").read_text("utf-8")
    assert "satmeter verify ." in readme
    assert "受访者 150 人" in readme
    policy = json.loads((release / "policy.json").read_text("utf-8"))
    assert policy["policy"]["min_n"] == 10
    content = read_manifest(release).content
    assert content["date"] == "2026-06-15"
    assert content["provenance"]["seed"] == 5
    assert content["tools"]["matplotlib"]


@pytest.mark.parametrize("which", ["release", "release_with_microdata"])
def test_nothing_private_leaves_the_house(which, request):
    place = request.getfixturevalue(which)
    for name, content in bytes_of(place).items():
        assert b"secret" not in content, name
        assert b"tel-139" not in content, name
        assert b"comment" not in content or not name.endswith(".yaml"), name
        assert str(place.parent.parent).encode() not in content, name


def test_who_is_quoted_has_no_name(release):
    document = json.loads((release / "results.json").read_text("utf-8"))
    rows = [{"question": "why", "theme": t, "respondent": r, "text": "x"} for t, r in (("a", "tel-1"), ("b", "tel-1"))]
    shown = shown_to_all(document | {"quotes": {"rows": rows, "notes": []}}, None)
    assert [row["respondent"] for row in shown["quotes"]["rows"]] == ["1", "1"]


def test_no_moment_is_shipped_of_a_hidden_group(small_study, tmp_path, quick):
    path = small_study(tmp_path)
    text = path.read_text("utf-8").replace("min_n: 10", "min_n: 80").replace("flag_n: 30", "flag_n: 100")
    path.write_text(text, encoding="utf-8")
    place = tmp_path / "release"
    assert run(["publish", str(path), "-o", str(place)]) == 0
    document = json.loads((place / "results.json").read_text("utf-8"))
    hidden = {(r["group_by"], r["group"]) for r in document["scores"]["rows"] if r["estimate"] is None}
    assert hidden == {("region", "n"), ("region", "s")}
    stacks = read_stacks({name: (place / name).read_bytes() for name in ("moments/index.json", "moments/stacks.npz")})
    assert {(e["group_by"], e["group"]) for e in stacks.index["scores"]} == {("", "")}
    assert stacks.index["rests"] == []


def test_the_same_input_gives_the_same_bytes_in_another_process(study_file, release, tmp_path):
    environment = os.environ | {"PYTHONHASHSEED": "12345", "SATMETER_LANG": "zh-CN", "TZ": "Asia/Shanghai"}
    command = [sys.executable, "-m", "satmeter", "publish", str(study_file), "-o", str(tmp_path / "again")]
    subprocess.run(command, check=True, capture_output=True, env=environment)
    assert bytes_of(tmp_path / "again") == bytes_of(release)


def code_of(capsys):
    return [line.split(":")[0] for line in capsys.readouterr().err.splitlines() if line[:1] == "P"]


def test_an_older_release_stands_until_it_shall_be_replaced(small_study, tmp_path, quick, capsys):
    path, place = small_study(tmp_path), tmp_path / "release"
    assert run(["publish", str(path), "-o", str(place)]) == 0
    first = bytes_of(place)
    assert run(["publish", str(path), "-o", str(place)]) == 1
    assert code_of(capsys) == ["P010"]
    path.write_text(path.read_text("utf-8").replace("seed: 5", "seed: 6"), encoding="utf-8")
    assert run(["publish", str(path), "-o", str(place), "--replace"]) == 0
    second = bytes_of(place)
    assert set(second) == set(first)
    assert second["results.json"] != first["results.json"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "release", "study.yaml"]


def test_nothing_else_is_written_into_a_release(small_study, tmp_path, quick, capsys):
    path, place = small_study(tmp_path), tmp_path / "release"
    assert run(["publish", str(path), "-o", str(place)]) == 0
    first = bytes_of(place)
    for words in (
        ["report", str(place)],
        ["report", str(place / "results.json")],
        ["run", str(path), "-o", str(place)],
    ):
        assert run(words) == 1
        assert code_of(capsys) == ["P011"]
    assert bytes_of(place) == first
    assert run(["report", str(place), "--to", "md", "--no-figures", "-o", str(tmp_path / "elsewhere")]) == 0


def test_a_folder_that_is_no_release_is_never_replaced(small_study, tmp_path, quick, capsys):
    path, place = small_study(tmp_path), tmp_path / "thesis"
    place.mkdir()
    (place / "manifest.json").write_text('{"kind": "something else"}')
    assert run(["publish", str(path), "-o", str(place), "--replace"]) == 1
    assert code_of(capsys) == ["P010"]
    assert [p.name for p in place.iterdir()] == ["manifest.json"]


@pytest.mark.parametrize("steps", [1, 2])
def test_nothing_is_published_by_halves(small_study, tmp_path, quick, monkeypatch, capsys, steps):
    path, place = small_study(tmp_path), tmp_path / "release"
    assert run(["publish", str(path), "-o", str(place)]) == 0
    before = bytes_of(place)
    real = os.replace

    def refuse(source, target):
        if Path(target) == place.absolute() and Path(source).name == "new":
            raise OSError(28, "No space left on device", str(target))
        real(source, target)

    def full(one, other):
        if steps == 2:  # the system cannot exchange folders
            return False
        raise OSError(28, "No space left on device", str(other))

    monkeypatch.setattr(folder.os, "replace", refuse)
    monkeypatch.setattr(folder, "exchange", full)
    assert run(["publish", str(path), "-o", str(place), "--replace"]) == 1
    assert bytes_of(place) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "release", "study.yaml"]


def test_everything_that_is_missing_is_told_at_once(small_study, tmp_path, capsys):
    path = small_study(tmp_path)
    text = path.read_text("utf-8")
    for line in (
        "  sampling: probability\n",
        "  sponsor: City Power\n",
        "  mode: web\n",
        "  limitations: none known\n",
    ):
        text = text.replace(line, "")
    path.write_text(text, encoding="utf-8")
    assert run(["publish", str(path), "-o", str(tmp_path / "release")]) == 1
    said = capsys.readouterr().err
    for key in ("sponsor", "mode", "limitations"):
        assert f"publication: {{{key}: …}}" in said
    assert "P004" in said
    assert not (tmp_path / "release").exists()


def test_files_that_the_release_needs_and_that_went_away(small_study, tmp_path, quick, monkeypatch, capsys):
    path = small_study(tmp_path)
    real = publish.analyse

    def analyse(*args, **options):
        found = real(*args, **options)
        (tmp_path / "data/margins.csv").unlink()
        return found

    monkeypatch.setattr(publish, "analyse", analyse)
    assert run(["publish", str(path), "-o", str(tmp_path / "release")]) == 1
    assert code_of(capsys) == ["P018"]


def test_a_release_that_does_not_give_its_figures_is_not_written(small_study, tmp_path, quick, monkeypatch, capsys):
    path = small_study(tmp_path, "  microdata: {include: [used, detail], k: 3, weights: unlinkable}\n")
    real = publish.analyse_again

    def wrong(place):
        found = real(place)
        found["scores"]["rows"][0]["estimate"] += 1e-6
        return found

    monkeypatch.setattr(publish, "analyse_again", wrong)
    assert run(["publish", str(path), "-o", str(tmp_path / "release")]) == 1
    assert code_of(capsys) == ["P029"]
    assert not (tmp_path / "release").exists()


def test_weights_for_nonresponse_are_released_in_place_of_the_cases(small_study, tmp_path, quick):
    """The sample file names people who did not answer; its factors are in the weights."""
    path, place = (
        small_study(tmp_path, "  microdata: {include: [used, detail], k: 3, weights: unlinkable}\n"),
        tmp_path / "release",
    )
    with (tmp_path / "data/answers.csv").open(encoding="utf-8") as file:
        answers = list(csv.DictReader(file))
    lines = [f"{row['respondent']},I,{row['region']}" for row in answers]
    lines += [f"absent-{i},R,{'ns'[i % 5 > 0]}" for i in range(60)]
    (tmp_path / "data/sample.csv").write_text("\n".join(["respondent,result,area", *lines]) + "\n", encoding="utf-8")
    text = path.read_text("utf-8").replace("{margins: data/margins.csv}", "{nonresponse: {by: [area], classes: cells}}")
    field = "fieldwork: {sample: data/sample.csv, key: respondent, disposition: result, codes: {I: I, R: R}}\n"
    path.write_text(text.replace("groups:", field + "groups:"), encoding="utf-8")
    assert run(["publish", str(path), "-o", str(place)]) == 0
    assert not any(b"absent" in content for content in bytes_of(place).values())
    answers = (place / "microdata/answers.csv").read_text("utf-8-sig")
    assert "base_weight" in answers.splitlines()[0]
    assert run(["verify", str(place), "--no-reports"]) == 0


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs ssh-keygen")
def test_a_signed_release(small_study, tmp_path, quick, capsys, monkeypatch):
    monkeypatch.setenv("SATMETER_LANG", "en")
    key, place = tmp_path / "key", tmp_path / "release"
    made = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "office", "-f", str(key)]
    subprocess.run(made, check=True)
    path = small_study(tmp_path)
    assert run(["publish", str(path), "-o", str(place), "--sign", str(key)]) == 0
    assert "manifest.json.sig" in (place / "README.txt").read_text("utf-8")
    signers = tmp_path / "signers"
    signers.write_text(f"office@example.org {(tmp_path / 'key.pub').read_text('utf-8')}")
    run(["verify", str(place), "--no-reports", "--signer", str(signers)])
    assert "signed by office@example.org" in capsys.readouterr().out
    (place / "manifest.json").write_bytes((place / "manifest.json").read_bytes().replace(b'"n": 150', b'"n": 151'))
    assert run(["verify", str(place), "--no-reports", "--signer", str(signers)]) == 1
    assert "was signed by nobody in the file of signers" in capsys.readouterr().out


WHOLE = '"kind": "satmeter.release", "schema_version": 1'
BAD = {
    "P021": ['{"kind": "other"}', "[]", "{", '{"kind": "satmeter.release", "schema_version": 9, "files": [1]}'],
    "P022": ["{" + WHOLE + "}", "{" + WHOLE + ', "files": []}'],
}
OUTSIDE = ["../x", "/etc/passwd", "a\\\\b", "c:/x", "manifest.json", ""]


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in BAD.items() for text in texts])
def test_manifests_that_are_none(tmp_path, code, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(PublicationError) as caught:
        read_manifest(tmp_path)
    assert [p.code for p in caught.value.problems] == [code]


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_manifest_names_no_file_outside(tmp_path, name):
    entry = f'{{"name": "{name}", "sha256": "0", "size": 1}}'
    (tmp_path / "manifest.json").write_text(f'{{"kind": "satmeter.release", "schema_version": 1, "files": [{entry}]}}')
    with pytest.raises(PublicationError) as caught:
        read_manifest(tmp_path)
    assert [p.code for p in caught.value.problems] == ["P021"]


def test_a_folder_without_a_manifest_is_no_release(tmp_path, capsys):
    assert run(["verify", str(tmp_path)]) == 1
    assert code_of(capsys) == ["P020"]
    assert run(["verify", str(tmp_path / "nowhere")]) == 1
    assert code_of(capsys) == ["P020"]
