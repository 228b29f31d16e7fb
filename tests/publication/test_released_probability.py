"""Releases of studies whose base weights come from probabilities of selection."""

import csv

import pytest

from satmeter.cli.main import run


def with_probabilities(folder, path):
    """Give every respondent a chance of selection by region, and the study file its column."""
    with (folder / "data/answers.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["chance"] = "0.2" if row["region"] == "n" else "0.125"
    with (folder / "data/answers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    text = path.read_text("utf-8").replace("design: {weight: w,", "design: {probability: chance,", 1)
    path.write_text(text, "utf-8")
    return rows


@pytest.mark.parametrize("nonresponse", [False, True])
def test_a_release_has_the_probabilities_or_the_weights_in_their_place(small_study, tmp_path, quick, nonresponse):
    path = small_study(tmp_path, "  microdata: {include: [used, detail], k: 3, weights: unlinkable}\n")
    rows, place = with_probabilities(tmp_path, path), tmp_path / "release"
    if nonresponse:
        lines = [f"{row['respondent']},I,{row['region']}" for row in rows]
        lines += [f"absent-{i},R,{'ns'[i % 5 > 0]}" for i in range(60)]
        (tmp_path / "data/sample.csv").write_text("\n".join(["respondent,result,area", *lines]) + "\n", "utf-8")
        field = "fieldwork: {sample: data/sample.csv, key: respondent, disposition: result, codes: {I: I, R: R}}\n"
        text = path.read_text("utf-8").replace("groups:", field + "groups:", 1)
        text = text.replace("{margins: data/margins.csv}", "{nonresponse: {by: [area], classes: cells}}")
        path.write_text(text, "utf-8")
    assert run(["publish", str(path), "-o", str(place)]) == 0
    header = (place / "microdata/answers.csv").read_text("utf-8-sig").splitlines()[0].split(",")
    study = (place / "microdata/study.yaml").read_text("utf-8")
    assert ("chance" in header, "base_weight" in header) == (not nonresponse, nonresponse)
    assert ("probability" in study.partition("publication:")[0], "base_weight" in study) == (
        not nonresponse,
        nonresponse,
    )
    assert run(["verify", str(place), "--no-reports"]) == 0
