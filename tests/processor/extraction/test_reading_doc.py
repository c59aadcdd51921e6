"""docs/reading.md is true: its table of types, its files, and its running example."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from schemas import TYPES, Responsibility, SpeakerRole
from services.processor.extraction.wordlists import read_rows
from tests.processor.extraction.reading_table import read, shown

ROOT = Path(__file__).parents[3]
DOC = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")


def test_the_table_of_types_is_the_taxonomy() -> None:
    rows = [
        f"| `{kind.value}` | {m.family.value} | {m.acled or '-'} | {m.gtd or '-'} | {m.cap_category} |"
        for kind, m in TYPES.items()
    ]

    assert [row for row in rows if row not in DOC] == []


def test_every_class_of_target_and_weapon_has_its_gtd_type() -> None:
    classes = {row[0] for name in ("targets.tsv", "weapons.tsv") for row in read_rows(name)}

    assert [name for name in sorted(classes) if f"`{name}`" not in DOC] == []


def test_every_lexicon_and_test_that_it_names_is_there() -> None:
    lexicons = ROOT / "services" / "processor" / "extraction" / "lexicon"

    assert [name for name in re.findall(r"`(\w+\.tsv)`", DOC) if not (lexicons / name).exists()] == []
    assert [path for path in re.findall(r"`(tests/[\w/]+\.py)`", DOC) if not (ROOT / path).exists()] == []


def test_the_running_example_is_read_as_it_says() -> None:
    title, body = (line.removeprefix("> ").strip("*") for line in DOC.splitlines() if re.match(r"> \S", line))

    first, second = read(body, title, datetime(2025, 6, 3, 9, tzinfo=UTC))

    assert (first.place and first.place.name, second.place and second.place.name) == ("Djibo", "Dori")
    assert (shown(first.toll.killed), shown(first.toll.wounded)) == ("40-", "~25")
    assert (shown(second.toll.killed), shown(second.toll.killed_attackers)) == ("11", "11")
    assert [p.responsibility for p in first.perpetrators if "Nusrat" in p.name] == [Responsibility.CLAIMED_OR_ADMITTED]
    assert [c.speaker.role for c in second.claims if c.speaker is not None] == [SpeakerRole.PARTY]
    assert first.occurred is not None
    assert first.occurred.start == datetime(2025, 6, 1, tzinfo=UTC)
