"""What may be shown of another's work."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Reuse
from digest.blurb import BlurbKind, Quotable, allowance, blurb, sentences, shortened

LONG = " ".join(["The nose was straight after a year."] * 80)


def piece(text=LONG, description="", title="A straight nose", excerpts="normal", **reuse):
    return Quotable(title, text, description, Reuse(**reuse), excerpts)


def test_the_editors_words_come_first_and_are_not_cut():
    said = blurb("My own words. " * 30, piece(description="The publisher's own words on it"))
    assert said.kind is BlurbKind.EDITOR
    assert said.text == ("My own words. " * 30).strip()


def test_then_the_publishers_own_description():
    said = blurb("", piece(description="Surgeons followed ninety noses for a year and found them straight."))
    assert said.kind is BlurbKind.PUBLISHER


def test_then_a_whole_sentence_in_quotation_marks():
    said = blurb("", piece(text="It rained. The straight nose lasted 3 years, said Dr. Lee. " + LONG))
    assert said.text == "“The straight nose lasted 3 years, said Dr. Lee.”"
    assert said.kind is BlurbKind.QUOTE


@pytest.mark.parametrize("description", ["", "A straight nose", "News from us"])
def test_a_description_that_says_nothing_is_passed_over(description):
    assert blurb("", piece(description=description)).kind is BlurbKind.QUOTE


@pytest.mark.parametrize(
    "path", ["Notices > Recalls > No. 141 of the Office.", "A | B | C | D | the end.", "See No. 141 rev."]
)
def test_a_path_of_links_is_no_sentence_to_quote(path):
    assert blurb("", piece(text=f"{path}\nThe nose was straight after a year. {LONG}")).text.startswith("“The nose")


def test_a_first_sentence_that_says_nothing_is_not_left_alone():
    question = "I look tired. Two clinics told me two things about the hollows under my eyes, and so " + "on " * 30
    assert blurb("", piece(description=question)).text.startswith("I look tired. Two clinics told me two things")


def test_nosnippet_and_link_only_show_nothing():
    assert blurb("", piece(nosnippet=True)).text == ""
    assert blurb("", piece(excerpts="link-only")).text == ""
    assert blurb("", piece(max_snippet=0)).text == ""


def test_a_max_snippet_of_the_page_is_kept():
    said = blurb(
        "", piece(max_snippet=40, description="Surgeons followed ninety noses for a year and found them straight.")
    )
    assert 0 < len(said.text) <= 40


def test_a_negative_max_snippet_means_no_limit():
    assert allowance(piece(max_snippet=-1)) == (30, 200)


def test_a_tenth_of_the_text_but_twenty_words_always():
    assert allowance(piece(text="word " * 250)) == (25, 200)
    assert allowance(piece(text="word " * 50)) == (20, 200)
    assert allowance(piece(text="word " * 50, excerpts="licensed")) == (30, 200)


def test_sentences_do_not_end_at_doctors_and_initials():
    text = "Dr. A. Lee of the U.S. society spoke. “It heals,” she said. Then came 3.5 ml!"
    assert sentences(text) == ["Dr. A. Lee of the U.S. society spoke.", "“It heals,” she said.", "Then came 3.5 ml!"]


@given(st.text(max_size=800), st.text(max_size=800), st.one_of(st.none(), st.integers(-5, 300)))
def test_whatever_the_page_says_the_limit_holds(text, description, limit):
    quotable = piece(text=text, description=description, max_snippet=limit)
    said = blurb("", quotable)
    words, characters = allowance(quotable)
    assert len(said.text.split()) <= max(words, 0)
    assert len(said.text) <= max(characters, 0)


@given(st.text(max_size=300), st.integers(1, 30), st.integers(3, 200))
def test_shortening_never_exceeds(text, words, characters):
    short = shortened(text, words, characters)
    assert len(short) <= characters
    assert len(short.split()) <= words


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (
            "They write, “These findings change little for most patients.”",
            "“They write, ‘These findings change little for most patients.’”",
        ),
        ("“These findings change little for most patients.”", "“These findings change little for most patients.”"),
        ('The surgeon said "wait a year for it" and left.', "“The surgeon said ‘wait a year for it’ and left.”"),
    ],
)
def test_quotation_marks_within_a_quotation_are_single(text, printed):
    assert blurb("", Quotable("A title", text, "", Reuse())).text == printed


def test_a_greeting_is_not_quoted():
    text = "Thank you for your question! Scars of the brow soften within a year."
    assert blurb("", Quotable("A title", text, "", Reuse())).text == "“Scars of the brow soften within a year.”"
