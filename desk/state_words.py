"""Words that rows hold and pages print: named here once, so that the catalogues have them."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

# Each call stands by itself: whoever collects words for a catalogue reads the source, and runs nothing.
STATES = (
    _("picked"),
    _("dismissed"),
    _("snoozed"),
    _("draft"),
    _("approved"),
    _("sending"),
    _("paused"),
    _("sent"),
    _("skipped"),
    _("cancelled"),
    _("weekly"),
    _("monthly"),
    _("found"),
    _("fetched"),
    _("refused"),
    _("quarantined"),
    _("gone"),
    _("feed"),
    _("sitemap"),
    _("listing"),
    _("new"),
    _("version"),
    _("copy"),
    _("reprint"),
    _("merged"),
    _("split"),
    _("due"),
    _("claimed"),
    _("accepted"),
    _("failed"),
    _("unknown"),
    _("withdrawn"),
    _("subscribed"),
    _("changed"),
    _("resumed"),
    _("left"),
    _("active"),
    _("pending"),
)
