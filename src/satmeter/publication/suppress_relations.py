"""The linear relations between the cells of a document, by which a hidden one could be worked out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from satmeter.publication.suppress_cells import REST, Cell, Document, Facts, rest_of, rows_of, unions_of


class Relation(NamedTuple):
    """Σ coefficient · figure = a number that is known, over some cells.

    `total` is set where the cells are the groups of one question; `everybody` is then the cell of all of them.
    """

    terms: dict[Cell, float]
    total: bool = False
    everybody: Cell | None = None


def relations_of(
    document: Document, cells: Mapping[Cell, Facts], units: Mapping[tuple[str, str, str], float]
) -> tuple[tuple[Relation, ...], ...]:
    """Return everything linear that a reader of the document knows, as systems that may each hold exactly.

    Parameters
    ----------
    document
        Tells which items make up a construct, what a tree consists of, and which groups are made up of others.
    cells
        What is measured, of whom.
    units
        Wave, question and group to the number of respondents.

    Returns
    -------
    tuple of tuple of Relation
        First all relations, with one weight a group: where everybody answered everything they all hold at once. Then,
        with the answers to every measure as weights, those that hold for shares of top boxes whatever is missing (items
        add up over groups, and make up their construct), and for mean scores (constructs add up, and make up trees).

    Notes
    -----
    Groups of a question make up all who answered it; whoever did not is no protection, for figures against the rest
    tell the sum of those who did. Items make up their construct, nodes of a tree their parent, and groups of one
    question those of another where `study.policy.unions` says so.
    """
    links = tuple(_constructs(document, cells))
    trees = tuple(_trees(document))
    made_of_items = {cell.measure for link in links for cell, c in link.terms.items() if c < 0}
    answered = {cell: facts.n for cell, facts in cells.items() if 0 < facts.n < float("inf")}
    single = [cell for cell in cells if cell.measure not in made_of_items and not cell.measure.startswith("tree:")]
    whole = [cell for cell in cells if cell.measure in made_of_items]
    size = {cell: units.get(cell.unit, 1.0) for cell in cells}
    return (
        (*_totals(cells, size), *links, *trees, *_unions(document, cells, size)),
        (*_totals(single, answered), *_unions(document, single, answered), *links),
        (*_totals(whole, answered), *_unions(document, whole, answered), *trees),
    )


def _totals(cells: Iterable[Cell], weights: Mapping[Cell, float]) -> Iterator[Relation]:
    groups: dict[tuple[str, str, str], list[Cell]] = {}
    known = set(cells)
    for cell in cells:
        if cell.group_by and REST not in cell.group_by:
            groups.setdefault((cell.wave, cell.group_by, cell.measure), []).append(cell)
    for (wave, _, measure), some in groups.items():
        everybody = Cell(wave, "", "", measure)
        terms = {cell: weights.get(cell) or 1.0 for cell in some}
        if everybody in known:
            terms[everybody] = -sum(terms.values())
        yield Relation(terms, total=True, everybody=everybody)


def _constructs(document: Document, cells: Mapping[Cell, Facts]) -> Iterator[Relation]:
    """Yield a construct's figure as the mean of its items', in every group: shares of top boxes are just that."""
    questionnaire = document.get("questionnaire") or {}
    items = {c["id"]: [i["id"] for i in c.get("items") or ()] for c in questionnaire.get("constructs") or ()}
    for cell in cells:
        parts = [cell._replace(measure=item) for item in items.get(cell.measure, ())]
        parts = [part for part in parts if part in cells]
        if parts:
            yield Relation({cell: -float(len(parts)), **dict.fromkeys(parts, 1.0)})


def _trees(document: Document) -> Iterator[Relation]:
    rows = rows_of(document, "tree")
    children: dict[tuple[str, str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        children.setdefault((row["root"], row["parent"], row["group_by"], row["group"]), []).append(row)
    for (root, parent, group_by, group), some in children.items():
        if parent:
            terms = {Cell("", group_by, group, f"tree:{root}/{parent}"): -1.0}
            for row in some:
                measure = row["node"] if row.get("leaf") else f"tree:{root}/{row['node']}"
                terms[Cell("", group_by, group, measure)] = float(row["weight"])
            yield Relation(terms)


def _unions(document: Document, cells: Iterable[Cell], weights: Mapping[Cell, float]) -> Iterator[Relation]:
    known = set(cells)
    places = sorted({(cell.wave, cell.measure) for cell in known})
    for union in unions_of(document):
        for wave, measure in places:
            whole = Cell(wave, union["group_by"], union["group"], measure)
            parts = [Cell(wave, union["of"], part, measure) for part in union["parts"]]
            rest = Cell(*rest_of(wave, union), measure)
            terms = {part: weights.get(part) or 1.0 for part in parts if part in known}
            if whole in known and terms:
                more = {rest: weights.get(rest) or 1.0} if rest in known else {}
                yield Relation({whole: -sum(terms.values()) - sum(more.values()), **terms, **more})
    yield from _same_few(document, known, weights)


def _same_few(document: Document, cells: set[Cell], weights: Mapping[Cell, float]) -> Iterator[Relation]:
    """Yield who is in a group of one question and in none of the other, and the reverse, as who left them blank.

    A reader takes them for the same where they are as many.
    """
    pairs = dict.fromkeys((union["group_by"], union["of"]) for union in unions_of(document))
    for by, of in pairs:
        some = [union for union in unions_of(document) if (union["group_by"], union["of"]) == (by, of)]
        for wave, measure in sorted({(cell.wave, cell.measure) for cell in cells}):
            rests: dict[bool, list[Cell]] = {True: [], False: []}
            for union in some:
                rest = Cell(*rest_of(wave, union), measure)
                parts = sum(weights.get(Cell(wave, of, part, measure)) or 0.0 for part in union["parts"])
                if rest in cells:
                    rests[(weights.get(Cell(wave, by, union["group"], measure)) or 0.0) > parts].append(rest)
            for more, question in ((True, of), (False, by)):
                blank = Cell(wave, question, "", measure)
                terms = {cell: weights.get(cell) or 1.0 for cell in rests[more]}
                if terms and blank in cells and sum(terms.values()) == weights.get(blank):
                    yield Relation(terms | {blank: -sum(terms.values())})


def unit_relations(document: Document, units: Mapping[tuple[str, str, str], float]) -> tuple[Relation, ...]:
    """Return how the groups make up everybody and each other, whatever is measured; the cells have no measure.

    Parameters
    ----------
    document
        Tells which groups are made up of others.
    units
        Wave, question and group to the number of respondents.
    """
    cells = [Cell(*unit, "") for unit in units]
    cells += [Cell(wave, "", "", "") for wave in sorted({unit[0] for unit in units})]
    size = {Cell(*unit, ""): n for unit, n in units.items()}
    return (*_totals(cells, size), *_unions(document, cells, size))
