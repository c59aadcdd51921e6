"""The process that makes requests: what it does and how it ends, on real sockets and processes."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from services.alerter.channels import http_process
from services.alerter.channels.addresses import PUBLIC_ONLY, AllowedDestinations
from services.alerter.channels.http_exchange import HttpFault, HttpReply, HttpRequest, Reach
from services.alerter.channels.http_frames import Unpacking, packed
from services.alerter.channels.http_process import HttpProcess


@asynccontextmanager
async def process(
    allowed: AllowedDestinations = PUBLIC_ONLY, faulty: Callable[[str | None], None] = lambda reason: None
) -> AsyncIterator[HttpProcess]:
    requests = HttpProcess(allowed=allowed, faulty=faulty)
    await requests.start()
    try:
        yield requests
    finally:
        await requests.close()


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """A server on loopback: it says what it was asked, redirects from /away, and /slow takes very long."""

    async def answer(request: web.Request) -> web.Response:
        if request.path == "/slow":
            await asyncio.sleep(60)
        if request.path == "/away":
            raise web.HTTPFound("/")
        said = f"{request.method} {request.headers.get('x-asked')} {len(await request.read())}"
        return web.Response(status=202, text=said, headers={"Retry-After": "7"})

    app = web.Application(client_max_size=1 << 22)
    app.router.add_route("*", "/{rest:.*}", answer)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


def asked(url: str, seconds: float = 60.0, *, body: bytes = b"{}", private: bool = True) -> HttpRequest:
    return HttpRequest("POST", url, body, {"x-asked": "Z\u00fcrich"}, seconds, 4096, private)


def pid_of(requests: HttpProcess) -> int:
    assert requests.pid is not None
    return requests.pid


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.02)


def is_there(pid: int) -> bool:
    try:
        # A process that has ended and that nobody has asked after is there as a zombie.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def test_what_it_gives_back_is_what_the_server_said(url: str) -> None:
    async with process() as requests:
        reply = await requests.exchange(asked(url, body=b"x" * 1_000_000))
        assert isinstance(reply, HttpReply)
        assert (reply.status, reply.said, reply.cut) == (202, "POST Z\u00fcrich 1000000", False)
        assert reply.headers.get("retry-after") == "7"
        away = await requests.exchange(asked(f"{url}away"))
        assert isinstance(away, HttpReply)
        assert away.status == 302


async def test_many_at_once_are_each_given_their_own_answer(url: str) -> None:
    async with process() as requests:
        sizes = list(range(200))
        replies = await asyncio.gather(*(requests.exchange(asked(url, body=b"x" * size)) for size in sizes))
    assert [reply.said.split()[-1] for reply in replies if isinstance(reply, HttpReply)] == [
        str(size) for size in sizes
    ]


async def test_it_is_held_to_the_same_addresses(url: str) -> None:
    async with process() as requests:
        refused = await requests.exchange(asked(url, private=False))
    assert isinstance(refused, HttpFault)
    assert refused.reach is Reach.UNUSABLE
    assert "loopback" in refused.reason
    async with process(AllowedDestinations.written(["127.0.0.0/8"])) as requests:
        assert isinstance(await requests.exchange(asked(url, private=False)), HttpReply)


async def test_who_does_not_answer_in_time_is_silent(url: str) -> None:
    async with process() as requests:
        fault = await requests.exchange(asked(f"{url}slow", 0.2))
    assert isinstance(fault, HttpFault)
    assert (fault.reach, fault.silent) == (Reach.SENT, True)


async def test_a_request_that_it_had_when_it_was_killed_may_have_been_sent_and_others_are_made_by_the_next(
    url: str,
) -> None:
    faults: list[str | None] = []
    async with process(faulty=faults.append) as requests:
        assert isinstance(await requests.exchange(asked(url)), HttpReply)
        first = pid_of(requests)
        waiting = asyncio.create_task(requests.exchange(asked(f"{url}slow")))
        await asyncio.sleep(0.2)
        os.kill(first, signal.SIGKILL)
        lost = await waiting
        assert isinstance(lost, HttpFault)
        # Nothing is said against the receiver.
        assert (lost.reach, lost.silent) == (Reach.SENT, False)
        assert isinstance(await requests.exchange(asked(url)), HttpReply)
        assert pid_of(requests) != first
    assert [fault is None for fault in faults] == [True, False, True]


async def test_one_that_answers_nobody_any_more_is_ended_and_another_started(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_process, "LATE_SECONDS", 0.3)
    async with process() as requests:
        assert isinstance(await requests.exchange(asked(url)), HttpReply)
        first = pid_of(requests)
        os.kill(first, signal.SIGSTOP)
        unheard = await requests.exchange(asked(url, 0.2))
        assert isinstance(unheard, HttpFault)
        assert (unheard.reach, unheard.silent) == (Reach.SENT, False)
        await until(lambda: not is_there(first))
        assert isinstance(await requests.exchange(asked(url)), HttpReply)


async def test_a_request_that_is_given_up_is_forgotten(url: str) -> None:
    async with process() as requests:
        given_up = asyncio.create_task(requests.exchange(asked(f"{url}slow")))
        await asyncio.sleep(0.1)
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        assert isinstance(await requests.exchange(asked(url)), HttpReply)


async def test_signals_to_the_whole_group_leave_it_to_end_what_it_has(url: str) -> None:
    async with process() as requests:
        assert isinstance(await requests.exchange(asked(url)), HttpReply)
        for number in (signal.SIGINT, signal.SIGTERM):
            os.kill(pid_of(requests), number)
        assert isinstance(await requests.exchange(asked(url)), HttpReply)
        ended = pid_of(requests)
    assert not is_there(ended)


PARENT = """
import asyncio
from services.alerter.channels.http_process import HttpProcess

async def main():
    requests = HttpProcess()
    await requests.start()
    print(requests.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_it_does_not_outlive_an_alerter_that_was_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        try:
            assert parent.stdout is not None
            child = int(await asyncio.to_thread(parent.stdout.readline))
            assert is_there(child)
        finally:
            parent.kill()
    await until(lambda: not is_there(child))


FRAME = st.tuples(
    st.dictionaries(st.text(max_size=5), st.integers() | st.text() | st.booleans(), max_size=4), st.binary(max_size=300)
)


@given(st.lists(FRAME, max_size=6), st.lists(st.integers(1, 40), max_size=60))
def test_however_the_bytes_come_the_frames_are_those_that_were_sent(
    sent: list[tuple[dict[str, object], bytes]], sizes: list[int]
) -> None:
    stream = b"".join(packed(values, body) for values, body in sent)
    unpacking, came, start = Unpacking(), [], 0
    for size in [*sizes, len(stream)]:
        came += unpacking(stream[start : start + size])
        start += size
    assert came == sent


@given(
    st.lists(
        st.sampled_from(["10.1.0.0/16", "192.0.2.7", "2001:db8::/32", "hooks.internal", "*.lab.example", "a.b-c.d"])
    )
)
def test_what_is_allowed_can_be_written_down_and_read_again(parts: list[str]) -> None:
    allowed = AllowedDestinations.written(parts)
    again = AllowedDestinations.written(allowed.parts())
    assert set(again.networks) == set(allowed.networks)
    assert (again.names, set(again.domains)) == (allowed.names, set(allowed.domains))
