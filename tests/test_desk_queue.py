"""The queue: what it shows of a story, its lanes, deciding and undoing, search, and what the web may put into it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.models import Event, Story
from crawler.stories import living
from desk.lines import lines_of
from digest.candidates import SAFETY_TAG
from digest.drafting import append, dismiss, pick, snooze
from digest.models import Choice
from tests.desk_cast import make_label, make_people, signed_in
from tests.factory import make_edition, make_publication, make_sent_edition, make_source, make_story

pytestmark = pytest.mark.django_db
QUEUE = "/desk/brow/queue"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>"


@pytest.fixture
def publication():
    return make_publication()


@pytest.fixture
def editor(publication):
    return signed_in(make_people()["editor"])


def titles(client, query: str = "", status: int = 200) -> list[str]:
    answer = client.get(QUEUE + query)
    assert answer.status_code == status
    return [one.get_text() for one in BeautifulSoup(answer.content, "lxml").select("article h2")]


def judged(title: str, **fields) -> Story:
    story = make_story(title)
    make_label(story, **fields)
    return story


def decide(client, verb: str, *stories: Story, **more):
    return client.post(f"{QUEUE}/decide", {"verb": verb, "key": [one.key for one in stories], **more}, follow=True)


def test_a_line_says_why_it_is_here_with_topics_source_date_and_its_origin(editor):
    story = make_story("Nose work", published_from="json-ld")
    make_label(story, probabilities={"nose": 0.83}, on_topic=0.91)
    text = BeautifulSoup(editor.get(QUEUE).content, "lxml").select_one("article").get_text(" ", strip=True)
    for said in ("Nose work", "Nose 83", "The Paper", "12 Nov 2026", "date from the page's data", "on topic 91%"):
        assert said in text


def test_a_german_editor_reads_the_reason_in_german(editor):
    judged("Nose work", on_topic=0.91)
    make_story("not judged yet")
    text = editor.get(QUEUE, headers={"Accept-Language": "de"}).content.decode()
    assert "zum Thema 91 %, " in text
    assert "noch nicht beurteilt" in text


@pytest.mark.parametrize(("days", "age"), [(0, "heute"), (1, "1 Tag alt"), (8, "8 Tage alt")])
def test_the_reason_counts_days_from_the_present_that_it_is_given(publication, now, days, age):
    story = judged("Nose work", on_topic=0.91)
    story.dated = now - timedelta(days=days)
    with translation.override("de"):
        (line,) = lines_of([story], publication, now)
    assert line.why == f"zum Thema 91 %, {age}"


def test_a_story_in_the_draft_shows_the_reason_of_its_place(editor, publication):
    story = judged("Placed")
    append(make_edition(publication), story, why="the best of its week", by="rule:suggestion")
    assert b"the best of its week" in editor.get(QUEUE).content


def test_copies_are_counted_in_one_line(editor):
    first, second = judged("Told once"), judged("Told twice")
    for article in second.articles.all():
        article.story = first
        article.save()
    second.merged_into = first
    second.save()
    assert titles(editor) == ["Told once"]
    assert b"2 copies" in editor.get(QUEUE).content


def test_each_lane_holds_its_own(editor, publication):
    judged("open")
    judged("unsure", doubtful=True)
    judged("cars", on_topic=0.1)
    judged("nase", language="de")
    make_story("not judged yet")
    pick([judged("taken").key], publication, by="t", now=timezone.now())
    dismiss([judged("put aside").key], publication, by="t", now=timezone.now())
    snooze([judged("later").key], publication, by="t", now=timezone.now())
    make_sent_edition(publication, [judged("printed")])
    assert set(titles(editor)) == {"open", "unsure", "not judged yet"}
    assert titles(editor, "?lane=doubtful") == ["unsure"]
    assert titles(editor, "?lane=off-topic") == ["cars"]
    assert titles(editor, "?lane=other-languages") == ["nase"]
    assert titles(editor, "?lane=picked") == ["taken"]
    assert titles(editor, "?lane=dismissed") == ["put aside"]
    assert titles(editor, "?lane=snoozed") == ["later"]
    assert titles(editor, "?lane=used") == ["printed"]
    assert len(titles(editor, "?lane=all")) == 9


def test_a_snoozed_story_comes_back_when_its_time_is_over(editor, publication):
    story = judged("back again")
    snooze([story.key], publication, by="t", now=timezone.now() - timedelta(days=8))
    assert titles(editor) == ["back again"]


def test_a_safety_notice_stands_in_the_open_lane_whatever_the_model_thought(editor):
    board = make_source("https://board.example/feed", tags=[SAFETY_TAG], title="The Board")
    make_label(make_story("Recall", source=board), on_topic=0.02)
    assert titles(editor) == ["Recall"]


def test_filters_by_topic_source_and_words(editor):
    other = make_source("https://other.example/feed", host="other.example", title="Other")
    make_label(make_story("Noses", source=other), probabilities={"nose": 0.9})
    make_label(make_story("Chins"), probabilities={"chin": 0.9})
    assert titles(editor, "?topic=nose") == ["Noses"]
    assert titles(editor, "?q=chins") == ["Chins"]
    assert titles(editor, "?q=clinic+followed+212+chins") == ["Chins"]
    key = BeautifulSoup(editor.get(QUEUE).content, "lxml").find("option", string="Other")["value"]
    assert titles(editor, f"?source={key}") == ["Noses"]


def test_the_address_or_key_of_a_story_finds_it(editor):
    story = judged("Wanted")
    judged("Other")
    assert titles(editor, f"?q={story.key}") == ["Wanted"]
    assert titles(editor, f"?q={story.lead.link.url}") == ["Wanted"]


@pytest.mark.parametrize("verb", ["pick", "dismiss", "snooze"])
def test_deciding_moves_a_story_and_undo_brings_it_back(editor, publication, verb):
    story = judged("Here")
    answer = decide(editor, verb, story)
    assert answer.redirect_chain[0][1] == 303
    assert titles(editor) == []
    event = BeautifulSoup(answer.content, "lxml").select_one("input[name=event]")["value"]
    editor.post("/desk/undo", {"event": event})
    assert titles(editor) == ["Here"]
    assert not Choice.objects.exists()


def test_undo_of_a_dismissal_gives_the_place_in_the_draft_back_with_its_words(editor, publication):
    first, second = judged("First"), judged("Second")
    edition = make_edition(publication, [first, second])
    edition.placements.filter(story=first).update(headline="My words", lead=True)
    decide(editor, "dismiss", first)
    assert edition.placements.count() == 1
    editor.post("/desk/undo-last")
    places = list(edition.placements.all())
    assert [place.story for place in places] == [first, second]
    assert (places[0].headline, places[0].lead) == ("My words", True)


def test_undo_of_a_pick_takes_the_place_away_again(editor, publication):
    edition = make_edition(publication)
    story = judged("Here")
    decide(editor, "pick", story)
    assert edition.placements.count() == 1
    editor.post("/desk/undo-last")
    assert edition.placements.count() == 0


def test_a_step_is_undone_once_and_not_after_a_new_decision(editor):
    story = judged("Here")
    decide(editor, "pick", story)
    event = Event.objects.get(verb="picked")
    decide(editor, "dismiss", story)
    assert editor.post("/desk/undo", {"event": event.pk}).status_code == 400
    dismissal = Event.objects.get(verb="dismissed")
    assert editor.post("/desk/undo", {"event": dismissal.pk}).status_code == 303
    assert editor.post("/desk/undo", {"event": dismissal.pk}).status_code == 400


@pytest.mark.parametrize("event", ["", "0", "x", "9" * 40, "-1", "١", "²", "1,²"])
def test_undo_of_nonsense_is_refused_with_words(editor, event):
    answer = editor.post("/desk/undo", {"event": event})
    assert answer.status_code == 400
    assert "no such step" in answer.content.decode()


def test_several_marked_stories_are_decided_or_merged_at_once(editor):
    one, two, three = judged("One"), judged("Two"), judged("Three")
    decide(editor, "dismiss", one, two)
    assert titles(editor) == ["Three"]
    decide(editor, "merge", three, one)
    assert living(one.key) == three
    editor.post("/desk/undo-last")
    assert living(one.key) == one


@pytest.mark.parametrize(
    "body",
    [{}, {"verb": "pick"}, {"verb": "burn", "key": "aaaaaaaaaa"}, {"verb": "pick", "key": "no"}, {"verb": "merge"}],
)
def test_a_decision_that_cannot_be_is_refused_with_words(editor, body):
    assert editor.post(f"{QUEUE}/decide", body).status_code == 400


def test_the_lanes_say_how_much_waits_and_go_on_with_each_decision(editor):
    story, _other = make_story("One"), make_story("Two")
    for one in (story, _other):
        make_label(one)

    def counts(answer):
        soup = BeautifulSoup(answer.content, "html.parser")
        return {one["id"]: int(one.get_text()) for one in soup.select(".count")}

    assert counts(editor.get(QUEUE)) == {"count-open": 2, "count-doubtful": 0, "count-picked": 0}
    answer = editor.post("/desk/brow/queue/decide", {"verb": "pick", "key": story.key}, headers={"HX-Request": "true"})
    assert counts(answer) == {"count-open": 1, "count-doubtful": 0, "count-picked": 1}


def test_htmx_gets_the_line_alone_with_its_undo(editor):
    story = judged("Here")
    answer = editor.post(f"{QUEUE}/decide", {"verb": "pick", "key": story.key}, headers={"HX-Request": "true"})
    soup = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 200
    assert not soup.find("html")
    assert soup.article["id"] == f"line-{story.key}"
    event = soup.select_one("input[name=event]")["value"]
    answer = editor.post("/desk/undo", {"event": event}, headers={"HX-Request": "true"})
    assert "Pick" in BeautifulSoup(answer.content, "html.parser").article.get_text()


def test_htmx_is_told_of_a_lost_session_and_of_a_refusal_in_words(editor, publication):
    part = {"HX-Request": "true"}
    answer = signed_in(None).post(f"{QUEUE}/decide", {"verb": "pick"}, headers=part)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/desk/login")
    answer = editor.post(f"{QUEUE}/decide", {"verb": "pick"}, headers=part)
    assert (answer.status_code, answer.content) == (400, b"Mark a story first.")


def test_next_leads_back_to_the_filtered_queue_but_never_elsewhere(editor):
    story = judged("Here")
    answer = editor.post(f"{QUEUE}/decide", {"verb": "pick", "key": story.key, "next": f"{QUEUE}?lane=all"})
    assert answer.headers["Location"] == f"{QUEUE}?lane=all"
    for elsewhere in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        answer = editor.post(f"{QUEUE}/decide", {"verb": "snooze", "key": story.key, "next": elsewhere})
        assert answer.headers["Location"] == QUEUE


@pytest.mark.parametrize("query", ["?lane=no", "?topic=no", "?source=no", "?q=" + "x" * 300])
def test_a_filter_that_is_not_there_is_said_and_the_page_still_shows(editor, query):
    judged("Here")
    answer = editor.get(QUEUE + query)
    assert answer.status_code == 400
    assert b'class="error"' in answer.content


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=st.text(max_size=60), before=st.text(max_size=60))
def test_no_words_or_page_mark_make_the_queue_fail(editor, q, before):
    assert editor.get(QUEUE, {"q": q, "before": before}).status_code in (200, 400)


@pytest.mark.parametrize("before", ["0001-01-01T00:00:00+23:59~a", "9999-12-31T23:59:59-23:59~a", "2026-11-12~", "~~~"])
def test_a_broken_page_mark_means_the_first_page_or_none(editor, before):
    assert editor.get(QUEUE, {"before": before}).status_code == 200


def test_pages_follow_by_key_without_loss_or_repeat(editor):
    for number in range(95):
        judged(f"Story {number}")
    seen, query = [], ""
    for _ in range(4):
        soup = BeautifulSoup(editor.get(QUEUE + query).content, "lxml")
        seen += [one["data-key"] for one in soup.select("article.line")]
        more = soup.select_one("a[rel=next]")
        if more is None:
            break
        query = more["href"].removeprefix(QUEUE)
    assert len(seen) == len(set(seen)) == 95


def test_what_the_web_says_is_shown_and_never_run(editor):
    source = make_source("https://evil.example/feed", title=HOSTILE, host="evil.example")
    story = make_story(
        HOSTILE, source=source, url="javascript:alert(1)", author=HOSTILE, site_name=HOSTILE, description=HOSTILE,
        text=HOSTILE * 5, html=f"<p>{HOSTILE}</p>", language='"><script>', published_from=HOSTILE[:20],
        evidence={"sure": [], "title": [["heading", HOSTILE]], "author": [[HOSTILE, HOSTILE]]},
    )  # fmt: skip
    make_label(story, probabilities={"nose": 0.9}, why={"nose": [[HOSTILE, 0, 20, 1.0]]})
    for address in (QUEUE, f"/desk/brow/stories/{story.key}", f"/desk/brow/stories/{story.key}/dropped"):
        soup = BeautifulSoup(editor.get(address).content, "lxml")
        assert all(script.get("src", "").startswith("/static/") for script in soup.find_all("script"))
        assert not soup.find_all("svg")
        assert not soup.find_all(onerror=True)
        assert not soup.find_all(href=lambda href: href and "javascript" in href)
        assert not soup.find_all(style=True)


def test_the_policy_lets_no_inline_script_or_style_through(editor):
    policy = editor.get(QUEUE).headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_queue_asks_the_database_the_same_few_times_however_long_it_is(editor, publication):
    for number in range(40):
        make_label(make_story(f"Story {number}"), probabilities={"nose": 0.9, f"t{number % 3}": 0.5})
    make_edition(publication, list(Story.objects.all()[:10]))
    editor.get(QUEUE)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        editor.get(QUEUE)
    assert len(queries) <= 20, [one["sql"][:120] for one in queries]


def test_what_was_done_at_once_is_undone_at_once(editor):
    stories = [judged(title) for title in ("One", "Two", "Three")]
    for verb in ("dismiss", "merge"):
        answer = decide(editor, verb, *stories)
        assert len(titles(editor)) < 3
        events = BeautifulSoup(answer.content, "lxml").select_one(".note input[name=event]")["value"]
        editor.post("/desk/undo", {"event": events})
        assert set(titles(editor)) == {"One", "Two", "Three"}


def test_a_list_of_steps_is_undone_whole_or_not_at_all(editor):
    one = judged("One")
    decide(editor, "dismiss", one)
    event = Event.objects.get(verb="dismissed")
    assert editor.post("/desk/undo", {"event": f"{event.pk},0"}).status_code == 400
    assert editor.post("/desk/undo", {"event": ",".join(["1"] * 500)}).status_code == 400
    assert titles(editor) == []
