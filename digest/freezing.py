"""Edition -> IssueContent: all that rendering needs, read once, so that nothing changes under a mail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import F

from classifier.models import Labelling, Topic
from crawler.models import Article, Link, Sighting, Source, Story
from crawler.rows import reuse_of
from digest.blurb import Quotable, blurb
from digest.candidates import safety_stories, topics_of
from digest.errors import DigestError
from digest.issue import Imprint, IssueContent, IssueItem, TopicName
from digest.models import Edition, Placement, Publication
from digest.weeks import local_day
from digest.words import words_of

# A source with this tag is a wire of releases: it carries them, and whose they are is what it names as their author.
RELEASES_TAG = "releases"


def content_of(edition: Edition, site_url: str, revision: int = 1) -> IssueContent:
    """The edition as it stands now, in the editor's order; a story whose articles are gone is an item without address."""
    publication = edition.publication
    places = list(edition.placements.select_related("story__lead__link"))
    stories = [place.story for place in places if place.story is not None]
    facts = _Facts(stories, publication, site_url)
    return IssueContent(
        imprint=imprint_of(publication),
        number=edition.number,
        cadence=edition.cadence,
        subject=edition.subject,
        intro=edition.intro,
        opens=local_day(edition.opens_at, publication.timezone).isoformat(),
        closes=local_day(edition.closes_at, publication.timezone).isoformat(),
        items=tuple(_item(place, facts) for place in places),
        topics=topic_names(publication.taxonomy, publication.language),
        revision=revision,
    )


def must_be_whole(content: IssueContent) -> IssueContent:
    """The content, where each story in it can be told. DigestError where the articles of one are gone, or it has no name."""
    for place, item in enumerate(content.items, 1):
        if item.kind == Placement.Kind.STORY and item.url and not item.headline.strip():
            raise DigestError(
                "a story of this edition has no title", f"{place}. {item.source}", "write a headline for it"
            )
        if item.kind == Placement.Kind.STORY and not item.url:
            which = f"{place}. {item.headline}"
            raise DigestError("a story of this edition has no article any more", which, "take its place out")
    return content


def imprint_of(publication: Publication) -> Imprint:
    return Imprint(
        slug=publication.slug,
        name=publication.name,
        tagline=publication.tagline,
        from_name=publication.from_name,
        from_address=publication.from_address,
        reply_to=publication.reply_to,
        postal_address=publication.postal_address,
        accent=publication.accent,
        language=publication.language,
        zone=publication.timezone,
        archived=publication.archive == Publication.Archive.PUBLIC,
    )


def topic_names(taxonomy: str, language: str) -> tuple[TopicName, ...]:
    """The topics that may be given, as they are called in a language, in the taxonomy's order."""
    rows = Topic.objects.filter(taxonomy=taxonomy, retired_at=None).order_by("position")
    return tuple(TopicName(topic.key, topic.facet, topic.called(language)) for topic in rows)


class _Facts:
    """What the items of one issue need to know of their stories, fetched together."""

    def __init__(self, stories: Sequence[Story], publication: Publication, site_url: str) -> None:
        keys = [story.pk for story in stories]
        self.site_url = site_url
        self.gettext = words_of(publication.language).translations.gettext
        self.topics = topics_of(keys, publication.taxonomy)
        self.safety = safety_stories(stories)
        labels = Labelling.objects.filter(story__in=keys, taxonomy=publication.taxonomy, signals__labelled=True)
        self.sponsored = set(labels.filter(digest=F("story__lead__digest")).values_list("story", flat=True))
        self.articles: dict[int, list[Article]] = {}
        for article in Article.objects.filter(story__in=keys, current=True).select_related("link"):
            self.articles.setdefault(article.story_id, []).append(article)
        links = [article.link_id for copies in self.articles.values() for article in copies]
        self.canonical = set(Link.objects.filter(folded_into__in=links).values_list("folded_into", flat=True))
        self.sources: dict[str, list[Source]] = {}
        for sighting in Sighting.objects.filter(link__in=links).select_related("source").order_by("seen_at", "pk"):
            self.sources.setdefault(sighting.link_id, []).append(sighting.source)

    def source(self, article: Article) -> str:
        """The name a reader knows: the page's own site name, the source's title, or the host; none of a text without."""
        known = self.sources.get(article.link_id, [])
        title = next((source.title for source in known if source.title), "")
        host = "" if any(source.kind == Source.Kind.IMPORT for source in known) else article.link.site_id
        return article.site_name or title or host

    def is_release(self, article: Article) -> bool:
        return any(RELEASES_TAG in source.tags for source in self.sources.get(article.link_id, []))

    def excerpts(self, article: Article) -> str:
        """The strictest policy of the sources that named the article."""
        policies = {source.excerpts for source in self.sources.get(article.link_id, [])}
        for policy in (Source.Excerpts.LINK_ONLY, Source.Excerpts.NORMAL, Source.Excerpts.LICENSED):
            if policy in policies:
                return str(policy)
        return str(Source.Excerpts.NORMAL)

    def url(self, story: Story, article: Article) -> str:
        """The publisher's page by the name it gives itself; a text without address is read on the story's own page."""
        if article.link_id in self.canonical:
            return article.link.url
        if article.url.startswith(("http://", "https://")):
            return article.url
        return f"{self.site_url}/s/{story.key}"


def _item(place: Placement, facts: _Facts) -> IssueItem:
    if place.story is None or place.story.lead is None:
        return IssueItem(
            kind=place.kind,
            headline=place.headline or (place.story.key if place.story else ""),
            blurb=place.blurb,
            blurb_kind="editor" if place.blurb else "",
            url=place.url if place.url.startswith(("http://", "https://")) else "",
            event_day=place.event_day.isoformat() if place.event_day else "",
            lead=place.lead,
            # A paid line says so in the letter's own language, as the law asks.
            badges=(facts.gettext("Advertisement"),) if place.kind == Placement.Kind.SPONSOR else (),
        )
    return _story_item(place, place.story, place.story.lead, facts)


def _story_item(place: Placement, story: Story, lead: Article, facts: _Facts) -> IssueItem:
    sure = set(lead.evidence.get("sure", ()))
    words = blurb(place.blurb, quotable(lead, facts.excerpts(lead)))
    copies = facts.articles.get(story.pk, [])
    return IssueItem(
        kind=place.kind,
        headline=place.headline or lead.title,
        url=facts.url(story, lead),
        key=story.key,
        blurb=words.text,
        blurb_kind=words.kind.value,
        source=facts.source(lead),
        author=_sure_author(lead),
        day=lead.published_day.isoformat() if lead.published_day and "date" in sure else "",
        undated=lead.published_day is None,
        language=lead.language,
        topics=facts.topics.get(story.pk, ()),
        badges=tuple(_badges(story, lead, copies, facts)),
        copies=len({facts.source(copy) for copy in copies}) or 1,
        lead=place.lead,
        safety=story.pk in facts.safety,
    )


def _sure_author(article: Article) -> str:
    return article.author if "author" in article.evidence.get("sure", ()) else ""


def quotable(article: Article, excerpts: str) -> Quotable:
    """What a blurb of this article may be taken from."""
    return Quotable(article.title, article.text, article.description, reuse_of(article.reuse), excerpts)


def _badges(story: Story, lead: Article, copies: Sequence[Article], facts: _Facts) -> Iterable[str]:
    """Facts in words; never a judgement."""
    gettext = facts.gettext
    for wire, issuer in sorted({(facts.source(copy), _sure_author(copy)) for copy in copies if facts.is_release(copy)}):
        words = gettext("release by %(issuer)s, via %(wire)s") if issuer else gettext("press release, via %(wire)s")
        yield words % {"issuer": issuer, "wire": wire}
    if story.pk in facts.sponsored:
        yield gettext("source labels this sponsored")
    if lead.paywalled:
        yield gettext("for subscribers of the source")
    if lead.text_from == "feed":
        yield gettext("read from the source's feed only")
