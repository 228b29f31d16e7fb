"""An adversary who knows of every respondent, in two waves, to which groups they belong and what they left out.

Every published figure is a linear function of the answers. A hidden figure is told when it lies in the span of the
published ones; so is the figure of the few who belong to no group.
"""

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from satmeter.publication.suppress import public_document
from satmeter.study.policy import Policy, built_in_policy

CONSTRUCTS = {"service": ("s1", "s2"), "trust": ("t1",)}
ITEMS = tuple(itertools.chain(*CONSTRUCTS.values()))
WEIGHTS = {"service": 0.7, "trust": 0.3}
WAVES = ("2025", "2026")
NOT_SHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
"""Smaller failures take minutes to find and tell no more."""


class World:
    """Two waves of respondents: groups with blanks, ratings with blanks; figures as functions of all answers."""

    def __init__(self, seed, sizes, blanks, holes):
        rng = np.random.default_rng(seed)
        self.groups, self.answered, self.values, self.start, total = {}, {}, {}, {}, 0
        for wave in WAVES:
            town = np.repeat([f"t{j}" for j in range(len(sizes))], sizes).astype(object)
            n = len(town)
            region = np.array([f"r{int(t[1:]) // 2}" for t in town], dtype=object)
            kind = rng.choice(["biz", "res"], n, p=[0.3, 0.7]).astype(object)
            for labels in (town, region, kind):
                labels[rng.permutation(n)[: rng.integers(0, blanks + 1)]] = ""
            self.groups[wave] = {"town": town, "region": region, "kind": kind}
            for item in ITEMS:
                self.answered[wave, item] = rng.random(n) >= holes
                for what in ("mean_rating", "top2"):
                    self.start[wave, item, what] = total
                    total += n
            for construct, items in CONSTRUCTS.items():
                self.answered[wave, construct] = np.any([self.answered[wave, i] for i in items], axis=0)
                self.start[wave, construct, "mean_score"] = total
                total += n
        self.size = total
        self.truth = np.empty(total)
        for (wave, _, statistic), first in self.start.items():
            n = len(self.groups[wave]["town"])
            rated = np.clip(np.round(rng.normal(3.5, 1, n)), 1, 5)
            drawn = {"mean_rating": rated, "top2": rated >= 4, "mean_score": 25 * (rated - 1)}
            self.truth[first : first + n] = drawn[statistic]

    def masks(self, wave):
        """Yield every group with its respondents; everybody first."""
        yield ("", ""), np.ones(len(self.groups[wave]["town"]), dtype=bool)
        for by, labels in self.groups[wave].items():
            for group in sorted(set(labels) - {""}):
                yield (by, group), labels == group

    def measures(self):
        for item in ITEMS:
            yield from ((item, "mean_rating"), (item, "top2"))
        for construct in CONSTRUCTS:
            yield from ((construct, "mean_score"), (construct, "top2"))

    def function(self, wave, mask, measure, statistic):
        """Return a figure as weights of all answers and its base; None where nobody answered."""
        if measure in CONSTRUCTS and statistic == "top2":
            found = [self.function(wave, mask, item, "top2") for item in CONSTRUCTS[measure]]
            found = [f for f in found if f is not None]
            base = int((mask & self.answered[wave, measure]).sum())
            return (np.mean([f[0] for f in found], axis=0), base) if found else None
        some = mask & self.answered[wave, measure]
        if not some.any():
            return None
        line = np.zeros(self.size)
        line[self.start[wave, measure, statistic] + np.flatnonzero(some)] = 1 / some.sum()
        return line, int(some.sum())


def row_of(world, measure, statistic, key, found, **more):
    line, n = found
    row = {"measure": measure, "statistic": statistic, "group_by": key[0], "group": key[1]}
    return (
        row
        | {"estimate": float(line @ world.truth), "std_error": 1.0, "n": n, "n_eff": float(n), "size": n, "line": line}
        | more
    )


def section(rows):
    return {"rows": list(rows), "notes": []}


def document_of(world):
    """Return a results document; every row carries its function of the answers as ``line``."""
    now = dict(world.masks("2026"))
    n = len(now["", ""])
    figures = {(*key, *ms): world.function("2026", mask, *ms) for key, mask in now.items() for ms in world.measures()}
    figures = {key: found for key, found in figures.items() if found is not None}
    by_name = {"town", "region", "kind"}
    return {
        "kind": "satmeter.results",
        "study": {"sampling": "", "notes": [], "n": n, "policy": {"unions": unions(now)}},
        "questionnaire": {
            "constructs": [{"id": c, "items": [{"id": i} for i in items]} for c, items in CONSTRUCTS.items()],
            "scales": [],
        },
        "questions": section({"question": by, "type": "choice", "n": n} for by in sorted(by_name)),
        "sample": section(
            {"question": by, "option": g, "n": int(mask.sum())} for (by, g), mask in now.items() if by
        ),
        "scores": section(
            row_of(world, *key[2:], key[:2], found) for key, found in figures.items()
        ),
        "comparisons": section(differences(world, now, figures)),
        "waves": section(changes(world)),
        "tree": section(nodes(world, figures)),
        "adjusted": section(adjusted(world, figures)),
    }  # fmt: skip


def unions(now):
    """Return what `record.group_unions` says: regions and their towns, whoever left one of both blank."""
    found = []
    for (by, group), mask in now.items():
        parts = [part for (of, part), own in now.items() if of == "town" and by == "region" and (own & mask).any()]
        if parts:
            found.append({"group_by": by, "group": group, "of": "town", "parts": parts})
    return found


def differences(world, now, figures):
    for (by, group), mask in now.items():
        if not by:
            continue
        others = np.any([m for (b, g), m in now.items() if b == by and g != group] or [~mask & False], axis=0)
        for ms in world.measures():
            own, rest = figures.get((by, group, *ms)), world.function("2026", others, *ms)
            if own and rest:
                yield difference(world, ms, (by, group), "", "rest", own, rest)
            for other in sorted({g for b, g in now if b == by and g > group}):
                if own and (by, other, *ms) in figures:
                    yield difference(world, ms, (by, group), other, "pair", own, figures[by, other, *ms])


def difference(world, ms, key, other, method, own, against):
    found = own[0] - against[0], own[1]
    return row_of(world, *ms, key, found, other=other, method=method, n_other=against[1], verdict="higher")


def changes(world):
    for ms in world.measures():
        then, now = dict(world.masks("2025")), dict(world.masks("2026"))
        for key in now:
            last = world.function("2026", now[key], *ms)
            first = world.function("2025", then[key], *ms) if key in then else None
            if first:
                bare = {"wave": "2025", "against": "", "change": None, "n_other": None, "verdict": ""}
                yield row_of(world, *ms, key, first, **bare)
            if last and first:
                line = last[0] - first[0]
                told = {"change": float(line @ world.truth), "change_line": line, "n_other": first[1]}
                yield row_of(world, *ms, key, last, wave="2026", against="2025", verdict="higher", **told)


def nodes(world, figures):
    for by, group in dict.fromkeys(key[:2] for key in figures):
        parts = {c: figures.get((by, group, c, "mean_score")) for c in CONSTRUCTS}
        if all(parts.values()):
            line = sum(WEIGHTS[c] * found[0] for c, found in parts.items())
            names = {"group_by": by, "group": group, "root": "all", "std_error": 1.0}
            n = parts["service"][1]
            yield names | {"node": "all", "parent": "", "level": 0, "place": 1, "leaf": False, "weight": 1.0} | {
                "estimate": float(line @ world.truth), "n": n, "line": line
            }  # fmt: skip
            for place, (c, found) in enumerate(parts.items(), 1):
                yield names | {"node": c, "parent": "all", "level": 1, "place": place, "leaf": True} | {
                    "weight": WEIGHTS[c], "estimate": float(found[0] @ world.truth), "n": found[1], "line": found[0]
                }  # fmt: skip


def adjusted(world, figures):
    """Yield raw and adjusted scores of towns; the shift is a number that the published coefficients tell."""
    for (by, group, measure, statistic), found in figures.items():
        if by == "town" and statistic == "mean_score":
            for method in ("raw", "adjusted"):
                yield row_of(world, measure, statistic, (by, group), found, method=method)


def told(public):
    """Return the functions of all published figures."""
    lines = []
    for name in ("scores", "comparisons", "waves", "tree", "adjusted"):
        for row in public[name]["rows"]:
            if row["estimate"] is not None:
                lines.append(row["line"])
            if row.get("change") is not None:
                lines.append(row["change_line"])
    return lines


def in_span(lines, others):
    """Tell of every one of some functions whether it lies in the span of lines.

    Answers that count alike everywhere are taken together, which changes no span.
    """
    if not lines or not others:
        return np.zeros(len(others), dtype=bool)
    whole = np.array([*lines, *others])
    keys = np.round(whole.T @ np.random.default_rng(0).normal(size=(len(whole), 2)), 9)
    _, first, counts = np.unique(keys, axis=0, return_index=True, return_counts=True)
    small = whole[:, first] * np.sqrt(counts)
    small /= np.linalg.norm(small, axis=1, keepdims=True)
    known, asked = small[: len(lines)], small[len(lines) :]
    values, vectors = np.linalg.eigh(known.T @ known)
    span = vectors[:, values > 1e-11 * values[-1]]
    return np.linalg.norm(asked - asked @ span @ span.T, axis=1) < 1e-5


def secrets(world, public, policy):
    """Yield the name and the function of every figure on few, hidden in a row or in no group.

    Figures on more respondents that are hidden besides protect them and may be told by others.
    """
    for name in ("scores", "adjusted"):
        for row in public[name]["rows"]:
            if row["estimate"] is None and row["size"] < policy.min_n:
                yield (name, row["group_by"], row["group"], row["measure"], row["statistic"]), row["line"]
    for row in public["waves"]["rows"]:
        if row["estimate"] is None and row["size"] < policy.min_n:
            yield ("waves", row["wave"], row["group_by"], row["group"], row["measure"], row["statistic"]), row["line"]
    for wave in WAVES:
        for by, labels in world.groups[wave].items():
            for ms in world.measures():
                found = world.function(wave, labels == "", *ms)
                if found and found[1] < policy.min_n and ms != ("service", "top2"):
                    yield ("in no group", wave, by, *ms), found[0]


def leaks(seed, sizes, blanks, holes, policy, *, complementary=True):
    world = World(seed, sizes, blanks, holes)
    public = public_document(document_of(world), policy, complementary=complementary).document
    secret = dict(secrets(world, public, policy))
    found = zip(secret, in_span(told(public), list(secret.values())), strict=True)
    return [name for name, leaked in found if leaked]


SIZES = st.lists(st.integers(2, 40), min_size=2, max_size=4)
POLICIES = st.sampled_from([built_in_policy("nss"), Policy(min_n=10), Policy(min_n=25, min_count=5)])
QUIET = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "phases": NOT_SHRUNK}


@settings(max_examples=6, **QUIET)
@example(1, [40, 35, 30, 40], 6, 0.0, Policy(min_n=10))  # few in no group, of both waves
@example(0, [2, 10, 2, 14], 3, 0.0, built_in_policy("nss"))  # a region that is its towns in the earlier wave only
@example(9871, [44, 32, 33, 11, 26], 3, 0.15, Policy(min_n=25, min_count=5))  # as many left out as one region lacks
@given(st.integers(0, 10_000), SIZES, st.sampled_from([0, 3]), st.sampled_from([0.0, 0.15]), POLICIES)
def test_no_hidden_figure_is_a_sum_of_published_ones(seed, sizes, blanks, holes, policy):
    assert leaks(seed, sizes, blanks, holes, policy) == []


@pytest.mark.parametrize("policy", ["hcahps", "epsi"])
def test_policies_of_large_bases(policy):
    assert leaks(3, [60, 20, 45, 35], 8, 0.1, built_in_policy(policy)) == []


def test_the_adversary_finds_blanks_where_nothing_complements():
    found = leaks(1, [40, 35, 30, 40], 6, 0.0, Policy(min_n=10), complementary=False)
    assert {name[1] for name in found if name[0] == "in no group"} == set(WAVES)
