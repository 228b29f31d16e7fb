"""``satmeter verify``: a release checked by whoever reads it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from satmeter.cli.command import Spelled, verb
from satmeter.cli.progress import Steps
from satmeter.cli.publish import analyse_again
from satmeter.cli.words import words
from satmeter.publication.compare import MOST_NAMED
from satmeter.publication.time_limit import limited
from satmeter.publication.verification import Finding, Part, Verification
from satmeter.publication.verify import verify_release


def _verify(release: str, json_wanted: bool, signer: str | None, reports: bool, minutes: float) -> int:
    steps = Steps("verify")
    try:
        with limited(minutes), steps.step("verify") as progress:
            found = verify_release(
                Path(release),
                analyse=analyse_again,
                reports=reports,
                signers=Path(signer).expanduser() if signer else None,
                progress=progress,
            )
    finally:
        steps.close()
    if json_wanted:
        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=1))
    else:
        _print(found)
    return 0 if found.good else 1


def _print(found: Verification) -> None:
    width = max(len(part.name) for part in found.parts)
    for part in found.parts:
        counts = words("verify.counts").format(agree=part.agree, differ=part.differ, unchecked=part.unchecked)
        status = words(f"verify.{part.status}")
        click.echo(words("verify.line").format(name=_visible(part.name).ljust(width), status=status, counts=counts))
        for line in _lines(part):
            click.echo(f"    {_visible(line)}")
    key = "verify.good" if found.good else "verify.bad"
    click.echo(words(key).format(agree=found.agree, differ=found.differ, unchecked=found.unchecked))


def _visible(text: str) -> str:
    """Return text of a release so that it can neither steer the terminal nor break the line."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _lines(part: Part) -> list[str]:
    """Return what is wrong with a part, the first of it by name, and why something could not be checked."""
    told = [_told(finding) for finding in part.wrong]
    against = words("verify.against")
    told += [against.format(place=d.place, published=d.published, computed=d.computed) for d in part.differences]
    more = [words("verify.more").format(n=len(told) - MOST_NAMED)] if len(told) > MOST_NAMED else []
    return [*told[:MOST_NAMED], *more, *(_told(finding) for finding in part.why)]


def _told(finding: Finding) -> str:
    text = words(f"findings.{finding.word}")
    filled = text.format(finding.detail) if "{}" in text else text
    more = f" ({finding.detail})" if finding.detail and "{}" not in text else ""
    return f"{finding.about}: {filled}{more}"


command = verb(
    "verify",
    click.Argument(["release"]),
    Spelled(["--json", "json_wanted"], is_flag=True, help=words("verify.json")),
    Spelled(["--signer"], help=words("verify.signer")),
    Spelled(["--reports/--no-reports"], default=True, help=words("verify.reports")),
    Spelled(["--minutes"], type=click.FloatRange(0, 10_000, min_open=True), default=30.0, help=words("verify.minutes")),
)
command.callback = _verify
