"""A small study, and two releases of it that all tests read: one with microdata, one with moments."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from satmeter.cli.main import run
from satmeter.publication.manifest import NAME, manifest_file, read_manifest
from satmeter.publication.rendered import rendering

QUESTIONNAIRE = """\
satmeter: 1
id: small
version: "1"
title: {zh-CN: 小问卷, en: Small survey}
languages: [zh-CN, en]
source: made for a test
licence: CC0-1.0
scales:
  agree5:
    points:
      1: {zh-CN: 很差, en: Very poor}
      2: {zh-CN: 差, en: Poor}
      3: {zh-CN: 一般, en: Fair}
      4: {zh-CN: 好, en: Good}
      5: {zh-CN: 很好, en: Very good}
    missing: {98: {zh-CN: 不了解, en: Don't know}}
constructs:
  product:
    role: driver
    label: {zh-CN: 产品, en: Product}
    scale: agree5
    items: {p1: {zh-CN: 一, en: One}, p2: {text: {zh-CN: 二, en: Two}, reverse: true}, p3: {zh-CN: 三, en: Three}}
  service:
    role: driver
    label: {zh-CN: 服务, en: Service}
    scale: agree5
    items: {s1: {zh-CN: 四, en: Four}, s2: {zh-CN: 五, en: Five}}
  satisfaction:
    role: satisfaction
    label: {zh-CN: 满意度, en: Satisfaction}
    scale: agree5
    items: {c1: {zh-CN: 六, en: Six}, c2: {zh-CN: 七, en: Seven}}
questions:
  region:
    type: choice
    text: {zh-CN: 地区, en: Region}
    options: {n: {zh-CN: 北, en: North}, s: {zh-CN: 南, en: South}}
  used: {type: multiple, text: {zh-CN: 业务, en: Services}, options: {a: {zh-CN: 甲, en: A}, b: {zh-CN: 乙, en: B}}}
  years: {type: number, min: 0, max: 60, text: {zh-CN: 年限, en: Years}}
  detail:
    type: choice
    show_if: "region == 'n'"
    text: {zh-CN: 细节, en: Detail}
    options: {x: {zh-CN: 是, en: "Yes"}, z: {zh-CN: 否, en: "No"}}
  why: {type: text, max: 200, text: {zh-CN: 原因, en: Reason}}
model: {satisfaction: [product, service]}
pages:
  - [region, used, years, detail]
  - [product, service, satisfaction, why]
"""

STUDY = """\
satmeter: 1
questionnaire: data/small.yaml
responses: data/answers.csv  # a comment that nobody shall read
design: {weight: w, cluster: branch}
weighting: {margins: data/margins.csv}
groups: [region]
comparisons: {against: [rest], targets: {satisfaction: 60}}
ranks: {units: [region]}
quality: {duplicates: exclude, attention: off}
uncertainty: {replicates: 100, seed: 5}
publication:
  policy: {min_n: 10, flag_n: 30}
  sampling: probability
  sponsor: City Power
  conductor: An institute
  population: {zh-CN: 全市居民, en: Households}
  frame: List of May
  recruitment: by letter
  mode: web
  dates: May 2026
  weighting: the inverse of the probability of selection
  limitations: none known
  date: "2026-06-15"
"""
MICRODATA = "  microdata: {include: [used, detail], k: 3, weights: unlinkable}\n"


def write_study(folder: Path, more: str = "", n: int = 150) -> Path:
    """Write questionnaire, margins, answers and study file; answers are drawn with a fixed seed."""
    rng = np.random.default_rng(8)
    data = folder / "data"
    data.mkdir(parents=True)
    (data / "small.yaml").write_text(QUESTIONNAIRE, encoding="utf-8")
    (data / "margins.csv").write_text("margin,category,value\nregion,n,0.55\nregion,s,0.45\n", encoding="utf-8")
    head = ["respondent", "submitted", "w", "branch", "region", "used", "years", "detail"]
    items = ["p1", "p2", "p3", "s1", "s2", "c1", "c2"]
    with (data / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*head, *items, "why"])
        for i in range(n):
            region = "ns"[int(rng.random() < 0.5)]
            mood = rng.normal(3.4 + 0.3 * (region == "n"), 0.8)
            marks = [int(np.clip(round(mood + rng.normal(0, 0.7)), 1, 5)) for _ in items]
            marks[1] = 6 - marks[1]
            cells = [str(mark) for mark in marks]
            if i % 17 == 0:
                cells[3] = "98"
            if i % 23 == 0:
                cells[0] = ""
            used = rng.choice(["a", "b", "a;b"])
            detail = rng.choice(["x", "z"]) if region == "n" else ""
            fixed = [f"tel-139{i:08d}", "2026-05-20", f"{rng.uniform(0.5, 2):.4f}", f"branch {i % 12}"]
            writer.writerow([*fixed, region, used, int(rng.integers(0, 30)), detail, *cells, f"secret {i}"])
    path = folder / "study.yaml"
    study = STUDY.replace("min_n: 10", "min_n: 3") if "microdata" in more else STUDY
    path.write_text(study + more, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def study_file(tmp_path_factory) -> Path:
    return write_study(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="session")
def study_with_microdata(tmp_path_factory) -> Path:
    return write_study(tmp_path_factory.mktemp("micro"), MICRODATA)


def published(study: Path, folder: Path) -> Path:
    assert run(["publish", str(study), "-o", str(folder)]) == 0
    return folder


@pytest.fixture(scope="session")
def release(study_file, tmp_path_factory) -> Path:
    """A release with moments; nobody changes it."""
    return published(study_file, tmp_path_factory.mktemp("moments") / "release")


@pytest.fixture(scope="session")
def release_with_microdata(study_with_microdata, tmp_path_factory) -> Path:
    """A release with microdata and tables, without reports; nobody changes it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("satmeter.publication.release.rendered_files", only_tables)
        return published(study_with_microdata, tmp_path_factory.mktemp("answers") / "release")


@pytest.fixture(scope="session")
def small_release():
    """Publish the study with other lines at its end and other groups; tables without reports."""

    def make(folder: Path, more: str, *, groups: str) -> Path:
        path = write_study(folder, more)
        path.write_text(path.read_text("utf-8").replace("groups: [region]", f"groups: {groups}"), encoding="utf-8")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("satmeter.publication.release.rendered_files", only_tables)
            return published(path, folder / "release")

    return make


def only_tables(document, asked, **_):
    return dict(rendering(document, asked))["tables"]()


@pytest.fixture
def quick(monkeypatch):
    """Publish tables, without reports and figures, which other tests look at."""
    monkeypatch.setattr("satmeter.publication.release.rendered_files", only_tables)


@pytest.fixture
def broken(tmp_path):
    """Copy a release, let something be changed in it, and let a forger write the manifest anew, or not."""

    def make(release: Path, change, *, forge: bool = False) -> Path:
        place = Path(shutil.copytree(release, tmp_path / "copy", dirs_exist_ok=True))
        change(place)
        if forge:
            content = dict(read_manifest(place).content)
            files = {p.relative_to(place).as_posix(): p.read_bytes() for p in place.rglob("*") if p.is_file()}
            files.pop(NAME)
            (place / NAME).write_bytes(manifest_file(content, files))
        return place

    return make


@pytest.fixture
def changed_json():
    """Change a JSON file in place, written as results are."""

    def change(path: Path, edit) -> None:
        content = json.loads(path.read_text("utf-8"))
        edit(content)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    return change


@pytest.fixture
def small_study():
    """Write the study with other lines at its end, or with another number of answers."""
    return write_study
