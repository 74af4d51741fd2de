"""What rows and errors say in English, said in the editor's language.

The crawler knows no editor: it writes why, what came of it and what was done as English sentences. Here is the list of
them; what is not in it is shown as it stands. `tests/test_saying.py` holds the list against the code.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

from crawler.errors import CrawlerError
from desk.state_words import STATES

# What an error of ours is about. Which thing and why follow it.
REFUSALS = (
    _("no such publication"), _("not an address that a mail can go to"), _("this name is an address of the site itself"),
    _("there is a publication of this name"), _("the publication cannot be made"),
    _("the publication cannot be changed so"), _("this reader's data were erased"), _("no such rhythm"),
    _("a topic is both chosen and never to be shown"), _("the address is suppressed"), _("no such topic"),
    _("no subscriber has this address"), _("this link is not one of ours, or was cut short"),
    _("it has been decided anew since"), _("the edition is no draft any more"),
    _("the story has been placed again since"), _("this place is not in the edition any more"),
    _("SITE_URL does not begin with https://"),
    _("the secret is not the one that known addresses were filed with"), _("two people have one address"),
    _("the secret fits the addresses that are known"),
    _("no such kind of item"), _("this edition cannot be changed any more"),
    _("this person's data are erased already"), _("the address is not suppressed"), _("not an SMTP address"),
    _("not a mail address"), _("only a draft can be approved"), _("the edition is empty"),
    _("only an edition that is going out can be revised"), _("the edition is not frozen"), _("cannot skip"),
    _("cannot hold"), _("cannot go on"), _("cannot cancel"), _("the proof was not taken"), _("no such time zone"),
    _("no such story"), _("these are one story already"), _("the story has no such copy to split off"),
    _("no such kind of source"), _("not an address of the web"), _("no one source is meant"), _("no such source"),
    _("the stories have been changed since"), _("its copies have been moved on since"),
    _("there is no such fact to confirm"), _("the file is too large"), _("the file is no CSV"),
    _("the first line names no column “address”"), _("the file has too many lines"), _("the file is no text"),
    _("no mail to this person is unknown"), _("too late to mail this edition again"),
    _("a story of this edition has no article any more"), _("the story has no article any more"),
    _("the story stands in this edition already"),
    _("a story of this edition has no title"), _("no such language"), _("not a time to send at"),
    _("no such site"), _("no such rule"), _("this is said twice"), _("this is no CSS selector"), _("too many rules"),
    _("the selector is too long"), _("the rules have been changed since"),
    _("it should begin with https://"), _("it holds a control character"),
    _("it holds a user's name or password, which would be shown to everyone"),
    _("its host is no name that a server can have"), _("this sign-up was forgotten; please sign up again"),
)  # fmt: skip
# What was done to a thing, as its history names it.
VERBS = (
    _("add source"), _("pause source"), _("resume source"), _("tend source"), _("merge"), _("split"), _("confirm"),
    _("retag"), _("import"), _("subscribe"), _("suppress"), _("lift suppression"), _("erase"), _("leave"), _("pause"),
    _("resume"), _("change wishes"), _("undo picked"), _("undo dismissed"), _("undo snoozed"), _("undo merge"),
    _("undo split"), _("undo retag"), _("undo pause source"), _("undo resume source"), _("judge mail"),
    _("set rules"), _("undo set rules"), _("judge again"),
)  # fmt: skip
# Why a thing stands where it stands, and what became of asking for it.
REASONS = (
    _("picked by hand"), _("added by hand"), _("merged by hand"), _("no copy is known"),
    _("nothing new since the last time"), _("the answer is empty"), _("this is not a feed"),
    _("this is neither a feed nor readable JSON"), _("this is JSON but not a JSON Feed"),
    _("no link on the page looks like an article"), _("no entry has a usable address"),
    _("the sitemap is not readable XML"), _("the sitemap names no pages"), _("this is not a sitemap"),
    _("no answer"), _("consent wall"), _("paywall"), _("error page"), _("too short"), _("too large"), _("not text"),
    _("empty"), _("no body"), _("robots.txt does not allow it"), _("safety notice"), _("undated"), _("today"),
    _("topics are doubtful"), _("promotion"), _("no entry has an address"), _("the feed has no entries"),
    _("this is a web page, not a feed"), _("the file is XML, but no OPML"), _("the file names no feed"),
    _("no proof of consent"), _("no address"), _("more cells than columns, or a cell that is too long"),
    _("has left this publication; only they themselves can come back"), _("the host is not found"),
    _("the host refuses connections"), _("no answer in time"), _("the answer broke off"), _("the connection broke"),
    _("redirected too often"), _("the host is at rest or with another worker"), _("the site asked us to wait"),
    _("the answer is larger than 10 MB"), _("a web page"), _("taken from the feed"),
    _("canonical not believed: it names a section"), _("canonical not believed: another text stands there"),
    _("the edition was called off"), _("the person was erased"),
    _("judged to have arrived"), _("judged not to have arrived"), _("say that it arrived, to close it"), _("take its place out"),
    _("write a headline for it"), _("this time is over"), _("say en, de, fr, pt-BR or the like"),
    _("the server offers no TLS, and a password is not sent in clear"), _("words mended"),
    _("the sender was stopped in the middle"), _("SITE_URL is a loopback address"),
    _("a rule begins with drop:, keep:, title:, author: or date:"), _("after the colon stands a CSS selector"),
    _("title, author and date have one place each"), _("no source and no link leads there"), _("extraction failed"),
)  # fmt: skip
SHAPES = (
    _("the server answered %(n)s"), _("shares %(n)s%% of the shorter text"), _("read again, %(why)s"),
    _("names %(what)s as its original, shares %(n)s%% of the shorter text"),
    _("on topic %(n)s%%"), _("told by %(n)s sources"), _("it is %(state)s"), _("not fetched: %(why)s"),
    _("this is %(what)s, not a sitemap"), _("%(n)s without a usable address"), _("safety notice; %(why)s"),
    _("led no. %(n)s"), _("stood in no. %(n)s"),
    _("this is a web page, not a feed; it announces %(what)s"), _("the feed cannot be read: %(what)s"),
    _("a source of kind %(what)s is not crawled"), _("the file is larger than %(n)s MB"),
    _("the file is not well-formed XML: %(what)s"), _("the file names more than %(n)s sources"),
    _("given up: %(why)s"), _("at a later visit: %(why)s"), _("judged again: %(why)s"), _("the request failed: %(what)s"),
    _("the %(what)s is too long"), _("this is more than %(n)s days ahead"), _("%(n)s letters, at most %(most)s"),
    _("at most %(n)s"),
    _("its robots.txt cannot be had: %(why)s"), _("XML of another kind (%(what)s)"), _("version %(n)s of the same page"),
)  # fmt: skip
COUNTS: tuple[tuple[str, Any], ...] = (
    (r"(?P<n>\d+) entr(?:y|ies) read", ngettext_lazy("%(n)s entry read", "%(n)s entries read", "n")),
    (r"(?P<n>\d+) days? old", ngettext_lazy("%(n)s day old", "%(n)s days old", "n")),
    (
        r"an index of (?P<n>\d+) sitemaps? read",
        ngettext_lazy("an index of %(n)s sitemap read", "an index of %(n)s sitemaps read", "n"),
    ),
)
KNOWN = frozenset((*REFUSALS, *VERBS, *REASONS, *STATES))


def say(sentence: str) -> str:
    """The sentence in the language that is active; as it stands where it is not one of ours."""
    if sentence in KNOWN:
        return translation.gettext(sentence)
    for shape, words in _shapes():
        found = shape.fullmatch(sentence)
        if found:
            return words(found.groupdict())
    for between in (": ", "; ", ", "):
        first, cut, rest = sentence.partition(between)
        if cut and say(first) != first:
            return f"{say(first)}{between}{say(rest)}"
    return sentence


def sentence_of(error: Exception) -> str:
    """What, which and why of an error of ours; another's own words."""
    if not isinstance(error, CrawlerError):
        return str(error)
    said = f"{say(error.what)}: {error.which}" if error.which else say(error.what)
    return f"{said} ({say(error.why)})" if error.why else said


@cache
def _shapes() -> tuple[tuple[re.Pattern[str], Callable[[dict[str, str]], str]], ...]:
    plain = tuple((_pattern(shape), _filled(shape)) for shape in SHAPES)
    return plain + tuple((re.compile(shape), _counted(words)) for shape, words in COUNTS)


def _pattern(shape: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", shape.replace("%%", "%"))
    gaps = {"n": r"[\d.]+%?"}
    return re.compile(
        "".join(
            f"(?P<{part}>{gaps.get(part, '.+')})" if number % 2 else re.escape(part)
            for number, part in enumerate(parts)
        )
    )


def _filled(shape: str) -> Callable[[dict[str, str]], str]:
    return lambda gaps: translation.gettext(shape) % {name: say(value) for name, value in gaps.items()}


def _counted(words: Any) -> Callable[[dict[str, str]], str]:
    return lambda gaps: str(words % {"n": int(gaps["n"])})
