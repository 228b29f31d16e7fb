"""The report as a plain Markdown file: tables, headings and captions, figures beside it."""

from __future__ import annotations

from typing import Any

from satmeter.report.material import Material
from satmeter.report.pandoc import syntax_tree, written

DIALECT = "gfm-raw_html"


def write_markdown(material: Material) -> bytes:
    """Return the report in GitHub's Markdown; figures are looked for in ``figures/``, where `run` puts them."""
    tree = syntax_tree(material.markdown)
    tree["blocks"] = _plain(tree["blocks"], material.report.language)
    body = written(tree, DIALECT, ["--wrap=none", "--columns=100000"]).decode("utf-8")
    return f"# {material.report.title}\n\n{body}".encode()


def _plain(node: Any, language: str) -> Any:
    """Return a tree without divs and spans, which Markdown does not know, and with figures named by their files."""
    if isinstance(node, list):
        flat: list[Any] = []
        for entry in node:
            if isinstance(entry, dict) and entry.get("t") in ("Div", "Span"):
                if "swipe" not in entry["c"][0][1]:
                    flat.extend(_plain(entry["c"][1], language))
            else:
                flat.append(_plain(entry, language))
        return flat
    if isinstance(node, dict):
        if node.get("t") == "Image" and node["c"][2][0].startswith("figure:"):
            attributes, alt, (source, title) = node["c"]
            name = source.removeprefix("figure:")
            return {"t": "Image", "c": [attributes, alt, [f"figures/{name}.{language}.svg", title]]}
        return {key: _plain(value, language) for key, value in node.items()}
    return node
