"""A name that is longer than its row holds is refused in words, by SQLite's homes as by PostgreSQL's."""

import pytest
from django.urls import reverse
from django.utils import translation

from classifier.errors import ClassifierError
from classifier.models import Topic
from classifier.topics import load_topics, rename
from crawler.importing import import_paths
from crawler.models import Event, Link, Site, Source
from crawler.sources import SourceError, add_source
from desk.accounts import add_user
from desk.cli.ending import ending
from desk.cli.verbs import glabella
from desk.models import User
from desk.saying import sentence_of
from digest.models import Subscription
from digest.subscribing import subscribe
from tests.bad_web import PAGE
from tests.factory import NOW, make_publication, make_topic
from tests.test_importing import other_crawlers_archive
from tests.topic_cast import gardens

pytestmark = pytest.mark.django_db
WEAK_ENOUGH = "brow-lift-monday"
LONG_HOST = ".".join(["a" * 60] * 5) + ".example"
VERBS = (
    ("topics", "rename", "nose", "N" * 81),
    ("topics", "rename", "nose", " "),
    ("adduser", "n" * 81, "--password", WEAK_ENOUGH),
    ("adduser", "", "--password", WEAK_ENOUGH),
    ("source", "add", "https://paper.example/feed", "--title", "T" * 201),
    ("source", "add", "https://paper.example/" + "f" * 2000),
    ("source", "add", f"https://{LONG_HOST}/feed"),
    ("subscriber", "add", "rosa@reader.example", "--publication", "brow", "--name", "R" * 121),
    ("subscriber", "add", "rosa@reader.example", "--publication", "brow", "--how", "by hand " * 30),
    ("subscriber", "add", "r" * 300 + "@reader.example", "--publication", "brow"),
    ("publication", "add", "lip", "--name", "L" * 81, "--from", "n@lip.example", "--postal", "1 Paper Lane"),
    ("publication", "add", "l" * 41, "--name", "Lip", "--from", "n@lip.example", "--postal", "1 Paper Lane"),
    ("publication", "add", "lip", "--name", "Lip", "--from", "n@lip.example", "--postal", "1 Paper Lane, " * 20),
    ("publication", "add", "lip", "--name", "Lip", "--from", "n@lip.example", "--postal", "1", "--language", "e" * 13),
)


@pytest.fixture
def brow():
    make_topic("nose")
    return make_publication()


@pytest.mark.parametrize("words", VERBS, ids=lambda words: " ".join(words)[:60])
def test_a_verb_says_it_in_one_line_and_ends_with_1(brow, words, home, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["glabella", *words])
    assert ending(glabella) == 1
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert line.startswith("glabella: ")
    assert Source.objects.count() == User.objects.count() == Subscription.objects.count() == 0


def test_the_line_says_what_how_long_and_how_long_it_may_be(brow):
    with pytest.raises(ClassifierError, match=r"^the name is too long: N{40}… \(81 letters, at most 80\)$"):
        rename("nose", "N" * 81, "aesthetics", by="ed", now=NOW)
    assert Topic.objects.get(key="nose").name == "Nose"


def test_the_line_is_said_in_german_too(brow):
    with pytest.raises(SourceError) as refused, translation.override("de"):
        add_source("https://paper.example/feed", "feed", by="ed", now=NOW, title="T" * 201)
    with translation.override("de"):
        assert sentence_of(refused.value) == f"zu lang: title: {'T' * 40}… (201 Zeichen, höchstens 200)"


def test_names_as_long_as_their_rows_are_taken(brow):
    rename("nose", "N" * 80, "aesthetics", by="ed", now=NOW)
    add_source("https://paper.example/feed", "feed", by="ed", now=NOW, title="T" * 200)
    subscribe("rosa@reader.example", brow, by="ed", now=NOW, how="h" * 200, name="R" * 120)
    add_user("n" * 80, WEAK_ENOUGH, "editor", by="ed", now=NOW)
    Event.objects.create(at=NOW, by="n" * 80, verb="test", kind="test", key="")


@pytest.mark.parametrize(("field", "text"), [("name", "N" * 81), ("key", "k" * 41)])
def test_a_pack_with_a_topic_that_no_row_holds_is_refused_whole(field, text):
    ponds = {"key": "ponds", "facet": "subject", "name": "Ponds", field: text}
    with pytest.raises(ClassifierError, match="too long"):
        load_topics(gardens(ponds), by="test", now=NOW)
    assert not Topic.objects.exists()


@pytest.mark.parametrize("url", ["https://paper.example/" + "f" * 2000, f"https://{LONG_HOST}/nose"], ids=len)
def test_an_archived_page_whose_address_no_row_holds_is_imported_under_its_own_digest(url, tmp_path):
    other_crawlers_archive(tmp_path / "pages.warc.gz", (url, "200 OK", PAGE))
    (done,) = import_paths([tmp_path], by="ed", now=NOW)
    assert done.story, done.why
    assert Link.objects.get().url.startswith("urn:")
    assert Site.objects.get().host == "import"


def test_the_admin_refuses_a_user_whose_name_no_event_holds(client):
    client.force_login(User.objects.create(username="olga", is_staff=True, is_superuser=True))
    said = {"username": "n" * 81, "password1": WEAK_ENOUGH, "password2": WEAK_ENOUGH, "usable_password": "true"}
    page = client.post(reverse("admin:desk_user_add"), said)
    assert page.status_code == 200
    assert "at most 80 characters" in page.content.decode()
