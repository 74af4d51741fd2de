"""Subscribers: search, one person's proof of consent and deliveries; an operator's lists, export and erasure."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.clock import clock
from desk.errors import DeskError
from desk.forms.subscribers import STATES, EraseForm, PeopleForm, RosterForm, SuppressForm
from desk.missing import Missing
from desk.nudge import Work, nudge
from desk.readers import Person, people_of, person_of, roster_of
from desk.views.page import ONLY_OPERATORS, back, desk_page, show, tell
from digest.errors import DigestError
from digest.models import Publication
from digest.people import erase, lift, take_roster
from digest.preferences import export
from digest.recovering import judge
from digest.roster import write_roster
from digest.subscribing import leave, suppress


@desk_page()
def subscribers(request: HttpRequest) -> HttpResponse:
    """People, newest first."""
    form = PeopleForm(request.GET)
    right = form.is_valid()
    said = {name: form.cleaned_data.get(name, "") for name in ("q", "publication", "state", "before")}
    found = people_of(said["q"], said["publication"], said["state"], said["before"])
    return show(
        request, "desk/subscribers.html", _("Subscribers"), status=200 if right else 400, here="subscribers", form=form,
        found=found, said=said, states=STATES, roster=RosterForm(auto_id="roster-%s"),
    )  # fmt: skip


@desk_page()
def subscriber(request: HttpRequest, token: str) -> HttpResponse:
    """One person: subscriptions with their proof, deliveries, and why no mail goes where none goes."""
    return _page(request, _person(token))


@desk_page(methods=("POST",))
def leave_for(request: HttpRequest, token: str) -> HttpResponse:
    """End a subscription for a person who asked for it."""
    person = _person(token)
    own = next((one for one in person.subscriptions if one.publication.slug == request.POST.get("publication")), None)
    if own is None:
        raise DigestError(_("There is no such subscription."))
    by = request.user.get_username()
    leave(own.token, how=f"asked for, done at the desk by {by}", now=clock(), by=by)
    tell(request, _("Left."))
    return _to_person(request, token)


@desk_page(methods=("POST",))
def judge_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Settle a mail of which nobody knew whether it arrived."""
    arrived = {"arrived": True, "again": False}.get(request.POST.get("step", ""))
    if arrived is None:
        raise DeskError(_("Did the mail arrive, or should it be sent again?"))
    judge(_person(token).subscriber, arrived, by=request.user.get_username(), now=clock())
    nudge(Work.SEND)
    tell(request, _("Noted.") if arrived else _("It goes out again."))
    return _to_person(request, token)


@desk_page(who=ONLY_OPERATORS)
def export_person(request: HttpRequest, token: str) -> HttpResponse:
    """All that is kept of a person, as JSON."""
    data = export(_person(token).subscriber, clock())
    headers = {"Content-Disposition": 'attachment; filename="person.json"', "Cache-Control": "no-store"}
    return JsonResponse(data, json_dumps_params={"indent": 2, "ensure_ascii": False}, headers=headers)


@desk_page(who=ONLY_OPERATORS, methods=("POST",))
def erase_person(request: HttpRequest, token: str) -> HttpResponse:
    """Blank a person for good."""
    person = _person(token)
    if not person.subscriber.address:
        raise DeskError(_("This person's data are erased already."))
    form = EraseForm(person.subscriber.address, request.POST)
    if not form.is_valid():
        return _page(request, person, status=422, erasing=form)
    erase(person.subscriber, by=request.user.get_username(), now=clock())
    tell(request, _("Erased. The ledger keeps that mails were sent, not to whom."))
    return _to_person(request, token)


@desk_page(who=ONLY_OPERATORS, methods=("POST",))
def suppress_person(request: HttpRequest, token: str) -> HttpResponse:
    """No mail to this address, or mail again."""
    person, by = _person(token), request.user.get_username()
    if request.POST.get("step") == "lift":
        lift(person.subscriber, by=by, now=clock())
        tell(request, _("Mail may go to this address again."))
        return _to_person(request, token)
    if person.suppression or not person.subscriber.address:
        raise DeskError(_("No mail goes to this address already."))
    form = SuppressForm(request.POST, auto_id="suppress-%s")
    if not form.is_valid():
        return _page(request, person, status=422, suppressing=form)
    suppress(person.subscriber.address, form.cleaned_data["reason"], by=by, now=clock())
    tell(request, _("No mail goes to this address any more."))
    return _to_person(request, token)


@desk_page(who=ONLY_OPERATORS, methods=("POST",))
def import_people(request: HttpRequest) -> HttpResponse:
    """Take in a list of people who said yes elsewhere."""
    form = RosterForm(request.POST, request.FILES, auto_id="roster-%s")
    if not form.is_valid():
        return show(
            request,
            "desk/subscribers.html",
            _("Subscribers"),
            status=422,
            here="subscribers",
            form=PeopleForm({}),
            found=people_of(),
            said=dict.fromkeys(("q", "publication", "state", "before"), ""),
            states=STATES,
            roster=form,
        )
    rows, faults = form.cleaned_data["file"]
    publication = form.cleaned_data["publication"]
    count = take_roster(rows, publication, form.cleaned_data["proof"], by=request.user.get_username(), now=clock())
    all_faults = sorted((*faults, *count.faults), key=lambda one: one.line)
    return show(
        request, "desk/subscribers_taken.html", _("List taken in"), here="subscribers", count=count, faults=all_faults,
        into=publication,
    )  # fmt: skip


@desk_page(who=ONLY_OPERATORS)
def export_people(request: HttpRequest, publication: Publication) -> HttpResponse:
    """The readers of a publication as CSV, with their topics and proof."""
    name = f'attachment; filename="{publication.slug}-subscribers.csv"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return HttpResponse(write_roster(roster_of(publication)), content_type="text/csv; charset=utf-8", headers=headers)


def _page(request: HttpRequest, person: Person, *, status: int = 200, **forms: Any) -> HttpResponse:
    shown = {
        "erasing": EraseForm(person.subscriber.address),
        "suppressing": SuppressForm(auto_id="suppress-%s"),
        **forms,
    }
    title = person.subscriber.address or _("Erased person")
    return show(
        request, "desk/subscriber.html", title, status=status, here="subscribers", person=person, states=STATES, **shown
    )


def _person(token: str) -> Person:
    found = person_of(token)
    if found is None:
        raise Missing(_("There is no such subscriber."))
    return found


def _to_person(request: HttpRequest, token: str) -> HttpResponse:
    return back(request, reverse("desk:subscriber", kwargs={"token": token}))
