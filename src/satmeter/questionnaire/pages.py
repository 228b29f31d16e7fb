"""The pages of the file, and the pages that follow from the rest when none are given."""

from __future__ import annotations

from satmeter.questionnaire.draft import Draft, Word, read_condition, read_text
from satmeter.questionnaire.evaluate import names_in
from satmeter.questionnaire.model import Page, Question
from satmeter.questionnaire.piping import piped_names
from satmeter.questionnaire.spec import Field, listed, read_fields, wrong_kind
from satmeter.questionnaire.yaml_text import Node, quoted

_PAGE = {
    "grid": Field("strings"),
    "items": Field("strings"),
    "shuffle": Field("string", choices=("items", "none")),
    "required": Field("boolean"),
    "title": Field("any"),
    "text": Field("any"),
    "show_if": Field("string"),
}


def read_pages(node: Node | None, draft: Draft) -> None:
    """Read the section `pages`, or make pages when there is none."""
    if node is None:
        draft.pages = _default_pages(draft)
        draft.page_words = [tuple(Word(m, draft.lines[m]) for m in page.members) for page in draft.pages]
        return
    draft.pages_given = True
    for number, page in enumerate(node.items):
        _read_page(page, number, draft)


def _read_page(node: Node, number: int, draft: Draft) -> None:
    about = ("page", str(number + 1))
    if node.kind == "list":
        draft.pages.append(Page(_members(node, node.items, number, draft), line=node.line))
        return
    if node.kind != "map":
        wrong_kind(node, "list", draft.collector, about=about)
        return
    fields = read_fields(node, _PAGE, draft.collector, about=about)
    if ("grid" in fields.lines) == ("items" in fields.lines):
        draft.collector.error("Q044", node.line, about=about, params={"choices": "grid, items"})
        return
    key = "grid" if "grid" in fields.lines else "items"
    draft.pages.append(
        Page(
            _members(fields.node(key) or node, fields.strings(key), number, draft),
            grid=key == "grid",
            shuffle=fields.string("shuffle") == "items",
            required=bool(fields.boolean("required")),
            title=read_text(fields.node("title"), draft, about, "page", number),
            text=read_text(fields.node("text"), draft, about, "page", number),
            show_if=read_condition(fields, draft, about, page=number),
            line=node.line,
        )
    )


def _members(node: Node, names: tuple[Node, ...], number: int, draft: Draft) -> tuple[str, ...]:
    about = ("page", str(number + 1))
    if not names:
        draft.collector.error("Q058", node.line, about=about)
    words: list[Word] = []
    for name_node in names:
        name = name_node.text.strip()
        if name_node.kind != "scalar":
            wrong_kind(name_node, "scalar", draft.collector, about=about)
        elif draft.kinds.get(name) == "construct":
            construct = draft.constructs[name]
            words += [Word(item, name_node.line) for item in construct.items]
        elif name in draft.kinds:
            words.append(Word(name, name_node.line))
        else:
            draft.collector.error(
                "Q055",
                name_node.line,
                about=about,
                got=quoted(name),
                suggestion=draft.collector.nearest(name, draft.kinds),
                params={"choices": listed(draft.kinds)},
            )
    draft.page_words.append(tuple(words))
    return tuple(word.name for word in words)


def _default_pages(draft: Draft) -> list[Page]:
    """Questions first, then one grid a construct, then the questions that look back at those; checks in the grids."""
    early: list[str] = []
    for question in draft.questions.values():
        if all(name in early for name in _looks_at(question)):
            early.append(question.id)
    late = [name for name in draft.questions if name not in early]
    checks = list(draft.checks.values())
    pages = [Page(tuple(early))] if early else []
    for construct in draft.constructs.values():
        members = list(construct.items)
        scales = {draft.items[item].scale for item in members}
        here = [check for check in checks if check.scale in scales]
        checks = [check for check in checks if check not in here]
        if members:
            pages.append(Page((*members, *(check.id for check in here)), grid=True, line=construct.line))
    rest = (*late, *(check.id for check in checks))
    return [*pages, Page(rest)] if rest else pages


def _looks_at(question: Question) -> tuple[str, ...]:
    names = names_in(question.show_if) if question.show_if else ()
    return (*names, *piped_names(question.text))
