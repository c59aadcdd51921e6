"""The services as child processes of `tocsin run`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.shared.errors import UserError


@dataclass(frozen=True, slots=True)
class Child:
    """One service in a process of its own, in the process group of its parent."""

    name: str
    process: asyncio.subprocess.Process


async def start_child(name: str, arguments: Sequence[str], environment: Mapping[str, str], *, quiet: bool) -> Child:
    """Start `tocsin <arguments>`. Where `quiet`, its standard output goes to standard error.

    Its standard input is a pipe of ours: when this process ends, however it ends, the child sees it close and stops.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.cli",
        *arguments,
        "--with-parent",
        stdin=asyncio.subprocess.PIPE,
        stdout=sys.stderr.fileno() if quiet else None,
        env=dict(environment),
    )
    return Child(name, process)


async def stop_children(children: Sequence[Child], timeout_seconds: float) -> None:
    """Ask every child to stop, wait, and kill those that do not."""
    for child in children:
        if child.process.returncode is None:
            child.process.terminate()
    waits = [asyncio.create_task(child.process.wait()) for child in children]
    _, late = await asyncio.wait(waits, timeout=timeout_seconds) if waits else (set(), set())
    if late:
        for child in children:
            if child.process.returncode is None:
                child.process.kill()
        await asyncio.wait(late)


def check_alive(children: Sequence[Child]) -> None:
    """Raises UserError where a service has ended although nobody asked it to."""
    for child in children:
        code = child.process.returncode
        if code is not None:
            raise UserError(f"The {child.name} ended with exit code {code}: what it said stands above.")
