"""Which stories a reader gets."""

import pytest

from digest.issue import Imprint, IssueContent, IssueItem, TopicName
from digest.selection import Wishes, select

TOPICS = (
    TopicName("nose", "subject", "Nose"),
    TopicName("hair", "subject", "Hair"),
    TopicName("law", "angle", "Law"),
    TopicName("study", "angle", "Studies"),
)
IMPRINT = Imprint("w", "Weekly", "", "W", "w@x.example", "", "1 Row", "#8a3b55", "en", "UTC")


def issue(*items: IssueItem) -> IssueContent:
    return IssueContent(IMPRINT, 1, "weekly", "", "", "2026-11-13", "2026-11-20", items, TOPICS)


def story(name: str, *topics: str, **more) -> IssueItem:
    return IssueItem("story", name, topics=topics, key=name, **more)


def picks(content, *topics, never=()):
    found = select(content, Wishes(frozenset(topics), frozenset(never)))
    return [item.headline for item in found.picks]


@pytest.mark.parametrize(
    ("topics", "shown"),
    [
        ((), ["a", "b", "c", "d"]),
        (("nose",), ["a", "b", "d"]),
        (("nose", "hair"), ["a", "b", "c", "d"]),
        (("nose", "law"), ["a", "d"]),
        (("law",), ["a", "c", "d"]),
        (("study",), ["b"]),
    ],
)
def test_or_inside_a_facet_and_between_facets(topics, shown):
    content = issue(
        story("a", "nose", "law"), story("b", "nose", "study"), story("c", "hair", "law"), story("d", "law")
    )
    assert picks(content, *topics) == shown


def test_a_story_without_a_topic_in_a_facet_passes_that_facet():
    assert picks(issue(story("a", "law")), "nose") == ["a"]


def test_never_wins_over_wanted_and_over_leads():
    content = issue(story("a", "nose"), story("b", "nose", lead=True))
    found = select(content, Wishes(frozenset({"nose"}), frozenset({"nose"})))
    assert found.empty


def test_an_issue_of_which_short_lines_are_left_is_not_empty_for_a_reader():
    content = issue(story("a", "nose"))
    assert not select(content, Wishes(frozenset({"hair"}))).empty
    assert select(content, Wishes(frozenset({"hair"}), frozenset({"nose"}))).empty


def test_safety_notices_always_pass():
    found = select(issue(story("a", "hair", safety=True)), Wishes(frozenset({"nose"}), frozenset({"hair"})))
    assert [item.headline for item in found.safety] == ["a"]


def test_leads_are_for_all_and_the_rest_becomes_short_lines():
    found = select(
        issue(story("a", "hair", lead=True), story("b", "hair"), story("c", "nose")), Wishes(frozenset({"nose"}))
    )
    assert [item.headline for item in found.leads] == ["a"]
    assert [(lines.topic, [item.headline for item in lines.items]) for lines in found.short] == [("Hair", ["b"])]


def test_the_editors_order_stands():
    assert picks(issue(story("z", "nose"), story("a", "nose"), story("m", "nose"))) == ["z", "a", "m"]


def test_a_heading_with_nothing_below_it_is_left_out():
    content = issue(IssueItem("heading", "Hair"), story("a", "hair"), IssueItem("heading", "Nose"), story("b", "nose"))
    assert picks(content, "nose") == ["Nose", "b"]


def test_an_issue_comes_back_from_its_json():
    content = issue(story("a", "hair", badges=("release by X",)))
    assert IssueContent.from_json(content.to_json()) == content
