"""Write docs/errors.md and docs/cli.md from the code; ``--check`` only compares."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from satmeter.cli.main import VERBS
from satmeter.errors.catalogue import entries

DOCS = Path(__file__).parents[1] / "docs"
ROOMS = {
    "D": "Drivers",
    "F": "Form",
    "J": "Results file",
    "K": "Store of answers",
    "C": "Fieldwork",
    "M": "Measurement",
    "N": "Numerics",
    "P": "Publication",
    "Q": "Questionnaire",
    "R": "Responses",
    "S": "Study",
    "T": "Report and typography",
    "U": "Command line",
}


def errors() -> str:
    """Return docs/errors.md."""
    lines = [
        "# Errors and notes",
        "",
        "Written by `make docs` from `src/satmeter/errors/codes/`; do not edit by hand.",
        "Problems are numbered from 001 in every room, notes (they travel with a number into the report) from 100;",
        "where all numbers below 100 are taken, problems go on from S134.",
        "",
        "由 `make docs` 生成,请勿手工修改。各部分的问题从 001 起编号,",
        "注释(随数值进入报告)从 100 起编号;100 以下用完后,问题从 S134 起续编;`SATMETER_LANG` 决定显示语言。",
    ]
    room = ""
    for code, entry in entries().items():
        if code[0] != room:
            room = code[0]
            lines += ["", f"## {ROOMS[room]} ({room})"]
        lines += ["", f"### {code}", "", f"**{entry['title']['en']}**  ", f"**{entry['title']['zh-CN']}**"]
        for part in ("explain", "expected", "hint"):
            if part in entry:
                lines += ["", f"{entry[part]['en']}  ", entry[part]["zh-CN"]]
    return "\n".join(lines) + "\n"


def commands() -> str:
    """Return docs/cli.md."""
    lines = [
        "# The command line",
        "",
        "Written by `make docs`; do not edit by hand. Data on stdout, messages and progress on stderr.",
        "Exit code 0: good; 1: a problem was found; 2: the command was used wrongly.",
    ]
    for verb in ("", *VERBS):
        lines += ["", f"## satmeter {verb}".rstrip()]
        for language in ("en", "zh-CN"):
            lines += ["", "```text", _help(verb, language), "```"]
    return "\n".join(lines) + "\n"


def _help(verb: str, language: str) -> str:
    environment = os.environ | {"SATMETER_LANG": language, "COLUMNS": "100", "PYTHONUTF8": "1"}
    call = [sys.executable, "-m", "satmeter", *([verb] if verb else []), "--help"]
    run = subprocess.run(call, env=environment, capture_output=True, check=True, encoding="utf-8")
    return run.stdout.strip()


def main() -> int:
    """Write or compare; return the exit code."""
    stale = []
    for name, text in (("errors.md", errors()), ("cli.md", commands())):
        path = DOCS / name
        if "--check" in sys.argv:
            if not path.is_file() or path.read_text("utf-8") != text:
                stale.append(name)
        else:
            path.write_text(text, "utf-8")
    if stale:
        print("stale:", *stale, "- run `make docs`")
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main())
