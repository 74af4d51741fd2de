"""What was dropped from a page: the archived answer read once more, by all that is known of it and of its site now."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crawler.article import Block, NotAnArticle
from crawler.judging import read_as_known
from crawler.models import Article
from crawler.noticing import item_of
from crawler.stored import stored_page

MOST_BLOCKS = 400
# Why a block was dropped that the judge of blocks would have kept.
RULES = {
    "site template": _("it stands on many pages of the site"),
    "second copy": _("it stands on the page twice"),
    "newsletter": _("an invitation to a newsletter"),
    "about the author": _("about the author"),
    "headline": _("the headline"),
    "byline": _("the byline"),
    "date line": _("a line of dates"),
    "breadcrumb": _("the way to the page"),
    "leads elsewhere": _("it leads elsewhere"),
}


def blocks_of(lead: Article) -> tuple[Block, ...] | None:
    """Every block of the archived page with what became of it; None where the archive has the page no more."""
    page = stored_page(lead.link, settings.ARCHIVE)
    if page is None:
        return None
    try:
        return read_as_known(page, item_of(lead.link), lead.link.site).body.blocks[:MOST_BLOCKS]
    except NotAnArticle:
        return None
