from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tools import readiness
from tools.kafka_server.broker import free_ports

SECRET = "let me in"


class Service(BaseHTTPRequestHandler):
    """Ready only for who knows the secret, as a service with TOCSIN_HTTP_TOKEN is."""

    def do_GET(self) -> None:
        known = self.headers["Authorization"] == f"Bearer {SECRET}"
        self.send_response(404 if self.path != "/readyz" else 200 if known else 401)
        self.end_headers()
        self.wfile.write(b"ready" if known else b"who are you?")

    def log_message(self, *args: object) -> None:
        """Nothing: the test's output is not for this."""


@pytest.fixture
def port() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Service) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def check(port: int, token: str | None = None) -> subprocess.CompletedProcess[str]:
    """The health check as the container runs it: one file and nothing else."""
    environment = {name: value for name, value in os.environ.items() if name != "TOCSIN_HTTP_TOKEN"}
    if token:
        environment["TOCSIN_HTTP_TOKEN"] = token
    command = [sys.executable, "-I", str(Path(readiness.__file__)), str(port)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30, env=environment)


def test_a_ready_service_is_healthy(port: int) -> None:
    assert check(port, SECRET).returncode == 0


def test_a_service_that_is_not_ready_is_not_and_its_answer_is_kept(port: int) -> None:
    result = check(port)
    assert (result.returncode, result.stderr.strip()) == (1, "401: who are you?")


def test_a_service_that_does_not_answer_is_not_healthy() -> None:
    (closed,) = free_ports(1)
    result = check(closed)
    assert result.returncode == 1
    assert result.stderr.startswith(f"no answer on port {closed}")
