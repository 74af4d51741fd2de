"""Pages as nobody should send them: for each an article or a reason must come, soon and in little memory."""

from __future__ import annotations

PARAGRAPHS = (
    "A cream sold to flatten scars did no better than a plain ointment in a trial of 64 people, surgeons report.",
    "Half of the volunteers rubbed the cream on their scars twice a day for three months. The others used a jar that "
    "looked the same. Neither they nor the nurses who measured the scars knew which jar was which.",
    "By the end, scars in both groups had become softer and paler, and by the same amount. “Time did the work,” said "
    "the surgeon who led the trial, who had paid for the jars himself.",
)
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
TITLE = "Small study of scar cream finds no effect"
WALL = (
    "<div id='cmp'><h2>We value your privacy</h2><p>We and our 812 partners store and access cookies on your "
    "device to show personalised ads and measure content.</p><p>You can accept all cookies, reject all, or manage "
    "preferences. Some vendors rely on legitimate interest instead of consent.</p><p>Read our privacy policy and "
    "cookie policy to learn more about consent.</p><button>Accept all</button></div>"
)
SENTENCE = "The nurse measured every scar again. "


def page(body: str, title: str = TITLE) -> str:
    """A plain article page around a body."""
    return f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"


def nasty_pages() -> dict[str, str | bytes]:
    """By name; the largest are at the bounds of what is read, or beyond."""
    return _broken() | _of_many() | _nested() | _data() | _at_the_bounds()


def _broken() -> dict[str, str | bytes]:
    return {
        "empty": "",
        "blank": " \n\t ",
        "binary": bytes(range(256)) * 200,
        "picture": b"\x89PNG\r\n\x1a\n" + bytes(2000),
        "nul bytes": page(BODY).replace(" ", "\x00 "),
        "lone surrogates": page(BODY.replace("a", "a\ud800")),
        "truncated": page(BODY)[:-120] + "<a href='",
        "cut in a script": page(BODY)[:300] + "<script>var a = '<p>",
        "utf-16": page(BODY).encode("utf-16"),
        "utf-16 without its mark": page(BODY).encode("utf-16-le"),
        "latin said to be utf-8": b"<meta charset=utf-8>" + page(BODY).encode("windows-1252", "replace"),
        "unknown encoding": b"<meta charset=klingon>" + page(BODY).encode("shift_jis", "replace"),
        "half markup": "<" * 100_000,
        "frameset": "<frameset><frame src='a'></frameset>",
        "only a cookie wall": f"<html><head><title>The Journal</title></head><body>{WALL}</body></html>",
        "base that is none": "<base href='http://['>" + page("<a href='../x'>y</a>" + BODY),
    }


def _of_many() -> dict[str, str | bytes]:
    return {
        "ten thousand links": page("<ul>" + "<li><a href='/a'>A link of some words</a></li>" * 10_000 + "</ul>" + BODY),
        "ten thousand times": page("<time datetime='2031-05-14'>May 14, 2031</time> " * 10_000 + BODY),
        "ten thousand authors": page("<p class=byline>By Ada Poe</p>" * 10_000 + BODY),
        "ten thousand meta tags": "<meta property='og:title' content='a'>" * 10_000 + page(BODY),
        "ten thousand stylesheets": "<style>p{}</style>" * 10_000 + page(BODY),
        "many attributes": "<div " + " ".join(f"a{n}=b" for n in range(50_000)) + ">" + BODY,
        "attributes on many tags": ("<div " + " ".join(f"a{n}=b" for n in range(500)) + "></div>") * 300 + BODY,
        "long class": f"<div class='{'x ' * 100_000}'>" + BODY,
        "many options": page("<select>" + "<option>Country</option>" * 50_000 + "</select>" + BODY),
        "many line breaks": page("<p>word" + "<br>word" * 60_000 + "</p>" + BODY),
        "entities": page("<p>" + "&amp;" * 200_000 + "</p>" + BODY),
        "one long line": page("<p>" + "word " * 200_000 + "</p>"),
        "one long word": page("<p>" + "w" * 2_000_000 + "</p>" + BODY),
        "comment bomb": "<!--" * 50_000 + BODY,
    }


def _nested() -> dict[str, str | bytes]:
    return {
        "nested divs": "<div>" * 50_000 + BODY,
        "nested bold": "<b>" * 50_000 + BODY,
        "nested lists": "<ul><li>" * 25_000 + BODY,
        "nested tables": "<table><tr><td>" * 15_000 + BODY,
        "nested just allowed": "<div>" * 3_900 + BODY + "<div>" * 3_000,
        "nested links": "<a href=x>" * 10_000 + BODY,
        "nested in noscript": "<noscript>" * 20_000 + BODY,
        "nested drawings": "<svg>" * 20_000 + BODY,
    }


def _data() -> dict[str, str | bytes]:
    def of(script: str) -> str:
        return page(f"<script type='application/ld+json'>{script}</script>" + BODY)

    return {
        "deep json": of("[" * 100_000 + "]" * 100_000),
        "deep json objects": of('{"a":' * 100_000 + "1" + "}" * 100_000),
        "wide json": of("[" + '{"@type":"Article"},' * 100_000 + "{}]"),
        "json of one huge number": of('{"@type":"Article","datePublished":' + "9" * 100_000 + "}"),
        "json that names itself": of('{"@id":"#a","@type":"Article","author":{"@id":"#a"}}'),
        "json of a huge body": of('{"@type":"Article","articleBody":"' + SENTENCE * 60_000 + '"}'),
        "json cut off": of('{"@type":"NewsArticle","headline":"A' + "b" * 300_000),
        "thousand scripts": page('<script type="application/ld+json">{"@type":"Article"</script>' * 1_000 + BODY),
    }


def _at_the_bounds() -> dict[str, str | bytes]:
    return {
        "most blocks": f"<p>{SENTENCE}</p>" * 29_000,
        "most blocks of links": f"<p><a href='/x/y' class='a b'><b>The nurse</b></a> {SENTENCE}</p>" * 29_000,
        "longest text": f"<p>{SENTENCE * 210_000}</p>",
        "longest blocks": f"<p>{SENTENCE * 6}</p>" * 29_000,
        "most tags": "<i>x</i>" * 199_000,
        "too many blocks": "<p>word and more</p>" * 199_000,
        "twenty megabytes": "<p>word</p>" * 1_900_000,
    }
