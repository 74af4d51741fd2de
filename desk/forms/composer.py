"""An edition's words, places and times, checked at the field."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.clock import clock
from desk.forms.seen import Seen, mark_of
from digest.addresses import normal_address
from digest.blurb import MOST_OWN
from digest.errors import DigestError
from digest.models import Edition, Placement

AHEAD = timedelta(days=60)


class WebAddress(forms.URLField):
    """An address of the web; any other scheme is refused at the field."""

    def __init__(self, **options: Any) -> None:
        super().__init__(assume_scheme="https", max_length=2000, **options)

    def to_python(self, value: Any) -> Any:
        address = super().to_python(value)
        if address and not address.startswith(("http://", "https://")):
            raise ValidationError(_("It should begin with https://"))
        return address


class WordsForm(Seen):
    """Subject and introduction."""

    subject = forms.CharField(
        label=gettext_lazy("Subject"), max_length=150, required=False,
        help_text=gettext_lazy("Left empty, it is the publication's name and the edition's number."),
    )  # fmt: skip
    intro = forms.CharField(
        label=gettext_lazy("Introduction"), max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, edition: Edition, data: Any = None) -> None:
        super().__init__(data, initial={"subject": edition.subject, "intro": edition.intro})
        self.stands = (edition.subject, edition.intro)


class PlaceForm(Seen):
    """Words of one place. A story's own headline and blurb stand where these are empty."""

    headline = forms.CharField(label=gettext_lazy("Headline"), max_length=300, required=False)
    blurb = forms.CharField(
        label=gettext_lazy("Blurb"), max_length=MOST_OWN, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    lead = forms.BooleanField(label=gettext_lazy("Leads: for all readers, whatever their topics"), required=False)

    def __init__(self, place: Placement, data: Any = None) -> None:
        words = {name: getattr(place, name) for name in ("headline", "blurb", "lead", "url", "event_day")}
        super().__init__(data, initial=words, auto_id=f"place-{place.pk}-%s")
        self.stands = tuple(words.values())
        if place.kind != Placement.Kind.STORY:
            self.fields["headline"].required = True
        if place.kind in (Placement.Kind.OWN, Placement.Kind.SPONSOR):
            self.fields["url"] = WebAddress(label=_("Link"), required=False)
        if place.kind == Placement.Kind.OWN:
            self.fields["event_day"] = forms.DateField(
                label=_("Day of the event"),
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )
        if place.kind in (Placement.Kind.HEADING, Placement.Kind.SPONSOR):
            del self.fields["lead"]
        if place.kind == Placement.Kind.HEADING:
            del self.fields["blurb"]


class ItemForm(forms.Form):
    """A new item of the editor's own."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[
            (Placement.Kind.OWN, gettext_lazy("Own item")),
            (Placement.Kind.HEADING, gettext_lazy("Heading")),
            (Placement.Kind.SPONSOR, gettext_lazy("Sponsor")),
        ],
    )
    headline = forms.CharField(label=gettext_lazy("Headline"), max_length=300)
    blurb = forms.CharField(
        label=gettext_lazy("Text"), max_length=MOST_OWN, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    url = WebAddress(label=gettext_lazy("Link"), required=False)
    event_day = forms.DateField(
        label=gettext_lazy("Day of the event"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class StoryForm(forms.Form):
    """A story for this edition: its key, or the address of its page."""

    story = forms.CharField(
        label=gettext_lazy("A story: its key, or the address of its page at the desk"), max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def clean_story(self) -> str:
        return str(self.cleaned_data["story"]).strip().rstrip("/").rpartition("/")[2][:40]


class ProofForm(forms.Form):
    """Where a proof goes."""

    address = forms.CharField(
        label=gettext_lazy("Mail a proof to"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def clean_address(self) -> str:
        try:
            return normal_address(self.cleaned_data["address"])
        except DigestError as error:
            raise ValidationError(_("This is no mail address.")) from error


class ApproveForm(forms.Form):
    """When the mail goes out. Approved is what was seen: an edition changed meanwhile is to be looked at again."""

    USUAL, NOW, AT = "usual", "now", "at"
    when = forms.ChoiceField(
        label=gettext_lazy("Send"),
        widget=forms.RadioSelect,
        initial=USUAL,
        choices=[
            (USUAL, gettext_lazy("At the usual time")),
            (NOW, gettext_lazy("At once")),
            (AT, gettext_lazy("At this time:")),
        ],
    )
    at = forms.CharField(
        label=gettext_lazy("Day and time"), required=False, max_length=20,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )  # fmt: skip

    def __init__(self, edition: Edition, data: Any = None) -> None:
        super().__init__(data, auto_id="approve-%s")
        self.publication = edition.publication
        self.fields["at"].help_text = _("In the publication's zone, %s.") % self.publication.timezone
        places = edition.placements.values_list("pk", "position", "headline", "blurb", "url", "event_day", "lead")
        self.mark = mark_of(edition.subject, edition.intro, list(places))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.data.get("seen") not in (None, "", self.mark):
            raise ValidationError(
                _("The edition was changed after you had opened it. Look at it once more, then approve it.")
            )
        if said.get("when") == self.AT:
            said["moment"] = self._moment(said.get("at", ""))
        return said

    def send_at(self) -> datetime | None:
        """The time chosen; None means the publication's usual one."""
        when = self.cleaned_data["when"]
        return {self.USUAL: None, self.NOW: clock(), self.AT: self.cleaned_data.get("moment")}[when]

    def _moment(self, text: str) -> datetime | None:
        try:
            moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.publication.timezone))
            far = moment > clock() + AHEAD
            past = moment < clock()
        except (ValueError, OverflowError):
            self.add_error("at", _("Give a day and a time."))
            return None
        if past:
            self.add_error("at", _("This time is over."))
        elif far:
            self.add_error("at", _("This is more than 60 days ahead."))
        return moment
