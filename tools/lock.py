"""`python -m tools.lock [--check | --upgrade]`: the two lock files, made from pyproject.toml by uv.

`requirements.lock` is what `make setup` installs: everything, with the developers' tools. `requirements.runtime.lock`
is the part of it that the services need, for the container image. Each begins with the hash of what it was made from,
so that a check needs no network.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FULL = "requirements.lock"
RUNTIME = "requirements.runtime.lock"
GROUPS: dict[str, tuple[str, ...]] = {FULL: ("dev",), RUNTIME: ()}
"""The dependency groups of pyproject.toml that each lock holds besides the project's own dependencies."""
OLDEST_PYTHON = "3.11"


def inputs_hash(pyproject: dict[str, Any], groups: Sequence[str]) -> str:
    """SHA-256, in hexadecimal, of what decides a lock: Python, dependencies, and the groups named."""
    project = pyproject["project"]
    inputs = {
        "requires-python": project["requires-python"],
        "dependencies": project["dependencies"],
        "groups": {name: pyproject["dependency-groups"][name] for name in groups},
    }
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def header(pyproject: dict[str, Any], groups: Sequence[str]) -> str:
    """The two lines that a lock begins with."""
    digest = inputs_hash(pyproject, groups)
    return f"# Made by `make lock` from pyproject.toml; not to be edited.\n# inputs sha256:{digest}\n"


def pins(lock: str) -> set[str]:
    """The requirement lines of a lock, `name==version` with their markers."""
    return {line.removesuffix(" \\").strip() for line in lock.splitlines() if line[:1].isalnum()}


def problems(root: Path = ROOT) -> list[str]:
    """What is out of date, one sentence each; empty where both locks are what pyproject.toml asks for."""
    pyproject = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    found = []
    texts = {}
    for name, groups in GROUPS.items():
        path = root / name
        texts[name] = path.read_text(encoding="utf-8") if path.is_file() else ""
        if not texts[name].startswith(header(pyproject, groups)):
            found.append(f"{name} was not made from this pyproject.toml: run `make lock` and commit the result.")
    names = {pin.partition(" ;")[0] for pin in pins(texts[FULL])}
    apart = sorted(pin for pin in pins(texts[RUNTIME]) if pin.partition(" ;")[0] not in names)
    if apart:
        found.append(f"{RUNTIME} differs from {FULL} in {', '.join(apart)}: run `make lock` and commit the result.")
    return found


def write(root: Path = ROOT, *, upgrade: bool = False) -> None:
    """Make both locks; pins that still fit are kept unless `upgrade`. Raises CalledProcessError where uv fails."""
    pyproject = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or "uv"
    for name, groups in GROUPS.items():
        command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", OLDEST_PYTHON]
        command += ["--generate-hashes", "--no-emit-find-links", "--no-header", "pyproject.toml", "-o", name]
        command += [part for group in groups for part in ("--group", group)]
        if name == RUNTIME:
            command += ["--constraint", FULL]
        if upgrade:
            command.append("--upgrade")
        subprocess.run(command, cwd=root, check=True)
        path = root / name
        path.write_text(header(pyproject, groups) + path.read_text(encoding="utf-8"), encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0, or 1 where a lock is out of date or uv fails."""
    parser = argparse.ArgumentParser(prog="python -m tools.lock", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say whether the locks are up to date; no network")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that pyproject.toml allows")
    given = parser.parse_args(arguments)
    if not given.check:
        try:
            write(upgrade=given.upgrade)
        except subprocess.CalledProcessError as error:
            print(f"uv could not make the lock: it ended with status {error.returncode}.", file=sys.stderr)
            return 1
    found = problems()
    print("\n".join(found) or "The locks are up to date.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
