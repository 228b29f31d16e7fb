"""What the command line says about samples, invitations and codes, in both languages; as `texts.TEXTS`."""

from __future__ import annotations

INVITATION_TEXTS: dict[str, dict[str, dict[str, str]]] = {
    "invite": {
        "summary": {
            "en": "Import a sample and make one link for every unit.",
            "zh-CN": "导入样本，并为每个单元生成一个链接。",
        },
        "detail": {
            "en": "SAMPLE is a CSV or XLSX file with the column id, strata and contact columns. Run again, it adds new "
            "units and leaves the links of the others alone. The store keeps only digests of links: keep the file of "
            "links safe.",
            "zh-CN": "“样本”为 CSV 或 XLSX 文件，含 id 列、分层列和联系方式列。再次运行时只添加新单元，"
            "已有链接保持不变。存储中只有链接的摘要，请妥善保管链接文件。",
        },
        "questionnaire": {"en": "Questionnaire that is fielded.", "zh-CN": "所开展调查的问卷。"},
        "store": {
            "en": "Store of the answers; the sample is kept beside them.",
            "zh-CN": "答卷的存储；样本与答卷放在一起。",
        },
        "people": {
            "en": "Of an anonymous survey: a database for the sample alone, e.g. sqlite:///people.db.",
            "zh-CN": "匿名调查：样本单独存放的数据库，例如 sqlite:///people.db。",
        },
        "base_url": {
            "en": "Address under which respondents come, e.g. https://survey.example.org.",
            "zh-CN": "受访者访问所用的地址，例如 https://survey.example.org。",
        },
        "output": {
            "en": "New file for the links, readable by you alone.",
            "zh-CN": "存放链接的新文件，仅您本人可读。",
        },
        "valid_until": {
            "en": "Last day on which the new links can be used (YYYY-MM-DD).",
            "zh-CN": "新链接可用的最后一天（YYYY-MM-DD）。",
        },
        "pii_key": {
            "en": "Key file that seals contact data; made when there are none yet.",
            "zh-CN": "加密联系方式的密钥文件；尚无联系方式时自动生成。",
        },
        "strata": {
            "en": "Column of the sample that is a stratum; may be repeated.",
            "zh-CN": "样本中的分层列；可重复使用。",
        },
        "contact": {
            "en": "Column of the sample with contact data; may be repeated.",
            "zh-CN": "样本中的联系方式列；可重复使用。",
        },
        "replace": {
            "en": "Id of a unit whose link is revoked and made anew; may be repeated.",
            "zh-CN": "作废并重新生成链接的单元标识；可重复使用。",
        },
        "rebind": {
            "en": "Let unused links of another version of the questionnaire hold for this one.",
            "zh-CN": "使其他问卷版本的未用链接适用于当前版本。",
        },
        "made": {
            "en": "{links} links ({new} new units, {replaced} replaced); {known} units were there already.",
            "zh-CN": "生成 {links} 个链接（新单元 {new} 个，更换 {replaced} 个）；已有单元 {known} 个。",
        },
        "rebound": {
            "en": "{n} unused links hold for this version of the questionnaire now.",
            "zh-CN": "{n} 个未用链接现已适用于当前问卷版本。",
        },
        "key_made": {
            "en": "{file} was made just now. Keep a copy of it, apart from the store: without it contact data are "
            "lost.",
            "zh-CN": "已生成 {file}。请另行备份，并与存储分开保管：没有它，联系方式将无法读取。",
        },
    },
    "remind": {
        "summary": {
            "en": "List who has not answered; dispositions of all sampled units.",
            "zh-CN": "列出尚未作答者；导出全部样本单元的处置结果。",
        },
        "detail": {
            "en": "STORE is the database of the sample. Of an anonymous survey it is known only whose link was never "
            "used. Links stand in the file that `satmeter invite` wrote, under the same ids.",
            "zh-CN": "“存储”为样本所在的数据库。匿名调查只能得知谁的链接从未使用。"
            "链接在 `satmeter invite` 生成的文件中，标识相同。",
        },
        "output": {"en": "File for the list; - is standard output.", "zh-CN": "名单写入的文件；- 表示标准输出。"},
        "pii_key": {
            "en": "Key file; with it the list has the contact columns.",
            "zh-CN": "密钥文件；给出后名单含联系方式列。",
        },
        "cases": {
            "en": "File for every unit with its AAPOR disposition, as `fieldwork` of a study reads it.",
            "zh-CN": "写入全部单元及其 AAPOR 处置结果的文件，供研究文件的 `fieldwork` 读取。",
        },
        "record": {
            "en": "Record calls and visits of a file first (columns id, result, time, agent).",
            "zh-CN": "先登记文件中的电话和上门结果（列 id、result、time、agent）。",
        },
        "no_reply": {
            "en": "Group of units without a sign of life: UO eligibility unknown, NC no contact.",
            "zh-CN": "毫无回音的单元所属组别：UO 资格不明，NC 未接触。",
        },
        "purge": {
            "en": "Delete all contact data when this day is past (YYYY-MM-DD).",
            "zh-CN": "若已过此日期（YYYY-MM-DD），删除全部联系方式。",
        },
        "recorded": {"en": "{n} calls and visits recorded.", "zh-CN": "已登记 {n} 次电话和上门。"},
        "listed": {"en": "{n} units to remind.", "zh-CN": "待催访单元 {n} 个。"},
        "counted": {"en": "Dispositions: {counts}.", "zh-CN": "处置结果：{counts}。"},
        "purged": {"en": "Contact data of {n} units deleted.", "zh-CN": "已删除 {n} 个单元的联系方式。"},
    },
    "qr": {
        "summary": {
            "en": "Make QR codes of a survey, of its sites or of its invitees, with a sheet to print.",
            "zh-CN": "生成调查、网点或受邀者的二维码及可打印的汇总页。",
        },
        "detail": {
            "en": "Writes one SVG file a code, and sheet.html: A4, six codes a page, in all languages of the "
            "questionnaire. Codes of invitees are as secret as their links.",
            "zh-CN": "每个二维码一个 SVG 文件，另有 sheet.html：A4 纸，每页六个，使用问卷的全部语言。"
            "受邀者的二维码与其链接同样须保密。",
        },
        "base_url": {
            "en": "Address under which respondents come, e.g. https://survey.example.org.",
            "zh-CN": "受访者访问所用的地址，例如 https://survey.example.org。",
        },
        "fieldwork": {"en": "Fieldwork file with the sites.", "zh-CN": "含网点的实施文件。"},
        "site": {
            "en": "Only the code of this site; may be repeated.",
            "zh-CN": "只生成该网点的二维码；可重复使用。",
        },
        "links": {
            "en": "File of links that `satmeter invite` wrote: a code for every invitee.",
            "zh-CN": "`satmeter invite` 生成的链接文件：为每位受邀者生成二维码。",
        },
        "language": {
            "en": "Language of the sheet; may be repeated. Without it, all of the questionnaire.",
            "zh-CN": "汇总页的语言；可重复使用。缺省为问卷的全部语言。",
        },
        "output": {"en": "Folder to write to.", "zh-CN": "输出文件夹。"},
        "made": {"en": "{n} codes; print the sheet from a browser.", "zh-CN": "{n} 个二维码；请在浏览器中打印汇总页。"},
    },
}
