"""Copies find each other; passages that articles share do not join them."""

from hypothesis import given
from hypothesis import strategies as st

from crawler.fingerprint import bands, containment, fingerprint, resemblance
from crawler.grouping import Candidate, decide

RELEASE = " ".join(f"sentence{n} tells of a filler and its trial in clinic{n % 7}" for n in range(60))
CUT = " ".join(RELEASE.split()[:380])
ABOUT = " ".join(f"about{n} the company makes devices in town{n % 5}" for n in range(12))
OTHER = " ".join(f"other{n} words speak of eyelids and a law in state{n % 9}" for n in range(60))


def candidate(text, article=1, story=10):
    return Candidate(article, story, fingerprint(text))


def test_a_cut_reprint_joins_its_release():
    decision = decide(fingerprint(CUT), [candidate(RELEASE)])
    assert (decision.story, decision.relation) == (10, "reprint")


def test_the_same_words_are_a_copy():
    assert decide(fingerprint(RELEASE), [candidate(RELEASE)]).relation == "copy"


def test_a_shared_about_us_passage_joins_nothing():
    decision = decide(fingerprint(f"{RELEASE} {ABOUT}"), [candidate(f"{OTHER} {ABOUT}")])
    assert decision.story is None


def test_short_notices_that_share_their_formulas_stay_two():
    one = "The agency recalls lot 123 of the filler. Stop using it at once and return the packs to the seller. Call us."
    two = "The agency recalls lot 987 of the laser tip. Stop using it at once and return the packs to the seller. Call us."
    assert decide(fingerprint(one), [candidate(two)]).story is None


def test_what_an_editor_split_is_not_joined_again():
    assert decide(fingerprint(RELEASE), [candidate(RELEASE, article=5)], apart={5}).story is None


def test_a_text_that_names_its_original_needs_to_share_less_with_it():
    part = " ".join(OTHER.split()[:380] + RELEASE.split()[-220:])
    assert decide(fingerprint(part), [candidate(RELEASE)]).story is None
    named = Candidate(1, 10, fingerprint(RELEASE), "paper.example")
    decision = decide(fingerprint(part), [named])
    assert (decision.story, decision.relation, decision.article) == (10, "reprint", 1)
    assert decision.why == "names paper.example as its original, shares 39% of the shorter text"


def test_a_named_original_does_not_take_a_text_from_the_one_it_repeats():
    named = Candidate(1, 10, fingerprint(RELEASE), "paper.example")
    assert decide(fingerprint(f"{OTHER} {CUT[:4000]}"), [named, candidate(OTHER, 2, 20)]).story == 20


def test_a_text_that_names_what_it_does_not_repeat_joins_nothing():
    named = Candidate(1, 10, fingerprint(f"{RELEASE} {ABOUT}"), "paper.example")
    assert decide(fingerprint(f"{OTHER} {ABOUT}"), [named]).story is None


def test_the_likest_candidate_wins():
    decision = decide(fingerprint(RELEASE), [candidate(CUT, 1, 10), candidate(RELEASE, 2, 20)])
    assert decision.story == 20


@given(st.text(max_size=200))
def test_any_text_has_a_fingerprint_and_resembles_itself(text):
    print_ = fingerprint(text)
    assert resemblance(print_, print_) in (0.0, 1.0)
    assert containment(print_, print_) in (0.0, 1.0)
    assert bands(print_) == bands(print_)


def test_copies_meet_in_at_least_one_band():
    assert set(bands(fingerprint(RELEASE))) & set(bands(fingerprint(CUT)))
