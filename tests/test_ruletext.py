"""Rules of a site as text: one a line, read strictly, written so that they are read again."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import SiteRules
from crawler.judging import rules_of
from crawler.ruletext import MOST_LETTERS, MOST_RULES, RuleError, checked, read_rules, rules_data, written

TEXT = """
drop: .newsletter-box
  Drop :  aside.related , ul.share

keep: article .text
title: h1.headline
author: .byline a[href*="author:"]
date: time[datetime]
"""
RULES = SiteRules(
    keep=("article .text",),
    drop=(".newsletter-box", "aside.related , ul.share"),
    title="h1.headline",
    author='.byline a[href*="author:"]',
    date="time[datetime]",
)


def test_one_rule_stands_in_a_line():
    assert read_rules(TEXT) == RULES


def test_no_text_is_no_rules():
    assert read_rules(" \n\r\n ") == SiteRules()
    assert rules_data(SiteRules()) == {}
    assert written(SiteRules()) == ""


def test_what_is_written_is_read_again_from_text_and_from_a_row():
    assert read_rules(written(RULES)) == RULES
    assert rules_of(rules_data(RULES)) == RULES


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (".plug", r"no such rule: \.plug"),
        ("remove: .plug", r"no such rule: remove: \.plug \(a rule begins with drop:"),
        ("drop:", r"no such rule: drop: \(after the colon stands a CSS selector\)"),
        ("drop: p[[", r"this is no CSS selector: drop: p\[\["),
        ("keep: :nth-foo(2)", "this is no CSS selector"),
        ("drop: a >", "this is no CSS selector"),
        ("drop: <script>alert(1)</script>", "this is no CSS selector"),
        ("title: h1\ntitle: h2", "this is said twice: title: h2"),
        ("drop: .a\nfoo", "no such rule: foo"),
        ("drop: " + "a" * (MOST_LETTERS + 1), f"{MOST_LETTERS + 1} letters, at most {MOST_LETTERS}"),
        ("drop: .a\n" * (MOST_RULES + 1), f"too many rules: {MOST_RULES + 1}"),
        ("drop: " + ":not(" * 50 + "a" + ")" * 49, "this is no CSS selector"),
    ],
)
def test_what_is_no_rule_is_refused_in_words(text, says):
    with pytest.raises(RuleError, match=says):
        read_rules(text)


def test_rules_that_did_not_come_from_a_text_are_checked_too():
    with pytest.raises(RuleError, match="this is no CSS selector: title: h1"):
        checked(SiteRules(title="h1[["))


@given(st.text(max_size=120))
def test_no_text_breaks_the_reading_and_what_is_taken_is_written_back(text):
    with contextlib.suppress(RuleError):
        rules = read_rules(text)
        assert read_rules(written(rules)) == rules


@given(
    st.lists(st.sampled_from(("drop: ", "keep: ", "title: ")), max_size=3),
    st.text("a.#[]()>~+*:^$|\\\"' ,=", max_size=30),
)
def test_no_selector_breaks_the_reading(heads, selector):
    with contextlib.suppress(RuleError):
        read_rules("\n".join(head + selector for head in heads))
