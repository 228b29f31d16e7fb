"""The command line as a user meets it."""

import json
import os
import subprocess
import sys

import pytest

from satmeter.cli.main import VERBS, run


def call(*arguments, language="en", cwd=None):
    environment = os.environ | {"SATMETER_LANG": language, "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-m", "satmeter", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        cwd=cwd,
    )


@pytest.mark.parametrize(("language", "word"), [("en", "Commands:"), ("zh-CN", "命令\uff1a")])
def test_help_lists_every_verb_in_the_users_language(language, word):
    shown = call("--help", language=language)
    assert shown.returncode == 0
    assert word in shown.stdout
    assert all(f"  {verb} " in shown.stdout for verb in VERBS)


def test_no_arguments_shows_the_help():
    assert call().stdout == call("--help").stdout


def test_the_help_of_every_verb_shows_nothing_of_the_programs_inside():
    for verb in VERBS:
        for language in ("en", "zh-CN"):
            shown = call(verb, "--help", language=language).stdout
            assert "UNSET" not in shown
            assert "Sentinel" not in shown
            if language == "zh-CN":
                assert "OPTIONS" not in shown
                assert "TEXT" not in shown
                assert "\u9009\u9879\uff1a" in shown


def test_version():
    assert call("--version").stdout.startswith("satmeter 0.")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["chek", "x"], "U001", "did you mean 'check'?"),
        (["check", "--lang", "x"], "U002", ""),
        (["form", "power-utility", "--langage", "en"], "U002", "did you mean '--language'?"),
        (["check"], "U003", "FILE"),
        (["simulate", "power-utility", "-n", "many"], "U004", "-n many"),
        (["form", "power-utility", "--to", "word"], "U004", "--to word"),
        (["demo", "-n", "0"], "U004", "1 ≤ x"),
        (["check", "power-utility", "and", "more"], "U005", ""),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_misuse_is_a_coded_message_on_stderr_and_exit_code_2(arguments, code, words, language):
    shown = call(*arguments, language=language)
    assert shown.returncode == 2
    assert shown.stdout == ""
    assert shown.stderr.startswith(f"{code}: ")
    assert "Traceback" not in shown.stderr
    if language == "en":
        assert words in shown.stderr


def test_check_of_a_good_questionnaire_exits_0():
    shown = call("check", "power-utility")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "power-utility" in shown.stdout


def test_check_shows_all_errors_at_once_in_line_order_and_exits_1(tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text(
        "satmeter: 1\nid: x\nversion: '1'\ntitle: X\nlanguages: [en]\nscals: {}\nscales:\n"
        "  agree5: {points: {1: a, 2: b}}\nconstructs:\n  c:\n    role: driver\n    label: C\n"
        "    scale: agre5\n    items: {i1: one, i2: two}\n",
        "utf-8",
    )
    shown = call("check", broken)
    assert shown.returncode == 1
    assert "did you mean 'scales'?" in shown.stdout
    assert "did you mean 'agree5'?" in shown.stdout
    assert shown.stdout.index(f"{broken}:6") < shown.stdout.index(f"{broken}:13")
    assert "Traceback" not in shown.stderr


def test_a_file_that_may_not_be_written_is_a_coded_message(tmp_path):
    (tmp_path / "taken").write_text("")
    shown = call("form", "power-utility", "-o", tmp_path / "taken" / "form.html")
    assert shown.returncode == 1
    assert shown.stderr.startswith("U006: ")


def test_a_folder_in_place_of_a_file_is_a_coded_message(tmp_path):
    shown = call("report", tmp_path)
    assert shown.returncode == 1
    assert "Traceback" not in shown.stderr


def test_an_unforeseen_failure_is_told_without_a_traceback(monkeypatch, capsys):
    monkeypatch.setattr("satmeter.cli.questionnaires.builtin_names", lambda shelf: 1 / 0)
    assert run(["questionnaires"]) == 1
    message = capsys.readouterr().err
    assert message.startswith("U999: ")
    assert "Traceback" not in message


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (FileNotFoundError(2, "No such file", "x.yaml"), "U007"),
        (IsADirectoryError(21, "Is a directory", "x"), "U007"),
        (PermissionError(13, "Permission denied", "x"), "U006"),
        (OSError(28, "No space left on device"), "U006"),
    ],
)
def test_what_the_system_refuses_is_told_with_its_reason(monkeypatch, capsys, failure, code):
    def fails(shelf):
        raise failure

    monkeypatch.setattr("satmeter.cli.questionnaires.builtin_names", fails)
    assert run(["questionnaires"]) == 1
    message = capsys.readouterr().err
    assert message.startswith(f"{code}: ")
    assert failure.strerror in message


def test_the_questionnaires_verb_lists_all(tmp_path):
    shown = call("questionnaires")
    assert shown.returncode == 0
    assert [line.split()[0] for line in shown.stdout.splitlines()] == ["ecsi-mobile", "power-utility"]


@pytest.fixture(scope="module")
def small_study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    made = call("simulate", "power-utility", "-n", 80, "--seed", 3, "-o", folder / "answers.csv")
    assert made.returncode == 0, made.stderr
    (folder / "study.yaml").write_text(
        "satmeter: 1\nquestionnaire: power-utility\nresponses: answers.csv\ngroups: [region]\n"
        "uncertainty: {replicates: 100}\n",
        "utf-8",
    )
    return folder


def test_run_writes_results_tables_figures_and_both_reports(small_study):
    shown = call("run", small_study / "study.yaml", "-o", small_study / "out", "--timings")
    assert shown.returncode == 0, shown.stderr
    out = small_study / "out"
    document = json.loads((out / "results.json").read_text("utf-8"))
    assert (document["kind"], document["schema_version"]) == ("satmeter.results", 1)
    assert {path.name for path in out.glob("report.*")} == {"report.zh-CN.html", "report.en.html"}
    assert (out / "tables" / "scores.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert list((out / "figures").glob("*.svg"))
    assert shown.stdout.splitlines()[-1].endswith("results.json")
    assert " s  drivers" in shown.stderr


def test_the_same_input_gives_the_same_bytes(small_study):
    for name in ("first", "second"):
        assert call("run", small_study / "study.yaml", "-o", small_study / name).returncode == 0
    first, second = small_study / "first", small_study / "second"
    files = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert len(files) > 10
    assert [name for name in files if (first / name).read_bytes() != (second / name).read_bytes()] == []


def test_report_renders_again_from_results_alone(small_study, tmp_path):
    assert call("run", small_study / "study.yaml", "-o", tmp_path / "out").returncode == 0
    shown = call("report", tmp_path / "out/results.json", "--language", "en", "-o", tmp_path / "again")
    assert shown.returncode == 0, shown.stderr
    again = (tmp_path / "again/report.en.html").read_bytes()
    assert again == (tmp_path / "out/report.en.html").read_bytes()
    both = call("report", tmp_path / "out/results.json", "--to", "md", "--to", "html", "--language", "en")
    assert both.stdout.split() == [str(tmp_path / "out" / f"report.en.{form}") for form in ("md", "html")]
    refused = call("report", tmp_path / "out/results.json", "--to", "odt")
    assert refused.returncode == 2
    assert refused.stderr.startswith("T007: ")


def test_a_run_tells_what_it_noticed_about_the_answers(small_study, tmp_path):
    lines = (small_study / "answers.csv").read_text("utf-8-sig").splitlines()
    columns = lines[0].split(",")
    renamed = [",".join("other" if name == "sv3" else name for name in columns), *lines[1:]]
    (tmp_path / "answers.csv").write_text("\n".join(renamed), "utf-8")
    (tmp_path / "study.yaml").write_text((small_study / "study.yaml").read_text("utf-8"), "utf-8")
    shown = call("run", tmp_path / "study.yaml", "-o", tmp_path / "out", "--no-figures")
    assert shown.returncode == 0, shown.stderr
    assert "R103" in shown.stderr
    assert "sv3" in shown.stderr


def test_the_methodologists_run_adds_its_sections(small_study, tmp_path):
    study = (small_study / "study.yaml").read_text("utf-8") + "measurement: full\n"
    (small_study / "full.yaml").write_text(study, "utf-8")
    shown = call("run", small_study / "full.yaml", "-o", tmp_path / "out", "--no-figures")
    assert shown.returncode == 0, shown.stderr
    assert "Warning" not in shown.stderr
    document = json.loads((tmp_path / "out/results.json").read_text("utf-8"))
    assert {"htmt", "ave"} <= {row["statistic"] for row in document["validity"]["rows"]}
    assert "lambda2" in {row["coefficient"] for row in document["reliability"]["rows"]}


def test_a_second_run_takes_away_what_the_first_one_wrote_and_it_does_not(small_study, tmp_path):
    assert call("run", small_study / "study.yaml", "-o", tmp_path / "out").returncode == 0
    (tmp_path / "out/figures/mine.svg").write_text("mine")
    assert call("run", small_study / "study.yaml", "-o", tmp_path / "out", "--no-figures").returncode == 0
    assert [path.name for path in (tmp_path / "out/figures").iterdir()] == ["mine.svg"]


def test_a_failed_run_writes_nothing(small_study, tmp_path):
    (small_study / "empty.csv").write_text("")
    (small_study / "bad.yaml").write_text("satmeter: 1\nquestionnaire: power-utility\nresponses: empty.csv\n", "utf-8")
    shown = call("run", small_study / "bad.yaml", "-o", tmp_path / "out")
    assert shown.returncode == 1
    assert "Traceback" not in shown.stderr
    assert not (tmp_path / "out").exists()
