"""A YAML tree written as text: the same tree gives the same bytes, and no comment survives."""

from __future__ import annotations

import json
import re

from satmeter.questionnaire.yaml_text import Node

_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|0|[1-9][0-9]{0,14}|0\.[0-9]{1,12}|[1-9][0-9]{0,8}\.[0-9]{1,12}", re.ASCII)


def yaml_file(root: Node) -> bytes:
    r"""Return the file of a tree.

    Parameters
    ----------
    root
        As `read_yaml` returns it, or a changed copy.

    Returns
    -------
    bytes
        UTF-8, maps and lists in block style, texts in double quotes unless they are plain words or numbers; what says
        nothing is ``null``. Reading it gives the same keys and texts.

    Examples
    --------
    >>> from satmeter.questionnaire.yaml_text import parse_yaml
    >>> yaml_file(parse_yaml("a: {b: [1, 'x: y'], c: }  # secret")).decode()
    'a:\n  b:\n    - 1\n    - "x: y"\n  c: null\n'
    """
    return ("\n".join(_lines(root, "")) + "\n").encode("utf-8")


def _lines(node: Node, indent: str) -> list[str]:
    if node.kind == "map":
        heads = [(f"{indent}{_scalar(entry.key)}:", entry.value) for entry in node.entries]
        return [line for head, value in heads for line in _placed(head, value, indent)]
    return [line for item in node.items for line in _placed(f"{indent}-", item, indent)]


def _placed(head: str, node: Node, indent: str) -> list[str]:
    """Return the lines of a value behind its key or its dash."""
    if node.kind == "scalar":
        return [f"{head} {'null' if node.is_null else _scalar(node.text)}"]
    inner = _lines(node, indent + "  ")
    return [head, *inner] if inner else [f"{head} {'{}' if node.kind == 'map' else '[]'}"]


def _scalar(text: str) -> str:
    return text if _BARE.fullmatch(text) and text.lower() != "null" else json.dumps(text, ensure_ascii=False)
