"""The composer: order, words, own items, preview, proof, approval, and what can be stopped."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.models import Event
from desk.saying import say
from digest.drafting import append
from digest.models import Edition, Placement
from tests.desk_cast import make_label, make_people, signed_in
from tests.factory import NOW, make_edition, make_publication, make_reader, make_source, make_story, make_topic

pytestmark = pytest.mark.django_db
EDITION = "/desk/brow/editions/weekly-1"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>"


@pytest.fixture
def publication():
    return make_publication()


@pytest.fixture
def edition(publication) -> Edition:
    stories = [make_story(title, topics=["nose"]) for title in ("One", "Two", "Three")]
    return make_edition(publication, stories, send_at=timezone.now() + timedelta(days=2))


@pytest.fixture
def editor(edition):
    return signed_in(make_people()["editor"])


def heads(edition: Edition) -> list[str]:
    return [place.headline or str(place.story) for place in edition.placements.all()]


def step(client, place: Placement, what: str, **more):
    return client.post(f"{EDITION}/place", {"place": place.pk, "step": what, **more})


def test_places_move_up_and_down_and_stay_at_the_ends(editor, edition):
    one, two, _ = edition.placements.all()
    step(editor, two, "up")
    assert heads(edition) == ["Two", "One", "Three"]
    step(editor, two, "up")
    step(editor, one, "down")
    step(editor, one, "down")
    assert heads(edition) == ["Two", "Three", "One"]


def notes(client) -> list[str]:
    soup = BeautifulSoup(client.get(EDITION).content, "lxml")
    return [one.get_text() for one in soup.select("section[aria-labelledby=h-approve] .warn")]


@pytest.mark.parametrize("way", ["a headline of the editor's", "confirmed on the story's page"])
def test_a_title_that_is_not_sure_is_warned_of_until_it_is_accepted(editor, edition, way):
    place = edition.placements.first()
    lead = place.story.lead
    assert "One title is not sure." not in notes(editor)
    lead.evidence = {"sure": ["date"]}
    lead.save()
    assert "One title is not sure." in notes(editor)
    assert "Only one place of the page names this title" in editor.get(EDITION).content.decode()
    if way == "a headline of the editor's":
        step(editor, place, "words", headline="One, and sure of it")
    else:
        editor.post(f"/desk/brow/stories/{place.story.key}/confirm", {"fact": "title"})
    assert "One title is not sure." not in notes(editor)
    assert "Only one place of the page names this title" not in editor.get(EDITION).content.decode()


def test_what_an_editor_moved_or_reworded_survives_a_new_suggestion(editor, edition):
    edition.placements.update(by="rule:suggestion")
    one, two, three = edition.placements.all()
    step(editor, three, "up")
    step(editor, one, "words", headline="My own words")
    editor.post("/desk/brow/editions/draft", {"cadence": "weekly"})
    kept = edition.placements.exclude(by="rule:suggestion")
    assert {place.pk for place in kept} == {one.pk, three.pk}
    assert not edition.placements.filter(pk=two.pk).exists()


def test_headline_and_blurb_are_the_editors_where_given_and_the_storys_where_empty(editor, edition):
    one = edition.placements.first()
    step(editor, one, "words", headline="A better headline", blurb="Told in our words.", lead="on")
    html = editor.get(f"{EDITION}/mail").content.decode()
    assert "A better headline" in html
    assert "Told in our words." in html
    step(editor, one, "words", headline="", blurb="")
    html = editor.get(f"{EDITION}/mail").content.decode()
    assert "A better headline" not in html
    assert "One" in html


def test_own_items_headings_and_sponsors_take_their_places(editor, edition):
    editor.post(f"{EDITION}/add", {"kind": "heading", "headline": "From the clinic"})
    editor.post(
        f"{EDITION}/add",
        {"kind": "own", "headline": "A meeting", "url": "https://meet.example/", "event_day": "2026-12-03"},
    )
    editor.post(f"{EDITION}/add", {"kind": "sponsor", "headline": "Paid", "url": "https://pays.example/"})
    assert heads(edition)[3:] == ["From the clinic", "A meeting", "Paid"]
    html = editor.get(f"{EDITION}/mail").content.decode()
    assert "https://meet.example/" in html
    assert "Advertisement" in html


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "own", "headline": ""}, "item-headline-error"),
        ({"kind": "own", "headline": "x" * 301}, "item-headline-error"),
        ({"kind": "story", "headline": "x"}, "item-kind-error"),
        ({"kind": "own", "headline": "x", "url": "javascript:alert(1)"}, "item-url-error"),
        ({"kind": "own", "headline": "x", "url": "ftp://files.example/"}, "item-url-error"),
        ({"kind": "own", "headline": "x", "event_day": "soon"}, "item-event_day-error"),
        ({"kind": "own", "headline": "x", "event_day": "99999-01-01"}, "item-event_day-error"),
        ({"kind": "own", "headline": "\x00"}, "item-headline-error"),
    ],
)
def test_a_wrong_item_is_said_at_its_field(editor, edition, body, field):
    answer = editor.post(f"{EDITION}/add", body)
    assert answer.status_code == 422
    assert f'id="{field}"' in answer.content.decode()
    assert edition.placements.count() == 3


def test_the_form_of_a_place_opens_by_its_number_without_javascript(editor, edition):
    soup = BeautifulSoup(editor.get(EDITION).content, "lxml")
    assert not soup.select("form.words")
    link = soup.select("a.change")[1]["href"].partition("#")[0]
    assert BeautifulSoup(editor.get(link).content, "lxml").select_one(
        f"#place-{edition.placements.all()[1].pk} form.words"
    )
    for nonsense in ("0", "99", "x", "-1", "²"):
        assert editor.get(EDITION, {"change": nonsense}).status_code == 200


def test_wrong_words_come_back_open_with_their_error(editor, edition):
    one = edition.placements.first()
    answer = step(editor, one, "words", blurb="x" * 301)
    assert answer.status_code == 422
    place = BeautifulSoup(answer.content, "lxml").select_one(f"#place-{one.pk}")
    assert "300" in place.select_one(".error").get_text()


def test_a_place_taken_out_can_be_put_back_where_it_was(editor, edition):
    _, two, _ = edition.placements.all()
    step(editor, two, "words", headline="Second", blurb="Mine")
    step(editor, two, "remove")
    assert heads(edition) == ["One", "Three"]
    editor.post("/desk/undo", {"event": Event.objects.get(verb="remove").pk})
    assert heads(edition) == ["One", "Second", "Three"]


@pytest.mark.parametrize("place", ["", "0", "x", "9" * 30, "-3", "²"])
def test_a_place_that_is_not_there_is_refused(editor, place):
    assert editor.post(f"{EDITION}/place", {"place": place, "step": "up"}).status_code == 400


@pytest.mark.parametrize("which", ["weekly-2", "daily-1", "weekly", "weekly-", "weekly-0", "weekly-999999999999", "1"])
def test_an_edition_that_is_not_there_is_not_found(editor, which):
    assert editor.get(f"/desk/brow/editions/{which}").status_code == 404


def test_subject_and_introduction_are_printed(editor, edition):
    editor.post(f"{EDITION}/words", {"subject": "A quiet week", "intro": "Good morning."})
    page = editor.get(f"{EDITION}/preview").content.decode()
    assert "A quiet week" in page
    assert "Good morning." in editor.get(f"{EDITION}/mail").content.decode()


def test_a_subject_with_line_breaks_never_reaches_a_header(editor, edition, home):
    editor.post(f"{EDITION}/words", {"subject": "A\r\nBcc: all@evil.example", "intro": ""})
    assert "Bcc" not in [name for mail in proofs(editor, home) for name in list(mail.keys())]


def proofs(client, home):
    client.post(f"{EDITION}/proof", {"address": "edith@paper.example"})
    return [message_from_bytes(path.read_bytes()) for path in (home / "outbox").rglob("*.eml")]


def test_the_mail_has_a_policy_of_its_own_and_the_desk_keeps_its(editor, edition):
    mail, page = editor.get(f"{EDITION}/mail"), editor.get(f"{EDITION}/preview")
    assert "default-src 'none'" in mail.headers["Content-Security-Policy"]
    assert "sandbox" in mail.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    frame = BeautifulSoup(page.content, "lxml").iframe
    assert "allow-scripts" not in frame["sandbox"]
    assert "allow-same-origin" not in frame["sandbox"]


def test_dark_and_bright_do_not_wait_for_the_browser(editor, edition):
    dark = editor.get(f"{EDITION}/mail?look=dark").content.decode()
    bright = editor.get(f"{EDITION}/mail?look=wide").content.decode()
    assert "prefers-color-scheme: dark)" not in dark + bright
    assert "@media all" in dark
    assert "@media not all" in bright


def test_the_text_part_and_the_share_of_one_reader_are_shown(editor, edition):
    make_topic("chin")
    edition.placements.filter(story__isnull=False).update(lead=False)
    text = editor.get(f"{EDITION}/preview?look=text&topic=chin&topic=nonsense").content.decode()
    assert "mailtext" in text
    assert editor.get(f"{EDITION}/preview?look=braille").status_code == 400


def test_a_proof_is_mailed_and_is_no_delivery(editor, edition, home):
    (mail,) = proofs(editor, home)
    assert mail["To"] == "edith@paper.example"
    assert mail["Subject"].startswith("[Proof]")
    assert not edition.deliveries.exists()


@pytest.mark.parametrize(
    "wrong", ["", "no address", "a@b", "a@b.example\r\nBcc: x@y.example", "x" * 300 + "@y.example"]
)
def test_a_proof_to_no_address_is_said_at_the_field(editor, edition, home, wrong):
    answer = editor.post(f"{EDITION}/proof", {"address": wrong})
    assert answer.status_code == 422
    assert 'id="proof-address-error"' in answer.content.decode()


def test_a_server_that_readers_cannot_reach_sends_no_proof(editor, edition, settings):
    settings.SMTP_URL = "smtp://127.0.0.1:1"
    answer = editor.post(f"{EDITION}/proof", {"address": "edith@paper.example"})
    assert answer.status_code == 422
    assert "loopback" in answer.content.decode()


def test_the_last_look_shows_what_the_inbox_will_and_saves_what_was_typed(editor, edition, publication):
    make_reader(publication)
    answer = editor.post(f"{EDITION}/words", {"subject": "A week of noses", "intro": "", "then": "check"}, follow=True)
    page = answer.content.decode()
    for said in ("A week of noses", "To one reader", "No proof has been mailed yet.", publication.from_address):
        assert said in page
    edition.refresh_from_db()
    assert (edition.subject, edition.state) == ("A week of noses", "draft")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("approved", "Goes out"),
        ("sending", "Going out since"),
        ("paused", "Held: no more mail"),
        ("sent", "Sent "),
        ("skipped", "Skipped: no mail went out"),
        ("cancelled", "Called off: what had not gone out"),
    ],
)
def test_the_page_and_the_list_say_truly_how_far_an_edition_is(editor, edition, state, said):
    editor.post(f"{EDITION}/approve", {"when": "usual"})
    Edition.objects.filter(pk=edition.pk).update(state=state, sent_at=NOW if state == "sent" else None)
    for address in (EDITION, "/desk/brow/editions"):
        assert said in editor.get(address).content.decode()


class TestPartsOfTheMail:
    """The composer stands in the mail's order, and a place is moved within its part."""

    @pytest.fixture
    def parted(self, edition):
        board = make_source("https://office.example/notices", tags=["safety"])
        first, second = (append(edition, make_story(f"Notice {n}", source=board), why="", by="edith") for n in (1, 2))
        return first, second

    def heads(self, editor):
        soup = BeautifulSoup(editor.get(EDITION).content, "lxml")
        return [one.get_text(strip=True) for one in soup.select(".part h3, .place h4")]

    def test_notices_stand_first_wherever_they_were_placed(self, editor, parted):
        assert self.heads(editor)[:3] == ["Safety notices", "Notice 1", "Notice 2"]

    def test_a_step_up_passes_only_its_own_kind(self, editor, edition, parted):
        step(editor, parted[1], "up")
        assert self.heads(editor)[:3] == ["Safety notices", "Notice 2", "Notice 1"]
        others = self.heads(editor)[3:]
        step(editor, parted[1], "up")
        assert self.heads(editor)[:3] == ["Safety notices", "Notice 2", "Notice 1"]
        assert self.heads(editor)[3:] == others


def test_approval_freezes_the_edition_for_its_usual_time(editor, edition, publication):
    make_reader(publication)
    assert "3 items for one reader." in editor.get(EDITION).content.decode()
    editor.post(f"{EDITION}/approve", {"when": "usual"})
    edition.refresh_from_db()
    assert (edition.state, edition.approved_by) == ("approved", "edith")
    assert edition.deliveries.count() == 1
    assert step(editor, edition.placements.first(), "remove").status_code == 400


def test_a_time_is_meant_in_the_publications_zone(editor, edition, publication):
    publication.timezone = "Asia/Tokyo"
    publication.save()
    day = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%d")
    editor.post(f"{EDITION}/approve", {"when": "at", "at": f"{day}T09:00"})
    edition.refresh_from_db()
    assert f"{edition.send_at:%Y-%m-%d %H:%M}" == f"{day} 00:00"


@pytest.mark.parametrize(
    "at", ["", "soon", "2020-01-01T09:00", "2999-01-01T09:00", "9999-12-31T23:59", "0001-01-01T00:00"]
)
def test_a_wrong_time_is_said_at_the_field_and_nothing_is_frozen(editor, edition, at):
    answer = editor.post(f"{EDITION}/approve", {"when": "at", "at": at})
    assert answer.status_code == 422
    assert 'id="approve-at-error"' in answer.content.decode()
    edition.refresh_from_db()
    assert edition.state == "draft"


def test_an_approved_edition_is_held_gone_on_with_and_called_off(editor, edition, publication):
    make_reader(publication)
    editor.post(f"{EDITION}/approve", {"when": "usual"})
    states = []
    for what in ("hold", "go on", "cancel"):
        assert editor.post(f"{EDITION}/steer", {"step": what}).status_code == 303
        edition.refresh_from_db()
        states.append(edition.state)
    assert states == ["paused", "approved", "cancelled"]
    assert set(edition.deliveries.values_list("state", flat=True)) == {"withdrawn"}


def test_words_corrected_after_approval_make_a_second_revision(editor, edition):
    editor.post(f"{EDITION}/approve", {"when": "usual"})
    step(editor, edition.placements.first(), "words", headline="Corrected")
    assert "Corrected" not in editor.get(f"{EDITION}/mail").content.decode()
    editor.post(f"{EDITION}/steer", {"step": "revise", "why": "a wrong name"})
    assert edition.issues.count() == 2
    assert "Corrected" in editor.get(f"{EDITION}/mail").content.decode()


def test_a_correction_without_a_reason_rests_in_english_whatever_the_editor_speaks(editor, edition):
    editor.post(f"{EDITION}/approve", {"when": "usual"})
    editor.post(f"{EDITION}/steer", {"step": "revise"}, headers={"Accept-Language": "de"})
    why = edition.issues.get(revision=2).why
    assert why == "words mended"
    with translation.override("de"):
        assert say(why) == "Wörter berichtigt"


def test_a_skipped_week_leaves_the_stories_for_the_next(editor, edition):
    editor.post(f"{EDITION}/steer", {"step": "skip"})
    assert editor.get(EDITION).status_code == 200
    editor.post("/desk/brow/editions/draft", {"cadence": "weekly"})
    assert Edition.objects.filter(state="draft", number=2).exists()


def test_every_state_of_an_edition_has_its_page(editor, edition):
    editor.post(f"{EDITION}/approve", {"when": "now"})
    for state in ("approved", "sending", "paused", "sent", "cancelled"):
        Edition.objects.filter(pk=edition.pk).update(state=state)
        assert editor.get(EDITION).status_code == 200, state
        assert editor.get(f"{EDITION}/preview").status_code == 200, state


def test_what_the_web_and_editors_write_is_printed_and_never_run(editor, publication, edition):
    story = make_story(HOSTILE, author=HOSTILE, description=HOSTILE, site_name=HOSTILE, topics=["nose"])
    make_label(story)
    edition.placements.create(position=9, story=story, why=HOSTILE, by=HOSTILE)
    editor.post(f"{EDITION}/words", {"subject": HOSTILE[:150], "intro": HOSTILE})
    editor.post(f"{EDITION}/add", {"kind": "own", "headline": HOSTILE, "blurb": HOSTILE})
    for address in (EDITION, f"{EDITION}/preview", f"{EDITION}/mail", f"{EDITION}/preview?look=text"):
        soup = BeautifulSoup(editor.get(address).content, "lxml")
        assert all(script.get("src", "").startswith("/static/") for script in soup.find_all("script")), address
        assert not soup.find_all("svg"), address
        assert not soup.find_all(onerror=True), address


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subject=st.text(max_size=80), intro=st.text(max_size=200), headline=st.text(max_size=80))
def test_no_words_break_the_preview(editor, edition, subject, intro, headline):
    assert editor.post(f"{EDITION}/words", {"subject": subject, "intro": intro}).status_code in (303, 422)
    assert step(editor, edition.placements.first(), "words", headline=headline).status_code in (303, 422)
    assert editor.get(f"{EDITION}/mail").status_code == 200


def test_the_list_of_editions_makes_the_first_draft(publication):
    make_label(make_story("One", topics=["nose"]))
    editor = signed_in(make_people()["editor"])
    assert "There is no edition yet" in editor.get("/desk/brow/editions").content.decode()
    answer = editor.post("/desk/brow/editions/draft", {"cadence": "weekly"})
    assert answer.headers["Location"] == EDITION
    assert editor.post("/desk/brow/editions/draft", {"cadence": "hourly"}).status_code == 400
