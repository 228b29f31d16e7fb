"""What a methodologist's study adds to the synthetic document: distributions, confirmatory loadings, scree."""

from __future__ import annotations

from typing import Any

SHARES = (0.05, 0.10, 0.20, 0.40, 0.25)


def distributions(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"construct": construct["id"], "item": item["id"], "code": code, "n": round(480 * share), "share": share}
        for construct in document["questionnaire"]["constructs"]
        for item in construct["items"]
        for code, share in enumerate(SHARES, 1)
    ]


def confirmatory(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"model": "cfa", "construct": construct["id"], "item": item["id"], "estimate": 0.71, "std_error": 0.03}
        | {"conf_low": 0.65, "conf_high": 0.77, "n": 470}
        for construct in document["questionnaire"]["constructs"]
        for item in construct["items"]
    ]


def scree() -> list[dict[str, Any]]:
    values, reference = (5.1, 1.9, 1.3, 0.9, 0.6), (1.4, 1.3, 1.25, 1.1, 1.0)
    return [
        {"number": j, "eigenvalue": value, "reference": other, "mean": other - 0.05}
        for j, (value, other) in enumerate(zip(values, reference, strict=True), 1)
    ]


def with_measurement(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with these sections."""
    found = dict(document)
    found["distributions"] = {"rows": distributions(document), "notes": []}
    found["loadings"] = {"rows": [*document["loadings"]["rows"], *confirmatory(document)], "notes": []}
    found["scree"] = {"rows": scree(), "notes": []}
    return found
