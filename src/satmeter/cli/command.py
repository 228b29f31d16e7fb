"""Commands that speak the user's language, and click's complaints as coded problems."""

from __future__ import annotations

import re

import click

from satmeter.cli.words import words
from satmeter.errors import Problem


class _Formatter(click.HelpFormatter):
    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{heading}{words('labels.colon')}\n")


class _Context(click.Context):
    formatter_class = _Formatter


class Spoken(click.Command):
    """A click command whose help has its headings in the user's language."""

    context_class = _Context

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        pieces = [words(f"usage.{p}") or p for p in self.collect_usage_pieces(ctx)]
        formatter.write_usage(ctx.command_path, " ".join(pieces), words("labels.usage"))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, and for a group its commands."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        records = [record for option in options if (record := option.get_help_record(ctx)) is not None]
        with formatter.section(words("labels.options")):
            formatter.write_dl(records)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help`` with its text in the user's language."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = words("labels.help_option")
        return option


class Spelled(click.Option):
    """An option whose default and bounds are told in the user's language."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return name and text; the default stands in brackets."""
        names, text = super().get_help_record(ctx) or ("", "")
        for metavar in ("TEXT", "INTEGER", "FLOAT", "INTEGER RANGE"):
            names = names.removesuffix(f" {metavar}")
        if self.required:
            return names, f"{self.help}  [{words('labels.required')}]"
        if isinstance(self.default, str | int | float) and not self.is_flag:
            return names, f"{text}  [{words('labels.default').format(self.default)}]"
        return names, text


def verb(name: str, *params: click.Parameter) -> click.Command:
    """Return an empty command with its help from texts.py; the module sets its callback."""
    text = "\n\n".join(t for t in (words(f"{name}.summary"), words(f"{name}.detail")) if t)
    return Spoken(name=name, help=text, params=list(params))


def language_of_click(error: click.UsageError) -> Problem:
    """Turn one of click's usage errors into a coded problem."""
    context = error.ctx
    params = {"command": context.command_path if context else "satmeter", "choices": ""}
    if isinstance(error, click.NoSuchOption):
        from difflib import get_close_matches

        near = get_close_matches(error.option_name, _options(context), n=1)
        return Problem("U002", got=error.option_name, suggestion=near[0] if near else "", params=params)
    if isinstance(error, click.MissingParameter):
        name = error.param.make_metavar(context) if error.param and context else ""
        return Problem("U003", params=params | {"choices": name})
    if isinstance(error, click.BadParameter):
        return Problem("U004", got=_given(error), params=params | {"choices": _allowed(error)})
    if isinstance(error, click.BadOptionUsage):
        return Problem("U003", params=params | {"choices": error.option_name})
    return Problem("U005", params=params)


def _options(context: click.Context | None) -> list[str]:
    return [name for param in (context.command.params if context else []) for name in param.opts]


def _given(error: click.BadParameter) -> str:
    """Return the option and the value as they were typed; click tells the value only within its sentence."""
    name = error.param.opts[-1] if error.param and error.param.opts else ""
    value = re.match(r"'([^']*)'|(\S+) is not in the range", error.message)
    return " ".join(part for part in (name, value and (value[1] or value[2])) if part)


def _allowed(error: click.BadParameter) -> str:
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        return ", ".join(str(choice) for choice in kind.choices)
    if isinstance(kind, click.IntRange | click.FloatRange):
        low = "" if kind.min is None else f"{kind.min} {'<' if kind.min_open else '≤'} "
        high = "" if kind.max is None else f" {'<' if kind.max_open else '≤'} {kind.max}"
        return f"{low}x{high}"
    return kind.name if kind else ""
