"""How far an edition is, as its list and its page say it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from desk.moments import Moments
from digest.models import Edition

State = Edition.State


@dataclass(frozen=True)
class Progress:
    """A heading and a sentence."""

    title: str
    words: str


def progress_of(edition: Edition, moments: Moments) -> Progress:
    """What became of an edition, or will, in the reader's words and zone."""
    due, sent = moments.moment(edition.send_at), moments.moment(edition.sent_at)
    return {
        State.DRAFT: Progress(_("Draft"), _("Usual time: %s.") % due),
        State.APPROVED: Progress(_("On its way"), _("Goes out %s.") % due),
        State.SENDING: Progress(_("On its way"), _("Going out since %s.") % due),
        State.PAUSED: Progress(_("Held"), _("Held: no more mail goes out until somebody lets it go on.")),
        State.SENT: Progress(_("Sent"), _("Sent %s.") % sent),
        State.SKIPPED: Progress(_("Skipped"), _("Skipped: no mail went out, its stories stay for the next one.")),
        State.CANCELLED: Progress(_("Called off"), _("Called off: what had not gone out stays here.")),
    }[State(edition.state)]
