"""What was dropped from a page: the archived answer read once more, by all that is known of it and of its site now."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crawler.archive import read_page
from crawler.article import Block, NotAnArticle
from crawler.judging import read_as_known
from crawler.models import Article
from crawler.noticing import item_of

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
    link = lead.link
    if not link.archive_file or link.archive_offset is None:
        return None
    page = read_page(settings.ARCHIVE / link.archive_file, link.archive_offset)
    if page is None:
        return None
    try:
        return read_as_known(page, item_of(link), link.site).body.blocks[:MOST_BLOCKS]
    except NotAnArticle:
        return None
