"""What topics and facets are called, in the language of who reads: at the desk, on a letter's pages, in its mails."""

import pytest
from django.utils import timezone

from classifier.errors import ClassifierError, PackError
from classifier.models import Topic
from classifier.pack import load_pack
from classifier.taxonomy import called, taxonomy_of
from classifier.topicmodel import TopicModel
from classifier.topics import Difference, load_topics, rename
from digest.freezing import content_of
from digest.message import Links, render
from digest.preferences import choosable, preferences_link
from digest.selection import Wishes, select
from tests.desk_cast import make_label, make_people, signed_in
from tests.factory import NOW, make_edition, make_publication, make_reader, make_sent_edition, make_story
from tests.topic_cast import GARDENS, garden_bytes, gardens

ENGLISH, GERMAN = {"Accept-Language": "en"}, {"Accept-Language": "de"}
NAMES = {"de": "Rosen", "de-at": "Röserl"}


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Roses"), ("de", "Rosen"), ("de-AT", "Rosen"), ("de_AT", "Rosen"), ("de-at", "Röserl"), ("", "Roses"), ("fi", "Roses")],
)  # fmt: skip
def test_a_name_is_said_in_the_language_then_in_the_wider_one_then_as_the_pack_has_it(language, name):
    assert called("Roses", NAMES, language) == name


def test_the_shipped_pack_names_every_topic_and_facet_in_german():
    taxonomy = load_pack().taxonomy
    named = (*taxonomy.topics, *taxonomy.facets)
    assert all(one.names["de"].strip() for one in named)
    assert len({one.names["de"] for one in named}) == len(named)
    assert [(facet.name, facet.names["de"]) for facet in taxonomy.facets] == [
        ("Treatments", "Behandlungen"),
        ("Kinds of news", "Art der Meldung"),
    ]


def test_a_name_in_another_language_changes_nothing_for_the_model():
    roses = {**GARDENS["topic"][0], "names": {"de": "Rosen"}}
    named = taxonomy_of(GARDENS | {"topic": [roses, *GARDENS["topic"][1:]]})
    assert named.topics[0].names == {"de": "Rosen"}
    assert named.digest == gardens().digest
    assert "Rosen" not in str(named.to_json())
    assert TopicModel.load(garden_bytes()).taxonomy == named


@pytest.mark.parametrize("names", ["Rosen", {"de": ""}, {"de": ["Rosen"]}, {"de": 3}, []])
def test_names_that_are_not_one_for_each_language_are_refused_with_the_topic(names):
    with pytest.raises(PackError, match="ponds"):
        gardens({"key": "ponds", "facet": "subject", "name": "Ponds", "names": names})


@pytest.mark.django_db
def test_a_load_says_which_names_differ_and_then_nothing():
    load_topics(gardens(), by="test", now=NOW)
    shows = {**GARDENS["topic"][2], "names": {"de": "Schauen"}}
    facets = [GARDENS["facet"][0], {"key": "angle", "name": "Kinds of news", "names": {"de": "Art der Meldung"}}]
    named = taxonomy_of(GARDENS | {"topic": [*GARDENS["topic"][:2], shows], "facet": facets})
    assert load_topics(named, by="test", now=NOW) == [Difference("shows", "changed: facet_name, facet_names, names")]
    assert load_topics(named, by="test", now=NOW) == []
    row = Topic.objects.get(key="shows")
    assert (row.called("de"), row.called("en")) == ("Schauen", "Shows")
    assert (row.facet_called("de"), row.facet_called("en")) == ("Art der Meldung", "Kinds of news")


@pytest.mark.django_db
def test_a_facet_without_a_name_is_called_by_its_key():
    assert Topic(key="x", facet="kind-of-news", name="X").facet_called("de") == "Kind of news"


@pytest.mark.django_db
def test_a_name_that_a_person_gave_holds_in_every_language_and_no_load_translates_it():
    load_topics(load_pack().taxonomy, by="test", now=NOW)
    rename("nose", "Nose and airway", "aesthetics", by="ed", now=NOW)
    assert load_topics(load_pack().taxonomy, by="test", now=NOW) == []
    row = Topic.objects.get(key="nose")
    assert (row.called("de"), row.called("en")) == ("Nose and airway", "Nose and airway")


@pytest.mark.django_db
def test_a_name_kept_since_before_there_were_languages_is_not_translated_either():
    load_topics(load_pack().taxonomy, by="test", now=NOW)
    Topic.objects.filter(key="nose").update(name="Snouts", names={}, kept=["name"])
    assert load_topics(load_pack().taxonomy, by="test", now=NOW) == []
    assert Topic.objects.get(key="nose").called("de") == "Snouts"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "pack",
    [
        gardens({"key": "ponds", "facet": "subject", "name": "Ponds", "names": {"de": "T" * 81}}),
        taxonomy_of(GARDENS | {"facet": [{"key": "subject", "name": "S" * 81}, GARDENS["facet"][1]]}),
    ],
    ids=["a topic in German", "a facet"],
)
def test_a_name_that_no_row_holds_is_refused_whole(pack):
    with pytest.raises(ClassifierError, match="too long"):
        load_topics(pack, by="test", now=NOW)
    assert not Topic.objects.exists()


@pytest.fixture
def loaded(db, home):
    load_topics(load_pack().taxonomy, by="test", now=NOW)


@pytest.fixture
def lids(loaded):
    return make_publication("lids", name="Lid und Lippe", language="de", timezone="Europe/Berlin")


@pytest.fixture
def brow(loaded):
    return make_publication()


def desk_pages(publication, client, story, headers):
    base = f"/desk/{publication.slug}"
    make_edition(publication, [story])
    pages = ("queue", f"stories/{story.key}", "publication", "editions/weekly-1/preview")
    return {page: client.get(f"{base}/{page}", headers=headers).content.decode() for page in pages}


@pytest.mark.parametrize(
    ("headers", "topic", "facet", "others"),
    [
        (ENGLISH, "Body contouring", "Treatments", ("Körperformung", "Behandlungen")),
        (GERMAN, "Körperformung", "Behandlungen", ("Body contouring", "Treatments")),
    ],
    ids=["English", "German"],
)
def test_the_desk_speaks_of_topics_in_the_editor_s_language_whatever_the_letter_s(lids, headers, topic, facet, others):
    story = make_story("A flat belly", ["body"])
    make_label(story, probabilities={"body": 0.9})
    for page, html in desk_pages(lids, signed_in(make_people()["editor"]), story, headers).items():
        assert topic in html, page
        assert not [word for word in others if word in html], page
        assert (facet in html) == (page in ("publication", f"stories/{story.key}")), page


@pytest.mark.parametrize(
    ("slug", "topic", "facet", "wanted"),
    [
        ("brow", "Body contouring", "Treatments", "Topics that you want"),
        ("lids", "Körperformung", "Behandlungen", ""),
    ],
)
def test_a_letter_s_pages_speak_of_topics_in_its_language(request, client, slug, topic, facet, wanted):
    publication = request.getfixturevalue(slug)
    reader = make_reader(publication, topics=["body"])
    story = make_story("A flat belly", ["body"])
    make_sent_edition(publication, [story])
    link = preferences_link(reader, timezone.now()).partition("8000")[2]
    for path, words in {
        f"/{slug}/": (topic, facet),
        f"/{slug}/topics/": (topic, facet),
        f"/{slug}/topics/body": (f"<h1>{topic}</h1>", f'title="{publication.name}: {topic}"'),
        f"/{slug}/topics/body/atom.xml": (f"{publication.name}: {topic}", f'term="{topic}"'),
        f"/{slug}/issues/1": (topic,),
        f"/s/{story.key}": (topic,),
        link: (topic, facet, wanted),
    }.items():
        html = client.get(path, headers=ENGLISH).content.decode()
        assert [word for word in words if word not in html] == [], path
        assert "I want:" not in html, path
        assert ">Subject<" not in html, path


def test_an_edition_is_frozen_with_the_names_in_the_letter_s_language(lids, brow):
    for publication, name in ((lids, "Körperformung"), (brow, "Body contouring")):
        content = content_of(make_edition(publication, [make_story("A flat belly", ["body"])]), "https://g.example")
        assert {one.key: one.name for one in content.topics}["body"] == name


def test_what_a_reader_chooses_from_is_named_in_the_letter_s_language(lids, brow):
    assert [facet.name for facet in choosable(lids)] == ["Behandlungen", "Art der Meldung"]
    assert [facet.name for facet in choosable(brow)] == ["Treatments", "Kinds of news"]
    assert choosable(lids)[0].topics[0].name == "Botox & Neurotoxine"


MAIL = """\
Lid und Lippe
Nr. 1, 9. November bis 16. November 2026

In Ihren Themen gibt es diese Woche nichts. In anderen gibt es:

Körperformung
- A flat belly (The Paper)
  https://paper.example/belly

--
"""


def test_a_german_mail_names_its_topics_in_german(lids):
    story = make_story("A flat belly", ["body"], url="https://paper.example/belly")
    content = content_of(make_edition(lids, [story]), "https://g.example")
    links = Links("https://g.example/leave/t", "", "https://g.example/lids/topics-link")
    assert render(content, select(content, Wishes(frozenset({"hair"}))), links).text.startswith(MAIL)
    html = render(content, select(content, Wishes(frozenset())), links).html
    assert "Körperformung" in html
    assert "Body contouring" not in html
