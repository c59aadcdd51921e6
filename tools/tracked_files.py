"""`python -m tools.tracked_files`: no file under version control names this machine, a user or a package registry.

Such a name works for one person and breaks for the next: a lock that points at a company's mirror, a script with
somebody's home folder in it. Registries are the business of each machine's own configuration.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Written so that no pattern matches its own text.
PATTERNS = (
    ("a home folder", r"(?<![\w.])/(?:home|Users)/[a-z][\w.-]*|[A-Z]:\\+Users\\"),
    (
        "a package registry",
        r"\bpypi\.org\b|\bpythonhosted\.org\b|\brepo1?\.maven\b|\bregistry\.npmjs\b|\bproxy\.golang\b",
    ),
    ("a package registry", r"https?://[^\s/\"']*(?:artifactory|nexus|devpi|pypi)\b|https?://[^\s\"']*/simple(?:/|\b)"),
    ("a registry option", r"(?:^|\s)--(?:extra-)?index-url\b|(?:^|\s)--find-links\b"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One name that must not be there."""

    path: str
    line: int
    what: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}: {self.text!r}"


def machine_patterns(root: Path) -> tuple[tuple[str, str], ...]:
    """Patterns for the folders of the machine that this runs on: checkout, home, temporary folder."""
    folders = {
        "this checkout's folder": root,
        "this user's home folder": Path.home(),
        "the temporary folder": Path(tempfile.gettempdir()),
    }
    return tuple(
        (what, rf"(?<![\w.-]){re.escape(str(folder))}(?![\w-])")
        for what, folder in folders.items()
        if folder != Path(folder.anchor)
    )


def findings_in(path: str, text: str, patterns: tuple[tuple[str, str], ...]) -> Iterator[Finding]:
    """The first match of `patterns` in each line of `text`."""
    compiled = [(what, re.compile(pattern)) for what, pattern in patterns]
    for number, line in enumerate(text.splitlines(), start=1):
        for what, pattern in compiled:
            found = pattern.search(line)
            if found:
                yield Finding(path, number, what, found[0].strip())
                break


def tracked_files(root: Path) -> list[str]:
    """Paths under version control, and new ones that are not ignored, relative to `root`."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout
    return sorted({name for name in listed.decode().split("\0") if name and (root / name).is_file()})


def findings(root: Path = ROOT) -> list[Finding]:
    """Every name in every text file of the checkout that must not be there."""
    patterns = PATTERNS + machine_patterns(root)
    found: list[Finding] = []
    for name in tracked_files(root):
        content = (root / name).read_bytes()
        if b"\0" in content[:8192]:
            continue
        found.extend(findings_in(name, content.decode("utf-8", errors="replace"), patterns))
    return found


def main() -> int:
    """Exit status 0, or 1 with one line per finding on standard error."""
    found = findings()
    for finding in found:
        print(finding, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
