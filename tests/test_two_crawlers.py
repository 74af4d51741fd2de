"""Two crawls at once whose sources name pages of one third host: it is asked by one at a time, each page once."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from tests.bad_web import PAGE, BadWeb, after, by_path, rss, says, serve
from tests.processes import installation
from tests.servers import wait_for

pytestmark = [pytest.mark.servers, pytest.mark.slow]
XML = "Content-Type: application/rss+xml; charset=utf-8"
HTML = "Content-Type: text/html; charset=utf-8"
PARTS = ("nose", "chin", "brow", "lip", "cheek", "jaw", "neck", "ear", "lid", "temple", "crown", "throat")
PAGES = [f"/{part}" for part in PARTS]
# Longer than a child needs to start, so that the second crawl comes while the first is at the host.
ANSWER_SECONDS = 0.4


class Busy:
    """A host that takes its time and notes how many requests were under way with it at once."""

    def __init__(self) -> None:
        self.now = self.most = 0

    async def __call__(self, target, writer) -> None:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(ANSWER_SECONDS)
        await says(PAGE.replace("nose", target[1:]), HTML)(target, writer)
        self.now -= 1


def test_two_crawls_share_a_host_that_the_sources_of_both_name(tmp_path, tables):
    clinic = Busy()
    web = BadWeb(hosts={"clinic": clinic, "first": says(""), "second": says("")})
    with serve(web), installation(tmp_path / "house", tables) as house:
        links = [web.url("clinic", path) for path in PAGES]
        web.hosts["first"] = by_path({"/feed": says(rss(*links[:8]), XML)})
        web.hosts["second"] = by_path({"/feed": after(1.0, says(rss(*links[4:]), XML))})
        sources = {host: web.url(host) for host in ("first", "second")}
        house.migrate()
        house.step("prepare", sources=[[url, "feed", []] for url in sources.values()], readers=0)
        both = [house.start("desk", "crawl", "--source", url) for url in sources.values()]
        wait_for(lambda: len({lease.split("/")[1] for lease in house.step("look")["leases"]}) == 2)
        assert [child.wait(60) for child in both] == [0, 0], "".join(map(house.said, both))
        done = house.glabella("crawl")
        assert done.returncode == 0, done.stderr
        stands = house.step("look")
    asked = Counter(target for address, target in web.asked if address == web.address("clinic"))
    assert asked == dict.fromkeys(["/robots.txt", *PAGES], 1)
    assert clinic.most == 1
    assert (stands["links"], stands["leases"]) == ({"fetched": len(PAGES)}, [])
