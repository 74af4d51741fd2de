"""An editor's selectors for one site."""

from crawler.article import Clues, SiteRules
from crawler.extract import extract
from crawler.rules import apply_rules

URL = "https://journal.example/2031/05/scar-cream-trial"
TEXT = (
    "<p>A cream sold to flatten scars did no better than a plain ointment in a trial of 64 people, surgeons report.</p>"
    "<p>Half of the volunteers rubbed the cream on their scars twice a day for three months. The others used a jar "
    "that looked the same, and nobody knew which jar was which.</p>"
)
HTML = (
    "<html><head><title>Scar cream fails</title></head><body><div class='main'><h1>Scar cream fails</h1>"
    "<span class='who'>Ana Coelho</span><span class='when' title='x'>14 March 2031</span>"
    f"{TEXT}<div class='plug'><p>Our shop sells a cream of its own, and readers of this page get ten per cent off the "
    "first jar they buy from us this month.</p></div></div></body></html>"
)


def test_what_is_dropped_is_not_in_the_body():
    article = extract(HTML, URL, Clues(rules=SiteRules(drop=(".plug",))))
    assert "Our shop" not in article.text
    assert "nobody knew" in article.text
    assert article.unmatched_rules == ()


def test_what_is_kept_is_the_body():
    article = extract(HTML, URL, Clues(rules=SiteRules(keep=(".plug",))))
    assert article.text.startswith("Our shop sells")
    assert "nobody knew" not in article.text


def test_title_author_and_date_go_before_all_else():
    article = extract(HTML, URL, Clues(rules=SiteRules(title="h1", author=".who", date=".when")))
    assert (article.title, article.author) == ("Scar cream fails", "Ana Coelho")
    assert article.published is not None
    assert article.published.date().isoformat() == "2031-03-14"


def test_a_selector_that_matches_nothing_any_more_is_reported():
    rules = SiteRules(keep=(".main",), drop=(".gone", ".plug"), author=".who b")
    assert extract(HTML, URL, Clues(rules=rules)).unmatched_rules == (".who b", ".gone")


def test_a_selector_that_is_none_is_reported():
    assert apply_rules(HTML, SiteRules(drop=("p[[", ":nth-foo(2)"))).unmatched == ("p[[", ":nth-foo(2)")


def test_what_stands_in_a_kept_element_is_kept_once():
    ruled = apply_rules(HTML, SiteRules(keep=(".main", ".plug p")))
    assert ruled.html.count("Our shop") == 1
