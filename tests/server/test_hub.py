"""Waiting for news: nothing is missed, nothing piles up, and a quiet wait ends for a heartbeat."""

from __future__ import annotations

import asyncio
import threading

import pytest

from server.accounts import Caller
from server.errors import RateLimited
from server.http.hub import Hub
from server.settings import Bounds

HOME = bytes(32)


def caller(account: int = 1, session: bytes = b"s") -> Caller:
    return Caller(account, session, 1 << 40)


def test_news_from_another_thread() -> None:
    async def run() -> None:
        hub = Hub(Bounds())
        hub.begin()
        with hub.waiting(HOME, caller()) as waiter:

            def announce() -> None:
                for n in range(1, 101):
                    hub.announce(HOME, n, frozenset())

            worker = threading.Thread(target=announce)
            worker.start()
            while waiter.cursor < 100:
                assert await waiter.news(30)
            worker.join()
            assert not await waiter.news(0.01)  # a hundred announcements, one cursor
        assert hub.count == 0

    asyncio.run(run())


def test_older_news_are_none() -> None:
    async def run() -> None:
        hub = Hub(Bounds())
        hub.begin()
        with hub.waiting(HOME, caller()) as waiter:
            waiter.tell(5)
            assert await waiter.news(30)
            hub.announce(HOME, 4, frozenset())
            assert not await waiter.news(0.01)

    asyncio.run(run())


def test_streams_end_for_those_who_are_gone_and_for_nobody_else() -> None:
    async def run() -> None:
        hub = Hub(Bounds())
        hub.begin()
        with (
            hub.waiting(HOME, caller(1, b"a")) as ann,
            hub.waiting(HOME, caller(2, b"b")) as ben,
            hub.waiting(b"x" * 32, caller(2, b"b")) as elsewhere,
        ):
            hub.announce(HOME, 1, frozenset({2}))
            assert await ann.news(30)
            assert await ben.news(30)
            assert (ann.ended, ben.ended, elsewhere.ended) == (False, True, False)
            hub.end_session(b"a")
            assert await ann.news(30)
            assert ann.ended

    asyncio.run(run())


def test_after_the_stop_every_stream_ends_at_once() -> None:
    async def run() -> None:
        hub = Hub(Bounds())
        hub.begin()
        with hub.waiting(HOME, caller()) as before:
            hub.stop()
            assert await before.news(30)
            assert before.ended
        with hub.waiting(HOME, caller()) as after:
            assert after.ended

    asyncio.run(run())


def test_streams_are_bounded_in_all() -> None:
    async def run() -> None:
        hub = Hub(Bounds(streams=1))
        hub.begin()
        with hub.waiting(HOME, caller()), pytest.raises(RateLimited), hub.waiting(HOME, caller(2)):
            pass
        with hub.waiting(HOME, caller(2)):
            assert hub.count == 1

    asyncio.run(run())
