"""What a page says above its questions, in the languages that the package knows; others get English."""

from __future__ import annotations

_WORDS = {
    "further": {
        "en": "Your answers bring up further questions on this page. Please answer them, too.",
        "zh-CN": "根据您的回答，本页还有其他问题，请继续作答。",
    },
    "open": {
        "en": "This page is still needed before the questionnaire can be finished.",
        "zh-CN": "提交前还需要完成本页。",
    },
    "conflict": {
        "en": "This page was answered differently in the meantime, perhaps in another window. Below are the answers of "
        "this window: please check them and go on.",
        "zh-CN": "本页的答案在此期间已有改动，可能来自另一个窗口。以下为本窗口中的答案，请核对后继续。",
    },
    "not_stored": {
        "en": "Your answers could not be stored just now. They are still on this page: please go on again in a moment.",
        "zh-CN": "您的答案暂时未能保存，但仍保留在本页上。请稍后再次点击按钮继续。",
    },
}


def notice(kind: str, language: str) -> str:
    """Return a notice; empty for a kind that there is not.

    Examples
    --------
    >>> notice("open", "zh-CN"), notice("<b>", "en")
    ('提交前还需要完成本页。', '')
    """
    words = _WORDS.get(kind, {})
    return words.get(language) or words.get("en", "")
