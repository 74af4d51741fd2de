"""Every environment variable that Glabella reads: two switches, the rest tune. README's table is held against this list.

Each is of a kind, and one that is not is refused in one line before anything begins: a delay of "-5" or a site without
"https://" would be noticed by readers and site owners, not by who set it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from desk.errors import DeskError

# Longer than a day is a slip of the hand, and SQLite counts its wait in milliseconds of 32 bits.
MOST_SECONDS = 86_400
MOST_DAYS = 36_500


class VariableError(DeskError):
    """A variable is not what it should be."""


@dataclass(frozen=True)
class Kind:
    """What a variable may be, in words, and whether a value is that. A secret one is not printed."""

    words: str
    fits: Callable[[str], bool]
    secret: bool = False


@dataclass(frozen=True)
class Variable:
    """A variable's name, its kind, what holds when it is unset, and what it does in a sentence."""

    name: str
    kind: Kind
    default: str
    help: str


def _seconds(text: str) -> bool:
    try:
        return 0 <= float(text) <= MOST_SECONDS
    except ValueError:
        return False


def _days(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= MOST_DAYS


def _parts(text: str, *schemes: str) -> SplitResult | None:
    """An address in plain letters of one of these schemes, its port a number; None for anything else."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    plain = text.isascii() and text.isprintable() and " " not in text
    return parts if plain and parts.scheme in schemes else None


def _web(text: str) -> bool:
    parts = _parts(text, "http", "https")
    return bool(parts and parts.hostname and "@" not in parts.netloc and not parts.query and not parts.fragment)


def _postgres(text: str) -> bool:
    parts = _parts(text, "postgres", "postgresql")
    return bool(parts and parts.path.strip("/"))


def _redis(text: str) -> bool:
    parts = _parts(text, "redis", "rediss")
    return bool(parts and parts.hostname and (parts.path.strip("/") or "0").isdecimal())


def _smtp(text: str) -> bool:
    parts = _parts(text, "smtp", "smtps")
    return bool(parts and parts.hostname)


SECONDS = Kind(f"a number of seconds from 0 to {MOST_SECONDS}", _seconds)
DAYS = Kind(f"a number of days from 1 to {MOST_DAYS}", _days)
WEB = Kind("a web address such as https://news.example.org", _web)
POSTGRES = Kind("a database's address such as postgres://user:word@host/name", _postgres, secret=True)
REDIS = Kind("a broker's address such as redis://host:6379/0", _redis, secret=True)
SMTP = Kind("a mail server's address such as smtp://user:word@host:587", _smtp, secret=True)
ONE = Kind("1 or nothing", lambda text: text in ("0", "1"))
LINE = Kind("a line of text", str.isprintable)
SECRET = Kind("a line of text", str.isprintable, secret=True)

VARIABLES = (
    Variable("DATABASE_URL", POSTGRES, "", "Switch. Unset: SQLite in the home. Set: PostgreSQL."),
    Variable(
        "BROKER_URL",
        REDIS,
        "",
        "Switch. Unset: work is drained by `glabella run`. Set: Redis, Celery workers and beat.",
    ),
    Variable(
        "GLABELLA_HOME", LINE, "./var", "Folder of the database, archive, outbox and the secret made at first start."
    ),
    Variable(
        "SITE_URL",
        WEB,
        "http://127.0.0.1:8000",
        "Address under which readers reach this server. SMTP sending asks for https and refuses a loopback one.",
    ),
    Variable(
        "SMTP_URL", SMTP, "", "Unset: mails are files in the outbox. Set: smtp:// (STARTTLS) or smtps:// sends them."
    ),
    Variable(
        "GLABELLA_SECRET",
        SECRET,
        "",
        "Signing secret; unset: made once and kept in the home (all processes share one). Back it up.",
    ),
    Variable(
        "GLABELLA_CONTACT",
        LINE,
        "",
        "Address or page that site owners can turn to; it stands in the crawler's User-Agent.",
    ),
    Variable("GLABELLA_DELAY", SECONDS, "1.0", "Pause between two requests to one host; robots.txt may ask for more."),
    Variable(
        "GLABELLA_ALLOW_PRIVATE", ONE, "", "Lets the crawler reach loopback and private addresses (the demo does)."
    ),
    Variable(
        "GLABELLA_ARCHIVE_DAYS",
        DAYS,
        "180",
        "How long to keep the pages that were fetched; those that ask for no archive 30.",
    ),
    Variable(
        "GLABELLA_LOCK_SECONDS",
        SECONDS,
        "30",
        "How long to wait for an SQLite database that another process has locked.",
    ),
    Variable("GLABELLA_DEBUG", ONE, "", "Django's debug pages; never on a public server."),
)
_BY_NAME = {variable.name: variable for variable in VARIABLES}


def read(name: str) -> str:
    """The variable's value or its default. KeyError where it is not in the table, VariableError where it is not of its kind."""
    variable = _BY_NAME[name]
    given = os.environ.get(name, "").strip()
    if given and not variable.kind.fits(given):
        shown = "" if variable.kind.secret or "@" in given else f": {' '.join(given.split())[:80]}"
        raise VariableError(f"{name}: not {variable.kind.words}{shown}")
    return given or variable.default


def check() -> None:
    """VariableError for the first variable that is not of its kind."""
    for variable in VARIABLES:
        read(variable.name)
