"""What the command line says about fieldwork, in both languages; as `texts.TEXTS`."""

from __future__ import annotations

FIELDWORK_TEXTS: dict[str, dict[str, dict[str, str]]] = {
    "serve": {
        "summary": {
            "en": "Field a questionnaire on the web; answers go into a store.",
            "zh-CN": "在网上开展问卷调查，答卷写入存储。",
        },
        "detail": {
            "en": "Serves until Ctrl+C or SIGTERM, then finishes what has begun. Changes of a questionnaire that is "
            "being fielded go on when codes keep their meaning; responses are finished under the questionnaire under "
            "which they were begun.",
            "zh-CN": "运行至按下 Ctrl+C 或收到 SIGTERM，并先完成已开始的请求。调查期间修改问卷时，"
            "只要代码含义不变即可继续；每份答卷按其开始时的问卷完成。",
        },
        "store": {
            "en": "Where answers go: sqlite:///answers.db or postgresql+psycopg://user@host/database.",
            "zh-CN": "答卷存放处：sqlite:///answers.db 或 postgresql+psycopg://user@host/database。",
        },
        "port": {"en": "Port; 0 takes any free one.", "zh-CN": "端口；0 表示任一空闲端口。"},
        "host": {
            "en": "Address of this machine to listen at; 127.0.0.1 is reached from this machine only.",
            "zh-CN": "本机的监听地址；127.0.0.1 只能从本机访问。",
        },
        "language": {
            "en": "Language for respondents whose browser asks for none of the questionnaire's.",
            "zh-CN": "浏览器未要求问卷已有语言时显示的语言。",
        },
        "base_url": {
            "en": "Address under which respondents come, e.g. https://survey.example.org.",
            "zh-CN": "受访者访问所用的地址，例如 https://survey.example.org。",
        },
        "fieldwork": {
            "en": "Fieldwork file: theme, quotas, plan, last day.",
            "zh-CN": "实施文件：外观、配额、计划、截止日期。",
        },
        "people": {
            "en": "Database of the sample of an anonymous survey, e.g. sqlite:///people.db.",
            "zh-CN": "匿名调查的样本数据库，例如 sqlite:///people.db。",
        },
        "pii_key": {
            "en": "Key file for answers that may identify a person; made when the store is new.",
            "zh-CN": "用于加密可识别个人的答案的密钥文件；存储为新建时自动生成。",
        },
        "new_version": {
            "en": "Allow changes of codes when the questionnaire has another version.",
            "zh-CN": "问卷版本号不同时，允许改变代码。",
        },
        "monitor_password_file": {
            "en": "Password file of the monitor, from `satmeter password`; without it there is no monitor.",
            "zh-CN": "监测页面的密码文件，由 `satmeter password` 生成；没有该文件就没有监测页面。",
        },
        "agents": {
            "en": "File of interviewers and keyers, from `satmeter password --agent`; without it there are none.",
            "zh-CN": "访问员与录入员文件，由 `satmeter password --agent` 生成；没有该文件就没有访问和录入页面。",
        },
        "kiosk_at": {"en": "Kiosk: {url}", "zh-CN": "自助终端：{url}"},
        "agent_at": {"en": "Interviewers: {url}", "zh-CN": "访问员：{url}"},
        "entry_at": {"en": "Entry of sheets: {url}", "zh-CN": "纸质问卷录入：{url}"},
        "monitor_at": {"en": "Monitor: {url}/monitor", "zh-CN": "监测页面：{url}/monitor"},
        "listening": {"en": "{title}: {url}", "zh-CN": "{title}：{url}"},
        "storing": {
            "en": "Answers go to {store}: questionnaire {id}, version {version}; {opened} responses are there, "
            "{submitted} of them complete.",
            "zh-CN": "答卷写入 {store}：问卷 {id}，版本 {version}；已有 {opened} 份，其中 {submitted} 份已提交。",
        },
        "open_store": {
            "en": "Whoever can read the store can read the answers. IP addresses and browsers are not stored.",
            "zh-CN": "能读取该存储的人即可读到答案。不保存 IP 地址和浏览器信息。",
        },
        "sealed_store": {
            "en": "Answers that may identify a person are sealed; they are opened by {file} only. IP addresses and "
            "browsers are not stored.",
            "zh-CN": "可识别个人的答案已加密，只有 {file} 能够解开。不保存 IP 地址和浏览器信息。",
        },
        "key_made": {
            "en": "{file} was made just now. Keep a copy of it, apart from the store: without it those answers are "
            "lost.",
            "zh-CN": "已生成 {file}。请另行备份，并与存储分开保管：没有它，这些答案将无法读取。",
        },
        "stop": {"en": "Ctrl+C ends the server.", "zh-CN": "按 Ctrl+C 结束。"},
        "ended": {
            "en": "Ended in good order: {opened} responses in {store}, {submitted} of them complete.",
            "zh-CN": "已正常结束：{store} 中有 {opened} 份答卷，其中 {submitted} 份已提交。",
        },
    },
    "preview": {
        "summary": {
            "en": "Look at a questionnaire as respondents will see it; nothing is stored.",
            "zh-CN": "按受访者所见预览问卷，不保存任何答案。",
        },
        "detail": {
            "en": "The page is loaded again whenever the questionnaire's file is saved; its errors are shown there.",
            "zh-CN": "每次保存问卷文件，页面都会自动刷新；问卷中的错误也显示在页面上。",
        },
        "listening": {"en": "Preview: {url} (Ctrl+C ends it)", "zh-CN": "预览：{url}（按 Ctrl+C 结束）"},
    },
    "entry": {
        "summary": {
            "en": "Compare the two keyings of sheets of paper, and count the errors of keyers.",
            "zh-CN": "比较纸质问卷的两次录入，并统计录入差错率。",
        },
        "detail": {
            "en": "Sheets are keyed at /entry of `satmeter serve … --agents FILE`. Errors are counted on sheets that "
            "are settled.",
            "zh-CN": "问卷在 `satmeter serve … --agents 文件` 的 /entry 页面录入。差错率依据已入库的问卷计算。",
        },
        "output": {
            "en": "CSV file of all differences; - writes to standard output.",
            "zh-CN": "写出全部差异的 CSV 文件；- 表示标准输出。",
        },
        "pii_key": {
            "en": "Key file, where keyed answers are sealed.",
            "zh-CN": "录入的答案已加密时所用的密钥文件。",
        },
        "counted": {
            "en": "{n} sheets: {settled} settled, {open} with differences, {once} keyed once",
            "zh-CN": "共 {n} 份纸质问卷：已入库 {settled} 份，存在差异 {open} 份，只录入一次 {once} 份",
        },
        "rate": {
            "en": "{agent}: {errors} errors in n = {n} answers on {sheets} sheets, {rate} "
            "(95% interval {low} to {high})",
            "zh-CN": "{agent}：{sheets} 份问卷的 n = {n} 个答案中有 {errors} 个差错，"
            "差错率 {rate}（95% 区间 {low} 至 {high}）",
        },
    },
    "password": {
        "summary": {
            "en": "Write the password of the monitor of `satmeter serve`, or of one who calls or keys.",
            "zh-CN": "生成 `satmeter serve` 监测页面的密码，或访问员、录入员的密码。",
        },
        "detail": {
            "en": "Asks twice for the password, or reads one line of standard input where there is no terminal. The "
            "file holds the argon2id hash only and can be read by its owner only.",
            "zh-CN": "两次询问密码；没有终端时读取标准输入的一行。文件中只有 argon2id 散列值，且只有所有者可以读取。",
        },
        "output": {"en": "The password file.", "zh-CN": "密码文件。"},
        "agent": {
            "en": "Write this agent into a file of agents, in place of one of the same id.",
            "zh-CN": "将该人员写入人员文件，已有相同工号时替换。",
        },
        "role": {
            "en": "With --agent: interviewer, entry or lead; may be given several times.",
            "zh-CN": "与 --agent 一起使用：interviewer、entry 或 lead，可以多次给出。",
        },
        "agent_written": {
            "en": "{agent} is in {file}. Start with: satmeter serve … --agents {file}",
            "zh-CN": "已将 {agent} 写入 {file}。启动命令：satmeter serve … --agents {file}",
        },
        "ask": {"en": "Password", "zh-CN": "密码"},
        "again": {"en": "Once more", "zh-CN": "再次输入"},
        "written": {
            "en": "{file} is written. Start with: satmeter serve … --monitor-password-file {file}",
            "zh-CN": "已写入 {file}。启动命令：satmeter serve … --monitor-password-file {file}",
        },
    },
}
