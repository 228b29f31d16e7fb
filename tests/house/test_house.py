"""The rules of the house that no linter knows."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from satmeter.builtin import builtin_names
from satmeter.errors import Note, Problem
from satmeter.errors.catalogue import entries

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "base", "misc"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT / "src")))
def test_a_module_is_small_and_its_name_says_what_it_does(path):
    lines = path.read_text("utf-8").count("\n")
    assert lines <= 500, f"{lines} lines: split it by what it does"
    assert path.stem not in FORBIDDEN_NAMES


def test_imports_of_our_own_rooms_stand_at_the_top():
    """An import inside a function hides a circle; only cli and the lazy __init__ may."""
    found = []
    for path in SOURCES:
        if path.parent.name == "cli" or path == ROOT / "src/satmeter/__init__.py":
            continue
        tree = ast.parse(path.read_text("utf-8"))
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("satmeter"):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []


def _modules_after(code: str) -> set[str]:
    script = f"import sys, json\n{code}\nprint('MODULES' + json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, encoding="utf-8")
    return set(json.loads(run.stdout.split("MODULES")[1]))


HEAVY = {"numpy", "pandas", "scipy", "statsmodels", "pingouin", "matplotlib", "jinja2", "rich", "pypandoc"}


@pytest.mark.parametrize(
    "code",
    [
        "import satmeter",
        "from satmeter.cli.main import run; assert run(['--help']) == 0",
        "from satmeter.cli.main import run; assert run(['--version']) == 0",
        "from satmeter.cli.main import run; assert run(['check', 'power-utility']) == 0",
    ],
)
def test_light_commands_load_nothing_heavy(code):
    assert _modules_after(code) & HEAVY == set()


def test_a_run_without_figures_draws_nothing_and_loads_no_oracle():
    modules = _modules_after("import satmeter.cli.run")
    assert modules & {"matplotlib", "statsmodels", "pingouin", "scipy.stats", "sklearn"} == set()


def test_every_code_speaks_both_languages():
    wrong = []
    for code, entry in entries().items():
        for part, texts in entry.items():
            fields = {name: set(re.findall(r"{(\w+)", text)) for name, text in texts.items()}
            if set(texts) != {"en", "zh-CN"} or not all(texts.values()):
                wrong.append(f"{code}.{part}: both languages are needed")
            elif fields["en"] != fields["zh-CN"]:
                wrong.append(f"{code}.{part}: fields differ {fields}")
        missing = {"title", "explain"} - set(entry)
        wrong += [f"{code}: no {part}" for part in missing]
    assert wrong == []


def test_every_code_is_used_and_every_used_code_is_known():
    text = "\n".join(path.read_text("utf-8") for path in SOURCES)
    used = set(re.findall(r'"([CDFJKMNPQRSTU]\d{3})"', text))
    assert used - set(entries()) == set()
    assert set(entries()) - used == set()


def test_every_code_is_raised_by_a_test():
    tests = "\n".join(p.read_text("utf-8") for p in (ROOT / "tests").rglob("*.py") if p != Path(__file__))
    assert [code for code in entries() if code not in tests] == []


def test_the_wording_of_every_message_is_the_reviewed_one():
    """`python tests/house/write_messages.py` writes the snapshot; its diff is read in review."""
    reviewed = (ROOT / "tests/snapshots/messages.txt").read_text("utf-8")
    assert all_messages() == reviewed


class Field(str):
    """Stands for the value of a field, whatever number format the sentence asks for."""

    def __format__(self, _):
        return str(self)


def all_messages() -> str:
    """Every message in both languages, fields shown as ⟨name⟩."""
    parts = []
    for code, entry in entries().items():
        fields = set(re.findall(r"{(\w+)", json.dumps(entry, ensure_ascii=False))) | {"about"}
        params = {name: Field(f"⟨{name}⟩") for name in fields - {"about"}}
        for language in ("en", "zh-CN"):
            if int(code[1:4]) >= 100 and "hint" not in entry and "expected" not in entry:
                parts.append(f"{code}: {Note(code, '⟨about⟩', params).text(language)}")
            else:
                parts.append(Problem(code, params=params | {"about": "⟨about⟩"}).text(language))
    return "\n".join(parts) + "\n"


def test_documents_that_are_written_from_the_code_are_fresh():
    run = subprocess.run(
        [sys.executable, ROOT / "tools/write_docs.py", "--check"], capture_output=True, encoding="utf-8"
    )
    assert run.returncode == 0, run.stdout


def test_every_built_in_questionnaire_is_described():
    readme = (ROOT / "questionnaires/README.md").read_text("utf-8")
    assert [name for name in builtin_names("questionnaires") if f"`{name}`" not in readme] == []


def test_links_between_documents_lead_somewhere():
    broken = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/README.md")]:
        for target in re.findall(
            r"\]\((?!https?:|#|mailto:)([^)#\s]+)", re.sub(r"`[^`]*`", "", page.read_text("utf-8"))
        ):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []


def test_no_machine_path_and_no_registry_stands_in_the_repository():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, check=True, encoding="utf-8").stdout
    pattern = re.compile(r"/(?:work|farm|root)/[A-Za-z]|pypi\.org|files\.pythonhosted|registry\.npmjs")
    found = []
    for name in listed.splitlines():
        path = ROOT / name
        if name.endswith(("LICENSE", "test_house.py")) or not path.is_file():
            continue
        if pattern.search(path.read_text("utf-8", errors="replace")):
            found.append(name)
    assert found == []


HAN = "\u3400-\u9fff"
HALF_WIDTH = re.compile(rf"[{HAN}][,;:?!(]|[,;?!)][{HAN}]")


@pytest.mark.parametrize("path", sorted((ROOT / "src").rglob("*.toml")), ids=lambda p: p.name)
def test_chinese_sentences_have_chinese_punctuation(path):
    texts = re.findall(r'zh-CN = "((?:[^"\\]|\\.)*)"', path.read_text("utf-8"))
    without_code = [re.sub(r"`[^`]*`|{{[^}]*}}", "`", text) for text in texts]
    assert [text for text in without_code if HALF_WIDTH.search(text)] == []
