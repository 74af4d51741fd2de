"""The mail as its receiver's program reads it."""

import email
import email.policy
import json
import re
from dataclasses import replace

import pytest

from digest.errors import DigestError
from digest.issue import Imprint, IssueContent, IssueItem, TopicName
from digest.message import Links, render, render_named, wrapped
from digest.mime import Envelope, message_id, to_bytes
from digest.models import Delivery
from digest.selection import Wishes, select

IMPRINT = Imprint(
    "brow", "The Brow", "News of the upper face", "The Brow", "news@brow.example", "desk@brow.example",
    "1 Paper Lane, Leeds", "#8a3b55", "en", "Europe/London",
)  # fmt: skip
ITEM = IssueItem(
    "story", "A straight nose & a <script>", "https://paper.example/nose?a=1&b=2", "abcdefghij", "“It is straight.”", "quote",
    "The Paper", "Ann Lee", "2026-11-19", topics=("nose",), copies=3, badges=("release by Wire",),
)  # fmt: skip
LINKS = Links("https://g.example/leave/t0ken", "https://g.example/brow/issues/7", "https://g.example/brow/topics-link")


@pytest.fixture
def content():
    undated = replace(ITEM, headline="Undated", day="", undated=True, author="", copies=1, badges=(), key="b")
    lead = replace(ITEM, headline="Für alle", lead=True, language="de", key="c")
    notice = replace(ITEM, headline="Recall", safety=True, key="d")
    return IssueContent(
        IMPRINT, 7, "weekly", "", "Hello.", "2026-11-13", "2026-11-20", (ITEM, undated, lead, notice),
        (TopicName("nose", "subject", "Nose"), TopicName("hair", "subject", "Hair")),
    )  # fmt: skip


def mail(content, *topics):
    return render(content, select(content, Wishes(frozenset(topics))), LINKS)


def test_html_and_text_say_the_same(content):
    message = mail(content)
    for words in (
        "Undated",
        "Für alle",
        "Recall",
        "The Paper",
        "undated",
        "also told by 2 other sources",
        "1 Paper Lane",
    ):
        assert words in message.html
        assert words in message.text


@pytest.mark.parametrize(
    ("language", "opens", "closes", "said"),
    [
        ("en", "2026-11-13", "2026-11-20", "No. 7 · 13 to 20 November 2026"),
        ("en", "2026-10-30", "2026-11-06", "No. 7 · 30 October to 6 November 2026"),
        ("en", "2026-12-28", "2027-01-04", "No. 7 · 28 December 2026 to 4 January 2027"),
        ("de", "2026-11-13", "2026-11-20", "Nr. 7 · 13. November bis 20. November 2026"),
    ],
)
def test_the_days_an_issue_speaks_of_are_said_once(content, language, opens, closes, said):
    imprint = replace(content.imprint, language=language)
    assert said in mail(replace(content, imprint=imprint, opens=opens, closes=closes)).html


def test_the_line_beside_the_subject_is_for_every_reader_and_says_no_topic_of_one(content):
    both = replace(content, intro="")
    before_the_name = mail(both, "hair").html.partition("<h1")[0]
    assert "Recall · Für alle" in before_the_name
    assert "A straight nose" not in before_the_name
    assert mail(both, "hair").html.partition("<h1")[0] == mail(both, "nose").html.partition("<h1")[0]
    assert "Hello." in mail(content).html.partition("<h1")[0]


def test_the_line_beside_the_subject_does_not_tell_what_a_reader_never_wants_to_see(content):
    lead = replace(ITEM, headline="A lead on noses", lead=True, topics=("nose",), key="l")
    issue = replace(content, intro="", items=(*content.items, lead))
    all_, none = (
        render(issue, select(issue, Wishes(never=never)), LINKS).html for never in (frozenset(), frozenset({"nose"}))
    )
    assert "A lead on noses" not in none.partition("<h1")[2]
    assert none.partition("<h1")[0] == all_.partition("<h1")[0]


@pytest.mark.parametrize(
    ("intro", "said"),
    [
        ("", "Recall · Für alle"),
        ("  \n ", "Recall · Für alle"),
        ("Two words.\n\nMore.", "Two words. More."),
        ("word " * 60, ("word " * 28).strip() + "…"),
    ],
)
def test_the_line_beside_the_subject_is_the_introduction_or_the_first_headlines(content, intro, said):
    issue = replace(content, intro=intro)
    assert issue.beside == said
    assert IssueContent.from_json(json.loads(json.dumps(issue.to_json()))).beside == said


def test_what_a_page_wrote_is_text_not_markup(content):
    html = mail(content).html
    assert "<script" not in html
    assert "A straight nose &amp; a &lt;script&gt;" in html


def test_foreign_items_say_their_language(content):
    assert 'lang="de"' in mail(content).html


def test_a_reader_of_another_topic_gets_short_lines_and_not_an_empty_week(content):
    message = mail(content, "hair")
    assert "More in Nose" in message.html
    assert "More in Nose" in message.text


ONLY_SHORT = """\
The Brow
News of the upper face
No. 7, 13 to 20 November 2026

There is nothing in your topics this week. In others there is:

Nose
- A straight nose & a <script> (The Paper)
  https://paper.example/nose?a=1&b=2

--
You get The Brow because you asked for it.

Leave or pause:
https://g.example/leave/t0ken
Choose your topics:
https://g.example/brow/topics-link
Read this issue in a browser:
https://g.example/brow/issues/7

The Brow, 1 Paper Lane, Leeds
"""


def test_a_reader_for_whom_only_short_lines_are_left_gets_a_mail_that_says_so(content):
    bare = replace(content, intro="", items=(ITEM,))
    message = mail(bare, "hair")
    assert not select(bare, Wishes(frozenset({"hair"}))).empty
    assert message.text == ONLY_SHORT
    said = re.findall(r"<h(\d)[^>]*>([^<]*)</h\1>", message.html)
    assert said == [("1", "The Brow"), ("2", "Nose")]
    assert "There is nothing in your topics this week." in message.html


def test_a_monthly_speaks_of_its_month(content):
    monthly = replace(content, cadence="monthly")
    both = replace(monthly, items=(*monthly.items, replace(ITEM, headline="Hair", topics=("hair",), key="e")))
    for said in (mail(both), mail(both, "hair"), mail(replace(monthly, items=(ITEM,)), "hair")):
        assert "month" in said.html.lower().replace("monthly", "")
        assert "month" in said.text.lower()
        assert "week" not in (said.html + said.text).lower()


def test_who_chose_no_topic_reads_of_the_week_and_who_chose_one_of_their_topics(content):
    both = replace(content, items=(*content.items, replace(ITEM, headline="Hair", topics=("hair",), key="e")))
    assert ("This week" in mail(both).html, "THIS WEEK" in mail(both).text) == (True, True)
    assert ("In your topics" in mail(both, "hair").html, "IN YOUR TOPICS" in mail(both, "hair").text) == (True, True)


def test_the_mail_asks_no_server_for_anything(content):
    html = mail(content).html
    assert "src=" not in html
    assert "url(" not in html


def test_fifteen_items_stay_far_below_the_size_at_which_mailers_clip(content):
    many = replace(content, items=tuple(replace(ITEM, key=f"k{n}") for n in range(18)))
    assert len(mail(many).html.encode()) < 60_000


def test_styles_are_inlined_and_dark_mode_is_kept(content):
    html = mail(content).html
    assert "prefers-color-scheme: dark" in html
    assert 'style="' in html


@pytest.fixture
def parsed(content, now):
    ident = message_id("brow", "weekly", 7, "t0ken", "g.example")
    raw = to_bytes(mail(content), IMPRINT, Envelope("rosa@reader.example", "Rosa Lindt", ident, LINKS.leave), now)
    return raw, email.message_from_bytes(raw, policy=email.policy.default)


def test_the_headers_are_those_of_a_well_behaved_list(parsed):
    raw, mail = parsed
    assert mail["To"] == "Rosa Lindt <rosa@reader.example>"
    assert mail["Reply-To"] == "desk@brow.example"
    assert mail["Subject"] == "The Brow, no. 7"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert b"List-Unsubscribe: <https://g.example/leave/t0ken>\r\n" in raw
    assert mail["List-Id"].endswith("<brow.brow.example>")
    assert mail["Message-ID"].endswith("@g.example>")


def test_the_mail_has_both_parts_text_first(parsed):
    _, mail = parsed
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert "Für alle" in mail.get_body(("html",)).get_content()


def test_no_line_is_longer_than_mail_allows(parsed):
    raw, _ = parsed
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_a_long_link_to_leave_is_never_folded(content, now):
    leave = "https://a-very-long-host-name-of-a-small-newsroom.example/leave/" + "t" * 200
    raw = to_bytes(mail(content), IMPRINT, Envelope("r@r.example", "", "<a@b>", leave), now)
    assert f"List-Unsubscribe: <{leave}>\r\n".encode() in raw


def test_the_same_mail_has_the_same_id_and_another_reader_another():
    assert message_id("a", "weekly", 1, "t", "d") == message_id("a", "weekly", 1, "t", "d")
    assert message_id("a", "weekly", 1, "t", "d") != message_id("a", "weekly", 1, "u", "d")


@pytest.mark.parametrize("length", [20, 60, 200])
def test_an_id_fits_in_the_ledger_however_long_the_names_of_letter_and_host_are(length):
    domain = ("a" * 19 + ".") * (length // 20) + "example"
    ids = {message_id("b" * 40, "weekly", 4_000_000_000, token, domain) for token in "tu"}
    assert len(ids) == 2
    for one in ids:
        assert len(one) <= Delivery._meta.get_field("message_id").max_length
        assert re.fullmatch(r"<[a-z0-9.-]+@[a-z0-9][a-z0-9.-]*\.example>", one)


def test_a_name_cannot_smuggle_a_header(content, now):
    raw = to_bytes(
        mail(content), IMPRINT, Envelope("r@r.example", "Eve\r\nBcc: all@x.example", "<a@b>", "https://x/"), now
    )
    assert "Bcc" not in email.message_from_bytes(raw)


def test_what_is_no_address_is_refused(content, now):
    with pytest.raises(DigestError, match="not an address"):
        to_bytes(mail(content), IMPRINT, Envelope("not an address", "", "<a@b>", "https://x/"), now)


def test_text_is_wrapped_and_addresses_stay_whole():
    text = wrapped("word " * 40 + "https://x.example/" + "y" * 90)
    assert max(len(line) for line in text.splitlines()[:-1]) <= 72
    assert text.endswith("y" * 90)


GERMAN = replace(IMPRINT, name="Schöne Brauen", from_name="Schöne Brauen", language="de")


@pytest.mark.parametrize(
    ("imprint", "list_id", "sender", "words"),
    [
        (IMPRINT, b'"The Brow" <brow.brow.example>', b"The Brow <news@brow.example>", b"Safety notices"),
        (GERMAN, b"<brow.brow.example>", b"=?utf-8?q?Sch=C3=B6ne?= Brauen <news@brow.example>", b"Sicherheitshinweise"),
    ],
    ids=["English", "German"],
)
def test_a_list_s_mail_says_on_the_wire_what_receivers_look_for(content, now, imprint, list_id, sender, words):
    envelope = Envelope("rosa@reader.example", "", "<brow.7.abc@g.example>", LINKS.leave)
    raw = to_bytes(mail(replace(content, imprint=imprint)), imprint, envelope, now)
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = dict(line.split(b": ", 1) for line in head.split(b"\r\n"))
    boundary = re.fullmatch(rb'multipart/alternative; boundary="([^"]+)"', lines.pop(b"Content-Type"))
    assert boundary
    parts = [part.partition(b"\r\n\r\n") for part in body.split(b"--" + boundary[1])[1:-1]]
    assert [re.findall(rb"^Content-Type: ([^;]+)", part[0], re.MULTILINE) for part in parts] == [
        [b"text/plain"],
        [b"text/html"],
    ]
    assert words in parts[1][2]
    del lines[b"Subject"]
    assert lines == {
        b"From": sender,
        b"To": b"rosa@reader.example",
        b"Reply-To": b"desk@brow.example",
        b"Date": b"Fri, 20 Nov 2026 09:30:00 +0000",
        b"Message-ID": b"<brow.7.abc@g.example>",
        b"List-Id": list_id,
        b"List-Unsubscribe": b"<https://g.example/leave/t0ken>",
        b"List-Unsubscribe-Post": b"List-Unsubscribe=One-Click",
        b"Auto-Submitted": b"auto-generated",
        b"MIME-Version": b"1.0",
        b"Content-Language": imprint.language.encode(),
    }


@pytest.mark.parametrize("name", ['The "Brow"', "The Brow\\", "=?utf-8?q?x?=", "The\x01Brow", "眉"])
def test_a_name_that_cannot_be_quoted_leaves_the_id_of_the_list_alone(content, now, name):
    imprint = replace(IMPRINT, name=name)
    raw = to_bytes(mail(content), imprint, Envelope("r@r.example", "", "<a@b>", LINKS.leave), now)
    assert b"\r\nList-Id: <brow.brow.example>\r\n" in raw


def test_a_single_mail_that_somebody_asked_for_is_no_list_s(content, now):
    raw = to_bytes(mail(content), IMPRINT, Envelope("r@r.example", "", "<a@b>"), now)
    assert b"\r\nList-" not in raw
    assert b"\r\nContent-Language: en\r\n" in raw.partition(b"\r\n\r\n")[0] + b"\r\n"


def test_a_mail_names_the_first_of_many_authors_in_both_parts(content):
    many = replace(ITEM, author="Inga Solberg; Owen Fairley; Ida Poe")
    two = replace(ITEM, author="Inga Solberg; Owen Fairley", key="e")
    message = mail(replace(content, items=(many, two, replace(many, lead=True), replace(many, safety=True))))
    for said in (message.html, message.text):
        assert said.count("The Paper, Solberg et al.") == 3
        assert said.count("The Paper, Inga Solberg; Owen Fairley") == 1
        assert "Ida Poe" not in said


def test_the_charset_stands_first_in_the_head_of_every_mail(content):
    words = {
        "imprint": IMPRINT,
        "accent": "#8a3b55",
        "dark_accent": "#e8a0b8",
        "links": {"confirm": "https://g.example/c"},
    }
    for message in (mail(content), render_named("digest/confirm", "en", words)):
        assert re.search(r"<head[^>]*>(.{22})", message.html, re.DOTALL)[1] == '<meta charset="utf-8">'
        assert message.html.count("<meta charset") == 1
        assert "@media (max-width" in message.html


def test_no_mail_counts_the_clicks_of_leaving(content):
    assert "Leave or pause</a>" in mail(content).html
    assert "click" not in mail(content).html + mail(content).text
