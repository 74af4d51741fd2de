"""A publication's name, sender, schedule and look, checked at the field."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.forms.seen import Seen
from desk.forms.sources import Tags
from desk.naming import topics_by_facet
from digest.addresses import normal_address
from digest.errors import DigestError
from digest.models import Publication

LANGUAGES = [("en", "English"), ("de", "Deutsch")]
MOST_ITEMS = 60
_SELECTED = mark_safe(" selected")


@cache
def zones() -> tuple[str, ...]:
    """Every time zone by name; read from the disk once."""
    return tuple(sorted(available_timezones()))


class LongSelect(forms.Select):
    """A choice among hundreds, written at once: a template for each option takes a third of a second for all."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        said = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        options = ((key, _SELECTED if key == value else "", words) for key, words in self.choices)
        return format_html(
            "<select{}>{}</select>", flatatt(said), format_html_join("", '<option value="{}"{}>{}</option>', options)
        )


class Address(forms.CharField):
    """A mail address in one spelling."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=254, widget=forms.EmailInput(), **options)

    def clean(self, value: Any) -> str:
        said = str(super().clean(value))
        try:
            return normal_address(said) if said else ""
        except DigestError as error:
            raise ValidationError(_("This is no mail address.")) from error


class NewPublicationForm(forms.Form):
    """What a publication cannot be without; the rest has its page afterwards."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    slug = forms.SlugField(
        label=gettext_lazy("Short name in addresses"),
        max_length=40,
        help_text=gettext_lazy("It stays for ever: it stands in mails."),
    )
    from_address = Address(label=gettext_lazy("Sender's address"))
    postal_address = forms.CharField(
        label=gettext_lazy("Postal address"),
        max_length=200,
        help_text=gettext_lazy("Printed in every mail, as the law asks."),
    )


class PublicationForm(Seen):
    """What an editor may change of a publication."""

    tells = False
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    tagline = forms.CharField(label=gettext_lazy("Tagline"), max_length=200, required=False)
    from_name = forms.CharField(label=gettext_lazy("Sender's name"), max_length=80)
    from_address = Address(label=gettext_lazy("Sender's address"))
    reply_to = Address(label=gettext_lazy("Replies go to"), required=False)
    postal_address = forms.CharField(
        label=gettext_lazy("Postal address"),
        max_length=200,
        help_text=gettext_lazy("Printed in every mail, as the law asks."),
    )
    weekday = forms.TypedChoiceField(label=gettext_lazy("Day of the mail"), choices=WEEKDAYS.items(), coerce=int)
    hour = forms.IntegerField(label=gettext_lazy("Hour, 0 to 23"), min_value=0, max_value=23)
    timezone = forms.ChoiceField(label=gettext_lazy("Time zone"), widget=LongSelect())
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES)
    items = forms.IntegerField(label=gettext_lazy("Stories in an edition"), min_value=1, max_value=MOST_ITEMS)
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Topics"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: all topics."),
    )  # fmt: skip
    source_tags = Tags(
        label=gettext_lazy("Tags of sources"), help_text=gettext_lazy("Parted by commas; none: all sources.")
    )
    accent = forms.CharField(
        label=gettext_lazy("Colour"), max_length=7, widget=forms.TextInput(attrs={"type": "color"})
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("For"),
        choices=[
            (Publication.Audience.PUBLIC, gettext_lazy("everybody")),
            (Publication.Audience.PROFESSIONAL, gettext_lazy("people of the profession")),
        ],
    )
    archive = forms.ChoiceField(
        label=gettext_lazy("Archive"),
        choices=[
            (Publication.Archive.PUBLIC, gettext_lazy("public on the web")),
            (Publication.Archive.NONE, gettext_lazy("none")),
        ],
    )

    def __init__(self, publication: Publication, data: Any = None) -> None:
        super().__init__(data, initial={name: getattr(publication, name) for name in self.base_fields})
        self.stands = (publication.slug, *self.initial.values())
        self.fields["timezone"].choices = [(name, name) for name in zones()]
        self.fields["topics"].choices = topics_by_facet(publication)

    def clean_accent(self) -> str:
        said = str(self.cleaned_data["accent"]).lower()
        if not re.fullmatch(r"#[0-9a-f]{6}", said):
            raise ValidationError(_("Write it as #8a3b55."))
        return said
