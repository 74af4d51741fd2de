"""The replay of a folder of pages: sites made from it, and a small one crawled over real HTTP."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from benchmarks.folder import Replay, read_folder, sites_of
from benchmarks.politeness import judge
from benchmarks.replay import Asked, parse_head, read_log, serve_replay, write_log
from crawler.crawling import CrawlPlan, crawl
from crawler.models import Article, Link
from crawler.read_source import read_source
from crawler.robots import Robots
from crawler.sources import add_source
from crawler.urls import link_key
from tests.bad_web import SENTENCES
from tests.conftest import NOW

ROOT = Path(__file__).resolve().parent.parent
SITES = ("nose.example", "chin.example", "brow.example", "lip.example", "cheek.example", "jaw.example")


@pytest.fixture
def folder(tmp_path):
    """Two pages for each of six sites, one entry without address and one without a page."""
    root = tmp_path / "folder"
    (root / "ground-truth").mkdir(parents=True)
    (root / "html").mkdir()
    for at, site in enumerate(SITES * 2, 1):
        title = f"What number {at} says about an old operation"
        page = f"<!doctype html><title>{title}</title><h1>{title}</h1><p>{SENTENCES} It is piece {at}.</p>"
        _store(root, at, f"https://{site}/2026/a-piece-with-words?utm_source=x&id={at // 7}", title, page)
    _store(root, 13, "", "No address", "<p>nothing</p>")
    (root / "ground-truth" / "0014.json").write_text(json.dumps({"url": "https://lost.example/"}))
    return root


def _store(root, number, url, title, page) -> None:
    truth = {"url": url, "ground_truth": {"title": title}}
    (root / "ground-truth" / f"{number:04}.json").write_text(json.dumps(truth))
    (root / "html" / f"{number:04}.html.gz").write_bytes(gzip.compress(page.encode()))


def test_each_domain_has_an_address_and_entries_without_page_or_address_are_passed_over(folder):
    sites = sites_of(read_folder(folder, 100))
    assert [site.domain for site in sites] == list(SITES)
    assert [site.address for site in sites] == [f"127.0.2.{at}" for at in range(1, 7)]
    assert [site.kind for site in sites] == ["feed", "sitemap", "listing"] * 2
    assert all(len(site.pages) == 2 for site in sites)


def test_two_hosts_of_a_domain_share_an_address_and_no_path(folder):
    pages = [
        replace(page, url=f"https://{host}.example.com/a")
        for page, host in zip(read_folder(folder, 2), "xy", strict=True)
    ]
    (site,) = sites_of(pages)
    assert list(site.targets) == ["/a", "/y.example.com/a"]


def test_fewer_pages_are_spread_over_the_folder(folder):
    assert [page.number for page in read_folder(folder, 3)] == ["0001", "0005", "0009"]


def test_what_sources_name_is_read_by_our_readers_and_comes_to_its_fate(folder):
    replay = Replay(folder, 100, NOW, 80)
    statuses = {"page": 200, "moved": 301, "gone": 404, "forbidden": 404}
    seen = set()
    for site in replay.sites:
        answer = replay.respond(site.address, urlsplit(site.source(80)).path)
        reading = read_source(site.kind, answer.body, site.source(80), dict(answer.headers)["Content-Type"])
        assert {link_key(item.url) for item in reading.items} == {
            link_key(f"http://{site.address}{named.target}") for named in site.named
        }
        robots = replay.respond(site.address, "/robots.txt")
        rules = Robots(robots.body.decode(), robots.status)
        for named in site.named:
            assert replay.respond(site.address, named.target).status == statuses[named.fate]
            assert rules.allows(f"http://{site.address}{named.target}") == (named.fate != "forbidden")
            seen.add(named.fate)
    assert seen == set(statuses)


def test_a_known_page_is_not_sent_again(folder):
    replay = Replay(folder, 100, NOW, 80)
    site = replay.sites[0]
    target = next(iter(site.targets))
    first = replay.respond(site.address, target)
    assert replay.respond(site.address, target, dict(first.headers)["ETag"]).status == 304


def test_requests_are_answered_over_http_and_noted(folder, tmp_path):
    with serve_replay(Replay(folder, 100, NOW, 0)) as served:
        url, named = next(iter(served.replay.urls()))
        with urllib.request.urlopen(url, timeout=5) as answer:
            assert answer.status == 200
            assert named.title in answer.read().decode()
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(url + "/nothing", timeout=5)
    write_log(served.asked, tmp_path / "log")
    assert [one.status for one in read_log(tmp_path / "log")] == [200, 404]


def test_a_request_is_read_with_names_in_lower_case():
    assert parse_head('GET /a b HTTP/1.1\r\nHost: x\r\nIf-None-Match: "1"\r\n\r\n') == (
        "GET",
        "/a b",
        {"host": "x", "if-none-match": '"1"'},
    )


def test_politeness_is_read_from_the_log():
    asked = [
        Asked("a", "/1", 200, "", 0.0, 0.4),
        Asked("a", "/2", 200, "", 0.3, 0.5),
        Asked("a", "/2", 200, "", 0.5, 0.6),
        Asked("b", "/1", 200, "", 0.1, 0.2),
    ]
    seen = judge(asked)
    assert (seen.requests, seen.hosts, seen.at_once, seen.repeated) == (4, 2, 2, 1)
    assert seen.least_pause == pytest.approx(0.2)
    assert judge([]).least_pause is None


@pytest.mark.servers
@pytest.mark.django_db
def test_a_small_folder_is_crawled_politely_and_a_second_crawl_asks_for_no_page_again(folder, tmp_path, clock):
    plan = CrawlPlan(tmp_path, "Glabella/test", delay=0.2, allow_private=True, sites=4)
    with serve_replay(Replay(folder, 100, NOW, 0), latency=0.05) as served:
        sources = [
            add_source(site.source(served.replay.port), site.kind, by="test", now=NOW)[0]
            for site in served.replay.sites
        ]
        first = crawl(plan, clock=clock, sources=sources)
        seen = judge(served.asked)
        served.asked.clear()
        crawl(replace(plan, delay=0.01), clock=clock, sources=sources)
    assert (first.sites, first.outcomes["article"], first.outcomes["source"]) == (6, 12, 6)
    assert Article.objects.filter(current=True).count() == 12
    assert set(Link.objects.values_list("state", flat=True)) == {"fetched", "refused", "gone"}
    assert (seen.at_once, seen.repeated) == (1, 0)
    assert seen.least_pause is not None
    assert seen.least_pause > 0.1
    assert {one.target for one in served.asked} == {urlsplit(source.url).path for source in sources}


@pytest.mark.servers
def test_the_benchmark_says_of_each_figure_whether_it_was_met(folder):
    command = [sys.executable, "-m", "benchmarks.crawl", str(folder), "--delay", "0.1"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    lines = [row.split(" | ") for row in done.stdout.splitlines() if " | " in row]
    assert len(lines) == 11
    assert {row[-1] for row in lines} == {"met"}
    assert "12 article" in done.stdout


def test_the_benchmark_ends_well_without_the_pages(tmp_path):
    command = [sys.executable, "-m", "benchmarks.crawl", str(tmp_path / "nowhere")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert "nothing to replay" in done.stdout
