"""What stands for a source in an address: ten hex digits of its URL's sha256."""

from __future__ import annotations

import hashlib

from crawler.models import Source
from crawler.sources import SourceError


def key_of(url: str) -> str:
    """The key of a source's URL."""
    return hashlib.sha256(url.encode()).hexdigest()[:10]


def source_of(key: str) -> Source:
    """The source of a key. SourceError where there is none."""
    found = next((pk for pk, url in Source.objects.values_list("pk", "url") if key_of(url) == key), None)
    if found is None:
        raise SourceError("no such source", key)
    return Source.objects.select_related("site").get(pk=found)
