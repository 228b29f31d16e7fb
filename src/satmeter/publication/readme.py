"""README.txt of a release: what is in it, and how a stranger checks it, in both languages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

LANGUAGES = ("zh-CN", "en")
SEPARATOR = {"en": ", ", "zh-CN": "\N{IDEOGRAPHIC COMMA}"}


def readme_file(content: Mapping[str, Any], *, results: str, moments: bool, signed: bool) -> bytes:
    """Return README.txt.

    Parameters
    ----------
    content
        What the manifest says beside the files.
    results
        SHA-256 of results.json.
    moments, signed
        Whether moments, and a signature of the manifest, are in the release.
    """
    words = tomllib.loads((files("satmeter.publication") / "readme.toml").read_text("utf-8"))
    facts = {**content, "results": results}
    parts = [_part(words, facts, tag, moments=moments, signed=signed) for tag in LANGUAGES]
    return ("\n\n" + "-" * 72 + "\n\n").join(parts).encode("utf-8") + b"\n"


def _part(
    words: Mapping[str, Mapping[str, str]], content: Mapping[str, Any], tag: str, *, moments: bool, signed: bool
) -> str:
    study, microdata = content["study"], content["microdata"]
    titles = study.get("title") or {}
    unknown = words["unknown"][tag]
    version = str(content["provenance"].get("satmeter") or "")
    facts = {"n": study.get("n"), "date": content["date"] or unknown, "policy": content["policy"] or unknown}
    listing = [words["what"][tag]]
    if moments:
        listing.append(words["moments"][tag])
    if microdata is not None:
        listing.append(_microdata(words, microdata, tag))
    told = [
        words["title"][tag].format(title=titles.get(tag) or next(iter(titles.values()), study.get("id"))),
        *([words["simulated"][tag]] if study.get("simulated") else []),
        words["facts"][tag].format(version=version, **facts),
        "\n".join(listing),
        words["verify"][tag]
        .format(version=version, results=content["results"], signed=words["signed"][tag] if signed else "")
        .rstrip(),
    ]
    return "\n\n".join(told)


def _microdata(words: Mapping[str, Mapping[str, str]], microdata: Mapping[str, Any], tag: str) -> str:
    join = SEPARATOR[tag].join
    altered = words["altered"][tag].format(columns=join(microdata["altered"])) if microdata["altered"] else ""
    profile = join(microdata["profile"]) or words["no_profile"][tag]
    return words["microdata"][tag].format(profile=profile, k=microdata["k"], altered=altered)
