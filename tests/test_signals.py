"""Signals: who sells, and which study is reported. Each with its words, blank where the text does not say."""

from __future__ import annotations

import time
from collections import defaultdict
from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.errors import PackError
from classifier.fieldwords import NO_WORDS, FieldWords, load_words
from classifier.pack import words_of
from classifier.promotion import Piece, read_promotion
from classifier.quoting import sentence_at
from classifier.signals import Signals, of_data, read_signals
from classifier.study import read_study
from crawler.article import NotAnArticle
from crawler.extract import read_page
from desk.demo.dates import fill_dates
from desk.demo.truth import Truth, load_sites, load_truths, page_text

PLAIN = "The town has opened a new bridge. It took three years to build, and the old one stays for people on foot."
TODAY = date(2026, 11, 16)


def signs(**fields: object) -> dict[str, str]:
    piece = Piece(**{"title": "A new bridge", "text": PLAIN, **fields})  # type: ignore[arg-type]
    return {sign.name: sign.said for sign in read_promotion(piece, words_of("aesthetics")).signs}


@pytest.mark.parametrize(
    "line",
    [
        "Sponsored content",
        "Sponsored by Quill & Sons",
        "SPONSORED: what our readers ask",
        "Sponsored | Quill & Sons",
        "Advertorial",
        "Advertisement feature",
        "Paid post by Quill & Sons",
        "Paid for by Quill & Sons. Our editors had no part in it.",
        "In partnership with Quill & Sons",
        "This article was paid for by Quill & Sons",
        "Anzeige: Eine neue Brücke",
    ],
)
@pytest.mark.parametrize("place", ["top", "bottom", "author"])
def test_a_label_of_the_publisher_is_a_fact_and_decides_alone(line, place):
    text = {"top": f"{line}\n\n{PLAIN}", "bottom": f"{PLAIN}\n\n{line}", "author": PLAIN}[place]
    found = read_promotion(Piece("A new bridge", text, author=line if place == "author" else ""))
    assert (found.found, found.labelled, found.signs[0].said) == (True, True, line)


@pytest.mark.parametrize(
    "text",
    [
        "Sponsored athletes met in town.",
        f"{PLAIN}\n\nAdvertisement\n\n{PLAIN}",
        f"{PLAIN}\n\nThe walk was sponsored by a bakery.",
        "Presented with the figures, the mayor was silent.",
        "Paid carers asked for more.",
        "Anzeigen gegen drei Männer",
    ],
)
def test_the_same_words_inside_a_text_are_no_label(text):
    assert not read_promotion(Piece("A new bridge", text)).labelled


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://paper.example/sponsored/a-new-bridge", "/sponsored/"),
        ("https://paper.example/2026/partner-content/a-new-bridge/", "/partner-content/"),
        ("https://paper.example/advertorial/2026/a-new-bridge", "/advertorial/"),
        ("https://sponsored.paper.example/a-new-bridge", "sponsored"),
        ("https://paper.example/2026/sponsored-a-new-bridge/", "sponsored-a-new-bridge"),
    ],
)
def test_the_address_may_bear_the_label(url, said):
    assert signs(url=url) == {"address": said}


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("Sponsored walkers cross the bridge", "https://paper.example/sponsored-walkers-cross-the-bridge"),
        ("A new bridge", "https://paper.example/news/who-sponsored-a-new-bridge"),
        ("A new bridge", "https://paper.example/a-new-bridge?from=sponsored"),
        ("A new bridge", "http://[broken"),
    ],
)
def test_a_slug_made_of_the_title_is_no_label(title, url):
    assert not read_promotion(Piece(title, PLAIN, url)).signs


def test_one_sign_is_not_enough():
    asked = PLAIN + " Book your appointment now."
    assert not read_promotion(Piece("", asked)).found
    assert not read_promotion(Piece("", PLAIN + " The bridge cost 4,000 euros and had a special offer.")).found
    assert not read_promotion(Piece("", PLAIN + " The managing director, Chief Executive Ann Quill, spoke.")).found


def test_an_invitation_with_an_offer_and_a_price_is_promotion_and_says_where():
    text = "We build bridges. Book your appointment this week.\n\nA special offer: 400 pounds until Friday."
    found = read_promotion(Piece("", text))
    assert found.found
    assert {sign.name: sign.said for sign in found.signs} == {
        "booking": "Book your appointment this week.",
        "offer": "A special offer: 400 pounds until Friday.",
        "price": "A special offer: 400 pounds until Friday.",
    }


def test_a_release_needs_a_firm_that_speaks():
    tagged = {"tags": frozenset({"wire", "releases"})}
    assert not read_promotion(Piece("A prize", PLAIN, **tagged)).found
    spoken = PLAIN + " “We are content,” said Ann Quill, Chief Executive."
    assert read_promotion(Piece("A bridge", spoken, **tagged)).found
    assert not read_promotion(Piece("A bridge", spoken)).found


def test_the_words_of_sellers_are_the_pack_s():
    blog = Piece("Lips", PLAIN + " Our injectors answer.", site="Quill Skin Clinic")
    assert read_promotion(blog, words_of("aesthetics")).found
    assert not read_promotion(blog, NO_WORDS).signs
    garden = FieldWords(sellers=("garden centre",), booking=("visit our greenhouse",))
    assert read_promotion(Piece("", "Visit our greenhouse.", site="Quill Garden Centre"), garden).found


ABSTRACT = (
    "Background\n\nA meta-analysis of 12 trials has asked for more.\n\nMethods\n\n{methods}\n\nResults\n\nAll was well.\n\n"
    "Funding\n\n{funding}"
)


@pytest.mark.parametrize(
    ("text", "design", "n"),
    [
        ("In a randomised trial of 180 people, half slept longer.", "randomised trial", "180"),
        ("The trial randomized 1,204 adults to a pill or none.", "randomised trial", "1204"),
        ("A study of 91 older patients, who were assigned at random, ended early.", "randomised trial", "91"),
        ("They slept longer than with placebo, the trial of 12 women says.", "placebo-controlled trial", "12"),
        ("A registry of 412 patients shows it.", "registry study", "412"),
        ("In a retrospective cohort study, 2 308 patients were included.", "retrospective cohort", "2308"),
        ("A meta-analysis found little.", "meta-analysis", ""),
        ("The systematic review of 31 studies found little.", "systematic review", ""),
        ("A case series of 9 patients is all there is, the authors say.", "case series", "9"),
        ("The study in mice was short.", "animal study", ""),
        ("The authors worked with cultured cells.", "cell study", ""),
        ("The phase 2 trial of 40 men ended.", "trial", "40"),
        ("The study was not randomised.", "", ""),
        ("The town counted 212 people.", "", ""),
        ("She had in vitro fertilisation after the study.", "", ""),
    ],
)
def test_design_and_number_are_told_as_the_text_tells_them(text, design, n):
    study = read_study(Piece("A night's sleep", text))
    assert (study.design.value, study.n.value) == (design, n)
    assert all(fact.said == text for _name, fact in study.facts())


def test_the_study_of_others_further_on_is_not_the_text_s_own():
    text = f"{PLAIN * 6}\n\nA randomised trial of 180 people had shown as much."
    assert not read_study(Piece("A night's sleep", text)).found


def test_an_abstract_s_own_work_stands_under_its_headings():
    text = ABSTRACT.format(methods="We followed 74 adults for a year.", funding="Quill Fund. It had no say.")
    study = read_study(Piece("Sleep", text))
    assert {name: fact.value for name, fact in study.facts()} == {
        "design": "prospective cohort",
        "n": "74",
        "funder": "Quill Fund",
    }


@pytest.mark.parametrize(
    ("text", "funder"),
    [
        ("The study was funded by the Quill Fund, a charity.", "Quill Fund"),
        ("The trial is sponsored by Quill & Sons and ends in May.", "Quill & Sons"),
        ("The trial had no outside funding.", "none"),
        ("The bridge was funded by the town. The study is new.", ""),
    ],
)
def test_the_funder_is_named_as_the_text_names_it(text, funder):
    assert read_study(Piece("", text)).funder.value == funder


@pytest.mark.parametrize(
    ("text", "journal"),
    [
        ("The results were published in the Journal of Sleep and Rest.", "Journal of Sleep and Rest"),
        ("They report in the British Journal of Sleep that it helps.", "British Journal of Sleep"),
        ("It appeared in The Lancet on Friday.", "Lancet"),
        ("Quill M. Counting sheep. Journal of Sleep. 2017;9:310.", ""),
        ("Another study, published in the Journal of Sleep, found less.", ""),
        ("A study published in 2003 in the Journal of Sleep found less.", ""),
    ],
)
def test_the_journal_is_the_one_that_printed_this_study(text, journal):
    assert read_study(Piece("", text)).journal.value == journal


def test_numbers_are_taken_where_they_are_the_only_ones_or_in_the_address():
    text = "See https://doi.org/10.5555/quill.12. PMID: 12345678. The trial is NCT01234567."
    study = read_study(Piece("", text))
    assert (study.doi.value, study.pmid.value, study.trial.value) == ("10.5555/quill.12", "12345678", "NCT01234567")
    many = text + " Also 10.5555/other.9, PMID 87654321 and NCT07654321."
    assert not list(read_study(Piece("", many)).facts())
    own = read_study(Piece("", many, url="https://journal.example/doi/10.5555/quill.12"))
    assert own.doi.value == "10.5555/quill.12"


def test_signals_come_back_from_their_row_as_they_went():
    piece = Piece("Sleep", "Sponsored by Quill & Sons\n\nIn a randomised trial of 180 people, half slept longer.")
    found = read_signals(piece)
    assert found.promotion.labelled
    assert found.study.found
    assert of_data(found.to_data()) == found
    assert of_data({}) == Signals(read_promotion(Piece("", "")), read_study(Piece("", "")))


def test_a_sentence_is_told_whole_and_no_longer_than_a_page_may():
    text = "One came. Dr. Quill of St. Ives asked 5.4 times why. Another left."
    at = text.index("asked")
    assert sentence_at(text, at, at + 5) == "Dr. Quill of St. Ives asked 5.4 times why."
    assert len(sentence_at("word " * 400, 900, 904)) <= 300


def test_words_of_signals_that_cannot_be_read_are_told(tmp_path):
    (tmp_path / "signals.toml").write_text("sellers = [")
    with pytest.raises(PackError, match="cannot read the words of signals"):
        load_words(tmp_path)
    assert load_words(tmp_path / "nowhere") == NO_WORDS


@given(st.text(max_size=400), st.text(max_size=60), st.text(max_size=60))
def test_any_text_has_signals(text, title, url):
    data = read_signals(Piece(title, text, url, title, url), words_of("aesthetics")).to_data()
    assert of_data(data).to_data() == data


@pytest.mark.parametrize(
    "piece", ["A ", "Journal Of ", "1,", "study of 1 a b c ", "/A b", "by the Annals of ", "\n", "A. "]
)
def test_no_text_takes_long(piece):
    started = time.perf_counter()
    read_signals(Piece(piece * 50, piece * 20_000, piece * 30))
    assert time.perf_counter() - started < 3


@cache
def newsroom() -> list[tuple[Truth, Signals]]:
    """Every article of the newsroom with its signals; a story has the tags of all sites that carry it."""
    sites = {site["key"]: site for site in load_sites()}
    read = []
    for truth in load_truths(TODAY):
        try:
            page = fill_dates(page_text(truth), TODAY).encode()
            read.append((truth, read_page(page, f"http://{truth.site}.example{truth.path}").article))
        except NotAnArticle:
            continue
    tags = defaultdict(set)
    for truth, _article in read:
        tags[truth.story].update(sites[truth.site]["tags"])
    return [
        (truth, read_signals(_piece(article, sites[truth.site]["title"], tags[truth.story]), words_of("aesthetics")))
        for truth, article in read
        if truth.expect == "article"
    ]


def _piece(article, site_title, tags):
    site = article.site_name or site_title
    return Piece(article.title, article.text, article.url, site, article.author, frozenset(tags))


def test_promotion_in_the_newsroom_is_found_and_nothing_else_is():
    said = [(truth.slug, truth.promotion, signals.promotion.found) for truth, signals in newsroom()]
    assert sum(true for _slug, true, _found in said) >= 13
    assert [slug for slug, true, found in said if true != found] == []
    labelled = [truth.slug for truth, signals in newsroom() if signals.promotion.labelled]
    assert labelled == ["sponsored-lip-weeks-at-lumiere-rooms"]


# Of each fact: at least so many told rightly, at most so many wrongly. What is missing is blank, not wrong.
FACTS = {"design": (10, 2), "n": (14, 0), "journal": (10, 0), "doi": (8, 0), "funder": (8, 0)}
SAME = {"randomised controlled trial": "randomised trial", "registry": "registry study"}


@pytest.mark.parametrize("name", FACTS)
def test_study_facts_in_the_newsroom_are_right_or_blank(name):
    right, wrong = 0, []
    for truth, signals in newsroom():
        want, told = str(getattr(truth.study, name) or ""), getattr(signals.study, name).value
        if told and want and SAME.get(want, want) in told:
            right += 1
        elif told and (told, want) != ("none", ""):
            wrong.append((truth.slug, told, want))
    least, most = FACTS[name]
    assert right >= least
    assert len(wrong) <= most, wrong
