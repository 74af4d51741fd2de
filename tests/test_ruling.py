"""Rules of a site are set by a verb, can be taken back, and reach what is stored already."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from crawler.archive import ArchiveWriter
from crawler.article import SiteRules
from crawler.models import Article, Event, Link, Site, Story
from crawler.page import Page
from crawler.reprocessing import ask_again, reprocess_asked, waiting
from crawler.ruletext import RuleError, read_rules
from crawler.ruling import rules_at, set_rules, trial_of, undo_rules
from desk.cli.sources import source as source_verbs
from desk.dropping import blocks_of
from desk.undoing import undo
from tests.conftest import NOW
from tests.factory import make_story
from tests.test_rules import HTML

pytestmark = pytest.mark.django_db
HOST, PLUG = "paper.example", SiteRules(drop=(".plug", ".gone"), author=".who")


@pytest.fixture
def story(home):
    """A story whose page is stored, read before anybody set a rule: the shop's words are in its text."""
    made = make_story("Scar cream fails", text=f"Our shop sells {HTML}")
    keep_page(made.lead.link, home)
    return Story.objects.select_related("lead").get(pk=made.pk)


def keep_page(link, home, name="r1.warc.gz", html=HTML):
    page = Page(link.url, link.url, 200, (("Content-Type", "text/html"),), html.encode(), NOW)
    writer = ArchiveWriter(home / "archive" / name)
    offset, _ = writer.page(page, "link:1")
    writer.close()
    row = {"archive_file": name, "archive_offset": offset, "content_hash": "x", "fetched_at": NOW}
    Link.objects.filter(pk=link.pk).update(**row)


def test_rules_are_set_with_an_event(story):
    Site.objects.filter(host=HOST).update(unmatched_rules=[".old"])
    set_rules(HOST, PLUG, by="edith", now=NOW)
    site = Site.objects.get(host=HOST)
    assert (rules_at(site), site.unmatched_rules) == (PLUG, [])
    event = Event.objects.get(verb="set rules")
    assert (event.kind, event.key, event.by) == ("site", HOST, "edith")
    assert (event.before, event.after) == ({}, {"drop": [".plug", ".gone"], "author": ".who"})


def test_the_same_rules_once_more_change_nothing(story):
    for _ in range(2):
        set_rules(HOST, PLUG, by="edith", now=NOW)
    assert Event.objects.filter(verb="set rules").count() == 1


@pytest.mark.parametrize(
    ("host", "rules", "says"),
    [
        ("nowhere.example", PLUG, "no such site: nowhere.example"),
        (HOST, SiteRules(drop=("p[[",)), "this is no CSS selector"),
    ],
)
def test_what_cannot_be_set_is_refused_and_changes_nothing(story, host, rules, says):
    with pytest.raises(RuleError, match=says):
        set_rules(host, rules, by="edith", now=NOW)
    assert Site.objects.get(host=HOST).rules == {}
    assert not Event.objects.filter(verb="set rules").exists()


def test_rules_are_taken_back_unless_others_were_set_since(story):
    set_rules(HOST, PLUG, by="edith", now=NOW)
    first = Event.objects.get(verb="set rules")
    undo(str(first.pk), by="edith", now=NOW)
    assert Site.objects.get(host=HOST).rules == {}
    assert Event.objects.get(verb="undo set rules").undoes == first
    set_rules(HOST, PLUG, by="edith", now=NOW)
    second = Event.objects.filter(verb="set rules").latest("pk")
    set_rules(HOST, SiteRules(title="h1"), by="otto", now=NOW)
    with pytest.raises(RuleError, match="the rules have been changed since"):
        undo_rules(second, by="edith", now=NOW)


def test_a_trial_tells_what_the_rules_do_to_the_newest_page(story, home):
    trial = trial_of(set_rules(HOST, PLUG, by="edith", now=NOW), home / "archive")
    assert trial.url == story.lead.link.url
    assert trial.without.words > trial.ruled.words > 20
    assert trial.without.blocks == trial.ruled.blocks + 1
    assert trial.ruled.author == "Ana Coelho"
    assert trial.unmatched == (".gone",)


def test_rules_that_leave_no_body_are_said_to(story, home):
    trial = trial_of(set_rules(HOST, SiteRules(drop=("body *",)), by="edith", now=NOW), home / "archive")
    assert (trial.without.refused, trial.ruled.words) == ("", 0)
    assert trial.ruled.refused


@pytest.mark.parametrize("row", [{"archive_file": ""}, {"archive_file": "gone.warc.gz"}])
def test_without_a_kept_page_there_is_no_trial(story, home, row):
    Link.objects.update(**row)
    assert trial_of(set_rules(HOST, PLUG, by="edith", now=NOW), home / "archive") is None


def test_stored_pages_are_judged_again_by_the_new_rules(story, home, clock):
    other = make_story("A page that is no longer kept")
    Link.objects.filter(pk=other.lead.link_id).update(archive_file="gone.warc.gz", content_hash="x")
    set_rules(HOST, PLUG, by="edith", now=NOW)
    assert ask_again(HOST, by="edith", now=NOW) == waiting(HOST) == 2
    assert Event.objects.get(verb="judge again").after == {"pages": 2}
    assert reprocess_asked(home / "archive", clock=clock, stop=lambda: True) == 0
    assert waiting(HOST) == 2
    assert reprocess_asked(home / "archive", clock=clock) == 1
    assert (waiting(HOST), reprocess_asked(home / "archive", clock=clock)) == (0, 0)
    article = Article.objects.get(link=story.lead.link, current=True)
    assert "Our shop" not in article.text
    assert article.author == "Ana Coelho"
    assert article.story == story


def test_a_page_that_a_crawl_replaced_meanwhile_is_left_to_it(story, home, clock, monkeypatch):
    """The row that judging holds is older than what the crawl wrote; its archive and hash must not come back."""
    ask_again(HOST, by="edith", now=NOW)
    real = Link.objects.get(pk=story.lead.link_id)

    def crawled_meanwhile(page, item, site):
        Link.objects.filter(pk=real.pk).update(archive_file="newer.warc.gz", content_hash="y")
        return judged(page, item, site)

    from crawler import intake

    judged = intake.judge_page
    monkeypatch.setattr(intake, "judge_page", crawled_meanwhile)
    reprocess_asked(home / "archive", clock=clock)
    real.refresh_from_db()
    assert (real.archive_file, real.content_hash, real.judge_again) == ("newer.warc.gz", "y", False)
    assert "Our shop" in Article.objects.get(link=real, current=True).text


def test_what_was_dropped_is_told_by_the_rules_of_the_site(story):
    assert any("Our shop" in block.text for block in blocks_of(story.lead))
    set_rules(HOST, PLUG, by="edith", now=NOW)
    story.lead.link.site.refresh_from_db()
    assert not any("Our shop" in block.text for block in blocks_of(story.lead))


def rules_verb(*words, **options):
    return CliRunner().invoke(source_verbs, ["rules", *words], **options)


def test_the_command_line_shows_and_sets_rules(story, tmp_path):
    assert rules_verb(HOST).output.startswith("no rules")
    file = tmp_path / "rules.txt"
    file.write_text("drop: .plug\ndrop: .gone\n")
    said = rules_verb(HOST, "--set", str(file), catch_exceptions=False).output
    assert said.startswith("drop: .plug\ndrop: .gone\n")
    assert "matches nothing there: .gone" in said
    told = json.loads(rules_verb(HOST, "--set", "-", "--json", input="author: .who", catch_exceptions=False).output)
    assert told["rules"] == {"author": ".who"}
    assert told["trial"]["ruled"]["author"] == "Ana Coelho"
    assert rules_verb(HOST, "--set", "-", input="").output.startswith("no rules")


@pytest.mark.parametrize("data", ["drop: p[[", "foo", b"\xff\xfe\x00"])
def test_the_command_line_refuses_what_is_no_rule(story, data):
    answer = rules_verb(HOST, "--set", "-", input=data)
    assert answer.exception is not None
    assert not isinstance(answer.exception, UnicodeError)
    assert Site.objects.get(host=HOST).rules == {}


def test_rules_for_a_site_that_is_not_known_are_refused(home):
    assert isinstance(rules_verb("nowhere.example").exception, RuleError)
    assert read_rules("") == SiteRules()
