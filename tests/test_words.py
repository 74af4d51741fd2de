"""The words of pages and mails: every one is in the German catalogue, and the compiled one says the same."""

from __future__ import annotations

import email
import email.policy
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from digest.words import words_of
from tests.factory import make_publication, make_reader, make_sent_edition, make_story

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("desk", "digest")
KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_lazy": None, "gettext_noop": None, "ngettext_lazy": (1, 2)}
RECIPE = "run `make messages`, then translate what is new"


def catalogue(package: str, ending: str) -> Catalog:
    path = ROOT / package / "locale" / "de" / "LC_MESSAGES" / f"django.{ending}"
    with path.open("rb") as file:
        return read_po(file, locale="de") if ending == "po" else read_mo(file)


@cache
def words_in(package: str) -> frozenset[str]:
    """Every msgid that stands in code and templates (the singular where there are two)."""
    with (ROOT / package / "locale" / "mapping.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(str(ROOT / package), methods, options, KEYWORDS)
    return frozenset(message[0] if isinstance(message, tuple) else message for _, _, message, _, _ in found)


def parts(words: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """A message's forms: one, or singular and plural."""
    return (words,) if isinstance(words, str) else tuple(words)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s|%s|%d", text))


@pytest.mark.parametrize("package", PACKAGES)
def test_every_word_is_in_the_german_catalogue(package):
    known = {parts(message.id)[0] for message in catalogue(package, "po") if message.id}
    assert sorted(words_in(package) - known) == [], RECIPE


@pytest.mark.parametrize("package", PACKAGES)
def test_the_catalogue_keeps_no_word_that_is_not_said_any_more(package):
    known = {parts(message.id)[0] for message in catalogue(package, "po") if message.id}
    assert sorted(known - words_in(package)) == [], RECIPE


@pytest.mark.parametrize("package", PACKAGES)
def test_nothing_is_untranslated_or_uncertain(package):
    for message in catalogue(package, "po"):
        assert all(parts(message.string)), message.id
        assert not message.fuzzy or not message.id, message.id


@pytest.mark.parametrize("package", PACKAGES)
def test_a_translation_fills_in_the_same_names(package):
    for message in catalogue(package, "po"):
        strings = parts(message.string)
        wanted = set().union(*map(placeholders, parts(message.id)))
        assert all(placeholders(text) <= wanted for text in strings), message.id
        assert placeholders(strings[-1]) == wanted, message.id


@pytest.mark.parametrize("package", PACKAGES)
def test_the_compiled_catalogue_says_the_same(package):
    said = {parts(message.id): parts(message.string) for message in catalogue(package, "po") if message.id}
    compiled = {parts(message.id): parts(message.string) for message in catalogue(package, "mo") if message.id}
    assert compiled == said, "run `make messages`"


@pytest.fixture
def lids(home):
    return make_publication("lids", name="Lid und Lippe", language="de", timezone="Europe/Berlin")


@pytest.mark.django_db
@pytest.mark.urls("desk.urls_public")
def test_a_german_letter_has_german_pages(client, lids):
    lids_reader = make_reader(lids)
    make_sent_edition(lids, [make_story("Nasen", language="de"), make_story("Noses", published_day=None)])
    for path, words in {
        "/lids/": ("Lid und Lippe per Mail bekommen", "16. November 2026", "jede Woche"),
        "/lids/issues/1": ("Nr. 1 · 9. November bis 16. November 2026", "ohne Datum", 'lang="en"'),
        f"/leave/{lids_reader.token}": ("Vier Wochen pausieren", "Sie bekommen Lid und Lippe"),
        "/lids/topics-link": ("Link zuschicken",),
    }.items():
        html = client.get(path).content.decode()
        assert '<html lang="de">' in html
        assert client.get(path).headers["Content-Language"] == "de"
        for word in words:
            assert word in html, (path, word)
    wrong = client.post("/lids/", {"address": "x"})
    assert "Das ist keine Mailadresse" in wrong.content.decode()


@pytest.mark.django_db
@pytest.mark.urls("desk.urls_public")
def test_the_front_door_speaks_the_language_of_the_browser(client):
    assert (
        "Hier gibt es noch keinen Newsletter"
        in client.get("/", headers={"Accept-Language": "de-AT,en;q=0.5"}).content.decode()
    )
    assert "There is no letter here yet" in client.get("/", headers={"Accept-Language": "fi"}).content.decode()


@pytest.mark.django_db
@pytest.mark.urls("desk.urls_public")
def test_a_german_letter_is_confirmed_in_german(client, lids, home):
    client.post("/lids/", {"address": "alice@reader.example"})
    file = next((home / "outbox" / "notices").glob("*.eml"))
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert mail["Subject"] == "Bitte bestätigen: Lid und Lippe"
    for kind in ("plain", "html"):
        assert "Der Link gilt drei Tage" in mail.get_body((kind,)).get_content()


def test_a_language_without_a_catalogue_is_spoken_to_in_english():
    assert words_of("fi").translations.gettext("undated") == "undated"
    assert words_of("de").translations.gettext("undated") == "ohne Datum"
    assert words_of("de-AT").translations.gettext("undated") == "ohne Datum"
