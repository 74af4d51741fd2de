"""A mail is sent once: the ledger, and what a kill, a refusal or a second sender make of it."""

from collections import Counter
from datetime import timedelta

import pytest

from crawler.models import Event
from digest.approving import approve, cancel, go_on, hold, revise
from digest.errors import DigestError
from digest.ledger import LEASE
from digest.models import Delivery, Edition, Suppression
from digest.recovering import judge
from digest.sending import send_due
from digest.subscribing import leave, pause, subscribe
from digest.transports import Answer, FileOutbox, Result
from tests.factory import NOW, make_edition, make_publication, make_story, make_topic

pytestmark = pytest.mark.django_db
State = Delivery.State


class Postman:
    """A transport that answers as it is told and keeps what it was given."""

    def __init__(self, *answers: Answer, knows: bool | None = None) -> None:
        self.answers, self.letters, self.knows = list(answers), [], knows

    def deliver(self, letter):
        self.letters.append(letter)
        return self.answers.pop(0) if self.answers else Answer(Result.ACCEPTED, "250 ok")

    def accepted_before(self, letter):
        return self.knows

    def close(self):
        pass


class Meddler(Postman):
    """A transport during whose n-th letter somebody does something."""

    def __init__(self, number, act):
        super().__init__()
        self.number, self.act = number, act

    def deliver(self, letter):
        answer = super().deliver(letter)
        if len(self.letters) == self.number:
            self.act()
        return answer


def now():
    return NOW


def later(**times):
    return lambda: NOW + timedelta(**times)


@pytest.fixture
def brow():
    make_topic("nose")
    return make_publication()


@pytest.fixture
def edition(brow):
    for name in ("alice", "bob"):
        subscribe(f"{name}@reader.example", brow, by="test", now=NOW, how="test")
    made = make_edition(brow, [make_story("A straight nose", ["nose"])])
    approve(made, by="test", now=NOW, send_at=NOW)
    return made


def states(edition):
    return sorted(edition.deliveries.values_list("state", flat=True))


def test_each_reader_gets_one_mail_and_the_edition_is_sent(edition):
    postman = Postman()
    assert send_due(postman, clock=now).states == {"accepted": 2}
    edition.refresh_from_db()
    assert edition.state == Edition.State.SENT
    assert sorted(letter.to for letter in postman.letters) == ["alice@reader.example", "bob@reader.example"]


def test_a_second_send_mails_nobody(edition):
    send_due(Postman(), clock=now)
    postman = Postman()
    assert not send_due(postman, clock=now).states
    assert postman.letters == []


def test_who_left_after_approval_is_not_mailed(edition):
    first = edition.deliveries.first()
    token = first.subscriber.subscriptions.get().token
    leave(token, how="test", now=NOW)
    assert send_due(Postman(), clock=now).states == {"accepted": 1, "withdrawn": 1}


def test_who_paused_after_approval_is_not_mailed(edition):
    token = edition.deliveries.first().subscriber.subscriptions.get().token
    pause(token, NOW + timedelta(days=28), how="test", now=NOW)
    assert send_due(Postman(), clock=now).states["withdrawn"] == 1


def test_a_busy_server_is_tried_again_later_and_not_before(edition):
    busy = Answer(Result.LATER, "451 try later")
    assert send_due(Postman(busy, busy), clock=now).states == {"tried again later": 2}
    assert not send_due(Postman(), clock=later(minutes=1)).states
    assert send_due(Postman(), clock=later(minutes=6)).states == {"accepted": 2}


def test_after_five_tries_a_delivery_has_failed(edition):
    busy = Answer(Result.LATER, "451 try later")
    for hours in (0, 1, 2, 5, 14):
        send_due(Postman(*[busy] * 2), clock=later(hours=hours))
    assert states(edition) == [State.FAILED, State.FAILED]


def test_a_bad_address_is_suppressed_everywhere(edition):
    send_due(Postman(Answer(Result.REFUSED, "550 5.1.1 no such user", bad_address=True)), clock=now)
    assert states(edition) == [State.ACCEPTED, State.FAILED]
    assert Suppression.objects.count() == 1


def test_a_connection_that_breaks_after_the_content_leaves_unknown_and_no_second_mail(edition):
    assert send_due(Postman(Answer(Result.LOST, "gone")), clock=now).states == {"unknown": 1, "accepted": 1}
    assert not send_due(Postman(), clock=later(days=1)).states


@pytest.mark.parametrize(("knows", "then"), [(None, State.UNKNOWN), (True, State.ACCEPTED), (False, State.ACCEPTED)])
def test_a_sender_killed_in_the_middle_is_judged_by_what_the_transport_knows(edition, knows, then):
    edition_rows = Delivery.objects.filter(pk=edition.deliveries.first().pk)
    edition_rows.update(state=State.SENDING, lease_by="dead", lease_until=NOW + LEASE, message_id="<x@y>")
    Edition.objects.filter(pk=edition.pk).update(state=Edition.State.SENDING)
    postman = Postman(knows=knows)
    send_due(postman, clock=later(minutes=20))
    assert edition_rows.get().state == then
    assert len(postman.letters) == (2 if knows is False else 1)


class TestWhatAPersonDoesInTheMiddleOfABatch:
    """Acts from the very next mail on."""

    READERS = 12

    @pytest.fixture
    def going(self, brow):
        for number in range(self.READERS):
            subscribe(f"reader{number}@reader.example", brow, by="test", now=NOW, how="test")
        made = make_edition(brow, [make_story("A straight nose", ["nose"])])
        approve(made, by="test", now=NOW, send_at=NOW)
        return made

    @pytest.mark.parametrize(("verb", "left"), [(hold, State.DUE), (cancel, State.WITHDRAWN)])
    def test_a_hold_and_a_call_off(self, going, verb, left):
        postman = Meddler(2, lambda: verb(Edition.objects.get(pk=going.pk), by="edith", now=NOW))
        send_due(postman, clock=now)
        assert len(postman.letters) == 2
        assert Counter(states(going)) == {State.ACCEPTED: 2, left: self.READERS - 2}

    def test_a_correction(self, going):
        def correct():
            going.placements.update(headline="A corrected headline")
            revise(Edition.objects.get(pk=going.pk), "it was wrong", by="edith", now=NOW)

        postman = Meddler(2, correct)
        send_due(postman, clock=now)
        told = [b"A corrected headline" in letter.content for letter in postman.letters]
        assert told == [False] * 2 + [True] * (self.READERS - 2)


def test_a_refused_sender_holds_its_own_edition_and_no_other(edition):
    other = make_publication("nose")
    subscribe("carol@reader.example", other, by="test", now=NOW, how="test")
    approve(make_edition(other, [make_story("A nose", ["nose"])]), by="test", now=NOW, send_at=NOW)
    count = send_due(Postman(Answer(Result.SENDER, "553 not allowed")), clock=now)
    edition.refresh_from_db()
    assert edition.state == Edition.State.PAUSED
    assert states(edition) == [State.DUE, State.DUE]
    assert count.notes == ["The Brow 1 is held: its sender is refused (553 not allowed)"]
    assert Delivery.objects.filter(edition__publication=other).get().state == State.ACCEPTED


def test_an_edition_that_cannot_be_made_into_mails_is_held_and_no_other(edition):
    other = make_publication("nose")
    subscribe("carol@reader.example", other, by="test", now=NOW, how="test")
    approve(make_edition(other, [make_story("A nose", ["nose"])]), by="test", now=NOW, send_at=NOW)
    issue = edition.issues.get()
    issue.content["imprint"]["language"] = "tlh"
    issue.save()
    count = send_due(Postman(), clock=now)
    edition.refresh_from_db()
    assert edition.state == Edition.State.PAUSED
    assert states(edition) == [State.DUE, State.DUE]
    assert "a mail of it cannot be made (UnknownLocaleError" in count.notes[0]
    assert Delivery.objects.filter(edition__publication=other).get().state == State.ACCEPTED


@pytest.mark.parametrize(("ahead", "why"), [(timedelta(minutes=-2), "over"), (timedelta(days=61), "60 days ahead")])
def test_an_edition_is_approved_for_no_time_that_is_over_or_far_ahead(brow, ahead, why):
    made = make_edition(brow, [make_story("A straight nose", ["nose"])])
    with pytest.raises(DigestError, match=why):
        approve(made, by="test", now=NOW, send_at=NOW + ahead)
    made.refresh_from_db()
    assert (made.state, made.issues.count()) == (Edition.State.DRAFT, 0)


def test_what_the_sender_does_to_an_edition_is_in_its_history(edition):
    send_due(Postman(), clock=now)
    told = Event.objects.filter(kind="edition", key=str(edition.pk)).order_by("pk").values_list("verb", "by")
    assert list(told) == [("approve", "test"), ("begin sending", "rule:sending"), ("sent", "rule:sending")]


class TestAMailOfWhichNobodyKnows:
    @pytest.fixture
    def reader(self, edition):
        send_due(Postman(Answer(Result.LOST, "gone")), clock=now)
        return edition.deliveries.get(state=State.UNKNOWN).subscriber

    def test_is_closed_by_a_person_who_knows_that_it_arrived(self, edition, reader):
        assert judge(reader, True, by="olga", now=NOW) == [edition]
        assert states(edition) == [State.ACCEPTED, State.ACCEPTED]
        assert not send_due(Postman(), clock=later(hours=1)).states

    def test_goes_out_once_more_where_a_person_knows_that_it_did_not(self, edition, reader):
        sent_at = Edition.objects.get(pk=edition.pk).sent_at
        judge(reader, False, by="olga", now=NOW + timedelta(hours=1))
        postman = Postman()
        send_due(postman, clock=later(hours=1))
        assert [letter.to for letter in postman.letters] == [reader.address]
        edition.refresh_from_db()
        assert (edition.state, edition.sent_at) == (Edition.State.SENT, sent_at)

    def test_is_not_sent_days_later(self, edition, reader):
        with pytest.raises(DigestError, match="too late to mail this edition again"):
            judge(reader, False, by="olga", now=NOW + timedelta(days=2))
        assert State.UNKNOWN in states(edition)

    def test_can_be_judged_once(self, edition, reader):
        judge(reader, True, by="olga", now=NOW)
        with pytest.raises(DigestError, match="no mail to this person is unknown"):
            judge(reader, True, by="olga", now=NOW)


def test_a_claim_of_a_killed_sender_goes_back_when_its_lease_is_over(edition):
    edition.deliveries.update(state=State.CLAIMED, lease_by="dead", lease_until=NOW + LEASE)
    assert not send_due(Postman(), clock=now).states
    assert send_due(Postman(), clock=later(minutes=11)).states == {"accepted": 2}


def test_a_stale_edition_is_held_for_a_person(edition):
    count = send_due(Postman(), clock=later(days=2))
    assert "held" in count.notes[0]
    edition.refresh_from_db()
    assert edition.state == Edition.State.PAUSED


def test_a_held_edition_sends_nothing(edition):
    hold(edition, by="test", now=NOW)
    assert not send_due(Postman(), clock=now).states


def test_a_cancelled_edition_withdraws_what_waits(edition):
    cancel(edition, by="test", now=NOW)
    assert states(edition) == [State.WITHDRAWN, State.WITHDRAWN]


def test_a_correction_in_the_middle_reaches_those_who_have_not_had_theirs(edition):
    story = edition.placements.first()
    busy = Answer(Result.LATER, "451")
    send_due(Postman(Answer(Result.ACCEPTED), busy), clock=now)
    edition.refresh_from_db()
    edition.placements.filter(pk=story.pk).update(headline="A corrected headline")
    revise(edition, "the headline was wrong", by="test", now=NOW)
    postman = Postman()
    send_due(postman, clock=later(minutes=6))
    assert b"A corrected headline" in postman.letters[0].content
    assert sorted(edition.deliveries.values_list("revision", flat=True)) == [1, 2]


def test_no_change_to_a_story_alters_a_mail_already_frozen(edition):
    lead = edition.placements.first().story.lead
    type(lead).objects.filter(pk=lead.pk).update(title="Another title")
    postman = Postman()
    send_due(postman, clock=now)
    assert all(b"A straight nose" in letter.content for letter in postman.letters)


def test_a_reader_for_whom_nothing_is_left_gets_no_mail(brow):
    make_topic("hair")
    subscribe("eve@reader.example", brow, by="test", now=NOW, how="test", never=["nose"])
    made = make_edition(brow, [make_story("A straight nose", ["nose"])])
    approve(made, by="test", now=NOW, send_at=NOW)
    assert send_due(Postman(), clock=now).states == {"withdrawn": 1}


def test_the_outbox_holds_each_mail_as_one_file_whole_or_not_at_all(edition, tmp_path):
    outbox = FileOutbox(tmp_path)
    send_due(outbox, clock=now)
    assert len(list(tmp_path.rglob("*.eml"))) == 2
    assert not list(tmp_path.rglob("*.part"))


def test_an_outbox_that_cannot_be_written_lets_all_mails_wait(edition, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    count = send_due(FileOutbox(blocked), clock=now)
    assert count.away.startswith("the outbox cannot be written")
    assert states(edition) == [State.DUE, State.DUE]
    assert {delivery.why for delivery in edition.deliveries.all()} == {count.away}


class TestAServerThatIsAway:
    GONE = Answer(Result.AWAY, "no answer in time")

    def test_is_asked_once_and_again_after_five_minutes(self, edition):
        postman = Postman(self.GONE)
        assert send_due(postman, clock=now).away == "no answer in time"
        assert len(postman.letters) == 1
        assert not send_due(Postman(), clock=later(minutes=4)).states
        send_due(Postman(), clock=later(minutes=5))
        assert send_due(Postman(), clock=later(minutes=10)).states == {"accepted": 1}
        assert states(edition) == [State.ACCEPTED, State.ACCEPTED]

    def test_uses_up_no_letters_tries(self, edition):
        for minutes in range(0, 600, 15):
            send_due(Postman(self.GONE), clock=later(minutes=minutes))
        assert set(edition.deliveries.values_list("state", "tries")) == {(State.DUE, 0)}

    def test_is_asked_for_another_letter_the_next_time(self, edition):
        first, second = Postman(self.GONE), Postman(self.GONE)
        send_due(first, clock=now)
        send_due(second, clock=later(minutes=5))
        assert first.letters[0].to != second.letters[0].to

    def test_lets_no_other_edition_be_tried_either(self, edition):
        other = make_publication("nose")
        subscribe("carol@reader.example", other, by="test", now=NOW, how="test")
        approve(make_edition(other, [make_story("A nose", ["nose"])]), by="test", now=NOW, send_at=NOW)
        postman = Postman(self.GONE)
        count = send_due(postman, clock=now)
        assert len(postman.letters) == 1
        assert count.notes == ["mail cannot go out now (no answer in time); 3 wait and nothing is lost"]

    def test_for_too_long_lets_the_edition_be_held(self, edition):
        send_due(Postman(self.GONE), clock=now)
        count = send_due(Postman(), clock=later(hours=37))
        assert "held" in count.notes[0]
        assert states(edition) == [State.DUE, State.DUE]


def test_a_held_edition_goes_on_now_though_its_time_is_long_over(edition):
    send_due(Postman(), clock=later(days=2))
    edition.refresh_from_db()
    go_on(edition, by="test", now=NOW + timedelta(days=2))
    assert send_due(Postman(), clock=later(days=2)).states == {"accepted": 2}


def test_an_edition_held_before_its_time_goes_on_at_its_time(edition):
    Edition.objects.filter(pk=edition.pk).update(send_at=NOW + timedelta(days=1))
    edition.refresh_from_db()
    hold(edition, by="test", now=NOW)
    go_on(edition, by="test", now=NOW)
    assert not send_due(Postman(), clock=now).states
    assert send_due(Postman(), clock=later(days=1)).states == {"accepted": 2}


def test_the_links_to_leave_are_the_readers_own_and_reveal_no_address(edition):
    postman = Postman()
    send_due(postman, clock=now)
    for letter in postman.letters:
        assert letter.content.count(b"/leave/") >= 3
        body = letter.content.split(b"\r\n\r\n", 1)[1]
        assert letter.to.encode() not in body
