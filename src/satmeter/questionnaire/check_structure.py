"""Pages, model and labels as a whole."""

from __future__ import annotations

from collections.abc import Mapping

from satmeter.questionnaire.draft import Draft, TextUse, Word
from satmeter.questionnaire.spec import listed
from satmeter.questionnaire.yaml_text import quoted

SPSS_VALUE_LABEL_BYTES = 120
SPSS_VARIABLE_LABEL_BYTES = 256
STATA_VARIABLE_LABEL_CHARACTERS = 80


def check_pages(draft: Draft) -> None:
    """Check that everything declared is asked, and once only."""
    first: dict[str, int] = {}
    for words in draft.page_words:
        for word in words:
            if word.name in first:
                about = (draft.kinds[word.name], word.name)
                draft.collector.error("Q056", word.line, about=about, params={"first": first[word.name]})
            first.setdefault(word.name, word.line)
    if not draft.pages_given:
        return
    for name in draft.variables:
        if name not in first:
            draft.collector.warning("Q057", draft.lines[name], about=(draft.kinds[name], name))


def check_model(draft: Draft) -> None:
    """Check the driver model: names, self-reference, circles, drivers that nothing names."""
    names = [n for n, kind in draft.kinds.items() if kind in ("construct", "question")]
    for outcome, words in draft.model.items():
        line, about = draft.model_lines[outcome], ("model", outcome)
        if draft.kinds.get(outcome) != "construct":
            _unknown(Word(outcome, line), about, list(draft.constructs), draft)
        if not words:
            draft.collector.error("Q077", line, about=about, got="[]")
        seen: set[str] = set()
        for word in words:
            _check_predecessor(word, outcome, seen, names, draft)
            seen.add(word.name)
    cycle = _cycle({outcome: [w.name for w in words] for outcome, words in draft.model.items()})
    if len(cycle) > 2:
        draft.collector.error(
            "Q076", draft.model_lines[cycle[0]], about=("model", cycle[0]), got=listed(cycle).replace(", ", " → ")
        )
    named = {word.name for words in draft.model.values() for word in words}
    for construct in draft.constructs.values():
        if draft.model and construct.role in ("driver", "cost") and construct.id not in named:
            draft.collector.warning("Q079", construct.line, about=("construct", construct.id))


def _check_predecessor(word: Word, outcome: str, seen: set[str], names: list[str], draft: Draft) -> None:
    about = ("model", outcome)
    question = draft.questions.get(word.name)
    if draft.kinds.get(word.name) not in ("construct", "question"):
        _unknown(word, about, names, draft)
    elif word.name == outcome or word.name in seen:
        draft.collector.error("Q077", word.line, about=about, got=quoted(word.name))
    elif question and question.type in ("text", "date"):
        draft.collector.error("Q078", word.line, about=about, got=quoted(word.name))


def _unknown(word: Word, about: tuple[str, str], names: list[str], draft: Draft) -> None:
    near = draft.collector.nearest(word.name, names)
    draft.collector.error("Q075", word.line, about=about, got=quoted(word.name), suggestion=near)


def _cycle(model: Mapping[str, list[str]]) -> list[str]:
    """Return one circle, first name repeated at the end; empty when there is none."""
    done: set[str] = set()
    for start in model:
        path: dict[str, None] = {}  # in order, and quick to ask
        stack = [(start, iter(model.get(start, ())))]
        while stack:
            name, rest = stack[-1]
            if len(path) < len(stack):
                path[name] = None
            following = next(rest, None)
            if following is None:
                done.add(name)
                stack.pop()
                path.popitem()
            elif following in path:
                names = list(path)
                return [*names[names.index(following) :], following]
            elif following in model and following not in done:
                stack.append((following, iter(model[following])))
    return []


def check_labels(draft: Draft) -> None:
    """Warn of labels that SPSS or Stata will cut; SPSS counts bytes of UTF-8, Stata characters."""
    for use in draft.texts:
        texts = [text for _, text in use.text.by_language]
        largest = max((len(text.encode()) for text in texts), default=0)
        longest = max((len(text) for text in texts), default=0)
        if use.role == "value_label" and largest > SPSS_VALUE_LABEL_BYTES:
            _cut("Q080", use, largest, draft)
        if use.role == "wording" and largest > SPSS_VARIABLE_LABEL_BYTES:
            _cut("Q081", use, largest, draft)
        if use.role == "wording" and longest > STATA_VARIABLE_LABEL_CHARACTERS:
            _cut("Q082", use, longest, draft)


def _cut(code: str, use: TextUse, size: int, draft: Draft) -> None:
    got = quoted(max((text for _, text in use.text.by_language), key=lambda text: len(text.encode())))
    draft.collector.warning(code, use.line, about=use.about, got=got, params={"size": size})
