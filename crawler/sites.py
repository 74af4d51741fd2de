"""The Site row of a host."""

from __future__ import annotations

from crawler import models
from crawler.urls import host_of


def site_of(url_or_host: str) -> models.Site:
    """The site of an address, made where it is new."""
    host = host_of(url_or_host) if "://" in url_or_host else url_or_host
    return models.Site.objects.get_or_create(host=host or "unknown")[0]
