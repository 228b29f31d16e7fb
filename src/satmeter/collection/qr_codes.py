"""QR codes of a survey, of its sites and of its invitees, and a sheet of them to print."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import segno
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from satmeter.collection.fieldwork_file import Site
from satmeter.errors import CollectionError, Problem
from satmeter.form.assets import policy
from satmeter.form.fonts import font_rule
from satmeter.questionnaire.model import Questionnaire, Text
from satmeter.questionnaire.spec import listed, nearest

QUIET = 4
"""Light modules around a code, as ISO/IEC 18004 wants them."""

_SCAN = Text((("zh-CN", "扫码参加调查"), ("en", "Scan to take part")))
_PERSONAL = Text((("zh-CN", "此码仅供本人使用一次，请勿转交"), ("en", "For you alone, to be used once")))
_STYLE = """\
@page{size:A4;margin:10mm}
*{box-sizing:border-box}
body{margin:0;font-family:system-ui,"satmeter",sans-serif;color:#000;background:#fff}
main{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:5mm;max-width:188mm;margin:auto}
article{height:88mm;padding:3mm;border:.3mm dashed #888;border-radius:2mm;text-align:center;break-inside:avoid;
overflow:hidden;display:flex;flex-direction:column;align-items:center;justify-content:space-between}
h2,p{margin:0;line-height:1.25}
h2{font-size:12pt}
h2 span,p span{display:block}
h2 span+span{font-size:10pt;font-weight:normal}
p{font-size:9.5pt}
svg{width:43mm;height:43mm;flex:none}
.label{font-size:11pt;font-weight:bold}
.address{font:7pt/1.3 ui-monospace,monospace;overflow-wrap:anywhere}
"""


@dataclass(frozen=True, slots=True)
class Code:
    """One code.

    Attributes
    ----------
    name
        Of its file, without ending.
    address
        What a phone opens.
    label
        Site or invitee; empty for the survey as a whole.
    personal
        Whether it is the link of one invitee.
    """

    name: str
    address: str
    label: Text
    personal: bool = False


def survey_codes(base_url: str, sites: Sequence[Site], wanted: Sequence[str] = ()) -> tuple[Code, ...]:
    """Return the code of the survey's open link, and one for every site.

    Parameters
    ----------
    base_url
        Address under which respondents come.
    sites
        Of the fieldwork file.
    wanted
        Names of the sites whose codes are wanted, without that of the survey; empty: all.

    Raises
    ------
    CollectionError
        C070 for every site that is not there.

    Examples
    --------
    >>> [code.address for code in survey_codes("https://survey.example", [Site("hall-1")])]
    ['https://survey.example/', 'https://survey.example/?site=hall-1']
    """
    known = {site.id: site for site in sites}
    params = {"choices": listed(known) or "–"}
    problems = [
        Problem("C070", got=name, suggestion=nearest(name, known), params=params)
        for name in wanted
        if name not in known
    ]
    if problems:
        raise CollectionError(problems)
    codes = [] if wanted else [Code("survey", f"{base_url}/", Text())]
    for name in dict.fromkeys(wanted or known):
        site = known[name]
        label = site.label if site.label.by_language else Text((("en", name),))
        codes.append(Code(f"site-{name}", f"{base_url}/?{urlencode({'site': name})}", label))
    return tuple(codes)


def invitee_codes(links: Sequence[tuple[str, str]]) -> tuple[Code, ...]:
    """Return a code for every link of `links.read_links`; files are numbered, so that no id becomes a file's name."""
    width = max(4, len(str(len(links))))
    return tuple(
        Code(f"invitation-{number:0{width}}", address, Text((("en", unit),)), personal=True)
        for number, (unit, address) in enumerate(links, start=1)
    )


def code_svg(address: str) -> bytes:
    """Return a code as an SVG file: black on white, error correction M (15 %), with its quiet zone."""
    file = io.BytesIO()
    _made(address).save(file, kind="svg", border=QUIET, scale=10, light="#fff", svgclass=None, lineclass=None)
    return file.getvalue()


def sheet_html(
    codes: Sequence[Code], questionnaire: Questionnaire, languages: Sequence[str] = (), *, title: Text | None = None
) -> str:
    """Return all codes as a page to print: A4, six a page, in all languages of the questionnaire or in some.

    The page needs no other file and makes no request. It bears the title of the theme, as the survey does, or else the
    questionnaire's.
    """
    heading = title or questionnaire.title
    spoken = languages or questionnaire.languages
    cards = [
        {
            "titles": [(tag, heading.get(tag)) for tag in spoken],
            "label": dict.fromkeys(code.label.get(tag) for tag in spoken),
            "picture": Markup(code_picture(code.address)),  # noqa: S704 made by segno, digits alone
            "says": [(tag, (_PERSONAL if code.personal else _SCAN).get(_spoken(tag))) for tag in spoken],
            "address": code.address,
        }
        for code in codes
    ]
    environment = Environment(
        loader=PackageLoader("satmeter.collection", "templates"), autoescape=True, undefined=StrictUndefined
    )
    template = environment.get_template("qr_sheet.html.j2")
    context = {"language": spoken[0], "title": heading.get(spoken[0]), "cards": cards}
    style = f"{_STYLE}{font_rule(template.render(context | {'style': '', 'policy': ''}))}"
    return template.render(context | {"style": Markup(style), "policy": policy(style)})  # noqa: S704 our own


def _spoken(tag: str) -> str:
    return "zh-CN" if tag.lower().startswith("zh") else "en"


def _made(address: str) -> segno.QRCode:
    return segno.make(address, error="m", micro=False, boost_error=False)


def code_picture(address: str) -> str:
    """Return a code as an SVG element for a page."""
    picture: str = _made(address).svg_inline(border=QUIET, omitsize=True, svgclass=None, lineclass=None, light="#fff")
    return picture
