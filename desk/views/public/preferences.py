"""A reader's own page, opened by a fresh link: topics, rhythm, data, leaving."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from desk.forms.public import AddressForm, PreferencesForm
from desk.views.public.page import missing, personal, show, token_or_404
from digest.errors import DigestError
from digest.links import LinkExpired
from digest.models import Publication, Subscription
from digest.preferences import LIVES, change, export, opened
from digest.subscribing import leave

HOW = "a fresh link sent to the address"
Page = Callable[[HttpRequest, Subscription, str], HttpResponse]


def by_link(page: Page) -> Callable[[HttpRequest, str], HttpResponse]:
    """Open the link, or say why it does not open."""

    @wraps(page)
    def opening(request: HttpRequest, signed: str) -> HttpResponse:
        try:
            subscription = opened(token_or_404(signed), timezone.now())
        except LinkExpired as old:
            found = Publication.objects.filter(subscriptions__token=old.token).first()
            context = {"what": "preferences", "form": AddressForm()}
            return personal(show(request, "expired", context, publication=found, status=410))
        except DigestError:
            missing("no such link")
        return personal(page(request, subscription, signed))

    return opening


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def preferences(request: HttpRequest, subscription: Subscription, signed: str) -> HttpResponse:
    """GET shows, POST saves or leaves."""
    if request.method != "POST":
        stands = {name: getattr(subscription, name) for name in ("topics", "never", "cadence")}
        return _page(request, subscription, PreferencesForm(subscription.publication, initial=stands), signed)
    if request.POST.get("do") == "leave":
        leave(subscription.token, how=HOW, now=timezone.now())
        return HttpResponseRedirect(reverse("leaving", args=[subscription.token]) + "?done=leave", status=303)
    form = PreferencesForm(subscription.publication, request.POST)
    if not form.is_valid():
        return _page(request, subscription, form, signed, status=400)
    change(subscription, **form.cleaned_data, how=HOW, now=timezone.now())
    return HttpResponseRedirect(reverse("preferences", args=[signed]) + "?done=saved", status=303)


@require_safe
@by_link
def exporting(request: HttpRequest, subscription: Subscription, signed: str) -> HttpResponse:
    """All that is kept of the reader, as a file."""
    data = export(subscription.subscriber, timezone.now())
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"'}
    return JsonResponse(data, headers=headers, json_dumps_params={"indent": 2, "ensure_ascii": False})


def _page(
    request: HttpRequest, subscription: Subscription, form: PreferencesForm, signed: str, status: int = 200
) -> HttpResponse:
    hours = int(LIVES.total_seconds() // 3600)
    context = {
        "form": form,
        "state": subscription.state,
        "signed": signed,
        "leave": subscription.token,
        "hours": hours,
        "done": request.GET.get("done") == "saved" and status == 200,
    }
    return show(request, "preferences", context, publication=subscription.publication, status=status)
