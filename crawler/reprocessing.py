"""Judge archived pages again: new rules and better extraction reach what is stored, and no site is asked twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet

from crawler import models
from crawler.events import record
from crawler.intake import rejudge
from crawler.stopping import Stop, never
from crawler.stored import stored_page
from crawler.turns import take_turn

NOT_KEPT = "no longer kept"


def reprocess(archive: Path, *, now: datetime, host: str = "") -> Counter[str]:
    """Outcomes by word; "no longer kept" where the archive has let the page go."""
    outcomes: Counter[str] = Counter()
    for link in stored(host).iterator():
        page = stored_page(link, archive)
        outcomes[NOT_KEPT if page is None else rejudge(link, page, now)] += 1
    gone = not_kept(host).count()
    return outcomes + Counter({NOT_KEPT: gone} if gone else {})


def ask_again(host: str, *, by: str, now: datetime) -> int:
    """Ask that all stored pages of a site be judged again; how many. The work is done by `reprocess_asked`."""
    with transaction.atomic():
        take_turn()
        asked = stored(host).update(judge_again=True)
        record("judge again", "site", host, by=by, now=now, after={"pages": asked})
    return asked


def waiting(host: str) -> int:
    """How many pages of a site are still to be judged again."""
    return models.Link.objects.filter(site=host, judge_again=True).count()


def reprocess_asked(archive: Path, *, clock: Callable[[], datetime], stop: Stop = never) -> int:
    """Judge those pages again of which it was asked, until `stop`; how many. What is left the next round does."""
    done = 0
    asked = models.Link.objects.filter(judge_again=True).select_related("site").order_by("pk")
    for link in asked.iterator(chunk_size=100):
        if stop():
            break
        page = stored_page(link, archive)
        if page is None:
            models.Link.objects.filter(pk=link.pk).update(judge_again=False)
            continue
        rejudge(link, page, clock())
        done += 1
    return done


def not_kept(host: str = "") -> QuerySet[models.Link]:
    """Links that gave a page of which the archive holds nothing any more: what was read then stands."""
    return _of(host, models.Link.objects.filter(archive_file="").exclude(content_hash=""))


def stored(host: str = "") -> QuerySet[models.Link]:
    """Links whose page the archive holds, of one site or of all."""
    return _of(host, models.Link.objects.exclude(archive_file="").select_related("site"))


def _of(host: str, links: QuerySet[models.Link]) -> QuerySet[models.Link]:
    return links.filter(site=host) if host else links
