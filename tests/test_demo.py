"""The whole way on the demo newsroom, over real HTTP, held against the truth beside each page."""

from collections import Counter
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from crawler.models import Article, Link, Story
from crawler.urls import link_key
from desk.demo.demo import READERS, run_demo
from desk.demo.server import serve_newsroom
from desk.demo.site import DEFAULT_PORT, Newsroom, base_urls
from desk.ready import fill
from digest.models import Delivery, Edition, Issue, Placement, Publication

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.django_db]
PORT = DEFAULT_PORT + 7


def clock():
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def shown(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo, run once for all tests of this module, and taken back afterwards."""
    from django.conf import settings
    from django.db import transaction

    home = tmp_path_factory.mktemp("home")
    before = settings.ARCHIVE, settings.OUTBOX
    settings.ARCHIVE, settings.OUTBOX = home / "archive", home / "outbox"
    with django_db_blocker.unblock(), transaction.atomic():
        fill(clock())
        with serve_newsroom(clock().date(), PORT) as newsroom:
            shown = run_demo(clock, lambda stage: None, newsroom)
        shown.home = home
        yield shown
        transaction.set_rollback(True)
    settings.ARCHIVE, settings.OUTBOX = before


@pytest.fixture(scope="module")
def newsroom(shown):
    return Newsroom(clock().date(), base_urls(PORT))


def truths(newsroom):
    return [truth for site in newsroom.truths.values() for truth in site.values()]


def found(newsroom, truth):
    """The link of a page where any source or canonical address named it."""
    return Link.objects.filter(key=link_key(newsroom.url(truth))).first()


def story_of(newsroom, truth):
    link = found(newsroom, truth)
    article = Article.objects.filter(link=link, current=True).first() if link else None
    return article.story if article else None


def test_every_article_that_a_source_names_is_filed(shown, newsroom):
    missing = [
        truth.path
        for truth in truths(newsroom)
        if truth.is_article and found(newsroom, truth) and story_of(newsroom, truth) is None
    ]
    assert missing == []


def test_what_is_no_article_is_refused_with_its_reason(shown, newsroom):
    said = {
        truth.path: (truth.expect, found(newsroom, truth).reason.split(";")[0])
        for truth in truths(newsroom)
        if not truth.is_article and truth.fetch == "ok" and found(newsroom, truth)
    }
    assert {path: pair for path, pair in said.items() if pair[0] != pair[1]} == {}


def test_reprints_share_a_story_and_other_articles_do_not(shown, newsroom):
    stories = {}
    for truth in truths(newsroom):
        story = story_of(newsroom, truth)
        if story is not None and truth.story:
            stories.setdefault(truth.story, set()).add(story.key)
    assert {name: keys for name, keys in stories.items() if len(keys) > 1} == {}
    counts = Counter(key for keys in stories.values() for key in keys)
    assert [key for key, count in counts.items() if count > 1] == []


def test_dates_are_the_pages_own_and_never_invented(shown, newsroom):
    wrong = []
    for truth in truths(newsroom):
        link = found(newsroom, truth)
        article = Article.objects.filter(link=link, current=True).first() if link else None
        if article and article.published_day and str(article.published_day) != (truth.published or "")[:10]:
            wrong.append((truth.path, str(article.published_day), truth.published))
    assert wrong == []


def test_nothing_off_topic_and_nothing_undated_is_placed(shown, newsroom):
    placed = set(Placement.objects.values_list("story__key", flat=True))
    off = [
        truth.path
        for truth in truths(newsroom)
        if truth.is_article and not truth.topics and (story := story_of(newsroom, truth)) and story.key in placed
    ]
    assert off == []
    assert not Placement.objects.filter(story__undated=True).exists()


def test_a_notice_is_printed_with_the_day_on_which_its_page_and_the_notice_board_agree(shown, newsroom):
    notices = [truth for truth in newsroom.truths["regulator"].values() if truth.is_article]
    rows = {truth: Article.objects.get(link=found(newsroom, truth), current=True) for truth in notices}
    unsure = {truth.slug for truth, row in rows.items() if "date" not in row.evidence["sure"]}
    assert (len(rows), unsure) == (11, set())
    days = {row.story.key: truth.published for truth, row in rows.items() if row.story.lead_id == row.pk}
    items = [item for issue in Issue.objects.all() for item in issue.content["items"] if item["key"] in days]
    assert {item["key"]: item["day"] for item in items} == {item["key"]: days[item["key"]] for item in items}
    assert len({item["key"] for item in items if item["safety"]}) >= 7
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in shown.home.rglob("*.eml")]
    for mail in mails:
        lines = mail.get_body(("plain",)).get_content().splitlines()
        assert [line for line in lines if line.strip().endswith("Medicines and Devices Safety Office")] == []


def test_both_publications_are_out_and_three_readers_have_their_mails(shown):
    assert set(Edition.objects.values_list("state", flat=True)) == {"sent"}
    assert Delivery.objects.filter(state="accepted").count() == sum(len(wishes) for _, _, wishes in READERS) == 4
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in shown.home.rglob("*.eml")]
    assert sorted(mail["To"].addresses[0].addr_spec for mail in mails) == sorted(
        address for address, _, wishes in READERS for _ in wishes
    )
    for mail in mails:
        assert len(mail.get_body(("html",)).get_content()) < 100_000


def test_readers_of_different_topics_get_different_picks(shown):
    texts = {
        mail["To"].addresses[0].addr_spec: mail.get_body(("plain",)).get_content()
        for path in (shown.home / "outbox").glob("glabella-weekly-*/*.eml")
        for mail in [message_from_bytes(path.read_bytes(), policy=policy.default)]
    }
    assert len(set(texts.values())) == 3


def test_every_stage_is_told_with_its_seconds(shown):
    assert [stage.name for stage in shown.stages] == [
        "newsroom", "crawl, extract, file", "stories", "label", "publications", "draft and approve", "send",
    ]  # fmt: skip
    assert sum(stage.seconds for stage in shown.stages) < 90


def test_a_second_run_finds_nothing_new_and_mails_nobody_twice(shown):
    before = Article.objects.count(), Story.objects.count(), Delivery.objects.count()
    with serve_newsroom(clock().date(), PORT) as newsroom:
        again = run_demo(clock, lambda stage: None, newsroom)
    assert (Article.objects.count(), Story.objects.count(), Delivery.objects.count()) == before
    assert again.mails == 0
    assert Publication.objects.count() == 2
