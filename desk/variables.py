"""Every environment variable that Glabella reads: two switches, the rest tune. README's table is held against this list."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Variable:
    """A variable's name, what holds when it is unset, and what it does in a sentence."""

    name: str
    default: str
    help: str


VARIABLES = (
    Variable(
        "DATABASE_URL", "", "Switch. Unset: SQLite in the home. Set: PostgreSQL, e.g. postgres://user:word@host/name."
    ),
    Variable(
        "BROKER_URL", "", "Switch. Unset: work is drained by `glabella run`. Set: Redis, Celery workers and beat."
    ),
    Variable("GLABELLA_HOME", "./var", "Folder of the database, archive, outbox and the secret made at first start."),
    Variable(
        "SITE_URL",
        "http://127.0.0.1:8000",
        "Address under which readers reach this server. SMTP sending refuses a loopback one.",
    ),
    Variable(
        "SMTP_URL", "", "Unset: mails are files in the outbox. Set: smtp://user:word@host:587 (STARTTLS) or smtps://."
    ),
    Variable("GLABELLA_SECRET", "", "Signing secret; unset: made once and kept in the home (all processes share one)."),
    Variable(
        "GLABELLA_CONTACT", "", "Address or page that site owners can turn to; it stands in the crawler's User-Agent."
    ),
    Variable("GLABELLA_DELAY", "1.0", "Seconds between two requests to one host; robots.txt may ask for more."),
    Variable(
        "GLABELLA_ALLOW_PRIVATE",
        "",
        "Set to 1 to let the crawler reach loopback and private addresses (the demo does).",
    ),
    Variable(
        "GLABELLA_ARCHIVE_DAYS", "180", "Days to keep the pages that were fetched; those that ask for no archive 30."
    ),
    Variable("GLABELLA_LOCK_SECONDS", "30", "How long to wait for an SQLite database that another process has locked."),
    Variable("GLABELLA_DEBUG", "", "Set to 1 for Django's debug pages; never on a public server."),
)

_DEFAULTS = {variable.name: variable.default for variable in VARIABLES}


def read(name: str) -> str:
    """The variable's value or its default. KeyError where it is not in the table."""
    default = _DEFAULTS[name]
    return os.environ.get(name, "").strip() or default
