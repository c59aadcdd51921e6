"""Requests made by a process of their own, so that thousands of them, and what receivers do to them, cost the process
that reads, decides and records next to nothing.

The process is started with the alerter and ends with it. Where it ends by itself it is started again: a request that it
had may have been sent, and is answered so; new ones wait.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import structlog
from multidict import CIMultiDict

from services.alerter.channels.addresses import PUBLIC_ONLY, AllowedDestinations
from services.alerter.channels.http_exchange import MOST_CONNECTIONS, HttpFault, HttpReply, HttpRequest, Reach
from services.alerter.channels.http_frames import Peer

log = structlog.get_logger()

COMMAND = (sys.executable, "-m", "services.alerter.channels.http_child")
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.1, 10.0
"""Before it is started again."""
LIVED_SECONDS = 60.0
"""A process that lived so long is started again as soon as the first time."""
CLOSING_SECONDS = 3.0
LATE_SECONDS = 4.0
"""How long after its time an answer is still waited for: the process counts the time from when it has the request, and
what the answer's body may take comes on top."""
ENDED = "The process that makes requests ended"


class HttpProcess:
    """Makes requests in a process of its own. Create it within a running event loop, then `start`."""

    def __init__(
        self,
        most: int = MOST_CONNECTIONS,
        allowed: AllowedDestinations = PUBLIC_ONLY,
        faulty: Callable[[str | None], None] = lambda reason: None,
    ) -> None:
        """`most` and `allowed` are as for HttpConnections; `faulty` is told why there is no process, and None when
        there is one."""
        self._first_frame = {"most": most, "allowed": allowed.parts()}
        self._faulty = faulty
        self._numbers = itertools.count()
        self._asked: dict[int, asyncio.Future[HttpReply | HttpFault]] = {}
        self._ready = asyncio.Event()
        self._closed = False
        self._process: subprocess.Popen[bytes] | None = None
        self._peer: Peer | None = None
        self._started_at = self._heard_at = 0.0
        self._pause = FIRST_PAUSE_SECONDS
        self._restarting: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The process that makes requests; None where there is none."""
        return None if self._process is None else self._process.pid

    async def start(self) -> None:
        """Start the process; requests wait until it is ready."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(COMMAND, stdin=theirs.fileno())  # noqa: S603, ASYNC220 - ours, and not waited for
        self._started_at = time.monotonic()
        peer = Peer(self._came, lambda: self._ended(peer))
        self._peer = peer
        ours.setblocking(False)
        await asyncio.get_running_loop().create_unix_connection(lambda: peer, sock=ours)
        peer.send(self._first_frame)

    async def exchange(self, request: HttpRequest) -> HttpReply | HttpFault:
        """Make `request` once; a redirect is a reply like any other, and is not followed. Raises RuntimeError where the
        process failed in a way that nobody foresaw."""
        number, asked_at = next(self._numbers), time.monotonic()
        try:
            async with asyncio.timeout(request.timeout_seconds + LATE_SECONDS):
                await self._ready.wait()
                return await self._answer(number, request)
        except TimeoutError:
            if not self._ready.is_set():
                return HttpFault(Reach.UNSENT, "There was no process that makes requests.")
            if self._heard_at < asked_at and self._process is not None:
                # It answers nobody: its end is noticed, and another started, for which new requests wait.
                self._ready.clear()
                self._process.kill()
            return HttpFault(Reach.SENT, f"No answer within {request.timeout_seconds:g} s.")

    async def close(self) -> None:
        """End the process; requests under way are given up."""
        self._closed = True
        self._ready.clear()
        if self._restarting is not None:
            self._restarting.cancel()
        if self._peer is not None:
            self._peer.close()
        if self._process is not None:
            await asyncio.to_thread(_end, self._process)

    async def _answer(self, number: int, request: HttpRequest) -> HttpReply | HttpFault:
        if self._peer is None:
            raise RuntimeError("`start` comes first")
        answer: asyncio.Future[HttpReply | HttpFault] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        values = {
            "id": number,
            "method": request.method,
            "url": request.url,
            "headers": dict(request.headers),
            "timeout_seconds": request.timeout_seconds,
            "read_bytes": request.read_bytes,
            "allow_private_address": request.allow_private_address,
        }
        self._peer.send(values, request.body)
        try:
            return await answer
        except asyncio.CancelledError:
            self._peer.send({"give_up": number})
            raise
        finally:
            self._asked.pop(number, None)

    def _came(self, values: dict[str, Any], body: bytes) -> None:
        self._heard_at = time.monotonic()
        if "ready" in values:
            self._ready.set()
            self._faulty(None)
            return
        asked = self._asked.get(values["id"])
        if asked is None or asked.done():
            return  # given up meanwhile
        if "ours" in values:
            asked.set_exception(RuntimeError(values["ours"]))
        elif "status" in values:
            headers = CIMultiDict(values["headers"])
            asked.set_result(HttpReply(values["status"], body.decode(), values["cut"], headers))
        else:
            asked.set_result(HttpFault(Reach(values["reach"]), values["reason"], values["silent"]))

    def _ended(self, peer: Peer) -> None:
        if self._closed or peer is not self._peer:
            return
        self._ready.clear()
        for asked in self._asked.values():
            if not asked.done():
                asked.set_result(HttpFault(Reach.SENT, f"{ENDED}."))
        if time.monotonic() - self._started_at > LIVED_SECONDS:
            self._pause = FIRST_PAUSE_SECONDS
        self._restarting = asyncio.create_task(self._start_again())

    async def _start_again(self) -> None:
        process = self._process
        if process is not None:
            code = await asyncio.to_thread(_end, process)
            self._faulty(f"{ENDED} (exit code {code})")
            log.error(
                "http_process_ended", exit_code=code, requests_lost=len(self._asked), again_in_seconds=self._pause
            )
        while True:
            await asyncio.sleep(self._pause)
            self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)
            try:
                await self.start()
            except OSError as error:
                self._faulty(f"The process that makes requests cannot be started: {error}")
                log.error("http_process_not_started", error=str(error), again_in_seconds=self._pause)
            else:
                return


def _end(process: subprocess.Popen[bytes]) -> int:
    """Wait for the end of `process`, whose socket is closed; kill it where that takes long: its exit code."""
    try:
        return process.wait(CLOSING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
