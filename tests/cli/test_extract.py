"""`tocsin extract`: one line an article, in order, and nothing lost."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from schemas import Article
from services.cli.explain import explain_article
from services.cli.main import app
from services.processor.extraction.extract import extract

RULES = Path(__file__).parents[2] / "rules"
ATTACK = "Gunmen killed at least 12 soldiers at an army base in Gao, Mali, on Sunday, the governor said."


def run(*arguments: str, stdin: str = "") -> tuple[int, list[dict[str, object]], str]:
    result = CliRunner().invoke(app, ["extract", "--rules", str(RULES), *arguments], input=stdin)
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()], result.stderr


def article_line(article_id: str, text: str) -> str:
    return json.dumps({"id": article_id, "title": "", "text": text, "published": "2025-06-02T09:00:00Z"}) + "\n"


def test_every_article_has_its_line_in_the_order_of_the_input(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text(article_line("b", ATTACK) + article_line("a", "Profits rose.") + article_line("c", ATTACK))

    code, lines, _ = run(str(file))

    assert code == 0
    assert [line["article_id"] for line in lines] == ["b", "a", "c"]
    assert lines[1]["incidents"] == []


def test_an_incident_is_printed_with_its_slots_regions_and_evidence() -> None:
    _, (line,), _ = run(stdin=article_line("a", ATTACK))

    (incident,) = line["incidents"]  # type: ignore[misc]

    assert incident["place"]["country"] == "ML"
    assert "western-africa" in incident["regions"]
    assert incident["toll"]["killed"] == {"low": 12, "best": 12, "high": None, "modifier": "at_least"}
    assert {piece["slot"] for piece in incident["evidence"]} >= {"type", "place", "occurred"}


def test_a_bad_line_is_named_and_the_rest_is_read() -> None:
    code, lines, errors = run(stdin=article_line("a", ATTACK) + "{not json}\n" + article_line("b", ATTACK))

    assert code == 1
    assert [line["article_id"] for line in lines] == ["a", "b"]
    assert "standard input:2" in errors


@pytest.mark.parametrize("text", [ATTACK, "Profits rose."])
def test_explain_shows_the_article_with_the_reasoning_of_its_claims(text: str) -> None:
    shown = io.StringIO()
    article = Article(article_id="a", body=text)

    explain_article(article, extract(article), Console(file=shown, width=200, highlight=False))

    assert text in shown.getvalue()
    assert ("killed: 12 soldiers" in shown.getvalue()) == (text == ATTACK)
    assert ("no current incident" in shown.getvalue()) == (text != ATTACK)
