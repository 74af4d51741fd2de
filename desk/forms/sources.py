"""A source's address and care, and lists of sources, checked at the field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crawler.article import SiteRules
from crawler.models import Source
from crawler.ruletext import MOST_TEXT, RuleError, read_rules, written
from crawler.ruling import rules_at, site_named
from desk.forms.composer import WebAddress
from desk.forms.seen import Seen
from desk.opml import LARGEST_BYTES, OpmlError, Outline, read_opml
from desk.saying import say, sentence_of

KINDS = [
    (Source.Kind.FEED, gettext_lazy("Feed (RSS, Atom, JSON Feed)")),
    (Source.Kind.SITEMAP, gettext_lazy("Sitemap")),
    (Source.Kind.LISTING, gettext_lazy("Page that lists articles")),
]
MOST_TAGS = 20
# Selectors are the same in all languages.
SAMPLE = "drop: .newsletter-box\nauthor: .byline a"


class Tags(forms.CharField):
    """Words parted by commas."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=400, **options)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> list[str]:
        words = [" ".join(word.split()).lower()[:40] for word in super().clean(value).split(",")]
        return sorted({word for word in words if word})[:MOST_TAGS]


class SourceForm(forms.Form):
    """A new source."""

    url = WebAddress(
        label=gettext_lazy("Address"), widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"})
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=KINDS)
    title = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Left empty, it takes its own."),
    )
    tags = Tags(
        label=gettext_lazy("Tags"),
        help_text=gettext_lazy(
            "Parted by commas. A publication may read only some tags; “safety” marks a regulator's notices."
        ),
    )


class TendForm(forms.Form):
    """What an editor sets of a source."""

    title = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
    tags = Tags(label=gettext_lazy("Tags"), help_text=gettext_lazy("Parted by commas."))
    rhythm_minutes = forms.IntegerField(label=gettext_lazy("Ask every … minutes"), min_value=10, max_value=43_200)
    trust = forms.FloatField(
        label=gettext_lazy("Trust, 0 to 1"), min_value=0, max_value=1,
        help_text=gettext_lazy("Of several copies, the one of the most trusted source leads."),
        widget=forms.NumberInput(attrs={"step": "0.05"}),
    )  # fmt: skip
    excerpts = forms.ChoiceField(
        label=gettext_lazy("What may be shown"),
        choices=[
            (Source.Excerpts.NORMAL, gettext_lazy("A short excerpt")),
            (Source.Excerpts.LINK_ONLY, gettext_lazy("The link only")),
            (Source.Excerpts.LICENSED, gettext_lazy("Licensed: the full 30 words always")),
        ],
    )


class RulesForm(Seen):
    """The rules of one site, one a line."""

    rules = forms.CharField(
        label=gettext_lazy("Rules, one a line"),
        max_length=MOST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocapitalize": "off", "placeholder": SAMPLE}),
        help_text=gettext_lazy(
            "After the colon stands a CSS selector. drop: leaves out what it matches, keep: makes the body of it; "
            "title:, author: and date: say where these stand."
        ),
    )

    def __init__(self, host: str, data: Any = None) -> None:
        text = written(rules_at(site_named(host)))
        super().__init__(data, initial={"rules": text})
        self.stands = (host, text)

    def clean_rules(self) -> SiteRules:
        try:
            return read_rules(self.cleaned_data["rules"])
        except RuleError as error:
            raise ValidationError(sentence_of(error)) from error


class OpmlForm(forms.Form):
    """A list of feeds from another reader."""

    file = forms.FileField(
        label=gettext_lazy("OPML file"), widget=forms.ClearableFileInput(attrs={"accept": ".opml,.xml,text/x-opml"})
    )

    def clean_file(self) -> tuple[Outline, ...]:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_BYTES:
            raise ValidationError(_("The file is larger than 2 MB."))
        try:
            return read_opml(file.read())
        except OpmlError as error:
            raise ValidationError(_("This list cannot be read: %s.") % say(str(error))) from error
