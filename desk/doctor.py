"""What is set up and what is not: findings in words, for an operator."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.utils import DatabaseError

from classifier.models import Model
from classifier.registry import unreadable
from crawler.models import Source
from crawler.pruning import last_pruned
from crawler.reprocessing import not_kept
from desk import troubles
from desk.models import User
from digest.errors import DigestError
from digest.keyed import check_secret
from digest.models import Delivery, Edition, Publication
from digest.schedule import check_site
from digest.transports import SmtpTransport

LEAST_FREE = 500_000_000


@dataclass(frozen=True)
class Finding:
    """One thing looked at: ok, note or bad, and what to do."""

    what: str
    state: str
    said: str


def examine(now: datetime) -> list[Finding]:
    """All findings; where the database does not answer, what depends on it is left out."""
    findings = list(_surroundings())
    try:
        connection.ensure_connection()
        tables = set(connection.introspection.table_names())
        if Publication._meta.db_table in tables:
            return [*findings, Finding("database", "ok", f"{connection.vendor} answers"), *_rows(now)]
    except DatabaseError as error:
        said = troubles.database(error) or str(error).splitlines()[0]
        return [*findings, Finding("database", "bad", said.removeprefix("the database "))]
    return [*findings, Finding("database", "note", "no tables yet; the first step or `glabella migrate` makes them")]


def _surroundings() -> Iterator[Finding]:
    home = settings.HOME
    writable = os.access(home if home.exists() else home.parent, os.W_OK)
    yield Finding("home", "ok" if writable else "bad", f"{home}" if writable else f"{home} cannot be written")
    free = shutil.disk_usage(home if home.exists() else home.parent).free
    yield Finding("disk", "ok" if free > LEAST_FREE else "bad", f"{free / 1e9:.1f} GB free")
    yield _mail()
    yield _broker()
    contact = "ok" if settings.CONTACT else "note"
    yield Finding("crawler", contact, settings.CONTACT or "set GLABELLA_CONTACT so that site owners can reach you")
    yield Finding("sqlite", "ok" if sqlite3.sqlite_version_info >= (3, 35) else "bad", sqlite3.sqlite_version)


def _mail() -> Finding:
    if not settings.SMTP_URL:
        return Finding("mail", "note", f"no SMTP_URL: mails are files in {settings.OUTBOX}")
    try:
        check_site(settings.SITE_URL)
    except DigestError as error:
        return Finding("mail", "bad", f"SMTP sending is refused: {error.sentence()}")
    way, host = SmtpTransport(settings.SMTP_URL, timeout=5), urlsplit(settings.SMTP_URL).hostname
    trouble = way.trouble()
    way.close()
    return Finding("mail", "bad" if trouble else "ok", f"{host}: {trouble}" if trouble else f"by SMTP through {host}")


def _broker() -> Finding:
    if not settings.BROKER_URL:
        return Finding("broker", "ok", "none: `glabella run` does the work")
    from redis import Redis, RedisError

    try:
        with Redis.from_url(settings.BROKER_URL, socket_connect_timeout=3) as broker:
            broker.ping()
    except (RedisError, ValueError) as error:
        return Finding("broker", "bad", f"does not answer: {str(error).splitlines()[0]}")
    return Finding("broker", "ok", "Redis answers: Celery workers and beat do the work")


def _models() -> Iterator[Finding]:
    champions = list(Model.objects.filter(champion=True).order_by("taxonomy").values_list("pk", "taxonomy"))
    if not champions:
        yield Finding("model", "bad", "no topic model; run `glabella topics load`")
    for pk, taxonomy in champions:
        why = unreadable(pk)
        mend = "`glabella label`, or the next `run`, lets the shipped one take over; then `glabella train`"
        said = f"{pk} of {taxonomy} cannot be read ({why}); {mend}" if why else pk
        yield Finding("model", "bad" if why else "ok", said)


def _archive(now: datetime) -> Iterator[Finding]:
    sizes = [file.stat().st_size for file in settings.ARCHIVE.glob("*.warc.gz")] if settings.ARCHIVE.is_dir() else []
    last, gone = last_pruned(), not_kept().count()
    said = f"{len(sizes)} files, {sum(sizes) / 1e9:.2f} GB; pages are kept {settings.ARCHIVE_DAYS} days"
    said = f"{said}; {gone} pages are no longer kept" if gone else said
    late = bool(sizes) and last is not None and last < now - timedelta(days=2)
    mend = "; not pruned for more than two days: is `glabella run` at work?"
    yield Finding("archive", "note" if late else "ok", said + (mend if late else ""))


def _secret() -> Finding:
    """Whether addresses are still known by their hashes."""
    try:
        check_secret()
    except DigestError as error:
        return Finding("secret", "bad", error.sentence())
    return Finding("secret", "ok", "fits the addresses that are known")


def _rows(now: datetime) -> Iterator[Finding]:
    yield _secret()
    yield from _models()
    yield from _archive(now)
    count = Source.objects.exclude(kind=Source.Kind.IMPORT).count()
    failing = Source.objects.filter(health=Source.Health.FAILING, paused=False)
    yield Finding(
        "sources", "ok" if count else "note", f"{count} sources" if count else "none; `glabella source add URL`"
    )
    for source in failing[:10]:
        yield Finding("source", "note", f"{source.url}: {source.outcome} ({source.failures} times)")
    publications = Publication.objects.count()
    yield Finding("publications", "ok" if publications else "note", f"{publications}" or "none")
    unknown = Delivery.objects.filter(state=Delivery.State.UNKNOWN).count()
    if unknown:
        yield Finding("ledger", "note", f"{unknown} mails may or may not have arrived; `glabella subscriber unknown`")
    waiting = Delivery.objects.filter(state=Delivery.State.DUE, edition__state=Edition.State.SENDING).exclude(why="")
    newest = waiting.order_by("-next_at").values_list("why", flat=True).first()
    if newest:
        yield Finding("mail", "note", f"{waiting.count()} mails wait: {newest}")
    late = Edition.objects.filter(state=Edition.State.APPROVED, send_at__lt=now - timedelta(hours=1)).count()
    if late:
        yield Finding("editions", "note", f"{late} approved and overdue: is `glabella run` at work?")
    if not User.objects.exists():
        yield Finding("users", "note", "nobody can log in yet; `glabella adduser NAME`")
