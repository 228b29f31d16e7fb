"""Outcome rates in words, in both languages."""

from __future__ import annotations

_KNOWN = "I + P + R + NC + O"
_WHOLES = {"all": f"{_KNOWN} + UH + UO", "estimated": f"{_KNOWN} + e × (UH + UO)", "known": _KNOWN}
_SPOKEN = "I + P + R + O"

FORMULAS = {
    "rr1": f"I / ({_WHOLES['all']})",
    "rr2": f"(I + P) / ({_WHOLES['all']})",
    "rr3": f"I / ({_WHOLES['estimated']})",
    "rr4": f"(I + P) / ({_WHOLES['estimated']})",
    "rr5": f"I / ({_WHOLES['known']})",
    "rr6": f"(I + P) / ({_WHOLES['known']})",
    "coop1": f"I / ({_SPOKEN})",
    "coop2": f"(I + P) / ({_SPOKEN})",
    "coop3": "I / (I + P + R)",
    "coop4": "(I + P) / (I + P + R)",
    "ref1": f"R / ({_WHOLES['all']})",
    "ref2": f"R / ({_WHOLES['estimated']})",
    "ref3": f"R / ({_WHOLES['known']})",
    "con1": f"({_SPOKEN}) / ({_WHOLES['all']})",
    "con2": f"({_SPOKEN}) / ({_WHOLES['estimated']})",
    "con3": f"({_SPOKEN}) / ({_WHOLES['known']})",
    "e": f"({_KNOWN}) / ({_KNOWN} + NE)",
}
"""Every rate as the AAPOR Standard Definitions write it."""

_NAMES = {
    "rr": ("AAPOR response rate", "AAPOR 应答率"),
    "coop": ("AAPOR cooperation rate", "AAPOR 合作率"),
    "ref": ("AAPOR refusal rate", "AAPOR 拒访率"),
    "con": ("AAPOR contact rate", "AAPOR 接触率"),
}


def rate_definition(statistic: str, *, weighted: bool, e: str) -> dict[str, str]:
    """Return what a rate is.

    Parameters
    ----------
    statistic
        A key of `FORMULAS`.
    weighted
        Whether cases count with their design weight.
    e
        How the part of the cases of unknown eligibility that counts as eligible was found: ``cases``, ``stated``, or
        empty where it does not matter.

    Returns
    -------
    dict
        Language to words.

    Examples
    --------
    >>> rate_definition("rr3", weighted=False, e="stated")["en"]
    'AAPOR response rate 3: I / (I + P + R + NC + O + e × (UH + UO)), e stated by the study.'
    """
    formula = FORMULAS[statistic]
    if statistic == "e":
        en, zh = _eligible(formula, e)
    else:
        name = statistic.rstrip("0123456789")
        number = statistic[len(name) :]
        en, zh = (
            f"{_NAMES[name][k]}{gap}{number}{colon}{formula}" for k, gap, colon in ((0, " ", ": "), (1, " ", "："))
        )
        if " e " in formula and e:
            en += ", e stated by the study" if e == "stated" else ", e as among the cases of known eligibility"
            zh += "，e 由研究给定" if e == "stated" else "，e 取资格已知者中的比例"
    en, zh = f"{en}.", f"{zh}。"
    if weighted:
        en, zh = f"{en} Cases count with their design weight.", f"{zh}样本按设计权数计算。"
    return {"en": en, "zh-CN": zh}


def _eligible(formula: str, e: str) -> tuple[str, str]:
    en = "Part e of the cases of unknown eligibility that counts as eligible"
    zh = "资格不明者中计为合格的比例 e"
    if e == "stated":
        return f"{en}, stated by the study", f"{zh}，由研究给定"
    return f"{en}, as among the cases of known eligibility: {formula}", f"{zh}，取资格已知者中的比例：{formula}"
