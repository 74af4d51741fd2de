"""The child asks its parent: which hosts are ours, and what is known of links. The parent alone sees the rows."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterable

from crawler.orders import Answer, CrawlOrder, Question, SiteOrder
from crawler.spiders.recorder import Recorder

Ask = Callable[[Question], Awaitable[Answer]]
# An answer is one line: that of a sitemap of 50,000 links has ten megabytes.
LONGEST_LINE = 2**28


async def on_trial(question: Question) -> Answer:
    """A trial has no rows: each host is its own, and no link is known."""
    return Answer(tuple(SiteOrder(host) for host in question.hosts))


class Parent:
    """Questions go out between the records, answers come in on stdin; one at a time, so each line answers the last."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._lock = asyncio.Lock()
        self._lines: asyncio.StreamReader | None = None

    async def ask(self, question: Question) -> Answer:
        """The parent's answer. A parent that is gone ends this process: nobody would take in what it fetched."""
        async with self._lock:
            lines = self._lines or await self._listen()
            self._recorder.say(question.to_json())
            line = await lines.readline()
        if not line:
            os._exit(1)
        return Answer.from_json(line.decode())

    async def _listen(self) -> asyncio.StreamReader:
        lines = self._lines = asyncio.StreamReader(limit=LONGEST_LINE)
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        return lines


class Hosts:
    """The hosts that this crawl may ask, by name: those of its order, and those that its parent has claimed since."""

    def __init__(self, order: CrawlOrder, ask: Ask) -> None:
        self.held: dict[str, SiteOrder] = {site.host: site for site in order.sites}
        self._ask = ask

    async def ask(self, hosts: Iterable[str] = (), keys: Iterable[str] = ()) -> Answer:
        """Ask for these hosts, and what is known of these links once they are held."""
        answer = await self._ask(Question(tuple(hosts), tuple(keys)))
        self.held |= {site.host: site for site in answer.sites}
        return answer
