"""The layers stay apart: messages below, pure cores above them, services beside each other, the command line on top."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.import_rules import PURE, may_import, violations

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(path.relative_to(ROOT) for folder in ("schemas", "services") for path in (ROOT / folder).rglob("*.py"))


def module_of(path: Path) -> str:
    """`services/shared/topics.py` as `services.shared.topics`."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def found(module: str, source: str) -> list[str]:
    return [violation.what for violation in violations(module, source)]


def test_every_module_imports_only_what_it_may_and_pure_packages_touch_nothing_outside() -> None:
    broken = [
        str(violation)
        for path in SOURCES
        for violation in violations(
            module_of(path), (ROOT / path).read_text(encoding="utf-8"), package=path.name == "__init__.py"
        )
    ]
    assert not broken, "\n".join(broken)


def test_the_rules_look_at_the_code() -> None:
    modules = {module_of(path) for path in SOURCES}
    assert len(modules) > 50
    for package in PURE:
        assert any(module.startswith(package + ".") for module in modules), (
            f"{package} is gone: strike it from the rules"
        )


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("schemas.report", "from services.shared.topics import ARTICLES"),
        ("schemas.report", "import services"),
        ("schemas.report", "import tools.generate_schemas"),
        ("services.processor.extraction.numbers", "from services.processor.tracking.track import track"),
        ("services.processor.extraction.numbers", "from services.processor.stages import Extraction"),
        ("services.processor.extraction.numbers", "from services.shared.settings import load_settings"),
        ("services.processor.tracking.track", "from ..extraction import numbers"),
        ("services.processor.scoring.severity", "from services.alerter.policy import decision"),
        ("services.alerter.policy.decision", "import services.alerter.outbox.tables"),
        ("services.conditions.conditions", "import services.shared.errors"),
        ("services.shared.kafka", "from services.producer.readers import read"),
        ("services.shared.kafka", "from services import processor"),
        ("services.shared.kafka", "from ..processor import app"),
        ("services.shared.kafka", "from services.embedded.broker import EmbeddedBroker"),
        ("services.shared.kafka", "from services.cli.main import main"),
        ("services.producer.readers", "from services.processor.extraction.text import fold"),
        ("services.alerter.deliver", "import services.processor.app as other"),
        ("services.alerter.deliver", "from services.embedded import broker"),
        ("services.console.pages", "from services.alerter.outbox import tables"),
        ("services.embedded.broker", "from services.producer import readers"),
        ("services.alerter.deliver", "from tests.strategies import values_of"),
        ("services.cli.run", "from bench.stream import main"),
        ("services.processor", "from services.processor.app import app"),
    ],
)
@pytest.mark.parametrize("where", ["{line}", "def later():\n    {line}", "if TYPE_CHECKING:\n    {line}"])
def test_an_import_across_the_layers_is_seen_wherever_it_stands(module: str, line: str, where: str) -> None:
    (what,) = found(module, where.format(line=line))
    assert "may import of ours only" in what


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("schemas.report", "from schemas.base import Message"),
        ("schemas.report", "from pydantic import Field"),
        ("services.processor.extraction.numbers", "from services.processor.extraction.text import fold"),
        ("services.processor.extraction.numbers", "from .text import fold"),
        ("services.processor.scoring.severity", "from services.conditions.conditions import compile_condition"),
        ("services.alerter.policy.decision", "from schemas import Incident"),
        ("services.shared.kafka", "from services.shared.settings import Settings"),
        ("services.processor.stages", "from services.processor.tracking.track import track"),
        ("services.processor.stages", "from services.shared.envelope import seal"),
        ("services.cli.run", "from services.embedded.broker import EmbeddedBroker"),
        ("services.cli.run", "import services.alerter.policy.decision"),
    ],
)
def test_an_import_within_the_layers_is_none(module: str, line: str) -> None:
    assert not found(module, line)


@pytest.mark.parametrize("package", PURE)
@pytest.mark.parametrize(
    "source",
    [
        "import asyncio",
        "import aiokafka.admin",
        "import faust",
        "import httpx",
        "import os",
        "from os import environ",
        "import os.path as paths",
        "import random",
        "from random import choice",
        "import socket",
        "import time",
        "from time import monotonic",
        "import urllib.request",
        "from urllib import request",
        "import structlog",
        "from datetime import datetime\nx = datetime.now()",
        "from datetime import datetime as dt, UTC\nx = dt.now(UTC)",
        "from datetime import datetime\nclock = datetime.now",
        "import datetime\nx = datetime.datetime.utcnow()",
        "import datetime as d\nx = d.date.today()",
        "from datetime import date\nx = date.today().isoformat()",
        "import sys\nx = sys.argv[1]",
        "from sys import stdin\nx = stdin.read()",
        "x = open('words.txt')",
        "print('found')",
        "x = hash('text')",
        "x = __import__('os')",
    ],
)
def test_a_pure_package_that_reaches_beyond_its_arguments_is_seen(package: str, source: str) -> None:
    assert len(found(f"{package}.anything", source)) >= 1


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nx = datetime.fromisoformat('2025-06-02')",
        "from urllib.parse import urlsplit",
        "from importlib.resources import files\nx = files('services').joinpath('words.txt').read_text()",
        "def now(moment): return moment\nx = now(1)",
        "x = article.now",
        "import re\nx = re.compile('open')",
    ],
)
def test_what_depends_on_arguments_alone_is_pure(source: str) -> None:
    assert not found("services.processor.extraction.anything", source)


def test_a_service_may_read_the_clock_and_the_environment() -> None:
    assert not found("services.shared.settings", "import os, time\nfrom datetime import datetime\nx = datetime.now()")


def test_an_import_by_name_is_for_the_command_line_alone() -> None:
    source = "from importlib import import_module\nx = import_module('services.' + name)"
    assert not found("services.cli.main", source)
    (what,) = found("services.shared.logs", source)
    assert "hides what it imports" in what


def test_a_service_may_import_itself_what_all_share_and_the_messages() -> None:
    own = may_import("services.console.pages")
    assert own == ("services.console", "services.shared", "schemas", "services.conditions", "services.regions")


def test_a_violation_names_module_and_line() -> None:
    (violation,) = violations("schemas.report", "\n\nimport services\n")
    assert str(violation).startswith("schemas.report:3 imports services, ")
