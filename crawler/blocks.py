"""Cut a page into text blocks: runs of inline text between block-level borders, with the elements around them.

The walk keeps a stack of its own: pages nest 50,000 deep, where recursion dies.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler import jsonld

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


def _kinds() -> dict[str, int]:
    inline = (
        "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark meter nobr q rp rt ruby s samp"
        " small span strike strong sub sup time tt u var"
    )
    skipped = (
        "head script style template svg math iframe object embed applet canvas audio video map select datalist"
        " option textarea progress noframes frameset title link meta base wbr input source"
    )
    kinds: dict[str, int] = dict.fromkeys(inline.split(), INLINE)
    kinds |= dict.fromkeys(skipped.split(), SKIP)
    # Comments and processing instructions have no name in some versions of the parser.
    kinds |= {"-text": TEXT, "br": LINE_BREAK, "img": IMAGE, "": SKIP, "-comment": SKIP}
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
# One pair for all elements of a kind: each object that a page keeps is one more for Python's collector to look at,
# which took a twelfth of the time.
OPENED = {tag: (tag, "") for tag in SHOWN}
CLOSED = {tag: ("/" + tag, "") for tag in SHOWN}
NO_MARKS: list[str] = []
# Ten times the blocks of the longest page of WCXB; so many are judged in a second.
MOST_RUNS = 30_000

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
    """A page as blocks in reading order, and the elements around them.

    `title` is the title element's text, `stated` the article body as the page's own data (JSON-LD) give it.
    """

    runs: list[Run] = field(default_factory=list)
    elements: Elements = field(default_factory=Elements)
    title: str = ""
    stated: str = ""


class _Reader:
    """Gathers inline text until a border comes, then closes the run."""

    def __init__(self, page: Cut) -> None:
        self.page = page
        self.images = 0
        self.start()

    def start(self) -> None:
        """Begin an empty run; the images seen since the last one stay counted."""
        self.pieces: list[Piece] = []
        self.marks = NO_MARKS
        self.linked = self.links = self.emphasised = self.breaks = self.gap = 0
        self.timed = self.filled = self.begun = False

    def add(self, text: str, in_link: int, emphasised: int) -> None:
        """Take one text node that is not blank; the two numbers say how many such elements are open."""
        self.pieces.append(text)
        self.begun = self.filled = True
        self.gap = 0
        if in_link:
            self.linked += len(text.strip())
        if emphasised:
            self.emphasised += len(text.strip())

    def line_break(self, walk: _Walk, in_link: int) -> None:
        """One <br> is a new line, two with nothing between them are a border."""
        self.gap += 1
        if not self.filled:
            return
        if self.gap > 1:
            self.close(walk, in_link)
        else:
            self.breaks += 1
            self.pieces.append(BREAK)

    def close(self, walk: _Walk, in_link: int) -> None:
        """End the run at a border."""
        if self.filled:
            element = walk.innermost(in_link)
            raw = "".join([piece for piece in self.pieces if isinstance(piece, str)])
            text = tidy(raw, bool(self.page.elements.inside[element] & Inside.PRE))
            links = self.links or int(self.linked > 0)
            run = Run(
                text, element, self.pieces, self.marks, self.linked, links, self.emphasised, self.breaks,
                self.images, self.timed,
            )  # fmt: skip
            self.page.runs.append(run)
            self.images = 0
        self.start()


def tidy(raw: str, preformatted: bool = False) -> str:
    """White space as a reader sees it: single blanks, new lines only where the page breaks them."""
    if preformatted:
        return raw.replace(BREAK, "\n").strip("\n").rstrip()
    if BREAK in raw:
        return "\n".join(filter(None, (" ".join(line.split()) for line in raw.split(BREAK))))
    return " ".join(raw.split())


class _Walk:
    """The open block elements. One is entered in the columns only when text comes within it: half of them hold none."""

    def __init__(self, page: Cut) -> None:
        self.page, self.elements = page, page.elements
        self.nodes: list[LexborNode] = []
        self.tags: list[str] = []
        self.numbers: list[int] = []

    def close(self) -> None:
        """The innermost open element ends."""
        self.tags.pop()
        self.nodes.pop()
        if len(self.numbers) > len(self.tags):
            self.elements.last[self.numbers.pop()] = len(self.page.runs)

    def innermost(self, in_link: int) -> int:
        """The number of the innermost open element, which is entered with all around it if it was not yet."""
        for depth in range(len(self.numbers), len(self.nodes)):
            parent = self.numbers[-1] if self.numbers else -1
            inside = (self.elements.inside[parent] if self.numbers else 0) | FLAG_OF_TAG.get(self.tags[depth], 0)
            marks, flags = _marks(self.nodes[depth])
            self.elements.parent.append(parent)
            self.elements.depth.append(depth)
            self.elements.tag.append(self.tags[depth])
            self.elements.marks.append(marks)
            self.elements.inside.append(inside | flags)
            self.elements.first.append(len(self.page.runs))
            self.elements.last.append(len(self.page.runs))
            self.numbers.append(len(self.elements.parent) - 1)
        number = self.numbers[-1]
        if in_link:
            self.elements.inside[number] |= Inside.LINK
        return number


def _marks(node: LexborNode) -> tuple[str, int]:
    """Class, id, role and itemprop in one string, and what role and style say of the place."""
    attributes = node.attributes
    if not attributes:
        return "", 0
    if len(attributes) == 1 and "class" in attributes:
        return attributes["class"] or "", 0
    role = attributes.get("role")
    style = attributes.get("style")
    flags = FLAG_OF_ROLE.get(role, 0) if role else 0
    if (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or (style and "display:none" in style.replace(" ", ""))
    ):
        flags |= Inside.HIDDEN
    named = (attributes.get("class"), attributes.get("id"), role, attributes.get("itemprop"))
    return " ".join(filter(None, named)), flags


def cut(tree: LexborHTMLParser, *, stated: bool = True) -> Cut:
    """The text of a parsed page as runs, of which one more than MOST_RUNS at the most.

    Time and memory grow with the number of nodes, not with their depth. Whoever knows that the page does not state its
    body (no "articleBody" in it) says so and spares a search of the tree.
    """
    page = Cut()
    root = tree.root
    if root is None:
        return page
    title = tree.css_first("title")
    page.title = tidy(title.text()) if title is not None else ""
    page.stated = _stated_body(tree) if stated else ""
    _walk(root, page)
    return page


def _walk(root: LexborNode, page: Cut) -> None:
    reader, walk = _Reader(page), _Walk(page)
    nodes, tags, kind_of = walk.nodes, walk.tags, KIND_OF_TAG.get
    nodes.append(root)
    tags.append("html")
    in_link = emphasis = 0
    # One iterator for each open element, and beside it the name to close: blank for a block.
    stack, names = [root.iter(include_text=True)], [""]
    while stack and len(page.runs) <= MOST_RUNS:
        for node in stack[-1]:
            tag = node.tag or ""
            kind = kind_of(tag, BLOCK)
            if kind == TEXT:
                text = node.text_content or ""
                if not text.isspace():
                    reader.add(text, in_link, emphasis)
                elif reader.filled:
                    reader.pieces.append(" ")
            elif kind == BLOCK:
                if reader.begun:
                    reader.close(walk, in_link)
                nodes.append(node)
                tags.append(tag)
                names.append("")
                stack.append(node.iter(include_text=True))
                break
            elif kind == INLINE:
                _note_inline(reader, node, tag)
                in_link += tag == "a"
                emphasis += tag in EMPHASIS
                names.append(tag)
                stack.append(node.iter(include_text=True))
                break
            elif kind == LINE_BREAK:
                reader.line_break(walk, in_link)
            elif kind == IMAGE:
                reader.images += 1
        else:
            stack.pop()
            name = names.pop()
            if not name:
                if reader.begun:
                    reader.close(walk, in_link)
                walk.close()
            elif name in SHOWN:
                in_link -= name == "a"
                emphasis -= name in EMPHASIS
                reader.pieces.append(CLOSED[name])


def _stated_body(tree: LexborHTMLParser) -> str:
    """The longest `articleBody` of the page's JSON-LD, or an empty string."""
    scripts = [
        text for script in tree.css('script[type*="ld+json" i]')[:60] if "articleBody" in (text := script.text())
    ]
    if not scripts:
        return ""
    fields = [jsonld.text(node.fields.get("articleBody")) for node in jsonld.nodes(scripts)]
    return max(fields, key=len, default="")


def _note_inline(reader: _Reader, node: LexborNode, tag: str) -> None:
    """Keep what an inline element says of the run: link, time, class names."""
    attributes = node.attributes
    address = ""
    if tag == "a":
        address = attributes.get("href") or ""
        reader.links += 1
    elif tag == "time":
        reader.timed = True
    reader.begun = True
    if tag in SHOWN:
        reader.pieces.append((tag, address) if address else OPENED[tag])
    if not attributes or (address and len(attributes) == 1):
        return
    named = attributes.get("class"), attributes.get("id"), attributes.get("itemprop"), attributes.get("rel")
    if any(named):
        if not reader.marks:
            reader.marks = []
        reader.marks.append(" ".join(filter(None, named)))
