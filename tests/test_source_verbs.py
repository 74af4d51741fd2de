"""Sources by the command line: what is refused or noted in one line, and what is changed."""

import json

import pytest
from click.testing import CliRunner

from crawler.models import Event, Source
from crawler.sources import SourceError, add_source, source_address, source_named
from crawler.tending import tend_source
from crawler.urls import is_private
from desk.cli.sources import source
from tests.conftest import NOW

DB = pytest.mark.django_db
FEED = "https://paper.example/feed"


@pytest.fixture
def verb(home, monkeypatch):
    """Run `glabella source ...`; its exit code, stdout and stderr."""
    monkeypatch.setattr("desk.ready.make_ready", lambda now: None)

    def run(*words):
        done = CliRunner().invoke(source, list(words), catch_exceptions=False)
        return done.exit_code, done.stdout, done.stderr

    return run


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://exa mple.org/", "its host is no name that a server can have"),
        ("http://xn--/", "its host is no name that a server can have"),
        ("http://xn--\u00e9/", "its host is no name that a server can have"),
        ("http://-a.example/", "its host is no name that a server can have"),
        ("http://a..example/", "its host is no name that a server can have"),
        ("http://exa\tmple.org/", "it holds a control character"),
        ("http://example.org/\x00feed", "it holds a control character"),
        ("http://example.org/\x9b31m", "it holds a control character"),
        ("http://user:pw@paper.example/", "it holds a user's name or password, which would be shown to everyone"),
        ("http://:pw@paper.example/", "it holds a user's name or password, which would be shown to everyone"),
        ("ftp://user:pw@paper.example/", "it should begin with https://"),
        ("paper.example/feed", "it should begin with https://"),
        ("http://user:pw@paper.example:port/", "Port could not be cast to integer value as 'port'"),
    ],
)
def test_an_address_that_cannot_be_asked_is_refused_for_what_is_wrong_and_tells_no_password(url, why):
    with pytest.raises(SourceError) as refused:
        source_address(url)
    assert refused.value.why == why
    assert "pw" not in str(refused.value)
    assert not set(map(chr, range(32))) & set(str(refused.value))


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        (f" {FEED}\n", FEED),
        ("https://caf\u00e9.example/", "https://xn--caf-dma.example/"),
        ("https://xn--ls8h.example/", "https://xn--ls8h.example/"),
        ("http://a_b.example/a b", "http://a_b.example/a%20b"),
        ("http://[2001:db8::1]/", "http://[2001:db8::1]/"),
        ("http://localhost:8080/", "http://localhost:8080/"),
        ("https://paper.example/@ed?who=a@b", "https://paper.example/@ed?who=a@b"),
    ],
)
def test_an_address_that_can_be_asked_is_taken(url, clean):
    assert source_address(url) == clean


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("10.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("a.internal", True),
        ("8.8.8.8", False),
        ("a.org", False),
    ],
)
def test_a_private_host_is_told_from_a_public_one(host, private):
    assert is_private(host) is private


@DB
@pytest.mark.parametrize("allowed", [True, False])
def test_a_private_address_is_taken_with_a_note_where_it_is_not_asked(verb, settings, allowed):
    settings.ALLOW_PRIVATE = allowed
    note = "note: 10.0.0.1 is a private address: not asked unless GLABELLA_ALLOW_PRIVATE is 1\n"
    assert verb("add", "http://10.0.0.1/feed") == (0, "added: feed http://10.0.0.1/feed\n", "" if allowed else note)
    assert verb("add", FEED)[2] == ""


@DB
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), ""),
        (("--tag", "press"), ""),
        (("--tag", "safety", "--tag", "press"), "it keeps tags press, not press safety"),
        (("--kind", "listing", "--title", "Paper"), "it keeps kind feed, not listing, title none, not Paper"),
        (("--trust", "0.9"), "it keeps trust 0.5, not 0.9"),
    ],
)
def test_adding_a_known_source_says_what_it_keeps_and_how_to_change_that(verb, words, said):
    row, _ = add_source(FEED, "feed", by="test", now=NOW, tags=["press"])
    note = f"note: {said}; `glabella source edit {row.pk}` changes that\n" if said else ""
    assert verb("add", FEED, *words) == (0, f"known already: feed {FEED}\n", note)
    row.refresh_from_db()
    assert (row.kind, row.tags, row.title, row.trust) == ("feed", ["press"], "", 0.5)


@DB
@pytest.mark.parametrize(
    ("words", "changed"),
    [
        (("--tag", "safety"), {"tags": ["safety"]}),
        (("--no-tags",), {"tags": []}),
        (("--title", "The Paper", "--every", "60"), {"title": "The Paper", "rhythm_minutes": 60}),
        (("--title", ""), {"title": ""}),
        (("--trust", "0", "--excerpts", "link-only"), {"trust": 0.0, "excerpts": "link-only"}),
        (("--kind", "listing"), {"kind": "listing", "etag": "", "next_at": None}),
        ((), {}),
    ],
)
def test_editing_a_source_changes_what_is_said_and_leaves_the_rest(verb, words, changed):
    row, _ = add_source(FEED, "feed", by="test", now=NOW, tags=["press"], title="Paper")
    Source.objects.update(etag="1", next_at=NOW)
    before = Source.objects.values().get()
    code, said, _ = verb("edit", "paper.example", *words)
    assert (code, said.startswith(f"{changed.get('kind', 'feed')} {FEED}: ")) == (0, True)
    assert Source.objects.values().get() == before | changed
    events = Event.objects.filter(verb="tend source", key=str(row.pk)).values_list("after", flat=True)
    noted = {name: value for name, value in changed.items() if value != before[name]}
    assert [set(one) for one in events] == ([set(noted) - {"etag", "next_at"}] if noted else [])


@DB
@pytest.mark.parametrize(
    "words", [("--every", "5"), ("--trust", "2"), ("--kind", "import"), ("--tag", "a", "--no-tags")]
)
def test_an_edit_beyond_what_the_desk_allows_is_wrong_usage(verb, words):
    add_source(FEED, "feed", by="test", now=NOW)
    assert verb("edit", FEED, *words)[0] == 2
    assert not Event.objects.filter(verb="tend source").exists()


@DB
def test_a_source_is_not_tended_into_what_no_row_holds():
    row, _ = add_source(FEED, "feed", by="test", now=NOW)
    care = {"tags": [], "rhythm_minutes": 60, "trust": 0.5, "excerpts": "normal", "by": "test", "now": NOW}
    for wrong in ({"title": "T" * 201}, {"title": "T", "kind": "import"}):
        with pytest.raises(SourceError):
            tend_source(row, **care, **wrong)
    assert json.dumps(Source.objects.values_list("title", "kind").get()) == '["", "feed"]'


def test_a_whole_title_names_its_source_though_others_hold_it_in_their_address(db, now):
    meant = add_source("https://a.example/feed", "feed", by="test", now=now, title="The Paper")[0]
    add_source("https://the-paper.example/feed", "feed", by="test", now=now, title="The Paper, letters")
    assert source_named("the paper") == meant
