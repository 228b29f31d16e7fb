"""The questionnaire as a web page that needs no server."""

from __future__ import annotations

from markupsafe import Markup

from satmeter.form.assets import policy, script, style
from satmeter.form.controls import EmptyControls
from satmeter.form.definition import Texts, collect_texts, definition, script_json
from satmeter.form.fonts import font_rule
from satmeter.form.layout import lay_out
from satmeter.form.templating import render
from satmeter.form.words import language_name, screen_words
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.piping import split_pipes


def screen_html(questionnaire: Questionnaire, language: str) -> str:
    """Return the whole page, all languages in it.

    Parameters
    ----------
    questionnaire
        A checked questionnaire.
    language
        The language shown first.
    """
    sheets = lay_out(questionnaire)
    texts = collect_texts(questionnaire)
    style_text = style("screen") + _fonts(questionnaire, texts)
    context = {
        "language": language,
        "languages": questionnaire.languages,
        "names": {tag: language_name(tag) for tag in questionnaire.languages},
        "titles": {tag: questionnaire.title.get(tag) for tag in screen_words(questionnaire.languages)["noscript"]},
        "noscript": screen_words(questionnaire.languages)["noscript"],
        "sheets": sheets,
        "state": EmptyControls(),
        "has_intro": "intro" in texts,
        "has_privacy": "privacy" in texts,
        "has_thanks": "thanks" in texts,
        "short_digest": questionnaire.digest.removeprefix("sha256:")[:12],
        "style": Markup(style_text),  # noqa: S704
        "script": Markup(script()),  # noqa: S704
        "policy": policy(style_text, script()),
        "definition": Markup(script_json(definition(questionnaire, sheets, texts))),  # noqa: S704
        **_text_functions(texts, questionnaire, language),
    }
    return render("screen.html.j2", context)


def _text_functions(texts: Texts, questionnaire: Questionnaire, language: str) -> dict[str, object]:
    known = set(questionnaire.variables)

    def shown(key: str) -> tuple[str, str]:
        by_language = texts.get(key, {})
        tag = next((t for t in (language, *questionnaire.languages, *by_language) if t in by_language), language)
        return tag, by_language.get(tag, "")

    def words(key: str) -> str:
        text = shown(key)[1]
        if key.startswith("ui."):
            return text.replace("{version}", questionnaire.version)
        pieces = []
        for is_name, piece in split_pipes(text):
            if not is_name:
                pieces.append(piece)
            elif piece not in known:
                pieces.append(f"{{{piece}}}")
        return "".join(pieces)

    def foreign(key: str) -> Markup:
        tag = shown(key)[0]
        return Markup("") if tag == language else Markup(' lang="{}"').format(tag)

    def marked(key: str) -> Markup:
        return Markup(' data-t="{}"').format(key)

    return {"words": words, "foreign": foreign, "marked": marked}


def _fonts(questionnaire: Questionnaire, texts: Texts) -> str:
    """Return the font rule for all that the page can show."""
    shown = [text for by_language in texts.values() for text in by_language.values()]
    return "\n" + font_rule("".join([*shown, *map(language_name, questionnaire.languages)]))
