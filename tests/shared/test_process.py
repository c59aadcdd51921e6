"""How a service ends: as asked, by its own failure, or at once when it takes too long."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def start(body: str, *, with_parent: bool = False, timeout: float = 5.0) -> subprocess.Popen[str]:
    """A service with `body` as its coroutine, in a process of its own; it prints `ready` when it runs."""
    program = f"""
import asyncio, sys
from services.shared.errors import UserError
from services.shared.logs import configure_logs
from services.shared.process import run_service
from services.shared.settings import load_settings

configure_logs(load_settings(), "test")

async def service(stop):
    print("ready", flush=True)
{textwrap.indent(textwrap.dedent(body), "    ")}

sys.exit(run_service(service, {timeout}, with_parent={with_parent}))
"""
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def end_of(process: subprocess.Popen[str]) -> tuple[int, str]:
    out, error = process.communicate(timeout=20)
    return process.returncode, out + error


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_asks_it_to_stop_and_it_ends_well(number: signal.Signals) -> None:
    process = start("await stop.wait(); print('finished')")
    process.send_signal(number)
    code, said = end_of(process)
    assert (code, "finished" in said) == (0, True)


def test_a_failure_that_a_person_can_mend_is_a_sentence_and_exit_1() -> None:
    code, said = end_of(start("raise UserError('The port is taken.')"))
    assert code == 1
    assert "The port is taken." in said
    assert "Traceback" not in said


def test_one_that_does_not_stop_is_ended_after_its_time() -> None:
    process = start("await asyncio.Event().wait()", timeout=0.2)
    process.send_signal(signal.SIGTERM)
    code, said = end_of(process)
    assert (code, "stop_timed_out" in said) == (1, True)


def test_a_second_interrupt_ends_it_at_once_and_a_second_sigterm_does_not() -> None:
    process = start("await stop.wait(); print('stopping', flush=True); await asyncio.sleep(1); print('finished')")
    process.send_signal(signal.SIGTERM)
    assert process.stdout is not None
    while process.stdout.readline().strip() != "stopping":
        continue
    process.send_signal(signal.SIGTERM)
    code, said = end_of(process)
    assert (code, "finished" in said) == (0, True)
    process = start("await stop.wait(); print('stopping', flush=True); await asyncio.sleep(60)", timeout=60)
    process.send_signal(signal.SIGINT)
    assert process.stdout is not None
    while process.stdout.readline().strip() != "stopping":
        continue
    process.send_signal(signal.SIGINT)
    assert end_of(process)[0] == 1


def test_a_child_stops_when_its_parent_is_gone() -> None:
    process = start("await stop.wait(); print('finished')", with_parent=True)
    code, said = end_of(process)
    assert (code, "finished" in said) == (0, True)
