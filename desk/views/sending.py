"""An edition on its way: how it looks, a proof, approval, and what can still be stopped."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.clickjacking import xframe_options_sameorigin

from crawler.models import Event
from desk.accounts import EDITORS
from desk.clock import clock
from desk.composition import edition_of, name_of, place_lines
from desk.errors import DeskError
from desk.forms.composer import ApproveForm, ProofForm
from desk.naming import language
from desk.nudge import Work, nudge
from desk.proofs import content_for, framed, proof_for, readers_of, warnings_of
from desk.running import transport
from desk.saying import sentence_of
from desk.views.composer import composer_page, to_edition
from desk.views.page import desk_page, moments_of, show, tell
from digest import approving
from digest.composing import MENDABLE, must_be
from digest.errors import DigestError
from digest.freezing import topic_names
from digest.models import Edition, Publication
from digest.proofing import send_proof

PROOFABLE = (*MENDABLE, Edition.State.SENT)
LOOKS = ("wide", "phone", "dark", "text")
# The mail brings its own styles; nothing else may load or run in its frame.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


@desk_page()
def preview(request: HttpRequest, publication: Publication, which: str) -> HttpResponse:
    """The mail in a frame: wide, as on a phone, dark, or as text, for a reader of chosen topics."""
    edition = edition_of(publication, which)
    look = request.GET.get("look", "wide")
    if look not in LOOKS:
        raise DeskError(_("There is no such view."))
    topics = _topics(request, publication)
    return show(
        request, "desk/preview.html", _("Preview of edition %s") % edition.number, here="editions", edition=edition,
        publication=publication, which=name_of(edition), look=look, looks=LOOKS, proof=proof_for(content_for(edition), topics),
        names=topic_names(publication.taxonomy, language()), chosen=topics,
    )  # fmt: skip


@desk_page()
@xframe_options_sameorigin
def mail(request: HttpRequest, publication: Publication, which: str) -> HttpResponse:
    """The mail itself, under a policy of its own."""
    proof = proof_for(content_for(edition_of(publication, which)), _topics(request, publication))
    html = framed(proof.message.html, request.GET.get("look") == "dark")
    return HttpResponse(html, headers={"Content-Security-Policy": MAIL_POLICY})


@desk_page(who={EDITORS}, methods=("POST",))
def proof(request: HttpRequest, publication: Publication, which: str) -> HttpResponse:
    """Mail the edition to one address before anybody else has it."""
    edition, form = edition_of(publication, which), ProofForm(request.POST, auto_id="proof-%s")
    must_be(edition, PROOFABLE)
    if form.is_valid():
        try:
            _send_proof(edition, form.cleaned_data["address"], request.user.get_username())
            tell(request, _("The proof is on its way to %s.") % form.cleaned_data["address"])
            return to_edition(request, edition)
        except (DigestError, DeskError) as error:
            form.add_error("address", sentence_of(error))
    return composer_page(request, edition, status=422, proof=form)


@desk_page(who={EDITORS})
def check(request: HttpRequest, publication: Publication, which: str) -> HttpResponse:
    """A last look at what goes out, to whom and when."""
    edition = edition_of(publication, which)
    must_be(edition, (Edition.State.DRAFT,))
    return _approval_page(request, edition, ApproveForm(edition))


@desk_page(who={EDITORS}, methods=("POST",))
def approve(request: HttpRequest, publication: Publication, which: str) -> HttpResponse:
    """Freeze the edition and open its ledger."""
    edition = edition_of(publication, which)
    must_be(edition, (Edition.State.DRAFT,))
    form = ApproveForm(edition, request.POST)
    if not form.is_valid():
        return _approval_page(request, edition, form, status=422)
    approving.approve(edition, by=request.user.get_username(), now=clock(), send_at=form.send_at())
    nudge(Work.SEND)
    moment = moments_of(publication).moment(edition.send_at)
    tell(request, _("Approved. It goes out %s; until then it can be called off.") % moment)
    return to_edition(request, edition)


def _approval_page(request: HttpRequest, edition: Edition, form: ApproveForm, *, status: int = 200) -> HttpResponse:
    content = content_for(edition)
    unsure = sum(line.title_unsure for line in place_lines(edition, content))
    proofs = Event.objects.filter(verb="proof", kind="edition", key=str(edition.pk))
    return show(
        request, "desk/check.html", _("Check and send"), status=status, here="editions", edition=edition,
        publication=edition.publication, which=name_of(edition), approval=form, content=content,
        proof=proof_for(content), readers=readers_of(edition), warnings=warnings_of(content, unsure),
        proofed=proofs.order_by("-pk").first(),
    )  # fmt: skip


@desk_page(who={EDITORS}, methods=("POST",))
def steer(request: HttpRequest, publication: Publication, which: str) -> HttpResponse:
    """Skip a draft; hold, go on with, call off or correct what is on its way."""
    edition, by = edition_of(publication, which), request.user.get_username()
    step = request.POST.get("step", "")
    if step == "revise":
        why = request.POST.get("why", "").strip()[:300] or "words mended"
        approving.revise(edition, why, by=by, now=clock())
    elif step in STEPS:
        STEPS[step](edition, by=by, now=clock())
    else:
        raise DeskError(_("There is no such step."))
    nudge(Work.SEND)
    tell(request, _(TOLD[step]))
    return to_edition(request, edition)


STEPS: dict[str, Callable[..., None]] = {
    "skip": approving.skip,
    "hold": approving.hold,
    "go on": approving.go_on,
    "cancel": approving.cancel,
}


TOLD = {
    "skip": gettext_noop("Skipped. Its stories stay for the next edition."),
    "hold": gettext_noop("Held. No more mail goes out until somebody lets it go on."),
    "go on": gettext_noop("It goes on."),
    "cancel": gettext_noop("Called off."),
    "revise": gettext_noop("Corrected. Who has not had the mail yet gets these words."),
}


def _send_proof(edition: Edition, address: str, by: str) -> None:
    way = transport()
    try:
        send_proof(edition, content_for(edition), address, way, settings.SITE_URL, by=by, now=clock())
    finally:
        way.close()


def _topics(request: HttpRequest, publication: Publication) -> list[str]:
    """The topics of the address that the publication's taxonomy has."""
    known = {topic.key for topic in topic_names(publication.taxonomy, publication.language)}
    return [key for key in request.GET.getlist("topic") if key in known]
