"""`tocsin extract`: one line an article, in order, and nothing lost."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from schemas import Article
from services.cli.explain import explain_article
from services.cli.extracted import extracted, taken_at_once
from services.cli.main import app
from services.processor.extraction.extract import SIDE_BY_SIDE, extract
from services.producer.readers import STANDARD_INPUT_PATH

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


def test_the_order_holds_over_more_articles_than_are_read_side_by_side(tmp_path: Path) -> None:
    lines = [article_line(str(at), ATTACK if at % 3 else "Profits rose.") for at in range(2 * SIDE_BY_SIDE + 5)]
    lines.insert(SIDE_BY_SIDE - 1, "{not json}\n")
    file = tmp_path / "articles.jsonl"
    file.write_text("".join(lines))

    code, read, errors = run(str(file))

    assert code == 1
    assert [line["article_id"] for line in read] == [str(at) for at in range(2 * SIDE_BY_SIDE + 5)]
    assert [bool(line["incidents"]) for line in read] == [at % 3 > 0 for at in range(2 * SIDE_BY_SIDE + 5)]
    assert f"articles.jsonl:{SIDE_BY_SIDE}" in errors


def test_an_article_from_a_pipe_does_not_wait_for_the_next() -> None:
    reading, writing = os.pipe()
    taken = []

    def lines() -> Iterator[Article]:
        for at in range(3):
            taken.append(at)
            yield Article(article_id=str(at), body=ATTACK)

    with os.fdopen(reading, "rb") as pipe, os.fdopen(writing, "wb"):
        told = extracted(lines(), taken_at_once([STANDARD_INPUT_PATH], pipe))
        article, reports = next(told)

    assert isinstance(article, Article)
    assert (article.article_id, len(reports), taken) == ("0", 1, [0])


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

    assert text in re.sub(r"\[|\](?:[a-z+]+)?", "", shown.getvalue())
    assert ("killed: at least 12 soldiers" in shown.getvalue()) == (text == ATTACK)
    assert ("no current incident" in shown.getvalue()) == (text != ATTACK)


def test_explain_in_a_pipe_puts_the_words_of_each_slot_in_brackets_and_names_every_slot() -> None:
    shown = io.StringIO()
    text = "Gunmen killed 12 soldiers in Gao, Mali, on Sunday. Last year 30 soldiers died there."
    article = Article(article_id="a", body=text, published_at=datetime(2025, 6, 3, 9, tzinfo=UTC))

    explain_article(article, extract(article), Console(file=shown, width=200, highlight=False))

    told = shown.getvalue()
    assert "[Gunmen]type+perpetrator [killed 12 soldiers]claim in [Gao]place, [Mali]place, [on Sunday]occurred." in told
    assert "toll     killed 12\n" in told
    assert "where    Gao" in told
    assert "when     2025-06-01 (day)" in told
    assert "who      gunmen (reported as fact)" in told
    assert 'killed: "30 soldiers died" in body: happened in the past ("Last year")' in told


def test_explain_in_a_terminal_colours_the_words_and_leaves_the_text_as_it_is() -> None:
    shown = io.StringIO()
    article = Article(article_id="a", body="Gunmen killed 12 soldiers in Gao, Mali.")

    explain_article(
        article, extract(article), Console(file=shown, width=200, force_terminal=True, color_system="standard")
    )

    assert "\x1b[" in shown.getvalue()
    assert "]claim" not in shown.getvalue()
    assert article.body in re.sub(r"\x1b\[[0-9;]*m", "", shown.getvalue())


def test_explain_says_why_an_article_is_not_read() -> None:
    shown = io.StringIO()
    text = "Mindestens zwölf Menschen sind bei einem Anschlag auf einen Markt getötet worden, teilte die Polizei mit."
    article = Article(article_id="a", body=text)

    explain_article(article, extract(article), Console(file=shown, width=200, highlight=False))

    assert "no current incident: not read, it is in another language (de)" in shown.getvalue()


def test_explain_lets_no_article_send_commands_to_the_terminal() -> None:
    shown = io.StringIO()
    article = Article(
        article_id="a", body="Gunmen killed 12 \x1b]0;owned\x07soldiers in Gao, Mali.\x1b[2J Nobody else died."
    )

    explain_article(article, extract(article), Console(file=shown, width=200, highlight=False))

    assert not {"\x1b", "\x07"} & set(shown.getvalue())
    assert "owned" in shown.getvalue()
