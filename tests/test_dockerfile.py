"""The Dockerfile as text: a Docker engine, which could build it, is not to be had everywhere."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def instructions(name: str) -> list[str]:
    """What follows each instruction `name` in the Dockerfile, on its own line."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    return [line.removeprefix(f"{name} ") for line in lines if line.startswith(f"{name} ")]


def test_the_image_starts_from_one_pinned_python() -> None:
    first, *others = (source.split()[0] for source in instructions("FROM"))
    assert re.fullmatch(r"python:3\.11\.\d+-slim-\w+", first)
    assert set(others) == {"base"}


def test_what_is_installed_is_checked_against_its_hash_or_built_from_this_checkout() -> None:
    installs = [step for step in instructions("RUN") if "pip install" in step]
    assert installs
    assert all("--require-hashes -r requirements" in step or "--no-deps dist/" in step for step in installs)


def test_the_image_does_not_run_as_root() -> None:
    assert instructions("USER") == ["10001:10001"]


def test_the_folder_that_docker_is_given_holds_what_is_copied_and_nothing_secret() -> None:
    ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {line[1:] for line in ignore if line.startswith("!")}
    assert "*" in ignore
    copied = {source for step in instructions("COPY") if not step.startswith("--from") for source in step.split()[:-1]}
    assert copied == allowed
