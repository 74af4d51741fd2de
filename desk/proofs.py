"""How an edition looks: the mail of one reader, bright or dark, and what to see to before it is approved."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digest.approving import newest_issue
from digest.freezing import content_of, must_be_whole
from digest.issue import IssueContent
from digest.message import Message
from digest.models import Edition, Subscription, Suppression
from digest.proofing import proof_of
from digest.selection import Wishes

DARK_QUERY = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)")
# Gmail cuts a mail off beyond this; the readers' own links come on top, so a little less is left to use.
CLIPPED_BYTES = 102_000


@dataclass(frozen=True)
class Proof:
    """A mail as it would be, its size as HTML in bytes, and whether a big mail service would cut it."""

    message: Message
    size: int

    @property
    def clipped(self) -> bool:
        return self.size > CLIPPED_BYTES


def content_for(edition: Edition) -> IssueContent:
    """A draft as it stands now; anything later as it was frozen, since that is what readers get."""
    if edition.state in (Edition.State.DRAFT, Edition.State.SKIPPED):
        return must_be_whole(content_of(edition, settings.SITE_URL))
    return IssueContent.from_json(newest_issue(edition).content)


def proof_for(content: IssueContent, topics: Iterable[str] = ()) -> Proof:
    """The mail of a reader of these topics."""
    message = proof_of(content, Wishes(frozenset(topics)), settings.SITE_URL)
    return Proof(message, len(message.html.encode()))


def framed(html: str, dark: bool) -> str:
    """The mail for a frame: dark or bright whatever the browser prefers, its links opening beside it."""
    html = DARK_QUERY.sub("@media all" if dark else "@media not all", html)
    return re.sub(r"<head[^>]*>", lambda found: f'{found[0]}<base target="_blank">', html, count=1)


def readers_of(edition: Edition) -> int:
    """How many people the edition would go to."""
    active = Subscription.objects.filter(
        publication=edition.publication, cadence=edition.cadence, state=Subscription.State.ACTIVE
    ).exclude(subscriber__address="")
    return active.exclude(subscriber__address_hash__in=Suppression.objects.values("address_hash")).count()


def warnings_of(content: IssueContent, unsure: int) -> list[str]:
    """What an editor should see to before approving, in words; `unsure` is the number of titles that are not sure."""
    stories = [item for item in content.items if item.kind == "story"]
    bare = sum(not item.blurb for item in stories)
    undated = sum(item.undated for item in stories)
    gone = sum(not item.url for item in stories)
    found = []
    if not content.items:
        found.append(_("The edition is empty."))
    if stories and not any(item.lead for item in stories):
        found.append(_("No story leads: readers with few topics may get a thin mail."))
    if gone:
        words = ngettext(
            "One story has no article any more: take it out.",
            "%(count)d stories have no article any more: take them out.",
            gone,
        )
        found.append(words % {"count": gone})
    if bare:
        found.append(ngettext("One story has no blurb.", "%(count)d stories have no blurb.", bare) % {"count": bare})
    if undated:
        words = ngettext("One story is undated.", "%(count)d stories are undated.", undated)
        found.append(words % {"count": undated})
    if unsure:
        words = ngettext("One title is not sure.", "%(count)d titles are not sure.", unsure)
        found.append(words % {"count": unsure})
    return found
