"""`tocsin incidents` gives the incidents that the steps of the stream end in, from the same bytes on."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from schemas import Article, Incident, IncidentStatus, Report
from services.cli.main import app
from services.processor.extraction.extract import extract
from services.processor.rules import load_rules
from services.processor.scoring.severity import score
from services.processor.stages import Extraction, Tracking
from services.processor.stream.records import Record
from services.processor.tracking.open_incidents import OpenIncidents
from services.producer.readers import read_articles
from services.regions.regions import regions_of
from services.shared.topics import ARTICLES, REPORTS

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2025, 6, 8, tzinfo=UTC)
TOWNS = ("Maiduguri", "Peshawar", "Lagos", "Manila", "Bogota", "Kinshasa")


def streamed(folder: Path) -> dict[str, Incident]:
    """The newest revision of each incident, with the tracker restored from its changelog after every report."""
    rules = load_rules(ROOT / "rules")
    reading = Extraction(extract, lambda place: regions_of(place, rules.regions), lambda: NOW)
    tracking = Tracking(
        partial(score, rules=rules.severity), lambda: NOW, incidents=OpenIncidents(rules=rules.linking)
    )  # fmt: skip
    newest: dict[str, Incident] = {}
    entries: dict[bytes, bytes] = {}
    for article in read_articles([folder]):
        assert isinstance(article, Article)
        for sent in reading(Record(ARTICLES, 0, 0, None, article.to_bytes())).outputs:
            assert Report.from_bytes(sent.value or b"")
            result = tracking(Record(REPORTS, 0, 0, sent.key, sent.value))
            for output in result.outputs:
                incident = Incident.from_bytes(output.value or b"")
                newest[incident.incident_id] = incident
            for entry in result.state:
                assert entry.key is not None
                if entry.value is None:
                    entries.pop(entry.key, None)
                else:
                    entries[entry.key] = entry.value
            tracking.restore(entries)
    return {name: one for name, one in newest.items() if one.status is not IncidentStatus.MERGED}


def printed(folder: Path) -> dict[str, dict[str, Any]]:
    result = CliRunner().invoke(app, ["incidents", str(folder), "--rules", str(ROOT / "rules")])
    assert result.exit_code == 0, result.output
    return {line["incident_id"]: line for line in map(json.loads, result.stdout.splitlines())}


def assert_same(folder: Path) -> None:
    stream, command = streamed(folder), printed(folder)
    assert stream.keys() == command.keys()
    for name, incident in stream.items():
        told = incident.model_dump(mode="json")
        for slot in ("revision", "type", "place", "occurred", "toll", "severity", "certainty", "status", "history"):
            assert command[name][slot] == told[slot], (name, slot)


def test_the_seeds_end_in_the_same_incidents() -> None:
    assert_same(ROOT / "seeds")


def test_made_up_articles_end_in_the_same_incidents(tmp_path: Path) -> None:
    lines = []
    for n in range(40):
        town, dead, hour = TOWNS[n % len(TOWNS)], 5 + n % 7 + n // 12, n % 24
        text = f"A bomb blast at a market in {town} on Monday killed {dead} people, police said. Traders fled."
        published = f"2025-06-{2 + n // 24:02d}T{hour:02d}:00:00Z"
        lines.append(json.dumps({"id": f"m{n}", "title": f"Blast in {town}", "text": text, "published": published}))
    (tmp_path / "articles.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert_same(tmp_path)
