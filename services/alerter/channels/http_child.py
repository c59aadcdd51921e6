"""The process that makes the alerter's requests. It is started with one end of a socket pair as its standard input, and
ends when the other end closes, however the alerter ended."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from typing import Any

from services.alerter.channels.addresses import AllowedDestinations
from services.alerter.channels.http_exchange import HttpConnections, HttpReply, HttpRequest
from services.alerter.channels.http_frames import Peer
from services.shared.event_loops import loop_factory
from services.shared.open_files import raise_open_files


class Requests:
    """Makes the requests that it is asked for, all at once."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self.peer = Peer(self._came, self.ended.set)
        self._connections: HttpConnections | None = None
        self._under_way: dict[int, asyncio.Task[None]] = {}

    async def close(self) -> None:
        """Give up what is under way."""
        for task in self._under_way.values():
            task.cancel()
        if self._connections is not None:
            await self._connections.close()

    def _came(self, values: dict[str, Any], body: bytes) -> None:
        if "most" in values:
            allowed = AllowedDestinations.written(values["allowed"])
            self._connections = HttpConnections(most=values["most"], allowed=allowed)
            self.peer.send({"ready": True})
        elif "give_up" in values:
            task = self._under_way.get(values["give_up"])
            if task is not None:
                task.cancel()
        else:
            number = values.pop("id")
            task = asyncio.create_task(self._make(number, HttpRequest(body=body, **values)))
            self._under_way[number] = task
            task.add_done_callback(lambda _: self._under_way.pop(number))

    async def _make(self, number: int, request: HttpRequest) -> None:
        if self._connections is None:
            raise RuntimeError("the first frame says how connections are to be made")
        try:
            answer = await self._connections.exchange(request)
        except Exception as error:  # noqa: BLE001 - a fault of ours, which the alerter reports as one
            self.peer.send({"id": number, "ours": repr(error)[:300]})
            return
        if isinstance(answer, HttpReply):
            told = {"id": number, "status": answer.status, "cut": answer.cut, "headers": list(answer.headers.items())}
            self.peer.send(told, answer.said.encode())
        else:
            fault = {"id": number, "reach": answer.reach, "reason": answer.reason, "silent": answer.silent}
            self.peer.send(fault)


async def make_requests(end: socket.socket) -> None:
    """Make the requests that come on `end` until it is closed."""
    requests = Requests()
    await asyncio.get_running_loop().create_unix_connection(lambda: requests.peer, sock=end)
    await requests.ended.wait()
    await requests.close()


def main() -> int:
    """Serve the socket that is standard input."""
    # Whoever stops a whole group of processes stops the alerter, which still has requests to end.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise_open_files()
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(make_requests(socket.socket(fileno=sys.stdin.fileno())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
