"""Leave, pause, resume, or once a month instead, by a mail's link. GET changes nothing: a link scanner opts nobody out.

RFC 8058 is the one-click way of mail programs.
"""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from desk.views.public.page import missing, personal, show, token_or_404
from digest.errors import DigestError
from digest.models import Cadence, Subscription
from digest.preferences import keep_rhythm
from digest.subscribing import by_token, leave, pause, resume

PAUSE = timedelta(days=28)
HOW = "the link in a mail"
ONE_CLICK = ("List-Unsubscribe", "One-Click")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def leaving(request: HttpRequest, token: str) -> HttpResponse:
    """The mail program's one-click POST carries no cookie and needs none; all other forms do."""
    name, value = ONE_CLICK
    if request.method == "POST" and request.POST.get(name) == value:
        return one_click(request, token)
    return by_hand(request, token)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def proof(request: HttpRequest) -> HttpResponse:
    """Where the link of a preview leads: a page that says so, and changes nothing."""
    return personal(show(request, "proof", {}))


def one_click(request: HttpRequest, token: str) -> HttpResponse:
    """RFC 8058: the reader's mail program leaves for them; no redirect, no question."""
    subscription = _subscription(token)
    leave(subscription.token, how="one click in the mail program", now=timezone.now())
    return _page(request, _subscription(token))


@csrf_protect
def by_hand(request: HttpRequest, token: str) -> HttpResponse:
    """A person at the page: sees where the subscription stands, and decides."""
    subscription = _subscription(token)
    if request.method != "POST":
        return _page(request, subscription, request.GET.get("done", ""))
    done = _do(request.POST.get("do", ""), subscription)
    if not done:
        return _page(request, subscription, "unclear", status=400)
    response = HttpResponseRedirect(f"{reverse('leaving', args=[subscription.token])}?done={done}", status=303)
    return personal(response)


def _do(what: str, subscription: Subscription) -> str:
    """What was done, in one word; empty where the form named nothing that can be done."""
    token, now = subscription.token, timezone.now()
    if what == "leave":
        leave(token, how=HOW, now=now)
    elif what == "everywhere":
        leave(token, how=HOW, now=now, everywhere=True)
    elif what == "pause":
        pause(token, now + PAUSE, how=HOW, now=now)
    elif what == "monthly":
        keep_rhythm(subscription, Cadence.MONTHLY, how=HOW, now=now)
    elif what == "resume":
        state = resume(token, how=HOW, now=now).state
        return "resume" if state == Subscription.State.ACTIVE else "cannot"
    else:
        return ""
    return what


def _subscription(token: str) -> Subscription:
    try:
        return by_token(token_or_404(token))
    except DigestError:
        missing("no such subscription")


def _page(request: HttpRequest, subscription: Subscription, done: str = "", status: int = 200) -> HttpResponse:
    context = {
        "state": subscription.state,
        "until": subscription.paused_until,
        "weekly": subscription.cadence == Cadence.WEEKLY,
        "done": done,
    }
    return personal(show(request, "leaving", context, publication=subscription.publication, status=status))
