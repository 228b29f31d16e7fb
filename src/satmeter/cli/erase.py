"""``satmeter erase``: what one respondent said is overwritten, and the chain of events still verifies."""

from __future__ import annotations

import click

from satmeter import journal
from satmeter.cli.command import verb
from satmeter.cli.status import chain_line
from satmeter.cli.words import words
from satmeter.errors import JournalError, Problem


def _erase(store: str, response: str, yes: bool) -> int:
    from satmeter.collection.erasure import forget_respondent
    from satmeter.journal.view import view  # questionnaires are read for it

    with journal.open_store(store, create=False) as opened:
        if opened.latest(response) is None:
            raise JournalError(Problem("K058", opened.shown, got=response))
        if not yes and not click.confirm(words("erase.question").format(response=response), err=True):
            click.echo(words("erase.kept"), err=True)
            return 1
        opened.transact(lambda connection: forget_respondent(connection, response))
        gone = opened.erase(response)
        chain = journal.verify_chain(opened)
        left = view(opened)
    others = len(left.rows) + left.withdrawn + left.screened_out
    click.echo(words("erase.done").format(n=gone, response=response, left=others))
    click.echo(chain_line(chain))
    return int(not chain.intact)


command = verb(
    "erase",
    click.Argument(["store"]),
    click.Argument(["response"]),
    click.Option(["--yes"], is_flag=True, help=words("erase.yes")),
)
command.callback = _erase
