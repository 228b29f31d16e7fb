"""A page of the form as whoever fills it in finds it: its controls by their names, what they offer, what is wrong."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_SCRIPT = re.compile(r"<script\b.*?</script>", re.S)
_TAG = re.compile(r"<(form|input|textarea|a)\b([^>]*)>(?:([^<]*)</textarea>)?")  # the form escapes < and > in values
_ATTRIBUTE = re.compile(r'([a-z][a-z-]*)(?:="([^"]*)")?')
_TICKED = ("radio", "checkbox")


@dataclass(frozen=True, slots=True)
class Control:
    """What can be filled in under one name.

    Attributes
    ----------
    kind
        ``radio``, ``checkbox``, or how a written answer is entered: ``text``, ``date``.
    offered
        The codes that can be ticked, in the order of the page.
    given
        What stands in it: codes, or one text.
    """

    kind: str
    offered: tuple[str, ...] = ()
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WalkPage:
    """A form that can be posted.

    Attributes
    ----------
    action
        Where it is posted to.
    hidden
        Names and values that go with it.
    controls
        Name to control; what is switched off is left out.
    wrong
        Variables that the page complains of.
    has_back
        Whether there is a button that leads back.
    """

    action: str
    hidden: tuple[tuple[str, str], ...]
    controls: Mapping[str, Control]
    wrong: tuple[str, ...]
    has_back: bool

    def fields(self, filled: Mapping[str, Sequence[str]], **pressed: str) -> list[tuple[str, str]]:
        """Return what a browser posts: hidden fields, controls in the page's order, the button that was pressed."""
        lines = [(name, "") for name, control in self.controls.items() if control.kind not in _TICKED]
        written = [(name, next(iter(filled.get(name, ())), "")) for name, _ in lines]
        ticked = [(name, code) for name in self.controls if name not in dict(lines) for code in filled.get(name, ())]
        return [*self.hidden, *written, *ticked, *pressed.items()]


def read_page(text: str) -> WalkPage | None:
    """Read the form of a page.

    Parameters
    ----------
    text
        The page as the server sent it.

    Returns
    -------
    WalkPage or None
        None for a page without a form that is posted.

    Examples
    --------
    >>> page = read_page('<form method="post" action="/r/x/1"><input type="hidden" name="k" value="7">'
    ...     '<input type="radio" name="v.a" value="1"><input type="radio" name="v.a" value="2" checked></form>')
    >>> page.action, page.hidden, page.controls["v.a"]
    ('/r/x/1', (('k', '7'),), Control(kind='radio', offered=('1', '2'), given=('2',)))
    """
    action = ""
    hidden: list[tuple[str, str]] = []
    controls: dict[str, Control] = {}
    wrong: list[str] = []
    for tag, within, content in _TAG.findall(_SCRIPT.sub("", text)):
        attributes = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(within)}
        if tag == "form" and attributes.get("method") == "post":
            action = attributes.get("action", "")
        elif tag == "a" and "data-wrong" in attributes:
            wrong.append(attributes["data-wrong"])
        elif attributes.get("name") and "disabled" not in attributes:
            _take(attributes, html.unescape(content) if tag == "textarea" else "", tag, hidden, controls)
    if not action:
        return None
    return WalkPage(action, tuple(hidden), controls, tuple(wrong), 'name="go" value="back"' in text)


def _take(
    attributes: Mapping[str, str],
    content: str,
    tag: str,
    hidden: list[tuple[str, str]],
    controls: dict[str, Control],
) -> None:
    """Add one control that is not switched off."""
    name, kind = attributes["name"], "text" if tag == "textarea" else attributes.get("type", "text")
    value = attributes.get("value", "")
    if kind == "hidden":
        hidden.append((name, value))
    elif kind in _TICKED:
        known = controls.get(name, Control(kind))
        given = (*known.given, value) if "checked" in attributes else known.given
        controls[name] = Control(kind, (*known.offered, value), given)
    else:
        text = content.removeprefix("\n") if tag == "textarea" else value
        controls[name] = Control(kind, (), (text,) if text else ())
