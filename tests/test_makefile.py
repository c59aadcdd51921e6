from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FIND_PYTHON = ROOT / "tools" / "find_python.sh"


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60, env=environment)


def find_python(**variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([FIND_PYTHON], capture_output=True, text=True, check=False, timeout=60, env=variables)


def write_python(path: Path, version: tuple[int, int]) -> None:
    """A Python that gives `version` as its own."""
    path.write_text(
        f"#!{sys.executable}\nimport sys\nsys.version_info = {version}\nexec(sys.argv[2])\n", encoding="utf-8"
    )
    path.chmod(0o755)


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder that can be the whole PATH."""
    folder = tmp_path / "programs"
    folder.mkdir()
    (folder / "sh").symlink_to(shutil.which("sh") or "")
    return folder


def test_make_alone_lists_every_target_with_one_line() -> None:
    result = make()
    assert result.returncode == 0
    listed = re.findall(r"^  make ([a-z-]+) +\S", result.stdout, re.MULTILINE)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert listed == targets
    assert {"setup", "run", "serve", "test", "check", "kafka-up", "kafka-down", "bench", "lock", "clean"} <= set(listed)


@pytest.mark.parametrize("target", ["run", "serve", "test", "check", "kafka-up", "kafka-down", "bench", "lock"])
def test_a_target_installs_what_it_needs_first(target: str) -> None:
    steps = make("--dry-run", "--always-make", target).stdout
    assert "--require-hashes -r requirements.lock" in steps
    assert steps.index("--require-hashes") < steps.index("--no-deps --no-build-isolation -e .")


def test_the_oldest_python_that_will_do_is_taken_first(programs: Path) -> None:
    write_python(programs / "python3.12", (3, 12))
    write_python(programs / "python3.11", (3, 11))
    assert find_python(PATH=str(programs)).stdout.strip() == str(programs / "python3.11")


def test_a_python3_that_is_new_enough_will_do(programs: Path) -> None:
    write_python(programs / "python3", (3, 15))
    assert find_python(PATH=str(programs)).stdout.strip() == str(programs / "python3")


def test_the_python_that_is_named_is_taken(programs: Path) -> None:
    write_python(programs / "python3.11", (3, 11))
    write_python(programs / "python3.13", (3, 13))
    found = find_python(PATH=str(programs), PYTHON="python3.13")
    assert found.stdout.strip() == str(programs / "python3.13")


def test_without_a_python_that_will_do_it_says_what_to_install(programs: Path) -> None:
    write_python(programs / "python3", (3, 10))
    result = find_python(PATH=str(programs))
    assert (result.returncode, result.stdout) == (1, "")
    assert "needs Python 3.11 or newer" in result.stderr
    assert "install one" in result.stderr
