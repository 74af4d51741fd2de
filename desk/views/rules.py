"""Rules of a site, set from the page of a source that leads there; its stored pages are judged again at a wish."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crawler.reprocessing import ask_again
from crawler.ruling import set_rules
from desk.accounts import EDITORS
from desk.clock import clock
from desk.forms.sources import RulesForm
from desk.missing import Missing
from desk.nudge import Work, nudge
from desk.site_rules import sites_of
from desk.views.page import WRONG, back, desk_page, newest_event, tell
from desk.views.sources import source_or_404, source_page


@desk_page(who={EDITORS}, methods=("POST",))
def rules(request: HttpRequest, key: str) -> HttpResponse:
    """Set the rules of a site, or have its stored pages judged again."""
    row, host = source_or_404(key), request.POST.get("site", "")
    if host not in sites_of(row):
        raise Missing(_("This source leads to no such site."))
    here = f"{reverse('desk:source', kwargs={'key': key})}?{urlencode({'site': host})}#rules"
    by = request.user.get_username()
    if request.POST.get("step") == "again":
        pages = ask_again(host, by=by, now=clock())
        nudge(Work.JUDGE)
        words = ngettext("%(n)d page will be judged again.", "%(n)d pages will be judged again.", pages)
        tell(request, words % {"n": pages})
        return back(request, here)
    form = RulesForm(host, request.POST)
    if not form.is_valid():
        return source_page(request, row, rules=form, host=host, status=WRONG)
    before = newest_event("set rules", "site", host)
    set_rules(host, form.cleaned_data["rules"], by=by, now=clock())
    after = newest_event("set rules", "site", host)
    tell(request, _("Saved. They hold for pages that are fetched from now on."), after if after != before else None)
    return back(request, here)
