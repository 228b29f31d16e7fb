"""An adversary who knows every base and solves every linear relation learns nothing that the public document hides."""

from __future__ import annotations

import copy
import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from satmeter.publication.suppress import public_document
from satmeter.study.policy import Policy

ITEMS = {"service": ("s1", "s2"), "trust": ("t1",)}
WEIGHTS = (0.7, 0.3)


def figures(answers):
    """Return measure and statistic to estimate and base; answers: item to ratings 1–5 or NaN."""
    found = {}
    for construct, items in ITEMS.items():
        block = np.column_stack([answers[i] for i in items])
        known = ~np.isnan(block).all(axis=1)
        rated = block[known]
        if len(rated):
            scores = np.nanmean(25 * (rated - 1), axis=1)
            tops = [float(np.mean(a[~np.isnan(a)] >= 4)) if (~np.isnan(a)).any() else np.nan for a in block.T]
            found[construct, "mean_score"] = float(scores.mean()), len(scores)
            found[construct, "top2"] = float(np.nanmean(tops)), len(scores)
        for item in items:
            own = answers[item][~np.isnan(answers[item])]
            if len(own):
                found[item, "mean_rating"] = float(own.mean()), len(own)
                found[item, "top2"] = float(np.mean(own >= 4)), len(own)
    return found


def simulated(seed, sizes, holes):
    """Return groups by question, and ratings by item; towns nest in regions."""
    rng = np.random.default_rng(seed)
    town = np.repeat([f"t{j}" for j in range(len(sizes))], sizes)
    place = np.repeat(np.arange(len(sizes)), sizes)
    region = np.array([f"r{j // 2}" for j in place])
    kind = rng.choice(["biz", "res"], len(town), p=[0.3, 0.7])
    level = rng.normal(3.4, 0.6, len(sizes))[place]
    answers = {}
    for item in itertools.chain(*ITEMS.values()):
        rated = np.clip(np.round(level + rng.normal(0, 1, len(town))), 1, 5)
        rated[rng.random(len(town)) < holes] = np.nan
        answers[item] = rated
    return {"region": region, "town": town, "kind": kind}, answers


def chosen(answers, mask):
    return {item: ratings[mask] for item, ratings in answers.items()}


def row_of(measure, statistic, group_by, group, value, n, **more):
    row = {"measure": measure, "statistic": statistic, "group_by": group_by, "group": group}
    return row | {"estimate": value, "std_error": 1.0, "conf_low": value, "conf_high": value, "n": n} | more


def made_document(seed, sizes, holes=0.0):
    """Return a results document with every kind of row that ties groups to each other."""
    groups, answers = simulated(seed, sizes, holes)
    _, before = simulated(seed + 1, sizes, holes)
    everybody = np.ones(len(groups["town"]), dtype=bool)
    masks = {("", ""): everybody}
    masks |= {(by, g): of == g for by, of in groups.items() for g in dict.fromkeys(of.tolist())}
    now = {key: figures(chosen(answers, mask)) for key, mask in masks.items()}
    then = {key: figures(chosen(before, mask)) for key, mask in masks.items()}
    scores = [row_of(*ms, *key, *vn, n_eff=float(vn[1])) for key, some in now.items() for ms, vn in some.items()]
    document = {
        "kind": "satmeter.results",
        "study": {"sampling": "", "notes": [], "policy": {"unions": unions(groups)}},
        "questionnaire": {
            "constructs": [
                {"id": c, "items": [{"id": i, "scale": "five"} for i in items]} for c, items in ITEMS.items()
            ],
            "scales": [{"id": "five", "points": [{"code": c} for c in range(1, 6)]}],
        },
        "questions": section([{"question": by, "type": "choice", "n": len(of)} for by, of in groups.items()]),
        "sample": section(
            [{"question": by, "option": g, "n": int(m.sum()), "share": m.mean()} for (by, g), m in masks.items() if by]
        ),
        "scores": section(scores),
        "comparisons": section(list(compared(groups, answers, now))),
        "ranks": section(list(ranked(now, groups))),
        "waves": section(list(followed(now, then))),
        "tree": section(list(branches(now))),
    }
    return document, now, then


def section(rows):
    return {"rows": rows, "notes": []}


def unions(groups):
    towns = {r: sorted(set(groups["town"][groups["region"] == r])) for r in dict.fromkeys(groups["region"])}
    return [{"group_by": "region", "group": r, "of": "town", "parts": parts} for r, parts in towns.items()]


def compared(groups, answers, now):
    for by, of in groups.items():
        names = list(dict.fromkeys(of))
        for name in names if len(names) > 1 else ():
            rest = figures(chosen(answers, of != name))
            for (m, s), (value, n) in now[by, name].items():
                if (m, s) in rest:
                    other, n_other = rest[m, s]
                    yield test_row(m, s, by, name, "", "rest", value - other, n, n_other)
        for a, b in itertools.combinations(names, 2):
            for (m, s), (value, n) in now[by, a].items():
                if (m, s) in now[by, b]:
                    other, n_other = now[by, b][m, s]
                    yield test_row(m, s, by, a, b, "pair", value - other, n, n_other)
        for name in names:
            for (m, s), (value, n) in now[by, name].items():
                if s == "mean_score":
                    yield test_row(m, s, by, name, "70", "target", value - 70, n, None)


def test_row(m, s, by, group, other, method, value, n, n_other):
    return row_of(m, s, by, group, value, n, other=other, method=method, n_other=n_other, verdict="undecided")


test_row.__test__ = False


def ranked(now, groups):
    """Yield league tables of towns within their regions."""
    home = dict(zip(groups["town"].tolist(), groups["region"].tolist(), strict=True))
    for construct, region in itertools.product(ITEMS, dict.fromkeys(home.values())):
        key = construct, "mean_score"
        units = [(g, some[key]) for (by, g), some in now.items() if by == "town" and key in some and home[g] == region]
        units.sort(key=lambda unit: -unit[1][0])
        for place, (unit, (value, n)) in enumerate(units, 1):
            row = row_of(construct, "mean_score", "town", "", value, n, unit=unit, rank=place, tie_group=place)
            row |= {"within": "region", "stratum": region}
            del row["group"]
            ends = {"rank_low": place, "rank_high": place, "marginal_low": place, "marginal_high": place}
            yield row | ends


def followed(now, then):
    for key, some in now.items():
        for (m, s), (value, n) in some.items():
            if (m, s) in then[key]:
                old, n_old = then[key][m, s]
                first = {"wave": "2025", "against": "", "change": None, "n_other": None, "verdict": ""}
                yield row_of(m, s, *key, old, n_old) | first
                last = {"wave": "2026", "against": "2025", "change": value - old, "n_other": n_old, "verdict": "higher"}
                yield row_of(m, s, *key, value, n) | last


def branches(now):
    for key, some in now.items():
        parts = [some.get((c, "mean_score")) for c in ITEMS]
        if all(parts):
            whole = sum(w * value for w, (value, _) in zip(WEIGHTS, parts, strict=True))
            names = {"group_by": key[0], "group": key[1], "root": "all", "std_error": 1.0}
            yield names | {"node": "all", "parent": "", "level": 0, "place": 1, "leaf": False, "weight": 1.0} | {
                "estimate": whole, "n": parts[0][1], "weakest": False
            }  # fmt: skip
            for place, (construct, w, (value, n)) in enumerate(zip(ITEMS, WEIGHTS, parts, strict=True), 1):
                yield names | {"node": construct, "parent": "all", "level": 1, "place": place, "leaf": True} | {
                    "weight": w, "estimate": value, "n": n, "weakest": False
                }  # fmt: skip


class Adversary:
    """Knows every base, every relation that holds exactly, and everything that is shown."""

    def __init__(self, public, now, then, exact):
        self.names = {}
        self.left, self.right = [], []
        for wave, told in (("2025", then), ("2026", now)):
            for key, some in told.items():
                for ms in some:
                    self.names[wave, *key, *ms] = len(self.names)
                self.names[wave, *key, "all", "mean_score"] = len(self.names)
        for wave, told in (("2025", then), ("2026", now)):
            self._structure(wave, told, exact)
        self._shown(public, now)

    def know(self, terms, value):
        line = np.zeros(len(self.names))
        for name, coefficient in terms.items():
            line[self.names[name]] += coefficient
        self.left.append(line / np.linalg.norm(line))
        self.right.append(value / np.linalg.norm(line))

    def _structure(self, wave, told, exact):
        for m, s in told["", ""]:
            if s != "top2" or m not in ITEMS:
                self._totals(wave, told, (m, s))
        for key, some in told.items():
            for construct, items in ITEMS.items():
                self._construct((wave, *key), some, construct, [i for i in items if (i, "top2") in some], exact)
            if all((c, "mean_score") in some for c in ITEMS):
                own = {(wave, *key, c, "mean_score"): w for c, w in zip(ITEMS, WEIGHTS, strict=True)}
                self.know(own | {(wave, *key, "all", "mean_score"): -1.0}, 0.0)

    def _totals(self, wave, told, ms):
        wholes = [("", "", by, None) for by in dict.fromkeys(by for by, _ in told if by)]
        regions = [g for by, g in told if by == "region"]
        wholes += [("region", r, "town", {f"t{2 * int(r[1:])}", f"t{2 * int(r[1:]) + 1}"}) for r in regions]
        for by, group, of, parts in wholes:
            own = {
                (wave, of, g, *ms): some[ms][1]
                for (b, g), some in told.items()
                if b == of and ms in some and (parts is None or g in parts)
            }
            if own:
                self.know(own | {(wave, by, group, *ms): -sum(own.values())}, 0.0)

    def _construct(self, key, some, construct, rated, exact):
        if rated and (construct, "top2") in some:
            own = {(*key, i, "top2"): 1.0 for i in rated}
            self.know(own | {(*key, construct, "top2"): -len(rated)}, 0.0)
            if exact:
                own = {(*key, i, "mean_rating"): 25.0 for i in rated}
                self.know(own | {(*key, construct, "mean_score"): -float(len(rated))}, 25.0 * len(rated))

    def _shown(self, public, now):
        for name in ("scores", "ranks", "tree"):
            for row in public[name]["rows"]:
                if row["estimate"] is not None:
                    by, group = row["group_by"], row.get("group", row.get("unit"))
                    ms = (row["node"], "mean_score") if name == "tree" else (row["measure"], row["statistic"])
                    self.know({("2026", by, group, *ms): 1.0}, row["estimate"])
        for row in public["waves"]["rows"]:
            key = row["group_by"], row["group"], row["measure"], row["statistic"]
            if row["estimate"] is not None:
                self.know({(row["wave"], *key): 1.0}, row["estimate"])
            if row["change"] is not None:
                self.know({("2026", *key): 1.0, ("2025", *key): -1.0}, row["change"])
        for row in public["comparisons"]["rows"]:
            if row["estimate"] is not None:
                self._difference(row, now)

    def _difference(self, row, now):
        by, ms = row["group_by"], (row["measure"], row["statistic"])
        terms, value = {("2026", by, row["group"], *ms): 1.0}, row["estimate"]
        if row["method"] == "target":
            value += float(row["other"])
        elif row["method"] == "pair":
            terms["2026", by, row["other"], *ms] = -1.0
        elif ms[1] == "top2" and ms[0] in ITEMS:
            return  # the mean of its items' differences, which are told one by one
        else:
            others = {g: some[ms][1] for (b, g), some in now.items() if b == by and g != row["group"] and ms in some}
            terms |= {("2026", by, g, *ms): -n / sum(others.values()) for g, n in others.items()}
        self.know(terms, value)

    def learned(self):
        """Return everything that is determined, with its value."""
        whole = np.linalg.qr(np.column_stack([self.left, self.right]), mode="r")
        left, right = whole[:, :-1], whole[:, -1]
        values, *_ = np.linalg.lstsq(left, right, rcond=None)
        _, singular, rows = np.linalg.svd(left)
        free = rows[(singular > 1e-9 * singular[0]).sum() :]
        fixed = np.linalg.norm(free, axis=0) < 1e-7 if len(free) else np.ones(len(values), dtype=bool)
        return {name: values[j] for name, j in self.names.items() if fixed[j]}


def secret_names(public, now, then, policy):
    """Return every figure that is hidden in the public document and exists."""
    told = {"2025": then, "2026": now}
    found = set()
    for row in public["scores"]["rows"]:
        if row["symbol"] == policy.symbols["suppressed"]:
            found.add(("2026", row["group_by"], row["group"], row["measure"], row["statistic"]))
    for row in public["waves"]["rows"]:
        if row["estimate"] is None:
            found.add((row["wave"], row["group_by"], row["group"], row["measure"], row["statistic"]))
    return {name for name in found if name[3:] in told[name[0]][name[1], name[2]]}


SIZES = st.lists(st.integers(2, 90), min_size=2, max_size=6)
POLICIES = st.sampled_from([Policy(min_n=10), Policy(min_n=30), Policy(min_n=20, min_count=5)])
QUIET = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUIET
@example(327, [4, 90], Policy(min_n=20, min_count=5), 0.15)  # items of unequal bases under one shown construct
@given(st.integers(0, 10_000), SIZES, POLICIES, st.sampled_from([0.0, 0.0, 0.15]))
def test_no_hidden_figure_can_be_worked_out(seed, sizes, policy, holes):
    document, now, then = made_document(seed, sizes, holes)
    public = public_document(document, policy).document
    learned = Adversary(public, now, then, exact=holes == 0).learned()
    secret = secret_names(public, now, then, policy)
    assert not secret & set(learned)


def test_the_adversary_finds_the_hole_where_nothing_complements():
    document, now, then = made_document(4, [60, 50, 45, 7, 70])
    policy = Policy(min_n=10)
    open_ = public_document(document, policy, complementary=False).document
    learned = Adversary(open_, now, then, exact=True).learned()
    secret = secret_names(open_, now, then, policy)
    assert {name[2] for name in secret} == {"t3"}
    assert secret <= set(learned)
    for name in secret:
        assert learned[name] == pytest.approx(
            (now if name[0] == "2026" else then)[name[1], name[2]][name[3:]][0], abs=1e-6
        )
    closed = public_document(document, policy).document
    learned = Adversary(closed, now, then, exact=True).learned()
    hidden = secret_names(closed, now, then, policy)
    assert {name[2] for name in hidden if name[1] == "town"} == {"t2", "t3"}
    assert not hidden & set(learned)
    assert copy.deepcopy(document) == made_document(4, [60, 50, 45, 7, 70])[0]
