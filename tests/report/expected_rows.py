"""What the tables of a report must show, worked out from the results document alone.

Numbers are rounded by `decimal`, labels are those of the questionnaire; nothing of `satmeter.report` is asked for it.
A row is its heading and, in order, the texts that must stand behind it.
"""

from decimal import ROUND_HALF_EVEN, Decimal
from functools import partial


def rounded(value, digits, scale=1, end=""):
    """A number to some digits with a true minus sign; a dash where there is none."""
    if value is None:
        return "–"
    number = (Decimal(value) * scale).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
    return (str(abs(number)) if number == 0 else str(number).replace("-", "−")) + end


points = partial(rounded, digits=1)
two = partial(rounded, digits=2)
tenths = partial(rounded, digits=1, scale=100, end="%")
whole = partial(rounded, digits=0, scale=100, end="%")


def ends(row, form, low="conf_low", high="conf_high"):
    return f"[{form(row[low])},{form(row[high])}]"


def ranged(row, form, key="estimate", low="conf_low", high="conf_high"):
    return form(row[key]) + ends(row, form, low, high)


class Labels:
    """Labels of the questionnaire in one language."""

    def __init__(self, document, language):
        asked = document["questionnaire"]
        self.of = {c["id"]: c["label"][language] for c in asked["constructs"]}
        self.items = {item["id"]: item["text"][language] for c in asked["constructs"] for item in c["items"]}
        self.of |= self.items
        self.of |= {tree["id"]: tree["label"][language] for tree in document["study"].get("trees", ())}
        self.of |= {question["id"]: question["text"][language] for question in asked["questions"]}
        self.options = {
            (question["id"], option["code"]): option["label"][language]
            for question in asked["questions"]
            for option in question["options"]
        }
        english = language == "en"
        self.brackets = "()" if english else "\uff08\uff09"
        self.colon = ":" if english else "\uff1a"
        self.top = "Top-two-box share" if english else "前两档占比"
        self.turned = {"time": "(turned round)" if english else "\uff08反转\uff09"}


def rows_of(document, section, **wanted):
    return [r for r in document[section]["rows"] if all(r.get(key) == value for key, value in wanted.items())]


def sample(document, labels):
    for row in rows_of(document, "sample"):
        name = labels.options[row["question"], row["option"]]
        yield name, str(row["n"]), tenths(row["share"]), tenths(row["weighted_share"])


def margins(document, labels):
    for row in rows_of(document, "margins"):
        shares = (tenths(row[key]) for key in ("before", "after", "target"))
        yield labels.of[row["margin"]], labels.options[row["margin"], row["category"]], str(row["n"]), *shares


def scores(document, labels):
    for row in rows_of(document, "scores", group_by=""):
        form = tenths if row["statistic"] == "top2" else points
        yield labels.of[row["measure"]], form(row["estimate"]), ends(row, form), str(row["n"])


def groups(document, labels):
    """A line for every construct, a column for every group of each question."""
    for question in ("region", "ctype"):
        rows = rows_of(document, "scores", group_by=question, statistic="mean_score")
        for measure in dict.fromkeys(row["measure"] for row in rows):
            yield labels.of[measure], *(ranged(row, points) for row in rows if row["measure"] == measure)


def reliability(document, labels):
    for row in rows_of(document, "reliability", coefficient="alpha"):
        if row["construct"]:
            omega = rows_of(document, "reliability", coefficient="omega_total", construct=row["construct"])
            coefficients = (ranged(one, two) for one in (row, *omega))
            yield labels.of[row["construct"]], str(row["n_items"]), str(row["n"]), *coefficients


def shares(document, labels):
    for row in rows_of(document, "drivers", method="lmg"):
        share = whole(row["share"]), ends(row, whole, "share_low", "share_high")
        yield labels.of[row["driver"]], *share, rounded(row["estimate"], 3)


def regression(document, labels):
    for row in rows_of(document, "regression", model="ols"):
        if row["term"] in labels.of:
            error = two(row["estimate"]), two(row["std_error"]), ends(row, two), two(row["statistic"])
            p = "<0.001" if row["p_value"] < 0.001 else rounded(row["p_value"], 3)
            yield labels.of[row["term"]], *error, p, two(row["beta"]), points(row["vif"]), str(row["n"])


def priorities(document, labels):
    for row in rows_of(document, "priorities"):
        performance = ranged(row, points, "performance", "performance_low", "performance_high")
        importance = ranged(row, whole, "importance", "importance_low", "importance_high")
        yield labels.of[row["driver"]], performance, importance, str(row["n"])


def items(document, labels):
    for row in rows_of(document, "items"):
        numbers = (two(row[key]) for key in ("item_rest_r", "alpha_if_dropped", "loading"))
        first = str(row["n"]), two(row["mean"]), two(row["sd"]), tenths(row["missing_share"])
        last = tenths(row["floor_share"]), tenths(row["ceiling_share"]), two(row["skew"])
        yield row["item"], labels.of[row["construct"]], *first, *numbers, *last
