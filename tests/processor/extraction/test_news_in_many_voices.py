"""Short articles in the voices of many outlets: what each tells of, and what it tells of beside that."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.processor.extraction.reading_table import read, shown

_FILES = tuple(Path(__file__).with_name(name) for name in ("many_voices.txt", "many_voices_of_conflict.txt"))


class _Case(NamedTuple):
    what: str
    title: str
    body: str
    expected: list[tuple[str, ...]]
    """Of each incident place, killed, attackers among them, wounded."""


def _cases() -> list[_Case]:
    cases = []
    for block in (block for file in _FILES for block in file.read_text(encoding="utf-8").split("\n\n")[1:]):
        what, *lines = block.strip().splitlines()
        name, _, title = what.partition("|")
        body = " ".join(line for line in lines if not line.startswith("= "))
        told = [line[2:] for line in lines if line.startswith("= ")]
        expected = [
            tuple(cell.strip().replace("-", "", cell.strip() == "-") for cell in row.split("|")) for row in told
        ]
        cases.append(_Case(name.strip(), title.strip(), body, expected))
    return cases


CASES = _cases()


@pytest.mark.parametrize("case", CASES, ids=[case.what for case in CASES])
def test_an_article_tells_of_its_news_only(case: _Case) -> None:
    reports = read(case.body, case.title)

    told = [(shown(r.toll.killed), shown(r.toll.killed_attackers), shown(r.toll.wounded)) for r in reports]
    assert sorted(told) == sorted(row[1:] for row in case.expected)
    places = {r.place.name for r in reports if r.place is not None}
    assert {row[0] for row in case.expected if row[0]} <= places
