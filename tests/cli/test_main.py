"""The command line: every command is there, a mistake is a sentence and an exit code, never a stack trace."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"


def tocsin(*arguments: str, stdin: str = "", cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "services.cli", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"} | environment,
        timeout=60,
        check=False,
    )


def test_help_lists_every_command_with_a_line() -> None:
    done = tocsin("--help")
    assert done.returncode == 0
    assert [name for name in COMMANDS if name not in done.stdout] == []


def test_the_list_of_commands_loads_none_of_them() -> None:
    listing = (
        "import sys; from services.cli.main import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        "print([name for name in ('sqlalchemy', 'faust', 'fastapi', 'ahocorasick_rs') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    done = tocsin(command, "--help")
    assert done.returncode == 0, done.stderr
    if command not in {"topics", "subscriptions", "dead-letters"}:
        assert "Example: " in done.stdout


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "says"),
    [
        (["nonsense"], {}, 2, "nonsense"),
        (["extract", "--nonsense"], {}, 2, "--nonsense"),
        (["run", "--replay", "no-such-folder"], {}, 2, "no-such-folder"),
        (["settings"], {"TOCSIN_ALERTER_PORT": "high"}, 1, "TOCSIN_ALERTER_PORT"),
        (["settings"], {"TOCSIN_HTTP_HOST": "192.0.2.1"}, 1, "TOCSIN_HTTP_TOKEN"),
        (["incidents", "seeds"], {"TOCSIN_RULES": "no-such-folder"}, 1, "no-such-folder"),
        (["processor"], {"KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"}, 1, "127.0.0.1:1"),
        (["dead-letters", "list"], {"KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"}, 1, "127.0.0.1:1"),
        (["topics", "apply"], {"KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"}, 1, "127.0.0.1:1"),
    ],
)
def test_a_mistake_is_named_and_has_its_exit_code(
    arguments: list[str], environment: dict[str, str], code: int, says: str
) -> None:
    done = tocsin(*arguments, **environment)
    assert (done.returncode, "Traceback" in done.stderr + done.stdout) == (code, False), done.stderr
    assert says in done.stderr


def test_incidents_of_the_seeds_are_lines_of_json_with_the_fields_that_other_tools_read() -> None:
    done = tocsin("incidents", str(SEEDS))
    assert done.returncode == 0, done.stderr
    incidents = [json.loads(line) for line in done.stdout.splitlines()]
    boulkessi = [item for item in incidents if item["place"] and item["place"]["name"] == "Boulkessi"]
    assert len(boulkessi) == 1
    assert [entry["toll"]["killed"]["low"] for entry in boulkessi[0]["history"]] == [60, 104, 87]
    assert len(boulkessi[0]["article_ids"]) >= 4
    # The same article tells of both, and each keeps its own.
    (timbuktu,) = [item for item in incidents if item["place"] and item["place"]["name"] == "Timbuktu"]
    assert timbuktu["toll"]["killed"]["best"] == timbuktu["toll"]["killed_attackers"]["best"] == 13
    assert boulkessi[0]["toll"]["killed_attackers"] is None


def test_a_bad_line_is_named_and_the_rest_goes_on() -> None:
    good = json.dumps({"id": "a", "text": "Gunmen killed four farmers in Zamfara, Nigeria, on Monday."})
    done = tocsin("incidents", stdin=f"{good}\nnot json\n")
    assert done.returncode == 1
    assert "2" in done.stderr
    assert len(done.stdout.splitlines()) == 1


def test_a_reader_that_goes_away_is_no_fault() -> None:
    command = f"{sys.executable} -m services.cli incidents seeds | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)
    assert "Traceback" not in done.stderr
