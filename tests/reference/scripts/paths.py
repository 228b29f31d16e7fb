"""Write tests/reference/paths.json: path models by PyPI seminr and openpls-engine.

Run in an environment of its own: pip install seminr==0.2.1 openpls-engine==1.13.0; then
python paths.py FOLDER > ../paths.json, where FOLDER holds ecsi-mobile/mobi.csv.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import seminr as sr
import statsmodels.api as sm
from openpls.config import MV, Config, Structure
from openpls.mga import GroupSpec
from openpls.micom import MICOM
from openpls.mode import Mode
from openpls.plspm import Plspm
from openpls.scheme import Scheme
from seminr.estimate.consistent import plsc

ECSI = {
    "Image": [f"IMAG{i}" for i in range(1, 6)],
    "Expectation": [f"CUEX{i}" for i in range(1, 4)],
    "Quality": [f"PERQ{i}" for i in range(1, 8)],
    "Value": ["PERV1", "PERV2"],
    "Satisfaction": [f"CUSA{i}" for i in range(1, 4)],
    "Complaints": ["CUSCO"],
    "Loyalty": [f"CUSL{i}" for i in range(1, 4)],
}
ECSI_PATHS = {
    "Expectation": ["Image"],
    "Quality": ["Expectation"],
    "Value": ["Expectation", "Quality"],
    "Satisfaction": ["Image", "Expectation", "Quality", "Value"],
    "Complaints": ["Satisfaction"],
    "Loyalty": ["Image", "Satisfaction", "Complaints"],
}
SMALL = {"a": ["a1", "a2", "a3"], "b": ["b1", "b2"], "c": ["c1", "c2"], "y": ["y1", "y2", "y3"]}
SMALL_PATHS = {"c": ["a", "b"], "y": ["b", "c"]}
ORDERING = 7


def small_rows() -> pd.DataFrame:
    """Answers of 120 invented respondents on seven points."""
    rng = np.random.default_rng(20261121)
    a, b = rng.normal(size=(2, 120))
    b = 0.4 * a + 0.9 * b
    c = 0.4 * a + 0.3 * b + 0.8 * rng.normal(size=120)
    y = 0.3 * b + 0.5 * c + 0.15 * b * c + 0.7 * rng.normal(size=120)
    latent = {"a": a, "b": b, "c": c, "y": y}
    columns = {}
    for name, items in SMALL.items():
        for place, item in enumerate(items):
            noise = rng.normal(size=120) * (0.5 + 0.2 * place)
            columns[item] = np.clip(np.round(4.3 + 1.2 * (latent[name] + noise)), 1, 7).astype(int)
    return pd.DataFrame(columns)


def matrix(named, rows=None, cols=None):
    rows, cols = rows or list(named.rows), cols or list(named.cols)
    place = np.ix_([named.rows.index(r) for r in rows], [named.cols.index(c) for c in cols])
    return named.values[place].tolist()


def seminr_model(data, blocks, paths, modes=(), scheme=sr.path_weighting, extra=(), more_paths=None):
    frame = {name: data[name].to_numpy(dtype=float) for name in data}
    specs = [sr.composite(k, items, weights=sr.mode_B if k in modes else sr.mode_A) for k, items in blocks.items()]
    arcs = {k: [*before, *(more_paths or {}).get(k, [])] for k, before in paths.items()}
    inner = sr.relationships(*(sr.paths(before, k) for k, before in arcs.items()))
    return sr.estimate_pls(
        frame, sr.constructs(*specs, *extra), inner, inner_weights=scheme, stop_criterion=12, max_it=1000
    )


def estimates(model, blocks, paths):
    constructs, items = list(blocks), [i for block in blocks.values() for i in block]
    weights, loadings = model.outer_weights, model.outer_loadings
    owner = {item: k for k, block in blocks.items() for item in block}
    path = {
        (j, k): model.path_coef.values[model.path_coef.rows.index(j), model.path_coef.cols.index(k)]
        for k, before in paths.items()
        for j in before
    }
    total = sr.total_effects(model.path_coef)
    return {
        "weights": [matrix(weights, [i], [owner[i]])[0][0] for i in items],
        "loadings": [matrix(loadings, [i], [owner[i]])[0][0] for i in items],
        "paths": {f"{j} -> {k}": value for (j, k), value in path.items()},
        "r2": {k: matrix(model.r_squared, ["Rsq"], [k])[0][0] for k in paths},
        "adjusted_r2": {k: matrix(model.r_squared, ["AdjRsq"], [k])[0][0] for k in paths},
        "total": np.transpose(matrix(total, constructs, constructs)).tolist(),
    }


def quality(model, blocks, paths):
    table, ratio = sr.reliability_table(model), sr.htmt(model)
    several = [k for k, items in blocks.items() if len(items) > 1]
    vif = sr.summarize(model).vif_antecedents
    return {
        "rho_a": {k: matrix(table, [k], ["rhoA"])[0][0] for k in several},
        "rho_c": {k: matrix(table, [k], ["rhoC"])[0][0] for k in several},
        "ave": {k: matrix(table, [k], ["AVE"])[0][0] for k in several},
        "htmt": {
            f"{a} ~ {b}": matrix(ratio, [a], [b])[0][0] for place, a in enumerate(several) for b in several[place + 1 :]
        },
        "vif": {f"{j} -> {k}": value for k, row in vif.items() for j, value in row.items() if np.isfinite(value)},
    }


def openpls_config(blocks, paths, modes=()):
    structure = Structure()
    for k, before in paths.items():
        structure.add_path(before, [k])
    config = Config(structure.path(), scaled=True)
    for k, items in blocks.items():
        config.add_lv(k, Mode.B if k in modes else Mode.A, *(MV(item) for item in items))
    return config


def openpls_values(data, blocks, paths, scheme, modes=()):
    fit = Plspm(data.astype(float), openpls_config(blocks, paths, modes), scheme, iterations=1000, tolerance=1e-12)
    outer, coef = fit.outer_model(), fit.path_coefficients()
    items = [i for block in blocks.values() for i in block]
    return fit, {
        # openpls standardises with divisor n
        "weights": [float(outer.loc[i, "weight"]) * np.sqrt(1 - 1 / len(data)) for i in items],
        "loadings": [float(outer.loc[i, "loading"]) for i in items],
        "paths": {f"{j} -> {k}": float(coef.loc[k, j]) for k, before in paths.items() for j in before},
        "r2": {k: float(fit.inner_summary().loc[k, "r_squared"]) for k in paths},
    }


def ecsi(folder):
    data = pd.read_csv(Path(folder) / "ecsi-mobile" / "mobi.csv")
    data = data[[i for block in ECSI.values() for i in block]]
    found = {
        "n": len(data),
        "constructs": list(ECSI),
        "items": list(data.columns),
        "blocks": [[list(data.columns).index(i) for i in block] for block in ECSI.values()],
        "arcs": ECSI_PATHS,
        "correlation": np.corrcoef(data.to_numpy(dtype=float).T).tolist(),
        "mean": data.mean().tolist(),
        "sd": data.std().tolist(),
    }
    model = seminr_model(data, ECSI, ECSI_PATHS)
    found["path"] = {**estimates(model, ECSI, ECSI_PATHS), **quality(model, ECSI, ECSI_PATHS)}
    factorial = seminr_model(data, ECSI, ECSI_PATHS, scheme=sr.path_factorial)
    found["factorial"] = estimates(factorial, ECSI, ECSI_PATHS)
    _, found["centroid"] = openpls_values(data, ECSI, ECSI_PATHS, Scheme.CENTROID)
    mode_b = seminr_model(data, ECSI, ECSI_PATHS, modes=("Image", "Quality"))
    found["mode_b"] = estimates(mode_b, ECSI, ECSI_PATHS)
    corrected = plsc(seminr_model_factors(data))
    found["consistent"] = estimates(corrected, ECSI, ECSI_PATHS)
    with_path, _ = openpls_values(data, ECSI, ECSI_PATHS, Scheme.PATH)
    found["fit"] = {
        "gof": float(with_path.goodness_of_fit()),
        "f2": with_path.f_squared().table()["f_squared"].to_dict(),
        "srmr_strict": float(with_path.model_fit().srmr()),
        "d_uls_strict": float(with_path.model_fit().d_uls()),
    }
    found["ipma"] = ipma(with_path, "Loyalty", 1, 10, ECSI)
    found["index"] = indices(data, found["path"]["weights"])
    routes = with_path.specific_indirect_effects("Image", "Loyalty")
    found["specific"] = {chain: float(value) for chain, value in routes["estimate"].items()}
    return found


def seminr_model_factors(data):
    frame = {name: data[name].to_numpy(dtype=float) for name in data}
    specs = [sr.composite(k, items, weights=sr.mode_A) for k, items in ECSI.items()]
    inner = sr.relationships(*(sr.paths(before, k) for k, before in ECSI_PATHS.items()))
    return sr.estimate_pls(frame, sr.as_reflective(sr.constructs(*specs)), inner, stop_criterion=12, max_it=1000)


def indices(data, weights):
    """Indices 0 to 100 respondent by respondent, from seminr's weights; effects by statsmodels on them."""
    scaled = (data - 1) / 9 * 100
    raw = pd.Series(weights, data.columns) / scaled.std()
    index = pd.DataFrame({k: scaled[items] @ (raw[items] / raw[items].sum()) for k, items in ECSI.items()})
    slopes = {k: sm.OLS(index[k], sm.add_constant(index[before])).fit().params for k, before in ECSI_PATHS.items()}
    return {
        "score": index.mean().to_dict(),
        "sd": index.std().to_dict(),
        "slopes": {f"{j} -> {k}": float(slopes[k][j]) for k, before in ECSI_PATHS.items() for j in before},
    }


def ipma(fit, target, low, high, blocks):
    result = fit.ipma(target, scale_min=low, scale_max=high)
    constructs, items = result.latent_variables(), result.indicators()
    return {
        "low": low,
        "high": high,
        "target": target,
        "importance": {k: float(constructs.loc[k, "importance"]) for k in constructs.index},
        "item_performance": {i: float(row["performance"]) for (_, i), row in items.iterrows()},
    }


def small():
    data = small_rows()
    found = {
        "constructs": list(SMALL),
        "items": list(data.columns),
        "blocks": [[list(data.columns).index(i) for i in block] for block in SMALL.values()],
        "arcs": SMALL_PATHS,
        "rows": data.to_numpy().tolist(),
    }
    model = seminr_model(data, SMALL, SMALL_PATHS)
    found["path"] = estimates(model, SMALL, SMALL_PATHS)
    found["predict"] = prediction(model, len(data))
    found["micom"] = micom(data)
    found["moderation"] = moderation(data)
    found["higher_order"] = higher(data)
    return found


def prediction(model, n):
    order = np.random.default_rng(ORDERING).permutation(n)
    found = {"ordering_seed": ORDERING}
    for name, technique in (("direct", sr.predict_DA), ("earliest", sr.predict_EA)):
        result = sr.predict_pls(model, technique=technique, no_folds=10, ordering=order.tolist())
        table = sr.summarize(result)
        pls, linear = table.pls_out_of_sample, table.lm_out_of_sample
        found[name] = {
            "items": list(pls.cols),
            "rmse": matrix(pls, ["RMSE"])[0],
            "mae": matrix(pls, ["MAE"])[0],
            "linear_rmse": matrix(linear, ["RMSE"])[0],
            "linear_mae": matrix(linear, ["MAE"])[0],
        }
    from seminr.predict import cut_folds

    folds = np.empty(n, dtype=int)
    folds[order] = np.array(cut_folds(n, 10)) - 1
    found["folds"] = folds.tolist()
    return found


def micom(data):
    # openpls correlates scores of raw items; MICOM is about standardised ones
    frame = ((data - data.mean()) / data.std()).assign(group=["one" if i % 3 else "two" for i in range(len(data))])
    test = MICOM(
        frame,
        openpls_config(SMALL, SMALL_PATHS),
        "group",
        GroupSpec("one", values=["one"]),
        GroupSpec("two", values=["two"]),
        scheme=Scheme.PATH,
        iterations=2,  # its statistics do not hang on it
        seed=1,
    )
    two, three = test.step2(), test.step3()
    return {"step2": two.to_dict("index"), "step3": three.to_dict("index")}


def moderation(data):
    """Regress stage-one scores of seminr on one another and on a product, by statsmodels."""
    scores = seminr_model(data, SMALL, SMALL_PATHS).construct_scores
    b, c, y = (scores.column(k) for k in ("b", "c", "y"))
    fit = sm.OLS(y, sm.add_constant(np.column_stack([b, c, b * c]))).fit()
    plain = sm.OLS(y, sm.add_constant(np.column_stack([b, c]))).fit()
    return {"coefficients": fit.params[1:].tolist(), "r2": fit.rsquared, "r2_without": plain.rsquared}


def higher(data):
    frame = {name: data[name].to_numpy(dtype=float) for name in data}
    found = {}
    for name, mode in (("A", sr.mode_A), ("B", sr.mode_B)):
        specs = [sr.composite(k, items) for k, items in SMALL.items()]
        top = sr.higher_composite("h", ["a", "b"], weights=mode)
        inner = sr.relationships(sr.paths(["h"], "c"), sr.paths(["h", "c"], "y"))
        model = sr.estimate_pls(frame, sr.constructs(*specs, top), inner, stop_criterion=12, max_it=1000)
        found[name] = {
            "paths": {
                f"{j} -> {k}": matrix(model.path_coef, [j], [k])[0][0] for j, k in (("h", "c"), ("h", "y"), ("c", "y"))
            },
            "weights": [matrix(model.outer_weights, [i], ["h"])[0][0] for i in ("a", "b")],
            "r2": {k: matrix(model.r_squared, ["Rsq"], [k])[0][0] for k in ("c", "y")},
        }
    return found


def main():
    document = {
        "source": {
            "software": "Python",
            "version": ", ".join(f"{p} {version(p)}" for p in ("seminr", "openpls-engine", "statsmodels", "numpy")),
            "call": "seminr.estimate_pls, plsc, predict_pls, reliability_table; openpls Plspm, MICOM; OLS on scores",
            "script": "tests/reference/scripts/paths.py",
            "data": "ECSI mobile (250 x 24, moments only); 120 invented respondents",
            "citation": "Tenenhaus et al. (2005) CSDA 48:159-205",
        },
        "rtol": 1e-08,
        "why": "both stop when weights move by less than 1e-12 in sum; ours by less than 1e-10 each",
        "values": {"ecsi": ecsi(sys.argv[1]), "small": small()},
    }
    print(json.dumps(document, indent=1))


main()
