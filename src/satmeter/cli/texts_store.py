"""What the command line says about answers that lie in a store, in both languages; as `texts.TEXTS`."""

from __future__ import annotations

STORE_TEXTS: dict[str, dict[str, dict[str, str]]] = {
    "export": {
        "summary": {
            "en": "Write answers with labels and codes: CSV, workbook, SPSS or Stata.",
            "zh-CN": "导出答案，附标签与编码含义：CSV、工作簿、SPSS 或 Stata。",
        },
        "detail": {
            "en": "STORE is the URL of a store, its file, or a file of answers. The ending of the file to write says "
            "what is written: .csv, .xlsx (with a codebook), .sav or .dta (with labels and missing codes).",
            "zh-CN": "“存储”为存储库的地址或文件，也可以是答案文件。写出的格式由扩展名决定："
            ".csv、.xlsx（附编码手册）、.sav 或 .dta（带标签与缺失码）。",
        },
        "questionnaire": {
            "en": "Questionnaire that the answers belong to; default for a store: its newest.",
            "zh-CN": "答案所属的问卷；存储库默认为其中最新的一版。",
        },
        "language": {
            "en": "Language of labels; default: the questionnaire's first.",
            "zh-CN": "标签的语言；默认为问卷的第一种语言。",
        },
        "with_pii": {
            "en": "Keep answers that may identify a person.",
            "zh-CN": "保留可能识别个人身份的答案。",
        },
        "pii_key": {
            "en": "Key file that opens sealed answers of a store.",
            "zh-CN": "打开存储库中封存答案的密钥文件。",
        },
        "output": {
            "en": "File to write.",
            "zh-CN": "写入的文件。",
        },
        "written": {
            "en": "{n} responses, {columns} columns",
            "zh-CN": "{n} 份答卷，{columns} 列",
        },
    },
    "status": {
        "summary": {
            "en": "What a store holds, and whether it is as it was written.",
            "zh-CN": "存储库的内容，以及是否与写入时一致。",
        },
        "detail": {
            "en": "Exit code 0: the chain of events is intact; 1: it is broken.",
            "zh-CN": "退出码 0：事件链完整；1：事件链断裂。",
        },
        "json": {
            "en": "Print everything as JSON.",
            "zh-CN": "以 JSON 输出全部内容。",
        },
        "responses": {"en": "responses", "zh-CN": "答卷"},
        "open_sheets": {"en": "Sheets of paper not settled", "zh-CN": "尚未入库的纸质问卷"},
        "opened": {"en": "opened", "zh-CN": "打开"},
        "submitted": {"en": "submitted", "zh-CN": "提交"},
        "unfinished": {"en": "not submitted", "zh-CN": "未提交"},
        "withdrawn": {"en": "withdrawn", "zh-CN": "撤回"},
        "screened_out": {"en": "quota was full", "zh-CN": "配额已满"},
        "erased": {"en": "erased", "zh-CN": "删除"},
        "median": {"en": "median duration", "zh-CN": "用时中位数"},
        "minutes": {"en": "{} min", "zh-CN": "{} 分钟"},
        "language": {"en": "language", "zh-CN": "语言"},
        "mode": {"en": "mode", "zh-CN": "方式"},
        "day": {"en": "day (UTC)", "zh-CN": "日期（UTC）"},
        "page": {"en": "page", "zh-CN": "页"},
        "reached": {"en": "came to it", "zh-CN": "到达"},
        "left": {"en": "stopped there", "zh-CN": "停在此页"},
        "version": {"en": "version", "zh-CN": "版本"},
        "taken_up": {"en": "taken up (UTC)", "zh-CN": "启用（UTC）"},
        "change": {"en": "change", "zh-CN": "改动"},
        "digest": {"en": "digest", "zh-CN": "指纹"},
        "first": {"en": "first", "zh-CN": "首版"},
        "cosmetic": {"en": "cosmetic", "zh-CN": "外观"},
        "wording": {"en": "wording", "zh-CN": "措辞"},
        "coding": {"en": "coding", "zh-CN": "编码"},
        "intact": {
            "en": "The chain of {events} events is intact. Head: {head}",
            "zh-CN": "{events} 个事件组成的链完整。链尾：{head}",
        },
        "broken": {
            "en": "The chain of {events} events is BROKEN at event {broken_at}: the store was changed by something "
            "other than satmeter, or is damaged. Head: {head}",
            "zh-CN": "{events} 个事件组成的链在第 {broken_at} 个事件处断裂："
            "存储库被 satmeter 以外的程序改动，或已损坏。链尾：{head}",
        },
    },
    "erase": {
        "summary": {
            "en": "Erase what one respondent said, or all; the chain of events still verifies.",
            "zh-CN": "删除一位或全部受访者的回答；事件链仍可核验。",
        },
        "detail": {
            "en": "Answers, paradata and the personal link are overwritten. What is left: that there was a response, "
            "its random name, and when its events were stored. Copies and backups are yours to clean. Stop the server "
            "first.",
            "zh-CN": "答案、过程数据和个人链接都会被覆盖。保留的只有：曾有这份答卷、其随机编号及各事件的存储时间。"
            "副本与备份须自行清理。请先停止服务器。",
        },
        "yes": {
            "en": "Do not ask.",
            "zh-CN": "不再询问。",
        },
        "all": {
            "en": "Erase all responses, such as after the day until which they may be kept.",
            "zh-CN": "删除全部答卷，例如在保存期限届满之后。",
        },
        "question_all": {
            "en": "Erase everything that the {n} respondents of this store said? This cannot be undone",
            "zh-CN": "删除此存储库中全部 {n} 份答卷的回答？此操作无法撤销",
        },
        "done_all": {
            "en": "{n} events of {responses} responses are empty now; of them are left their random names and the "
            "times of their events. The store holds {left} other responses.",
            "zh-CN": "{responses} 份答卷的 {n} 个事件已清空，只保留其随机编号和各事件的时间。"
            "存储库中另有 {left} 份答卷。",
        },
        "question": {
            "en": "Erase everything that respondent {response} said? This cannot be undone",
            "zh-CN": "删除答卷 {response} 的全部回答？此操作无法撤销",
        },
        "kept": {
            "en": "nothing was erased",
            "zh-CN": "没有删除任何内容",
        },
        "done": {
            "en": "{n} events of {response} are empty now; of it are left its random name and the times of its events. "
            "The store holds {left} other responses.",
            "zh-CN": "答卷 {response} 的 {n} 个事件已清空，只保留其随机编号和各事件的时间。"
            "存储库中另有 {left} 份答卷。",
        },
    },
}
