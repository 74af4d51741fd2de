"""OPML 2.0 (opml.org/spec2.opml): lists of feeds from and for other readers.

outlines = read_opml(data)               # OpmlError where it is none
data = write_opml("Sources", outlines, now)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from lxml import etree

LARGEST_BYTES = 2_000_000
MOST_OUTLINES = 5_000
KINDS = ("feed", "sitemap", "listing")
# Characters that XML 1.0 cannot hold (section 2.2).
_FORBIDDEN = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535, *range(55296, 57344)))


class OpmlError(Exception):
    """The file is no OPML that can be read; the message says why."""


@dataclass(frozen=True)
class Outline:
    """One source in a list: address, name, kind (feed, sitemap, listing) and tags."""

    url: str
    title: str = ""
    kind: str = "feed"
    tags: tuple[str, ...] = ()


def read_opml(data: bytes) -> tuple[Outline, ...]:
    """The outlines that name an address, each address once; the folders above an outline become its tags."""
    if len(data) > LARGEST_BYTES:
        raise OpmlError(f"the file is larger than {LARGEST_BYTES // 1_000_000} MB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise OpmlError(f"the file is not well-formed XML: {error}") from error
    body = root.find("body")
    if etree.QName(root).localname != "opml" or body is None:
        raise OpmlError("the file is XML, but no OPML")
    found: dict[str, Outline] = {}
    for outline in _outlines(body):
        found.setdefault(outline.url, outline)
        if len(found) > MOST_OUTLINES:
            raise OpmlError(f"the file names more than {MOST_OUTLINES} sources")
    if not found:
        raise OpmlError("the file names no feed")
    return tuple(found.values())


def write_opml(title: str, outlines: Iterable[Outline], now: datetime) -> bytes:
    """A list as UTF-8 XML, sources in the order given."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = _clean(title)
    etree.SubElement(head, "dateCreated").text = format_datetime(now)
    body = etree.SubElement(root, "body")
    for one in outlines:
        name = _clean(one.title) or _clean(one.url)
        kind = "rss" if one.kind == "feed" else one.kind
        line = etree.SubElement(body, "outline", type=kind, text=name, title=name, xmlUrl=_clean(one.url))
        if one.tags:
            line.set("category", ",".join(_clean(tag).replace(",", " ") for tag in one.tags))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _outlines(body: etree._Element) -> Iterator[Outline]:
    """In the document's order, without recursion: a list may be nested deeper than Python's stack."""
    for element in body.iter("outline"):
        url = (element.get("xmlUrl") or "").strip()
        if not url:
            continue
        kind = (element.get("type") or "").strip().lower()
        title = (element.get("title") or element.get("text") or "").strip()
        yield Outline(url, title[:200], kind if kind in KINDS else "feed", _tags(element))


def _tags(element: etree._Element) -> tuple[str, ...]:
    said = [part.strip().strip("/") for part in (element.get("category") or "").split(",")]
    folders = [
        (above.get("title") or above.get("text") or "").strip()
        for above in element.iterancestors("outline")
        if not above.get("xmlUrl")
    ]
    return tuple(dict.fromkeys(tag[:40].lower() for tag in (*said, *folders) if tag))[:10]


def _clean(text: str) -> str:
    return text.translate(_FORBIDDEN)
