from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools.tracked_files import PATTERNS, findings, findings_in, machine_patterns

HOST = "pypi" + ".org"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    root.mkdir()
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    return root


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("cache: /home" + "/ada/cache", "a home folder"),
        ("see /Users" + "/ada", "a home folder"),
        ("C:" + "\\Users\\ada", "a home folder"),
        (f"pip install -i {HOST} bell", "a package registry"),
        ("url = https://artifac" + "tory.corp.example/api", "a package registry"),
        ("mirror: https://mirror.example" + "/simple/", "a package registry"),
        ("    --index" + "-url https://example.org", "a registry option"),
        ("--find" + "-links wheels", "a registry option"),
    ],
)
def test_names_of_homes_and_registries_are_found(text: str, what: str) -> None:
    assert [finding.what for finding in findings_in("file", f"first\n{text}\n", PATTERNS)][:1] == [what]
    assert next(findings_in("file", f"first\n{text}\n", PATTERNS)).line == 2


@pytest.mark.parametrize(
    "text",
    [
        "bell==1.4 --hash=sha256:aa",
        "https://example.org/home/ada",
        "the home/office question, a simple matter",
        "uv pip compile --no-emit-find" + "-links",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert list(findings_in("file", text, PATTERNS)) == []


def test_the_folders_of_this_machine_are_found_whole_only(tmp_path: Path) -> None:
    patterns = machine_patterns(tmp_path)
    assert list(findings_in("file", f"cd {tmp_path}/src", patterns))
    (exact,) = [pattern for what, pattern in patterns if what == "this checkout's folder"]
    assert not list(findings_in("file", f"cd {tmp_path}-old", (("it", exact),)))


def test_tracked_and_new_text_files_are_read_and_ignored_and_binary_ones_are_not(checkout: Path) -> None:
    bad = f"https://{HOST}\n"
    for name in ("tracked.txt", "new.txt", "ignored.txt"):
        (checkout / name).write_text(bad, encoding="utf-8")
    (checkout / "binary").write_bytes(b"\0" + bad.encode())
    (checkout / ".gitignore").write_text("ignored.txt\n", encoding="utf-8")
    subprocess.run(["git", "add", "tracked.txt", "binary"], cwd=checkout, check=True)
    assert [str(finding) for finding in findings(checkout)] == [
        f"{name}:1: a package registry: {HOST!r}" for name in ("new.txt", "tracked.txt")
    ]
