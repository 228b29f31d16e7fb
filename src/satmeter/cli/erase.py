"""``satmeter erase``: what one respondent or all said is overwritten, and the chain of events still verifies."""

from __future__ import annotations

from functools import partial

import click

from satmeter import journal
from satmeter.cli.command import verb
from satmeter.cli.progress import Steps
from satmeter.cli.status import chain_line
from satmeter.cli.words import words
from satmeter.errors import JournalError, Problem, UsageError


def _erase(store: str, response: str | None, everybody: bool, yes: bool) -> int:
    if (response is None) is not everybody:
        raise UsageError(Problem("U008"))
    from satmeter.collection.erasure import forget_everybody, forget_respondent
    from satmeter.journal.reading import responses_kept
    from satmeter.journal.view import view  # questionnaires are read for it

    with journal.open_store(store, create=False) as opened:
        names = responses_kept(opened) if response is None else (response,)
        if response is not None and opened.latest(response) is None:
            raise JournalError(Problem("K058", opened.shown, got=response))
        asked = words("erase.question_all" if response is None else "erase.question")
        if not yes and not click.confirm(asked.format(response=response, n=len(names)), err=True):
            click.echo(words("erase.kept"), err=True)
            return 1
        steps, gone = Steps("erase"), 0
        if everybody:
            opened.transact(forget_everybody)
        with steps.step("erase") as progress:
            for number, name in enumerate(names, start=1):
                opened.transact(partial(forget_respondent, response=name))
                gone += opened.erase(name, more=number < len(names))
                progress(number / len(names))
        steps.close()
        chain = journal.verify_chain(opened)
        left = view(opened)
    others = len(left.rows) + left.withdrawn + left.screened_out
    done = words("erase.done_all" if response is None else "erase.done")
    click.echo(done.format(n=gone, response=response, responses=len(names), left=others))
    click.echo(chain_line(chain))
    return int(not chain.intact)


command = verb(
    "erase",
    click.Argument(["store"]),
    click.Argument(["response"], required=False),
    click.Option(["--all", "everybody"], is_flag=True, help=words("erase.all")),
    click.Option(["--yes"], is_flag=True, help=words("erase.yes")),
)
command.callback = _erase
