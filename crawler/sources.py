"""Verbs over sources: add, pause, resume."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from crawler import models
from crawler.errors import CrawlerError
from crawler.events import record
from crawler.lengths import must_fit
from crawler.sites import site_of
from crawler.urls import can_be_host, host_of, normalise


class SourceError(CrawlerError):
    """A source cannot be added or changed as asked."""


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_USER = re.compile(r"//[^/?#]*@")
KINDS = (models.Source.Kind.FEED, models.Source.Kind.SITEMAP, models.Source.Kind.LISTING)


@transaction.atomic
def add_source(
    url: str, kind: str, *, by: str, now: datetime, title: str = "", tags: Sequence[str] = (), trust: float = 0.5
) -> tuple[models.Source, bool]:
    """The source of this address, and whether it is new. SourceError where it is no address of the web, or too long."""
    clean = source_address(url)
    must_fit(models.Source, SourceError, title=title)
    must_be_kind(kind)
    fields = {"site": site_of(clean), "kind": kind, "title": title, "tags": sorted(set(tags)), "trust": trust}
    source, made = models.Source.objects.get_or_create(url=clean, defaults=fields)
    if made:
        record("add source", "source", source.pk, by=by, now=now, after={"url": clean, "kind": kind})
    return source, made


def must_be_kind(kind: str) -> None:
    """SourceError for a kind that nobody can add."""
    if kind not in KINDS:
        raise SourceError("no such kind of source", kind, f"one of {', '.join(KINDS)}")


def source_address(url: str) -> str:
    """The address in one spelling. SourceError where it cannot be asked: scheme, host, port, length, a password in it."""
    said = url.strip()
    shown = _USER.sub("//…@", said)[:200]
    if _CONTROL.search(said):
        raise SourceError("not an address of the web", _CONTROL.sub("?", shown), "it holds a control character")
    clean = normalise(said)
    try:
        parts = urlsplit(clean)
        of_the_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise SourceError("not an address of the web", shown, str(error)) from error
    if not of_the_web:
        raise SourceError("not an address of the web", shown, "it should begin with https://")
    if "@" in parts.netloc:
        why = "it holds a user's name or password, which would be shown to everyone"
        raise SourceError("not an address of the web", shown, why)
    must_fit(models.Source, SourceError, url=clean)
    must_fit(models.Site, SourceError, host=host_of(clean))
    if not can_be_host(host_of(clean)):
        raise SourceError("not an address of the web", shown, "its host is no name that a server can have")
    return clean


def pause_source(source: models.Source, *, by: str, now: datetime) -> None:
    """Ask it no more until it is resumed."""
    _set_paused(source, True, "pause source", by, now)


def resume_source(source: models.Source, *, by: str, now: datetime) -> None:
    """Ask it again, at once."""
    _set_paused(source, False, "resume source", by, now)


def source_named(name: str) -> models.Source:
    """A source by its id, its address, its title, or a part of either that only it has."""
    rows = models.Source.objects.exclude(kind=models.Source.Kind.IMPORT)
    if name.isdecimal():
        found = list(rows.filter(pk=int(name)))
    else:
        found = (
            list(rows.filter(url=normalise(name)))
            or list(rows.filter(title__iexact=name))
            or list(rows.filter(url__icontains=name))
            or list(rows.filter(title__icontains=name))
        )
    if len(found) != 1:
        why = "no source matches" if not found else "several match: " + ", ".join(one.url for one in found[:4])
        raise SourceError("no one source is meant", name, why)
    return found[0]


def failed_since(moment: datetime) -> list[models.Source]:
    """The sources that were asked since then and could not be read; each says why in its `outcome`."""
    return list(
        models.Source.objects.filter(checked_at__gte=moment, health=models.Source.Health.FAILING).order_by("pk")
    )


@transaction.atomic
def _set_paused(source: models.Source, paused: bool, verb: str, by: str, now: datetime) -> None:
    before, source.paused = source.paused, paused
    if not paused:
        source.next_at = None
    source.save(update_fields=["paused", "next_at"])
    record(verb, "source", source.pk, by=by, now=now, before={"paused": before}, after={"paused": paused})
