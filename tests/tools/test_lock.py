from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tools.lock import FULL, GROUPS, RUNTIME, header, inputs_hash, pins, problems

PYPROJECT = """
[project]
requires-python = ">=3.11"
dependencies = ["bell>=1", "rope>=2"]
[dependency-groups]
dev = ["file>=3"]
museum = ["sundial>=1"]
"""
PARSED: dict[str, Any] = {
    "project": {"requires-python": ">=3.11", "dependencies": ["bell>=1", "rope>=2"]},
    "dependency-groups": {"dev": ["file>=3"], "museum": ["sundial>=1"]},
}
RUNTIME_PINS = r"""
bell==1.4 \
    --hash=sha256:aa
    # via tocsin
rope==2.0 ; sys_platform != 'win32' \
    --hash=sha256:bb
"""
FULL_PINS = RUNTIME_PINS + "file==3.1 \\\n    --hash=sha256:cc\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (tmp_path / FULL).write_text(header(PARSED, GROUPS[FULL]) + FULL_PINS, encoding="utf-8")
    (tmp_path / RUNTIME).write_text(header(PARSED, GROUPS[RUNTIME]) + RUNTIME_PINS, encoding="utf-8")
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_locks_made_from_this_pyproject_are_up_to_date(project: Path) -> None:
    assert problems(project) == []


def test_pins_are_read_without_hashes_and_comments() -> None:
    assert pins(FULL_PINS) == {"bell==1.4", "rope==2.0 ; sys_platform != 'win32'", "file==3.1"}


@pytest.mark.parametrize(("old", "new"), [("bell>=1", "bell>=1.5"), (">=3.11", ">=3.12")])
def test_a_changed_dependency_or_python_makes_both_locks_stale(project: Path, old: str, new: str) -> None:
    change(project / "pyproject.toml", old, new)
    assert [problem.split()[0] for problem in problems(project)] == [FULL, RUNTIME]


def test_a_developers_tool_is_no_business_of_the_runtime_lock(project: Path) -> None:
    change(project / "pyproject.toml", "file>=3", "file>=4")
    assert [problem.split()[0] for problem in problems(project)] == [FULL]


def test_a_group_that_no_lock_holds_is_no_business_of_any(project: Path) -> None:
    change(project / "pyproject.toml", "sundial>=1", "sundial>=2")
    assert problems(project) == []


def test_a_lock_that_is_missing_is_told(project: Path) -> None:
    (project / RUNTIME).unlink()
    (problem,) = problems(project)
    assert problem == f"{RUNTIME} was not made from this pyproject.toml: run `make lock` and commit the result."


def test_locks_that_pin_different_versions_are_told(project: Path) -> None:
    change(project / RUNTIME, "rope==2.0", "rope==2.1")
    (problem,) = problems(project)
    assert problem.startswith(f"{RUNTIME} differs from {FULL} in rope==2.1")


def test_the_order_of_groups_in_the_file_does_not_change_the_hash() -> None:
    groups = PARSED["dependency-groups"]
    turned = PARSED | {"dependency-groups": dict(reversed(groups.items()))}
    assert inputs_hash(turned, ("dev",)) == inputs_hash(PARSED, ("dev",))
