"""What the queue is asked for, from its address."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crawler.models import Source
from desk.naming import topics_to_choose
from desk.queue import Lane, Wanted
from desk.source_keys import key_of
from digest.models import Publication

LANES = {
    Lane.OPEN: gettext_lazy("Open"),
    Lane.DOUBTFUL: gettext_lazy("Doubtful"),
    Lane.LANGUAGE: gettext_lazy("Other languages"),
    Lane.OFF_TOPIC: gettext_lazy("Off topic"),
    Lane.PICKED: gettext_lazy("Picked"),
    Lane.SNOOZED: gettext_lazy("Snoozed"),
    Lane.DISMISSED: gettext_lazy("Dismissed"),
    Lane.USED: gettext_lazy("Used"),
    Lane.ALL: gettext_lazy("All"),
}


# With JavaScript a choice shows its stories at once.
AT_ONCE = {"data-submit": True}


class QueueForm(forms.Form):
    """Lane, topic, source, words and the page's mark. What an address asks that is not there is said at the field."""

    lane = forms.ChoiceField(required=False, choices=[(lane.value, words) for lane, words in LANES.items()])
    q = forms.CharField(
        label=gettext_lazy("Search"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    topic = forms.ChoiceField(label=gettext_lazy("Topic"), required=False, widget=forms.Select(AT_ONCE))
    source = forms.ChoiceField(label=gettext_lazy("Source"), required=False, widget=forms.Select(AT_ONCE))
    before = forms.CharField(required=False, max_length=80)

    def __init__(self, data: object, publication: Publication) -> None:
        super().__init__(data, auto_id="queue-%s")
        self.fields["topic"].choices = [("", _("All topics")), *topics_to_choose(publication)]
        rows = sorted((str(source), source.url, source.pk) for source in Source.objects.only("url", "title"))
        self.fields["source"].choices = [("", _("All sources")), *((key_of(url), name) for name, url, _pk in rows)]
        self.ids = {key_of(url): pk for _name, url, pk in rows}

    def wanted(self) -> Wanted:
        """The view asked for; of fields that are wrong, nothing."""
        said = getattr(self, "cleaned_data", {})
        source = said.get("source", "")
        return Wanted(
            lane=Lane(said.get("lane") or Lane.OPEN),
            topic=said.get("topic", ""),
            source=self.ids.get(source),
            search=said.get("q", ""),
            before=said.get("before", ""),
            source_key=source,
        )
