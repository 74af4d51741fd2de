"""Words that rows hold and pages print: named here once, so that the catalogues have them."""

from __future__ import annotations

from django.utils.translation import gettext_noop

STATES = tuple(
    gettext_noop(word)
    for word in (
        "picked", "dismissed", "snoozed",
        "draft", "approved", "sending", "paused", "sent", "skipped", "cancelled", "weekly", "monthly",
        "found", "fetched", "refused", "quarantined", "gone", "feed", "sitemap", "listing",
        "new", "version", "copy", "reprint", "merged", "split",
        "due", "claimed", "accepted", "failed", "unknown", "withdrawn",
        "subscribed", "changed", "resumed", "left", "active", "pending",
    )
)  # fmt: skip
