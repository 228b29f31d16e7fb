"""What the command line says about simulated respondents who walk a form, in both languages; as `texts.TEXTS`."""

from __future__ import annotations

WALK_TEXTS: dict[str, dict[str, dict[str, str]]] = {
    "walk": {
        "url": {
            "en": "Send the respondents through the form of a running server, e.g. http://127.0.0.1:8000; no file is "
            "written.",
            "zh-CN": "让受访者在正在运行的服务器上作答，例如 http://127.0.0.1:8000；不写入文件。",
        },
        "respondents": {
            "en": "How many answer at the same time; 50 when not given.",
            "zh-CN": "同时作答的人数；未给出时为 50。",
        },
        "verify": {
            "en": "Address of the server's store: compare it afterwards with what was given, answer by answer.",
            "zh-CN": "服务器所用存储的地址：结束后与所给答案逐一比对。",
        },
        "pii_key": {
            "en": "Key file of the store, to compare sealed answers too.",
            "zh-CN": "该存储的密钥文件，用于同时比对已加密的答案。",
        },
        "own_server": {
            "en": "The server is on another machine, is mine, and its store is for trial.",
            "zh-CN": "服务器在另一台机器上，归我所有，且其存储仅供试用。",
        },
        "responses": {
            "en": "{n} respondents: {complete} complete, {broke_off} broke off, {turned_away} turned away",
            "zh-CN": "{n} 名受访者：{complete} 名完成，{broke_off} 名中途退出，{turned_away} 名未被接纳",
        },
        "answers": {
            "en": "{answers} answers in {seconds:.1f} s: {rate:.0f} a second",
            "zh-CN": "{answers} 个答案，用时 {seconds:.1f} 秒：每秒 {rate:.0f} 个",
        },
        "posts": {
            "en": "{n} pages posted: p50 {p50:.0f} ms, p99 {p99:.0f} ms",
            "zh-CN": "提交 {n} 页：p50 {p50:.0f} 毫秒，p99 {p99:.0f} 毫秒",
        },
        "pages": {
            "en": "{n} pages shown: p50 {p50:.0f} ms, p99 {p99:.0f} ms",
            "zh-CN": "显示 {n} 页：p50 {p50:.0f} 毫秒，p99 {p99:.0f} 毫秒",
        },
        "errors": {"en": "{n} errors", "zh-CN": "{n} 个错误"},
        "verified": {
            "en": "{store}: {answers} answers of {responses} responses are as given, {sealed} are sealed; the chain "
            "verifies",
            "zh-CN": "{store}：{responses} 份答卷的 {answers} 个答案与所给一致，{sealed} 个已加密未比对；链条完整",
        },
    },
}
