"""Cut a page into text blocks: runs of inline text between block-level borders, with the elements around them.

The walk keeps a stack of its own: pages nest 50,000 deep, where recursion dies.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

# What the walk does with a node. Plain integers here and below: enum members cost 1 ms a page.
BLOCK, TEXT, INLINE, SKIP, LINE_BREAK, IMAGE = range(6)


class Inside:
    """Bits for what an element stands in, itself included."""

    LINK = 1
    NAV = 2
    HEADER = 4
    FOOTER = 8
    ASIDE = 16
    ARTICLE = 32
    MAIN = 64
    FORM = 128
    LIST = 256
    TABLE = 512
    QUOTE = 1024
    FIGURE = 2048
    NOSCRIPT = 4096
    HIDDEN = 8192
    PRE = 16384
    BUTTON = 32768
    HEADING = 65536
    CAPTION = 131072


def _kinds() -> dict[str | None, int]:
    inline = (
        "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark meter nobr q rp rt ruby s samp"
        " small span strike strong sub sup time tt u var"
    )
    skipped = (
        "head script style template svg math iframe object embed applet canvas audio video map select datalist"
        " option textarea progress noframes frameset title link meta base wbr input source"
    )
    kinds: dict[str | None, int] = dict.fromkeys(inline.split(), INLINE)
    kinds |= dict.fromkeys(skipped.split(), SKIP)
    # Comments and processing instructions have no name in some versions of the parser.
    kinds |= {"-text": TEXT, "br": LINE_BREAK, "img": IMAGE, None: SKIP, "-comment": SKIP}
    return kinds | {"!--": SKIP, "-document": BLOCK, "amp-img": IMAGE}


KIND_OF_TAG = _kinds()
FLAG_OF_TAG = {
    "a": Inside.LINK, "nav": Inside.NAV, "header": Inside.HEADER, "footer": Inside.FOOTER, "aside": Inside.ASIDE,
    "article": Inside.ARTICLE, "main": Inside.MAIN, "form": Inside.FORM, "ul": Inside.LIST, "ol": Inside.LIST,
    "dl": Inside.LIST, "table": Inside.TABLE, "blockquote": Inside.QUOTE, "figure": Inside.FIGURE,
    "figcaption": Inside.CAPTION, "caption": Inside.CAPTION, "noscript": Inside.NOSCRIPT, "pre": Inside.PRE,
    "button": Inside.BUTTON, "dialog": Inside.HIDDEN, "h1": Inside.HEADING, "h2": Inside.HEADING,
    "h3": Inside.HEADING, "h4": Inside.HEADING, "h5": Inside.HEADING, "h6": Inside.HEADING,
}  # fmt: skip
FLAG_OF_ROLE = {
    "navigation": Inside.NAV, "banner": Inside.HEADER, "contentinfo": Inside.FOOTER, "dialog": Inside.HIDDEN,
    "complementary": Inside.ASIDE, "main": Inside.MAIN, "article": Inside.ARTICLE, "button": Inside.BUTTON,
    "search": Inside.FORM, "heading": Inside.HEADING,
}  # fmt: skip
EMPHASIS = frozenset(["b", "strong", "em", "i"])
SHOWN = EMPHASIS | {"a", "sub", "sup", "code", "q", "cite"}
BREAK = "\v"

Piece = str | tuple[str, str]


@dataclass(slots=True)
class Run:
    """One block of text and what was counted while it was read. Lengths are in characters.

    `pieces` hold the text as it came, and between it (tag, address) for inline elements opened, ("/tag", "") closed.
    """

    text: str
    element: int
    pieces: list[Piece]
    marks: list[str]
    linked: int
    links: int
    emphasised: int
    breaks: int
    images: int
    timed: bool


@dataclass(slots=True)
class Elements:
    """The block-level elements in document order, as columns; [first, last) are the runs within each."""

    parent: list[int] = field(default_factory=list)
    depth: list[int] = field(default_factory=list)
    tag: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    inside: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Cut:
    """A page as blocks in reading order, and the elements around them."""

    runs: list[Run] = field(default_factory=list)
    elements: Elements = field(default_factory=Elements)
    title: str = ""


class _Reader:
    """Gathers inline text until a border comes, then closes the run."""

    def __init__(self, cut: Cut) -> None:
        self.runs, self.elements = cut.runs, cut.elements
        self.images = 0
        self.start()

    def start(self) -> None:
        """Begin an empty run; the images seen since the last one stay counted."""
        self.pieces: list[Piece] = []
        self.marks: list[str] = []
        self.linked = self.links = self.emphasised = self.breaks = self.gap = 0
        self.timed = self.filled = False

    def add(self, text: str, in_link: int, emphasised: int) -> None:
        """Take one text node; the two numbers say how many such elements are open."""
        self.pieces.append(text)
        if text.isspace():
            return
        self.filled = True
        self.gap = 0
        if in_link:
            self.linked += len(text.strip())
        if emphasised:
            self.emphasised += len(text.strip())

    def line_break(self, element: int) -> None:
        """One <br> is a new line, two with nothing between them are a border."""
        self.gap += 1
        if not self.filled:
            return
        if self.gap > 1:
            self.close(element)
        else:
            self.breaks += 1
            self.pieces.append(BREAK)

    def close(self, element: int) -> None:
        """End the run at a border."""
        if self.filled:
            raw = "".join([piece for piece in self.pieces if isinstance(piece, str)])
            text = tidy(raw, bool(self.elements.inside[element] & Inside.PRE))
            if text:
                links = self.links or int(self.linked > 0)
                run = Run(
                    text, element, self.pieces, self.marks, self.linked, links, self.emphasised, self.breaks,
                    self.images, self.timed,
                )  # fmt: skip
                self.runs.append(run)
                self.images = 0
        if self.pieces or self.marks:
            self.start()


def tidy(raw: str, preformatted: bool = False) -> str:
    """White space as a reader sees it: single blanks, new lines only where the page breaks them."""
    if preformatted:
        return raw.replace(BREAK, "\n").strip("\n").rstrip()
    if BREAK in raw:
        return "\n".join(filter(None, (" ".join(line.split()) for line in raw.split(BREAK))))
    return " ".join(raw.split())


def _open(elements: Elements, node: LexborNode, tag: str, parent: int, in_link: int, run: int) -> int:
    """Enter a block-level element; its index."""
    inside = elements.inside[parent] if parent >= 0 else 0
    inside |= FLAG_OF_TAG.get(tag, 0) | (Inside.LINK if in_link else 0)
    marks = ""
    if attributes := node.attributes:
        role = attributes.get("role") or ""
        inside |= FLAG_OF_ROLE.get(role, 0)
        style = attributes.get("style")
        if (
            "hidden" in attributes
            or attributes.get("aria-hidden") == "true"
            or (style and "display:none" in style.replace(" ", ""))
        ):
            inside |= Inside.HIDDEN
        named = (attributes.get("class"), attributes.get("id"), role, attributes.get("itemprop"))
        marks = " ".join(filter(None, named))
    elements.parent.append(parent)
    elements.depth.append(elements.depth[parent] + 1 if parent >= 0 else 0)
    elements.tag.append(tag)
    elements.marks.append(marks)
    elements.inside.append(inside)
    elements.first.append(run)
    elements.last.append(run)
    return len(elements.parent) - 1


def cut(tree: LexborHTMLParser) -> Cut:
    """All text of a parsed page as runs. Time and memory grow with the number of nodes, not with their depth."""
    page = Cut()
    root = tree.root
    if root is None:
        return page
    title = tree.css_first("title")
    page.title = tidy(title.text()) if title is not None else ""
    reader, elements = _Reader(page), page.elements
    element, in_link, emphasis = _open(elements, root, "html", -1, 0, 0), 0, 0
    # One iterator for each open element, and beside it the name to close: blank for a block.
    stack, names = [root.iter(include_text=True)], [""]
    while stack:
        for node in stack[-1]:
            tag = node.tag
            kind = KIND_OF_TAG.get(tag, BLOCK)
            if kind is TEXT:
                reader.add(node.text_content or "", in_link, emphasis)
            elif kind is BLOCK:
                reader.close(element)
                element = _open(elements, node, tag or "", element, in_link, len(page.runs))
                names.append("")
                stack.append(node.iter(include_text=True))
                break
            elif kind is INLINE:
                _note_inline(reader, node, tag or "")
                in_link += tag == "a"
                emphasis += tag in EMPHASIS
                names.append(tag or "")
                stack.append(node.iter(include_text=True))
                break
            elif kind is LINE_BREAK:
                reader.line_break(element)
            elif kind is IMAGE:
                reader.images += 1
        else:
            stack.pop()
            name = names.pop()
            if name:
                in_link -= name == "a"
                emphasis -= name in EMPHASIS
                if name in SHOWN:
                    reader.pieces.append(("/" + name, ""))
            elif stack:
                reader.close(element)
                elements.last[element] = len(page.runs)
                element = elements.parent[element]
    reader.close(element)
    elements.last[0] = len(page.runs)
    return page


def _note_inline(reader: _Reader, node: LexborNode, tag: str) -> None:
    """Keep what an inline element says of the run: link, time, class names."""
    attributes = node.attributes
    address = ""
    if tag == "a":
        address = attributes.get("href") or ""
        reader.links += 1
    elif tag == "time":
        reader.timed = True
    if tag in SHOWN:
        reader.pieces.append((tag, address))
    named = attributes.get("class"), attributes.get("id"), attributes.get("itemprop"), attributes.get("rel")
    if any(named):
        reader.marks.append(" ".join(filter(None, named)))
