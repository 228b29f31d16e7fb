"""A release as it was published agrees; whatever is changed in it is found."""

import json
import random
import re

import pytest

from satmeter.cli.main import run
from satmeter.cli.publish import analyse_again
from satmeter.errors import PublicationError
from satmeter.publication import rendered_again, statements
from satmeter.publication.manifest import NAME, sha256
from satmeter.publication.rendered import rendering
from satmeter.publication.verify import verify_release


def checked(folder, **options):
    return verify_release(folder, analyse=analyse_again, **({"reports": False} | options))


def wrong(found):
    """What differs: part and the file or place."""
    return {(p.name, f.about, f.word) for p in found.parts for f in p.wrong} | {
        (p.name, d.place, "number") for p in found.parts for d in p.differences
    }


def part(found, name):
    return next(p for p in found.parts if p.name == name)


def test_a_release_with_moments_agrees(release):
    found = checked(release, reports=True)
    assert wrong(found) == set()
    for section in ("reliability", "ranks", "fit"):
        assert part(found, section).status == "agrees", section
    for section in ("scores", "comparisons", "drivers", "regression"):
        assert part(found, section).status == "partly", section
    for section in ("items", "distributions", "sample", "questions", "weighting", "margins", "priorities"):
        assert part(found, section).status == "partly", section
    names = {p.name for p in found.parts}
    assert {"publication.en", "publication.zh-CN", "method.en", "tables.zh-CN", "tables"} <= names
    assert all(part(found, name).agree for name in ("publication.en", "method.zh-CN", "tables.en"))


def test_a_release_with_microdata_is_computed_again_as_a_whole(release_with_microdata):
    found = checked(release_with_microdata)
    assert wrong(found) == set()
    sections = ("items", "distributions", "reliability", "scores", "comparisons", "ranks", "drivers", "regression")
    for section in (*sections, "fit", "priorities", "weighting", "margins", "study", "microdata/answers.csv"):
        assert part(found, section).status == "agrees", (section, part(found, section))
    assert part(found, "sample").status == "agrees"
    assert part(found, "questions").status == "partly"  # text answers and years are not released
    assert part(found, "disposition").status == "unchecked"


def test_what_the_command_says(release, broken, monkeypatch, capsys):
    monkeypatch.setenv("SATMETER_LANG", "en")
    assert run(["verify", str(release), "--no-reports"]) == 0
    assert "Nothing differs." in capsys.readouterr().out
    place = broken(release, lambda p: (p / "policy.json").write_text("{}"))
    assert run(["verify", str(place), "--no-reports"]) == 1
    said = capsys.readouterr().out
    assert "policy.json: was edited: SHA-256 or size differs" in said
    assert "This is not what was released" in said
    monkeypatch.setenv("SATMETER_LANG", "zh-CN")
    assert run(["verify", str(place), "--no-reports"]) == 1
    assert "policy.json: 被改动：SHA-256 或大小不符" in capsys.readouterr().out
    assert run(["verify", str(place), "--no-reports", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["kind"] == "satmeter.verification"
    assert told["good"] is False
    assert told["differ"] == 2  # its hash, and what the results give


def test_files_that_are_missing_added_and_edited(release, broken):
    def change(place):
        (place / "tables/scores.csv").unlink()
        (place / "extra.txt").write_text("x")
        (place / "README.txt").write_bytes((place / "README.txt").read_bytes() + b" ")

    found = wrong(checked(broken(release, change)))
    assert {
        ("files", "tables/scores.csv", "missing"),
        ("files", "extra.txt", "extra"),
        ("files", "README.txt", "edited"),
    } <= found


def test_an_added_file_is_found_when_the_manifest_was_forged(release, broken):
    place = broken(release, lambda p: (p / "tables/more.csv").write_text("a\n1\n"), forge=True)
    assert ("others", "tables/more.csv", "stray") in wrong(checked(place))


DIGIT = re.compile(r"\d")


def one_digit(text: str, rng: random.Random) -> str:
    """Change one digit at a random place."""
    at = rng.choice([m.start() for m in DIGIT.finditer(text)])
    return text[:at] + str((int(text[at]) + rng.randint(1, 9)) % 10) + text[at + 1 :]


def mutated(name, seed):
    def change(place):
        path = place / name
        data = path.read_bytes()
        mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
        path.write_bytes(mark + one_digit(data.decode("utf-8-sig"), random.Random(seed)).encode())

    return change


RESTED_ON = ("study.yaml", "questionnaire.yaml", "inputs/margins.csv", "policy.json", "README.txt")


@pytest.mark.parametrize("name", [*RESTED_ON, "moments/index.json", "tables/scores.csv", "tables/drivers.csv"])
def test_one_digit_in_any_file_is_found_when_the_manifest_was_forged(release, broken, name):
    found = checked(broken(release, mutated(name, name), forge=True))
    assert not found.good
    assert any(about == name for _, about, _ in wrong(found))


@pytest.mark.parametrize("seed", range(8))
def test_one_digit_of_the_results_is_found_whoever_wrote_the_manifest(release, broken, seed):
    """Tables, README and what the results rest on are made from them: all of these would have to be forged too."""
    place = broken(release, mutated("results.json", seed), forge=True)
    assert not checked(place).good


@pytest.mark.parametrize("seed", range(4))
def test_one_digit_of_the_manifest_is_found(release, broken, seed):
    def change(place):
        text = (place / NAME).read_text("utf-8")
        head, tools, rest = text.partition('"tools"')
        own = random.Random(seed).choice([0, 2])
        parts = [head, tools, rest]
        body, closing, files = rest.partition("}")
        parts = [head, tools + body + closing, files]
        parts[own] = one_digit(parts[own], random.Random(seed))
        (place / NAME).write_text("".join(parts), encoding="utf-8")

    place = broken(release, change)
    try:
        good = checked(place).good
    except PublicationError as error:  # a version or kind that nobody knows
        good = {p.code for p in error.problems} != {"P021"}
    assert not good


@pytest.mark.parametrize("seed", range(3))
def test_one_digit_of_the_microdata_is_found_by_computing(release_with_microdata, broken, changed_json, seed):
    """A forger who writes all digests anew, those in the results too, is found by the figures."""

    def change(place):
        path = place / "microdata/answers.csv"
        head, *rows = path.read_text("utf-8-sig").splitlines()
        names, rng = head.split(","), random.Random(seed)
        row, column = rng.randrange(len(rows)), names.index(rng.choice(["p1", "p2", "s2", "c1", "w"]))
        cells = rows[row].split(",")
        cells[column] = str(1 + int(cells[column]) % 5) if names[column] != "w" and cells[column].isdigit() else "1.5"
        rows[row] = ",".join(cells)
        path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8-sig")
        digest = sha256(path.read_bytes())
        changed_json(
            place / "results.json", lambda d: d["provenance"]["files"].update({"microdata/answers.csv": digest})
        )

    found = checked(broken(release_with_microdata, change, forge=True))
    assert part(found, "scores").differences or part(found, "items").differences
    assert ("inputs", "microdata/answers.csv", "bound") not in wrong(found)


@pytest.mark.parametrize(
    ("section", "column"),
    [("scores", "std_error"), ("scores", "estimate"), ("comparisons", "t"), ("reliability", "conf_low"),
     ("drivers", "share"), ("ranks", "rank_high"), ("fit", "estimate")],
)  # fmt: skip
def test_figures_that_a_forger_carried_through_every_table_are_found_by_the_moments(
    release, broken, changed_json, section, column
):
    def change(place):
        def edit(document):
            row = next(r for r in document[section]["rows"] if r.get(column))
            row[column] = row[column] * 1.01 if isinstance(row[column], float) else row[column] + 1

        changed_json(place / "results.json", edit)
        document = json.loads((place / "results.json").read_text("utf-8"))
        tables = next(make for name, make in rendering(document, ()) if name == "tables")
        for name, content in tables().items():
            (place / name).write_bytes(content)

    found = checked(broken(release, change, forge=True))
    (difference,) = part(found, section).differences
    assert column in difference.place
    assert part(found, "tables").status == "agrees"


def test_a_report_with_another_digit_is_found(release, broken, monkeypatch):
    name = "publication.en.html"

    def one_report(*given):
        return (job for job in rendering(*given) if job[0] == "publication.en")

    monkeypatch.setattr(rendered_again, "rendering", one_report)
    monkeypatch.setattr(rendered_again, "_strays", lambda *_: ())

    def change(place):
        text = (place / name).read_text("utf-8")
        start = text.index("<main")
        (place / name).write_text(text[:start] + one_digit(text[start:], random.Random(1)), encoding="utf-8")

    found = checked(broken(release, change, forge=True), reports=True)
    assert wrong(found) == {("publication.en", name, "bytes")}


def test_with_other_versions_numbers_are_read_back(release, broken, monkeypatch):
    monkeypatch.setattr(rendered_again, "tools", lambda: {"python": "9.9"})
    document = json.loads((release / "results.json").read_text("utf-8"))
    made = dict(rendering(document, ()))["tables"]()

    def jobs(*_):
        yield "tables", lambda: {n: c.replace(b"\r\n", b"\n") for n, c in made.items()}

    monkeypatch.setattr(rendered_again, "rendering", jobs)
    found = part(checked(release), "tables")
    assert (found.status, found.unchecked, found.why[0].word) == ("unchecked", len(made), "version")
    place = broken(release, mutated("tables/scores.csv", 3), forge=True)
    assert ("tables", "tables/scores.csv", "bytes") in wrong(checked(place))


def test_another_version_may_disclose_in_other_words(release, broken, changed_json, monkeypatch):
    def edit(document):
        document["disclosure"]["rows"][0]["text"]["en"] = "Another wording of 7 items."

    place = broken(release, lambda p: changed_json(p / "results.json", edit), forge=True)
    assert part(checked(place), "disclosure").status == "differs"
    monkeypatch.setattr(statements, "version", lambda _: "9.9")
    assert part(checked(place), "disclosure").status == "partly"


def test_a_public_document_that_may_not_be_published_is_found(release, broken, changed_json):
    def edit(document):
        document["ranks"]["rows"][0]["rank_low"] = None

    place = broken(release, lambda p: changed_json(p / "results.json", edit), forge=True)
    assert ("rules", "P003", "rules") in wrong(checked(place))


def test_results_that_cannot_be_read_are_a_finding(release, broken):
    place = broken(release, lambda p: (p / "results.json").write_text("{"), forge=True)
    assert ("results.json", "results.json", "damaged") in wrong(checked(place))


def test_moments_that_cannot_be_read_are_a_finding(release, broken):
    place = broken(release, lambda p: (p / "moments/stacks.npz").write_bytes(b"PK"), forge=True)
    assert ("figures", "moments/stacks.npz", "damaged") in wrong(checked(place))


def test_microdata_in_which_somebody_stands_out_are_a_finding(release_with_microdata, broken):
    def change(place):
        path = place / "microdata/answers.csv"
        path.write_bytes(path.read_bytes().replace(b",n,a;b,", b",n,b;a,", 1))

    found = wrong(checked(broken(release_with_microdata, change, forge=True)))
    assert ("microdata/answers.csv", "microdata/answers.csv", "anonymity") in found
