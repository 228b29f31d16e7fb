"""What the command line says, in both languages: verb or kind of text → name → language → text.

A module and not a data file, because reading TOML would cost `satmeter --help` a whole bare Python start.
"""

from __future__ import annotations

TEXTS: dict[str, dict[str, dict[str, str]]] = {
    "labels": {
        "colon": {"en": ":", "zh-CN": "\N{FULLWIDTH COLON}"},
        "usage": {
            "en": "Usage: ",
            "zh-CN": "用法：",
        },
        "options": {
            "en": "Options",
            "zh-CN": "选项",
        },
        "commands": {
            "en": "Commands",
            "zh-CN": "命令",
        },
        "help_option": {
            "en": "Show this message and exit.",
            "zh-CN": "显示本帮助并退出。",
        },
        "version_option": {
            "en": "Show the version and exit.",
            "zh-CN": "显示版本并退出。",
        },
        "default": {
            "en": "default: {}",
            "zh-CN": "默认：{}",
        },
        "required": {
            "en": "required",
            "zh-CN": "必填",
        },
    },
    "usage": {
        "[OPTIONS]": {"en": "[OPTIONS]", "zh-CN": "[选项]"},
        "COMMAND [ARGS]...": {"en": "COMMAND [ARGS]...", "zh-CN": "命令 [参数]…"},
        "OLD": {"en": "OLD", "zh-CN": "旧问卷"},
        "NEW": {"en": "NEW", "zh-CN": "新问卷"},
        "FILE": {"en": "FILE", "zh-CN": "文件"},
        "QUESTIONNAIRE": {"en": "QUESTIONNAIRE", "zh-CN": "问卷"},
        "SAMPLE": {"en": "SAMPLE", "zh-CN": "样本"},
        "STORE": {"en": "STORE", "zh-CN": "存储"},
        "RESPONSE": {"en": "RESPONSE", "zh-CN": "答卷"},
        "STUDY": {"en": "STUDY", "zh-CN": "研究文件"},
        "RESULTS": {"en": "RESULTS", "zh-CN": "results.json"},
        "RELEASE": {"en": "RELEASE", "zh-CN": "发布包"},
    },
    "satmeter": {
        "summary": {
            "en": "From the definition of a questionnaire to the published satisfaction score.",
            "zh-CN": "从问卷定义到可发布的满意度得分。",
        },
        "detail": {
            "en": "Start with `satmeter demo`. Names mean built-in questionnaires, paths mean files. "
            "SATMETER_LANG=zh-CN or en picks the language of messages.",
            "zh-CN": "初次使用请运行 `satmeter demo`。名称指内置问卷，路径指文件。"
            "环境变量 SATMETER_LANG=zh-CN 或 en 决定提示语言。",
        },
    },
    "questionnaires": {
        "summary": {
            "en": "List the built-in questionnaires.",
            "zh-CN": "列出内置问卷。",
        },
    },
    "check": {
        "summary": {
            "en": "Show all problems of a questionnaire or study file at once.",
            "zh-CN": "一次列出问卷或研究文件的全部问题。",
        },
        "detail": {
            "en": "FILE is a built-in name or a path. Exit code 0: no errors (warnings may be shown); 1: errors found.",
            "zh-CN": "“文件”为内置问卷名称或文件路径。退出码 0:没有错误（可能有警告）;1:发现错误。",
        },
        "good": {
            "en": "{name}: no problems found ({constructs} constructs, {items} items, {languages})",
            "zh-CN": "{name}:没有发现问题（{constructs} 个构念，{items} 个题项，{languages}）",
        },
        "good_study": {
            "en": "{name}: the study file is in order",
            "zh-CN": "{name}:研究文件没有问题",
        },
        "count": {
            "en": "errors: {errors}, warnings: {warnings}",
            "zh-CN": "错误：{errors}，警告：{warnings}",
        },
    },
    "form": {
        "summary": {
            "en": "Make the survey form: a web page or a paper sheet.",
            "zh-CN": "生成调查表：网页或纸质问卷。",
        },
        "to": {
            "en": "Kind of form: html (one page that needs no server) or paper (to print).",
            "zh-CN": "形式：html（无需服务器的单个网页）或 paper（供打印）。",
        },
        "language": {
            "en": "Language shown first (html) or printed (paper).",
            "zh-CN": "首先显示（html）或印出（paper）的语言。",
        },
        "link": {
            "en": "With --to paper: address of the survey on the web, printed with its QR code.",
            "zh-CN": "与 --to paper 一起使用：在线问卷的地址，连同二维码印在问卷上。",
        },
        "output": {
            "en": "File to write; - writes to standard output.",
            "zh-CN": "写入的文件；- 表示标准输出。",
        },
    },
    "simulate": {
        "summary": {
            "en": "Invent answers whose truth is known, to try a questionnaire before fielding it.",
            "zh-CN": "模拟已知真值的答卷，在正式调查前试用问卷。",
        },
        "n": {
            "en": "Number of respondents.",
            "zh-CN": "受访者人数。",
        },
        "seed": {
            "en": "Seed of the random numbers; the same seed gives the same file.",
            "zh-CN": "随机种子；种子相同则文件相同。",
        },
        "careless": {
            "en": "Share of careless respondents, 0 to 1.",
            "zh-CN": "敷衍作答者的比例，0 到 1。",
        },
        "missing": {
            "en": "Share of answers that are left out, 0 to 1.",
            "zh-CN": "缺失答案的比例，0 到 1。",
        },
        "output": {
            "en": "CSV file to write; the truth is written beside it.",
            "zh-CN": "写入的 CSV 文件；真值写在同一文件夹。",
        },
    },
    "run": {
        "summary": {
            "en": "Analyse a study and write results, tables, figures and reports.",
            "zh-CN": "分析一项研究，写出结果、表格、图形和报告。",
        },
        "output": {
            "en": "Folder to write to.",
            "zh-CN": "输出文件夹。",
        },
        "figures": {
            "en": "Draw figures.",
            "zh-CN": "是否绘图。",
        },
        "timings": {
            "en": "Show how long each step took.",
            "zh-CN": "显示各步骤耗时。",
        },
        "kept": {
            "en": "{n} of {n_read} respondents kept",
            "zh-CN": "保留 {n} 份答卷（共读入 {n_read} 份）",
        },
    },
    "report": {
        "summary": {
            "en": "Write the report again from results.json, without recomputing.",
            "zh-CN": "由 results.json 重新生成报告，不重新计算。",
        },
        "template": {
            "en": "Name of the template.",
            "zh-CN": "模板名称。",
        },
        "to": {
            "en": "Format of the report.",
            "zh-CN": "报告格式。",
        },
        "language": {
            "en": "Language; may be given several times. Default: all languages of the questionnaire.",
            "zh-CN": "语言，可多次给出；默认为问卷的全部语言。",
        },
        "output": {
            "en": "Folder to write to; default: the folder of results.json.",
            "zh-CN": "输出文件夹；默认为 results.json 所在文件夹。",
        },
    },
    "publish": {
        "summary": {
            "en": "Turn a study into a release: a folder that a stranger can check.",
            "zh-CN": "把研究变成发布包：他人可以核对的文件夹。",
        },
        "detail": {
            "en": "Refuses, naming each item, what may not be published; writes all of it or nothing. "
            "The same input gives the same bytes.",
            "zh-CN": "不得发布的内容逐项指明并拒绝；要么全部写出，要么什么都不写。相同输入得到相同的字节。",
        },
        "output": {
            "en": "Folder of the release.",
            "zh-CN": "发布包文件夹。",
        },
        "replace": {
            "en": "Put the new release in the place of an older one.",
            "zh-CN": "以新发布包替换旧的。",
        },
        "simulated": {
            "en": "Release simulated answers, for trial.",
            "zh-CN": "发布模拟答卷，仅供试用。",
        },
        "sign": {
            "en": "Private key of OpenSSH that signs the manifest.",
            "zh-CN": "用于签署清单的 OpenSSH 私钥。",
        },
        "done": {
            "en": "{n} files, {size} MB",
            "zh-CN": "{n} 个文件，{size} MB",
        },
    },
    "verify": {
        "summary": {
            "en": "Check a release: what agrees, what differs, what cannot be checked.",
            "zh-CN": "核对发布包：哪些一致、哪些不同、哪些无法核对。",
        },
        "detail": {
            "en": "Numbers are computed again from the microdata, or else from the moments in the release; tables, "
            "figures and reports are made again. Exit code 0: nothing differs; 1: something does.",
            "zh-CN": "数值由发布包中的微观数据（否则由矩）重新计算；表格、图形与报告重新生成。"
            "退出码 0：没有不同；1：有不同。",
        },
        "json": {
            "en": "Print the findings as JSON.",
            "zh-CN": "以 JSON 输出核对结果。",
        },
        "signer": {
            "en": "OpenSSH's file of allowed signers that the signature must belong to.",
            "zh-CN": "签名所属的 OpenSSH allowed signers 文件。",
        },
        "reports": {
            "en": "Make reports and figures again.",
            "zh-CN": "重新生成报告与图形。",
        },
        "minutes": {
            "en": "Stop after this many minutes.",
            "zh-CN": "超过该分钟数即停止。",
        },
        "agrees": {"en": "agrees", "zh-CN": "一致"},
        "differs": {"en": "DIFFERS", "zh-CN": "不同"},
        "unchecked": {"en": "cannot be checked", "zh-CN": "无法核对"},
        "partly": {"en": "agrees as far as it can be checked", "zh-CN": "可核对部分一致"},
        "line": {"en": "{name}  {status}: {counts}", "zh-CN": "{name}  {status}：{counts}"},
        "counts": {
            "en": "{agree} agree, {differ} differ, {unchecked} cannot be checked",
            "zh-CN": "{agree} 项一致，{differ} 项不同，{unchecked} 项无法核对",
        },
        "more": {"en": "… and {n} more", "zh-CN": "……另有 {n} 项"},
        "against": {
            "en": "{place}: published {published}, computed {computed}",
            "zh-CN": "{place}：发布 {published}，计算 {computed}",
        },
        "good": {
            "en": "Nothing differs. {agree} agree, {unchecked} cannot be checked.",
            "zh-CN": "没有不同。{agree} 项一致，{unchecked} 项无法核对。",
        },
        "bad": {
            "en": "This is not what was released: {differ} differ, {agree} agree, {unchecked} cannot be checked.",
            "zh-CN": "内容与发布时不符：{differ} 项不同，{agree} 项一致，{unchecked} 项无法核对。",
        },
    },
    "findings": {
        "missing": {"en": "is missing", "zh-CN": "缺失"},
        "extra": {"en": "is not in the manifest", "zh-CN": "不在清单中"},
        "edited": {"en": "was edited: SHA-256 or size differs", "zh-CN": "被改动：SHA-256 或大小不符"},
        "bytes": {"en": "is not what the results give", "zh-CN": "与结果生成的内容不符"},
        "stray": {"en": "belongs to nothing in the release", "zh-CN": "不属于发布包的任何部分"},
        "bound": {"en": "is not what the results were made with", "zh-CN": "不是生成结果所用的文件"},
        "digest": {"en": "is not the questionnaire of the results", "zh-CN": "不是结果所用的问卷"},
        "canonical": {"en": "is not written as `publish` writes it", "zh-CN": "不是 `publish` 的写法"},
        "anonymity": {"en": "respondents stand out", "zh-CN": "有受访者可被识别"},
        "rules": {"en": "may not be published", "zh-CN": "不得发布"},
        "signature": {"en": "the signature does not belong to the manifest", "zh-CN": "签名不属于该清单"},
        "stranger": {"en": "was signed by nobody in the file of signers", "zh-CN": "签名者不在签名者文件中"},
        "unsigned": {"en": "is not signed", "zh-CN": "没有签名"},
        "signed": {"en": "signed by {}", "zh-CN": "签名者：{}"},
        "unknown_signer": {
            "en": "signed; give --signer to learn by whom",
            "zh-CN": "已签名；用 --signer 核对签名者",
        },
        "version": {
            "en": "made with other versions ({}): numbers were read back, bytes cannot be checked",
            "zh-CN": "由其他版本生成（{}）：已读回数值，字节无法核对",
        },
        "no_answers": {
            "en": "rests on answers that are not in the release",
            "zh-CN": "所依据的答案不在发布包中",
        },
        "no_reports": {"en": "not made again (--no-reports)", "zh-CN": "未重新生成（--no-reports）"},
        "damaged": {"en": "cannot be computed: {}", "zh-CN": "无法计算：{}"},
        "unexpected": {
            "en": "cannot be computed ({}): the file is damaged or forged, or satmeter itself is at fault; if the file "
            "is as it was published, please report it",
            "zh-CN": "无法计算（{}）：文件损坏或被改动，也可能是 satmeter 自身的差错；若文件与发布时一致，请报告",
        },
    },
    "diff": {
        "summary": {
            "en": "What changed between two questionnaires, and which series that breaks.",
            "zh-CN": "两份问卷之间的改动，以及哪些序列因此中断。",
        },
        "detail": {
            "en": "Exit code 0: every series goes on; 1: something breaks.",
            "zh-CN": "退出码 0：所有序列可以延续；1：有序列中断。",
        },
        "json": {
            "en": "Print everything as JSON.",
            "zh-CN": "以 JSON 输出全部内容。",
        },
        "breaks": {
            "en": "Breaks a series ({n}):",
            "zh-CN": "使序列中断（{n} 处）：",
        },
        "harmless": {
            "en": "Breaks none ({n}):",
            "zh-CN": "不影响序列（{n} 处）：",
        },
        "series": {
            "en": "Not comparable with before: {names}",
            "zh-CN": "与以前不可比：{names}",
        },
        "whole": {
            "en": "Every series goes on.",
            "zh-CN": "所有序列可以延续。",
        },
    },
    "template": {
        "summary": {
            "en": "Make a report template of your own (new), or try one on a results.json (check).",
            "zh-CN": "新建自己的报告模板（new），或用 results.json 检查模板（check）。",
        },
        "from": {
            "en": "Built-in template that the new one extends.",
            "zh-CN": "新模板所继承的内置模板。",
        },
        "results": {
            "en": "results.json that the template is tried on.",
            "zh-CN": "用于试填模板的 results.json。",
        },
        "good": {
            "en": "{name}: good in {languages}. A template may print `words` and, of `report`:",
            "zh-CN": "{name}：正确（{languages}）。模板可使用 `words` 以及 `report` 的：",
        },
    },
    "demo": {
        "summary": {
            "en": "Simulated study from questionnaire to report, in under a minute.",
            "zh-CN": "一分钟内走完从问卷到报告的模拟研究。",
        },
        "output": {
            "en": "Folder to write to.",
            "zh-CN": "输出文件夹。",
        },
        "seed": {
            "en": "Seed of the simulation.",
            "zh-CN": "模拟的随机种子。",
        },
        "n": {
            "en": "Number of simulated respondents.",
            "zh-CN": "模拟的受访者人数。",
        },
        "open": {
            "en": "Open this report in a browser: {path}",
            "zh-CN": "请用浏览器打开报告：{path}",
        },
    },
    "steps": {
        "erase": {
            "en": "erasing",
            "zh-CN": "删除答卷",
        },
        "read": {
            "en": "reading answers",
            "zh-CN": "读取答卷",
        },
        "quality": {
            "en": "checking data quality",
            "zh-CN": "检查数据质量",
        },
        "measure": {
            "en": "reliability and scores",
            "zh-CN": "信度与得分",
        },
        "reliability": {
            "en": "reliability in depth",
            "zh-CN": "信度深入分析",
        },
        "validity": {
            "en": "validity",
            "zh-CN": "效度",
        },
        "waves": {
            "en": "earlier waves",
            "zh-CN": "以往各期",
        },
        "drivers": {
            "en": "drivers",
            "zh-CN": "驱动因素",
        },
        "depth": {
            "en": "drivers in depth",
            "zh-CN": "驱动因素深入分析",
        },
        "report": {
            "en": "writing reports",
            "zh-CN": "生成报告",
        },
        "write": {
            "en": "writing files",
            "zh-CN": "写入文件",
        },
        "simulate": {
            "en": "simulating answers",
            "zh-CN": "模拟答卷",
        },
        "form": {
            "en": "making the form",
            "zh-CN": "生成调查表",
        },
        "walk": {
            "en": "respondents fill in the form",
            "zh-CN": "受访者正在作答",
        },
        "verify": {
            "en": "checking the release",
            "zh-CN": "核对发布包",
        },
        "resample": {
            "en": "drawing replicates",
            "zh-CN": "抽取重复样本",
        },
    },
}
