"""The monitor's figures made ready for its template: texts, numbers rounded once, lengths of bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from satmeter.collection.monitor_figures import Figures, Score
from satmeter.collection.monitor_signals import LEAST_N, Signal
from satmeter.collection.monitor_words import has_word, length, moment, percent, probability, word
from satmeter.questionnaire.model import Questionnaire

_SHARES = ("near_duplicates", "straight_lines", "speeders")
_CHANCES = ("bursts", "even_arrivals")
LEAST_FULL_BAR = 0.1
"""Drop-out that fills a bar, unless there is more on some page: small ones shall not look large."""

_ORDER = {"raised": 0, "quiet": 1, "too_few": 2, "not_possible": 3}


def page_context(
    questionnaire: Questionnaire,
    figures: Figures,
    found: Sequence[Signal] | None,
    language: str,
    min_cell: int,
) -> dict[str, Any]:
    """Return what the template of the figures needs; texts are not yet escaped.

    Parameters
    ----------
    figures
        From `make_figures`.
    found
        From `signals`; None while they are worked out for the first time.
    language
        One of `monitor_words.LANGUAGES`.
    min_cell
        Fewest respondents of whom a score is shown.
    """
    signals = sorted(found or (), key=lambda signal: _ORDER[signal.state])
    return {
        "as_of": word("as_of", language, {"time": moment(figures.made)}),
        "empty": figures.opened == 0,
        "tiles": _tiles(figures, language, min_cell),
        "banner": _banner(None if found is None else signals, language),
        "bars": _bars(figures),
        "strata": _strata(questionnaire, figures, language),
        "pages": _pages(questionnaire, figures, language),
        "scores": [_score(questionnaire, score, language, min_cell) for score in figures.scores],
        "signals": [_signal(questionnaire, signal, language) for signal in signals],
        "live_index_note": word("live_index_note", language, {"least": min_cell}),
    }


def _tiles(figures: Figures, language: str, min_cell: int) -> list[dict[str, str]]:
    ended = figures.submitted + figures.dropped
    share = percent(figures.dropped / ended) if ended else "\u2013"
    begun = word("opened", language, {"n": figures.opened})
    if figures.wanted:
        wanted = {"wanted": figures.wanted, "share": percent(figures.submitted / figures.wanted)}
        begun = word("of_wanted", language, wanted)
    tiles = [
        _tile("submitted", str(figures.submitted), begun, language),
        _tile("active", str(figures.active), word("active_hint", language), language),
        _tile("dropped", str(figures.dropped), word("dropped_hint", language, {"share": share}), language),
        _tile("duration", length(figures.median_seconds, language), word("duration_hint", language), language),
    ]
    index = next((score for score in figures.scores if score.is_index), None)
    if index is not None:
        value, hint = _index(index, language, min_cell)
        tiles.append(_tile("index", value, hint, language))
    return tiles


def _tile(key: str, value: str, hint: str, language: str) -> dict[str, str]:
    return {"name": word(key, language), "value": value, "hint": hint}


def _index(score: Score, language: str, min_cell: int) -> tuple[str, str]:
    if score.estimate is None:
        return word("hidden", language), word("hidden_hint", language, {"n": score.n, "least": min_cell})
    if score.conf_low is None or score.conf_high is None:
        return f"{score.estimate:.1f}", f"n = {score.n}"
    fields = {"low": f"{score.conf_low:.1f}", "high": f"{score.conf_high:.1f}", "n": score.n}
    return f"{score.estimate:.1f}", word("index_hint", language, fields)


def _banner(signals: Sequence[Signal] | None, language: str) -> dict[str, Any]:
    if signals is None:
        return {"state": "pending", "text": word("pending", language)}
    names = [word(f"{signal.key}.title", language) for signal in signals if signal.state == "raised"]
    key = "raised_none" if not names else "raised_one" if len(names) == 1 else "raised_several"
    joined = ("\u3001" if language == "zh-CN" else ", ").join(names)
    return {"state": "raised" if names else "", "text": word(key, language, {"n": len(names), "names": joined})}


def _bars(figures: Figures) -> dict[str, Any]:
    """Return the columns over time in a box of 100 high; each is ten wide."""
    most = max((max(m.opened, m.submitted) for m in figures.moments), default=0) or 1
    columns = [
        {
            "x": 10 * i + 1,
            "opened": round(100 * m.opened / most, 2),
            "submitted": round(100 * m.submitted / most, 2),
        }
        for i, m in enumerate(figures.moments)
    ]
    rows = [{"label": m.label, "opened": m.opened, "submitted": m.submitted, "total": m.total} for m in figures.moments]
    ends = (rows[0]["label"], rows[-1]["label"]) if rows else ("", "")
    return {
        "width": 10 * len(columns),
        "columns": columns,
        "rows": rows,
        "most": most,
        "first": ends[0],
        "last": ends[1],
    }


def _strata(questionnaire: Questionnaire, figures: Figures, language: str) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in figures.strata:
        question = questionnaire.questions[row.question]
        label = next((o.label.get(language) for o in question.options if o.code == row.option), "") or row.option
        wanted = row.plan if row.plan is not None else row.quota
        share = row.n / wanted if wanted else None
        groups.setdefault(row.question, []).append(
            {
                "label": label,
                "n": row.n,
                "plan": "\u2013" if row.plan is None else row.plan,
                "quota": "\u2013" if row.quota is None else row.quota,
                "full": row.quota is not None and row.n >= row.quota,
                "share": "\u2013" if share is None else percent(share),
                "width": round(min(100.0 * (share or 0.0), 100.0), 1),
            }
        )
    return [
        {"title": questionnaire.questions[name].text.get(language) or name, "rows": rows}
        for name, rows in groups.items()
    ]


def _pages(questionnaire: Questionnaire, figures: Figures, language: str) -> list[dict[str, Any]]:
    rows = []
    shares = [row.left / row.came if row.came else 0.0 for row in figures.pages]
    longest = max([LEAST_FULL_BAR, *shares])
    for row, share in zip(figures.pages, shares, strict=True):
        rows.append(
            {
                "label": row.page,
                "title": questionnaire.pages[row.page - 1].title.get(language),
                "came": row.came,
                "left": row.left,
                "there": row.there,
                "share": percent(share, 1) if row.came else "\u2013",
                "width": round(100 * share / longest, 1),
                "time": length(row.median_seconds, language),
            }
        )
    return rows


def _score(questionnaire: Questionnaire, score: Score, language: str, min_cell: int) -> dict[str, Any]:
    construct = questionnaire.constructs[score.construct]
    row: dict[str, Any] = {
        "label": construct.label.get(language) or construct.id,
        "index": score.is_index,
        "n": score.n,
        "shown": score.estimate is not None,
        "hint": word("hidden_hint", language, {"n": score.n, "least": min_cell}),
    }
    if score.estimate is not None:
        low, high = (score.estimate if bound is None else bound for bound in (score.conf_low, score.conf_high))
        row |= {
            "value": f"{score.estimate:.1f}",
            "interval": "\u2013" if score.conf_low is None else f"{low:.1f}\u2013{high:.1f}",
            "at": round(score.estimate, 2),
            "low": round(low, 2),
            "high": round(high, 2),
        }
    return row


def _signal(questionnaire: Questionnaire, signal: Signal, language: str) -> dict[str, Any]:
    return {
        "key": signal.key,
        "state": signal.state,
        "badge": word(f"state_{signal.state}", language),
        "title": word(f"{signal.key}.title", language),
        "what": word(f"{signal.key}.what", language),
        "found": _found(questionnaire, signal, language),
        "rate": word("rate", language, {"text": word(f"{signal.key}.alarm", language, _numbers(signal))}),
        "n": word("looked_at", language, {"n": signal.n}),
        "responses": signal.responses,
    }


def _found(questionnaire: Questionnaire, signal: Signal, language: str) -> str:
    if signal.state == "not_possible":
        return word("not_possible", language)
    fields = _numbers(signal)
    if signal.state == "too_few":
        key = f"{signal.key}.too_few"
        special = signal.n >= LEAST_N and has_word(key, language)
        return word(key, language, fields) if special else word("too_few", language, {"n": signal.n, "least": LEAST_N})
    construct = questionnaire.constructs.get(str(fields.get("construct", "")))
    if construct is not None:
        fields["construct"] = construct.label.get(language) or construct.id
    return word(f"{signal.key}.found", language, fields)


def _numbers(signal: Signal) -> dict[str, object]:
    """Return figure, limit and further numbers as texts, rounded as their kind asks."""
    fields: dict[str, object] = {"n": signal.n, "figure": "\u2013", "limit": "\u2013"}
    for name, value in (("figure", signal.figure), ("limit", signal.limit)):
        if value is not None:
            fields[name] = _number(signal.key, name, value)
    for name, more in (signal.more or {}).items():
        if name == "at":
            fields[name] = moment(float(more))
        elif isinstance(more, float):
            fields[name] = _plain(more)
        else:
            fields[name] = more
    return fields


def _number(key: str, name: str, value: float) -> str:
    if key in _SHARES:
        return percent(value, 1)
    if key in _CHANCES:
        return probability(value) if name == "figure" else f"{value:g}"
    return _plain(value)


def _plain(value: float) -> str:
    return f"{value:.3f}".replace("-", "\u2212")
