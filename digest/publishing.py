"""Verbs over publications: add one, change one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from crawler.events import record
from digest.addresses import normal_address
from digest.errors import DigestError
from digest.models import Publication
from digest.weeks import Rhythm, next_send
from digest.words import must_be_language

# First parts of the site's own addresses: a publication of such a name could not be reached.
PAGES = ("admin", "desk", "healthz", "leave", "login", "logout", "preferences", "publications", "s", "signup")
TAKEN = frozenset([*PAGES, "sources", "static", "subscribers"])


@transaction.atomic
def add_publication(
    slug: str,
    name: str,
    from_address: str,
    postal_address: str,
    *,
    by: str,
    now: datetime,
    from_name: str = "",
    tagline: str = "",
    source_tags: Sequence[str] = (),
    **more: object,
) -> Publication:
    """A newsletter with the imprint that the law asks for. DigestError where a field cannot be."""
    if slug in TAKEN:
        raise DigestError("this name is an address of the site itself", slug)
    if Publication.objects.filter(slug=slug).exists():
        raise DigestError("there is a publication of this name", slug)
    publication = Publication(
        slug=slug,
        name=name,
        tagline=tagline,
        from_name=from_name or name,
        from_address=from_address,
        postal_address=postal_address,
        source_tags=sorted(set(source_tags)),
        **more,
    )
    _check(publication, "the publication cannot be made", now)
    publication.save()
    record("add publication", "publication", slug, by=by, now=now, after={"name": name})
    return publication


# What a person may change; the slug stands in addresses that are out in mails.
CHANGEABLE = (
    "name", "tagline", "from_name", "from_address", "reply_to", "postal_address", "accent", "language", "timezone",
    "weekday", "hour", "source_tags", "topics", "audience", "archive", "items",
)  # fmt: skip


@transaction.atomic
def change_publication(publication: Publication, *, by: str, now: datetime, **fields: Any) -> Publication:
    """Set what differs; mails already frozen keep what they had. DigestError where a field cannot be."""
    names = [name for name in fields if name in CHANGEABLE]
    before = {name: getattr(publication, name) for name in names}
    for name in names:
        setattr(publication, name, fields[name])
    _check(publication, "the publication cannot be changed so", now)
    after = {name: getattr(publication, name) for name in names if getattr(publication, name) != before[name]}
    if after:
        publication.save(update_fields=list(after))
        kept = {name: before[name] for name in after}
        record("change publication", "publication", publication.slug, by=by, now=now, before=kept, after=after)
    return publication


def _check(publication: Publication, refusal: str, now: datetime) -> None:
    """Bring the addresses into their one spelling. DigestError where a field cannot be."""
    publication.from_address = normal_address(publication.from_address)
    publication.reply_to = normal_address(publication.reply_to) if publication.reply_to else ""
    next_send(Rhythm(publication.weekday, publication.hour, publication.timezone), now)
    must_be_language(publication.language)
    try:
        publication.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DigestError(refusal, field, messages[0]) from error
