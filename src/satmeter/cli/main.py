"""The entry: verbs are loaded when they are used; every failure becomes a coded message and an exit code."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module

import click

from satmeter import __version__
from satmeter.cli.command import Spoken, language_of_click
from satmeter.cli.words import words
from satmeter.errors import Problem, SatmeterError, UsageError

VERBS = (
    "questionnaires",
    "check",
    "form",
    "preview",
    "serve",
    "password",
    "invite",
    "remind",
    "qr",
    "entry",
    "status",
    "export",
    "erase",
    "simulate",
    "run",
    "report",
    "publish",
    "verify",
    "template",
    "diff",
    "demo",
)


class Verbs(Spoken, click.Group):
    """A group whose commands are modules of this room, imported one at a time."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order of the work."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the verb's module and return its command."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"satmeter.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs with their summaries without importing any of them."""
        with formatter.section(words("labels.commands")):
            formatter.write_dl([(verb, words(f"{verb}.summary")) for verb in VERBS])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb; an unknown one is a coded error with the nearest right word."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], VERBS, n=1)
            raise UsageError(
                Problem(
                    "U001",
                    got=args[0],
                    suggestion=near[0] if near else "",
                    params={"choices": ", ".join(VERBS)},
                )
            )
        return super().resolve_command(ctx, args)


def _show_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(f"satmeter {__version__}")
        ctx.exit()


def entry() -> Verbs:
    """Return the group of all verbs, with help in the user's language."""
    version = click.Option(
        ["--version"],
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=_show_version,
        help=words("labels.version_option"),
    )
    text = f"{words('satmeter.summary')}\n\n{words('satmeter.detail')}"
    return Verbs(name="satmeter", help=text, params=[version], no_args_is_help=False, invoke_without_command=False)


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code: 0 good, 1 a problem found, 2 misuse."""
    if not arguments:
        arguments = ["--help"]
    try:
        result = entry().main(args=arguments, prog_name="satmeter", standalone_mode=False)
    except UsageError as error:
        return _fail(error.text(), 2)
    except SatmeterError as error:
        return _fail(error.text(), 1)
    except click.UsageError as error:
        return _fail(language_of_click(error).text(), 2)
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return _fail(_file_problem(error).text(), 1)
    except Exception as error:  # noqa: BLE001  the last door: a user never sees a traceback
        if os.environ.get("SATMETER_DEBUG"):
            import traceback

            traceback.print_exc()
        return _fail(Problem("U999", got=type(error).__name__).text(), 1)
    return result if isinstance(result, int) else 0


def _file_problem(error: OSError) -> Problem:
    reading = isinstance(error, FileNotFoundError | IsADirectoryError)
    code = "U007" if reading else "U006"
    return Problem(code, file=str(error.filename or ""), params={"reason": error.strerror or type(error).__name__})


def _fail(text: str, code: int) -> int:
    click.echo(text, err=True)
    return code


def settle() -> None:
    """Set up the process: the same bytes on every number of cores, and little rubbish collected in a short life.

    The linear algebra runs on one thread, because sums over several differ in the last digit with their number.
    """
    gc.set_threshold(100_000, 20, 50)
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"


def main() -> None:
    """Run the command line."""
    settle()
    if os.environ.get("PYTHONIOENCODING") is None:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))
