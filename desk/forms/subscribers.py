"""Searching for people, and an operator's steps on their data, checked at the field."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.saying import sentence_of
from digest.models import Publication, Subscription
from digest.people import LEAST_PROOF
from digest.roster import LARGEST_BYTES, Fault, RosterError, Row, read_roster

STATES = {
    Subscription.State.PENDING: gettext_lazy("pending"),
    Subscription.State.ACTIVE: gettext_lazy("active"),
    Subscription.State.PAUSED: gettext_lazy("paused"),
    Subscription.State.LEFT: gettext_lazy("left"),
}


class PeopleForm(forms.Form):
    """What the list is asked for."""

    q = forms.CharField(
        label=gettext_lazy("Address or name"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    publication = forms.ChoiceField(label=gettext_lazy("Publication"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    before = forms.CharField(required=False, max_length=32)

    def __init__(self, data: object) -> None:
        super().__init__(data, auto_id="people-%s")
        slugs = Publication.objects.order_by("name").values_list("slug", "name")
        self.fields["publication"].choices = [("", _("All")), *slugs]
        self.fields["state"].choices = [("", _("All")), *STATES.items()]

    def clean_q(self) -> str:
        return str(self.cleaned_data["q"]).replace("\x00", "").strip()


class RosterForm(forms.Form):
    """A list of people who said yes elsewhere."""

    publication = forms.ModelChoiceField(
        label=gettext_lazy("Publication"),
        queryset=Publication.objects.order_by("name"),
        to_field_name="slug",
        empty_label=gettext_lazy("Choose one"),
    )
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=gettext_lazy(
            "The first line names the columns: address, and if you like name, topics, never, consent."
        ),
    )
    proof = forms.CharField(
        label=gettext_lazy("How did these people say yes?"), min_length=LEAST_PROOF, max_length=200,
        help_text=gettext_lazy("Kept with each as proof, unless the file has a consent of its own."),
    )  # fmt: skip

    def clean_file(self) -> tuple[tuple[Row, ...], tuple[Fault, ...]]:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_BYTES:
            raise ValidationError(_("The file is larger than 10 MB."))
        try:
            return read_roster(file.read())
        except RosterError as error:
            raise ValidationError(sentence_of(error)) from error


class EraseForm(forms.Form):
    """The address once more, so that nobody is erased by a slip."""

    address = forms.CharField(
        label=gettext_lazy("Type the address to erase this person for good"), max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, address: str, data: object = None) -> None:
        super().__init__(data, auto_id="erase-%s")
        self.owner = address

    def clean_address(self) -> str:
        said = str(self.cleaned_data["address"]).strip().lower()
        if said != self.owner:
            raise ValidationError(_("This is not the address of this person."))
        return said


class SuppressForm(forms.Form):
    """Why no mail may go to an address."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)
