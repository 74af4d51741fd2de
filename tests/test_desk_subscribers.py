"""The subscribers page: search, proof, deliveries, lists in and out, suppression, erasure."""

from __future__ import annotations

import contextlib
import json

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from crawler.models import Event
from digest.errors import DigestError
from digest.models import Consent, Edition, Subscriber, Subscription, Suppression
from digest.people import erase
from digest.roster import Fault, RosterError, Row, read_roster, write_roster
from digest.subscribing import find, leave, subscribe, suppress
from tests.desk_cast import make_people, signed_in
from tests.factory import NOW, make_publication, make_reader, make_sent_edition, make_story

DB = pytest.mark.django_db
PEOPLE = "/desk/subscribers"
PROOF = "signed at the stand, 12 November"


@pytest.fixture
def publication():
    return make_publication()


@pytest.fixture
def operator(publication):
    return signed_in(make_people()["operator"])


@pytest.fixture
def editor(publication):
    return signed_in(make_people()["editor"])


def upload(client, text: str | bytes, **more):
    data = text.encode() if isinstance(text, str) else text
    body = {"publication": "brow", "proof": PROOF, "file": SimpleUploadedFile("people.csv", data), **more}
    return client.post(f"{PEOPLE}/import", body)


def page_of(reader: Subscription) -> str:
    return f"{PEOPLE}/{reader.subscriber.token}"


def test_a_list_is_read_whatever_parts_its_columns():
    for delimiter in ",;\t":
        text = f"E-Mail{delimiter}Name{delimiter}topics\nann@a.example{delimiter}Ann{delimiter}nose chin\n\n"
        rows, faults = read_roster(text.encode("utf-8-sig"))
        assert (rows, faults) == ((Row(2, "ann@a.example", "Ann", ("nose", "chin")),), ())


def test_lines_that_cannot_be_are_named_and_the_others_taken():
    rows, faults = read_roster(b"address,name\n,Nobody\nann@a.example,Ann,more\nben@a.example,Ben\n")
    assert [row.address for row in rows] == ["ben@a.example"]
    assert faults == (Fault(2, "no address"), Fault(3, "more cells than columns, or a cell that is too long"))


@pytest.mark.parametrize("data", [b"", b"name\nAnn\n", b"\x00\x01", b'address\n"ann', b"address\n" + b"x" * 10_000_001])
def test_what_is_no_list_is_refused_with_a_reason(data):
    with pytest.raises(RosterError):
        read_roster(data)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(data):
    with contextlib.suppress(RosterError):
        read_roster(data)


def test_a_cell_that_a_spreadsheet_would_run_is_written_as_words():
    text = write_roster([Row(0, "ann@a.example", "=HYPERLINK(1)", consent="@x")])
    assert "'=HYPERLINK(1)" in text
    assert "'@x" in text


@DB
def test_people_are_found_by_a_part_of_address_or_name(operator, publication):
    make_reader(publication, "alice@reader.example", name="Alice Pearl")
    make_reader(publication, "ben@reader.example")
    for query in ("ALICE", "pearl"):
        soup = BeautifulSoup(operator.get(PEOPLE, {"q": query}).content, "lxml")
        assert [one.get_text() for one in soup.select(".card h2")] == ["alice@reader.example"]
    assert "Nobody matches" in operator.get(PEOPLE, {"q": "zzz"}).content.decode()
    assert operator.get(PEOPLE, {"state": "asleep"}).status_code == 400


@DB
def test_people_are_shown_page_by_page_without_repeat(operator, publication):
    for number in range(120):
        make_reader(publication, f"r{number}@reader.example")
    seen, address = [], PEOPLE
    while address:
        soup = BeautifulSoup(operator.get(address).content, "lxml")
        seen += [one.get_text() for one in soup.select(".card h2")]
        more = soup.select_one("a[rel=next]")
        address = more["href"] if more else ""
    assert len(seen) == len(set(seen)) == 120


@DB
def test_a_person_shows_consent_deliveries_and_why_no_mail_goes(operator, publication):
    reader = make_reader(publication)
    make_sent_edition(publication, [make_story("One")])
    reader.subscriber.deliveries.update(state="failed", why="550 no such mailbox")
    suppress(reader.subscriber.address, "refused: 550", by="rule:bounce", now=NOW)
    page = BeautifulSoup(operator.get(page_of(reader)).content, "lxml").get_text(" ", strip=True)
    for said in (
        "alice@reader.example",
        "subscribed",
        "a test",
        "The Brow 1",
        "550 no such mailbox",
        "No mail goes to this address: refused: 550",
    ):
        assert said in page


@DB
@pytest.mark.parametrize(("said", "then"), [("arrived", "accepted"), ("again", "due")])
def test_an_editor_settles_a_mail_of_which_nobody_knew(editor, publication, said, then):
    reader = make_reader(publication)
    edition = make_sent_edition(publication, [make_story("One")])
    Edition.objects.filter(pk=edition.pk).update(send_at=timezone.now())
    edition.deliveries.update(state="unknown", message_id="<brow-1@letters.example>")
    assert "<brow-1@letters.example>" in BeautifulSoup(editor.get(page_of(reader)).content, "lxml").get_text()
    assert editor.post(f"{page_of(reader)}/judge", {"step": said}).status_code == 303
    assert edition.deliveries.get().state == then
    assert editor.post(f"{page_of(reader)}/judge", {"step": "perhaps"}).status_code == 400


@DB
@pytest.mark.parametrize("token", ["x", "a" * 300, "%00", "../x"])
def test_an_unknown_person_is_not_found(operator, token):
    assert operator.get(f"{PEOPLE}/{token}").status_code == 404


@DB
def test_a_list_of_people_is_taken_in_with_its_proof(operator):
    page = upload(
        operator,
        "address,name,consent\nann@a.example,Ann,\nben@a.example,Ben,ticked the box on the form\nno address,X,\n",
    )
    assert "The Brow: 2 taken in, 0 there already, 1 not taken." in page.content.decode()
    assert "Line 4" in page.content.decode()
    assert set(Consent.objects.values_list("how", flat=True)) == {PROOF, "ticked the box on the form"}
    again = upload(operator, "address\nann@a.example\n").content.decode()
    assert "0 taken in, 1 there already" in again
    assert Consent.objects.count() == 2


@DB
def test_a_list_brings_nobody_back_who_left_or_is_suppressed(operator, publication):
    leave(make_reader(publication, "left@a.example").token, how="one click", now=NOW)
    suppress("gone@a.example", "complaint", by="test", now=NOW)
    page = upload(operator, "address\nleft@a.example\ngone@a.example\n").content.decode()
    assert "0 taken in, 0 there already, 2 not taken" in page
    assert Subscription.objects.get().state == "left"


@DB
@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"proof": ""}, "proof"),
        ({"proof": "short"}, "proof"),
        ({"publication": "nowhere"}, "publication"),
        ({"file": ""}, "file"),
        ({"proof": "x" * 300}, "proof"),
    ],
)
def test_a_list_without_what_it_needs_is_said_at_the_field(operator, more, field):
    answer = upload(operator, "address\nann@a.example\n", **more)
    assert answer.status_code == 422
    assert f'id="roster-{field}-error"' in answer.content.decode()
    assert not Subscriber.objects.exists()


@DB
def test_a_list_goes_out_as_it_came_in(operator, publication):
    make_reader(publication, "alice@reader.example", topics=["nose"])
    leave(make_reader(publication, "left@reader.example").token, how="one click", now=NOW)
    answer = operator.get("/desk/brow/subscribers.csv")
    rows, _ = read_roster(answer.content)
    assert [(row.address, row.topics, row.consent) for row in rows] == [
        ("alice@reader.example", ("nose",), "2026-11-16: a test")
    ]
    assert "no-store" in answer.headers["Cache-Control"]


@DB
def test_a_persons_data_are_given_whole(operator, publication):
    reader = make_reader(publication, topics=["nose"])
    data = json.loads(operator.get(f"{page_of(reader)}/export.json").content)
    assert data["person"]["address"] == "alice@reader.example"
    assert data["subscriptions"][0]["consents"][0]["how"] == "a test"


@DB
def test_erasure_asks_for_the_address_and_leaves_only_the_ledger(operator, publication):
    reader = make_reader(publication, topics=["nose"])
    make_sent_edition(publication, [make_story("One", topics=["nose"])])
    wrong = operator.post(f"{page_of(reader)}/erase", {"address": "ben@reader.example"})
    assert wrong.status_code == 422
    assert 'id="erase-address-error"' in wrong.content.decode()
    operator.post(f"{page_of(reader)}/erase", {"address": " Alice@Reader.example "})
    person = Subscriber.objects.get()
    assert (person.address, person.name) == ("", "")
    assert person.deliveries.get().selection == {}
    assert (person.subscriptions.get().state, person.subscriptions.get().topics) == ("left", [])
    assert not Event.objects.filter(after__icontains="alice").exists()
    page = operator.get(page_of(reader)).content.decode()
    assert "Erased person" in page
    assert "alice" not in page
    with pytest.raises(DigestError):
        erase(person, by="test", now=NOW)


@DB
def test_who_was_erased_can_say_yes_again(publication):
    reader = make_reader(publication)
    erase(reader.subscriber, by="test", now=NOW)
    subscribe("alice@reader.example", publication, by="test", now=NOW, how="signed up again")
    assert find("alice@reader.example").address == "alice@reader.example"


@DB
def test_an_address_is_suppressed_and_let_go(operator, publication):
    reader = make_reader(publication)
    assert operator.post(f"{page_of(reader)}/suppress", {"reason": ""}).status_code == 422
    operator.post(f"{page_of(reader)}/suppress", {"reason": "asked by telephone"})
    assert Suppression.objects.get().by == "otto"
    operator.post(f"{page_of(reader)}/suppress", {"step": "lift"})
    assert not Suppression.objects.exists()
    assert operator.post(f"{page_of(reader)}/suppress", {"step": "lift"}).status_code == 400


@DB
def test_an_editor_ends_a_subscription_for_somebody_who_asked(publication):
    reader = make_reader(publication)
    editor = signed_in(make_people()["editor"])
    editor.post(f"{page_of(reader)}/leave", {"publication": "brow"})
    reader.refresh_from_db()
    assert reader.state == "left"
    assert "at the desk by edith" in reader.consents.order_by("-pk").first().how


@DB
def test_names_and_proofs_are_printed_and_never_run(operator, publication):
    hostile = "<script>alert(1)</script><svg/onload=alert(1)>"
    reader = make_reader(publication, name=hostile)
    Consent.objects.update(how=hostile, words=hostile)
    for address in (PEOPLE, page_of(reader)):
        soup = BeautifulSoup(operator.get(address).content, "lxml")
        assert not soup.find_all("svg")
        assert all(script.get("src", "").startswith("/static/") for script in soup.find_all("script"))
