"""A draft as the mail it would be, for an editor's eyes."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from digest.freezing import content_of, must_be_whole
from digest.message import Links, Message, render
from digest.models import Edition
from digest.selection import Wishes, select


def preview_of(edition: Edition, topics: Iterable[str] = ()) -> Message:
    """The mail of a reader with these topics; its links lead nowhere that changes anything."""
    content = must_be_whole(content_of(edition, settings.SITE_URL))
    selection = select(content, Wishes(frozenset(topics)))
    home = settings.SITE_URL
    return render(content, selection, Links(f"{home}/leave/preview", home, home))
