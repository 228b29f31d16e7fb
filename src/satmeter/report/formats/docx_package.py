"""The parts of a Word file and how they hang together, zipped so that the same parts give the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from satmeter.report.formats.docx_styles import PROLOGUE
from satmeter.report.formats.docx_text import attribute, escape

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
TYPES = {
    "word/document.xml": f"{_WORD}.document.main+xml",
    "word/styles.xml": f"{_WORD}.styles+xml",
    "word/numbering.xml": f"{_WORD}.numbering+xml",
    "word/settings.xml": f"{_WORD}.settings+xml",
    "word/fontTable.xml": f"{_WORD}.fontTable+xml",
    "word/header1.xml": f"{_WORD}.header+xml",
    "word/footer1.xml": f"{_WORD}.footer+xml",
    "word/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
}
"""Every part but the images, and its content type."""

HEADER, FOOTER = "rId1", "rId2"
_FIXED = (
    ("header", "header1.xml"),
    ("footer", "footer1.xml"),
    ("styles", "styles.xml"),
    ("numbering", "numbering.xml"),
    ("settings", "settings.xml"),
    ("fontTable", "fontTable.xml"),
    ("theme", "theme/theme1.xml"),
)
_OUTSIDE = ' TargetMode="External"'
_DATE = "1980-01-01T00:00:00Z"  # of no clock, so that the same results give the same file


@dataclass(slots=True)
class Relations:
    """What the text leads to: images in the package, addresses outside.

    Attributes
    ----------
    images
        File name of every image to its bytes.
    """

    images: dict[str, bytes] = field(default_factory=dict)
    _targets: list[tuple[str, str, bool]] = field(
        default_factory=lambda: [(kind, target, False) for kind, target in _FIXED]
    )

    def link(self, address: str) -> str:
        """Return the relationship of an address outside."""
        return self._known("hyperlink", address, outside=True)

    def image(self, name: str, png: bytes) -> str:
        """Return the relationship of an image."""
        self.images[name] = png
        return self._known("image", f"media/{name}", outside=False)

    def _known(self, kind: str, target: str, *, outside: bool) -> str:
        entry = (kind, target, outside)
        if entry not in self._targets:
            self._targets.append(entry)
        return f"rId{self._targets.index(entry) + 1}"

    def xml(self) -> str:
        """Return ``word/_rels/document.xml.rels``."""
        entries = [
            f'<Relationship Id="rId{i}" Type="{_OFFICE}/{kind}" Target={attribute(target)}{_OUTSIDE * outside}/>'
            for i, (kind, target, outside) in enumerate(self._targets, 1)
        ]
        return _relationships(entries)


def _relationships(entries: list[str]) -> str:
    return f'{PROLOGUE}<Relationships xmlns="{_PACKAGE}/relationships">{"".join(entries)}</Relationships>'


def properties_xml(*, title: str, subject: str, creator: str, language: str) -> str:
    """Return ``docProps/core.xml``."""
    return (
        f'{PROLOGUE}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:subject>{escape(subject)}</dc:subject>"
        f"<dc:creator>{escape(creator)}</dc:creator><dc:language>{language}</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{_DATE}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{_DATE}</dcterms:modified></cp:coreProperties>'
    )


def packed(parts: Mapping[str, str], relations: Relations) -> bytes:
    """Return the file.

    Parameters
    ----------
    parts
        Name to XML of every part in `TYPES` but the application's properties.
    relations
        What the text leads to.
    """
    application = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in TYPES.items())
    relationships = "application/vnd.openxmlformats-package.relationships+xml"
    defaults = "".join(
        f'<Default Extension="{ending}" ContentType="{kind}"/>'
        for ending, kind in (("png", "image/png"), ("rels", relationships), ("xml", "application/xml"))
    )
    top = (
        (f"{_OFFICE}/officeDocument", "word/document.xml"),
        (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        (f"{_OFFICE}/extended-properties", "docProps/app.xml"),
    )
    leads = [f'<Relationship Id="rId{i}" Type="{kind}" Target="{target}"/>' for i, (kind, target) in enumerate(top, 1)]
    files = {name: text.encode("utf-8") for name, text in parts.items()}
    files |= {f"word/media/{name}": png for name, png in relations.images.items()}
    types = f'<Types xmlns="{_PACKAGE}/content-types">{defaults}{overrides}</Types>'
    maker = f'<Properties xmlns="{application}"><Application>satmeter</Application></Properties>'
    files |= {
        "[Content_Types].xml": (PROLOGUE + types).encode(),
        "_rels/.rels": _relationships(leads).encode(),
        "docProps/app.xml": (PROLOGUE + maker).encode(),
        "word/_rels/document.xml.rels": relations.xml().encode(),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name)  # 1980-01-01
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, files[name])
    return buffer.getvalue()
