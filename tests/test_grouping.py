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
