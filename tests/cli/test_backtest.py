"""`tocsin backtest`: what a subscription would have rung."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from typer.testing import CliRunner

from schemas import AlertKind, Article, Digest, Incident, Report, Subscription
from services.alerter.outbox.engine import Store, open_store
from services.alerter.policy.matching import compile_subscription
from services.cli.backtesting.replaying import replay
from services.cli.backtesting.showing import figures, plot
from services.cli.backtesting.summary import Summary, summarise
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
from tests.alerter.outboxes import decided

ROOT = Path(__file__).resolve().parents[2]
MONDAY = datetime(2031, 5, 5, 6, 30, tzinfo=UTC)
NIGHT = datetime(2031, 5, 6, 23, 30, tzinfo=UTC)
DESK = Subscription(name="desk", channel="console", killed_at_least=5)


def article(at: datetime, title: str, body: str) -> Article:
    return Article(article_id=f"a-{at.isoformat()}", title=title, body=body, source="Koru Daily", published_at=at)


def attack(at: datetime, killed: str) -> Article:
    body = f"Gunmen killed {killed} soldiers in an attack on an army base in Boulkessi, Mali, on Sunday."
    return article(at, f"{killed} soldiers killed in attack on army base in Boulkessi, Mali", body)


def summary_of(articles: list[Article], asked: Subscription = DESK, budget: float | None = None) -> Summary:
    found = replay(articles, load_rules(ROOT / "rules"), compile_subscription(asked))
    return summarise(found, asked.name, asked.time_zone, budget)


@pytest.fixture(scope="module")
def seeds() -> list[Article]:
    return [one for one in read_articles([ROOT / "seeds"]) if isinstance(one, Article)]


async def test_it_tells_what_the_steps_of_the_stream_tell(seeds: list[Article], tmp_path: Path) -> None:
    rules = load_rules(ROOT / "rules")
    asked = compile_subscription(DESK)
    reading = Extraction(extract, lambda place: regions_of(place, rules.regions), lambda: MONDAY)
    tracking = Tracking(
        partial(score, rules=rules.severity), lambda: MONDAY, incidents=OpenIncidents(rules=rules.linking)
    )
    store: Store = await open_store(f"sqlite:///{tmp_path}/store.db")
    streamed = []
    for one in sorted(seeds, key=lambda one: one.published_at or MONDAY):
        for report in reading(Record(ARTICLES, 0, 0, None, one.to_bytes())).outputs:
            assert Report.from_bytes(report.value or b"")
            for output in tracking(Record(REPORTS, 0, 0, report.key, report.value)).outputs:
                streamed += await decided(store, [Incident.from_bytes(output.value or b"")], asked)
    await store.close()
    backtested = [ring.alert for ring in replay(seeds, rules, asked).rings]
    assert len(backtested) > 5
    assert backtested == [alert.model_copy(update={"number": None}) for alert in streamed]


def test_articles_are_read_in_the_order_of_their_publication(seeds: list[Article]) -> None:
    rules, asked = load_rules(ROOT / "rules"), compile_subscription(DESK)
    told = [(ring.at, ring.alert.alert_id) for ring in replay(seeds, rules, asked).rings]
    assert told == [(ring.at, ring.alert.alert_id) for ring in replay(reversed(seeds), rules, asked).rings]
    assert told == sorted(told, key=lambda one: one[0])


def test_a_day_an_hour_and_the_night_are_those_of_the_subscriptions_clock() -> None:
    story = [attack(NIGHT, "60")]
    utc = summary_of(story)
    assert (list(utc.per_day), utc.per_hour[23], utc.at_night) == ([NIGHT.date()], 1, 1)
    delhi = summary_of(story, DESK.model_copy(update={"time_zone": "Asia/Kolkata"}))
    assert (list(delhi.per_day), delhi.per_hour[5], delhi.at_night) == ([NIGHT.date() + timedelta(days=1)], 1, 1)
    tokyo = summary_of(story, DESK.model_copy(update={"time_zone": "Asia/Tokyo"}))
    assert tokyo.at_night == 0


def test_what_was_corrected_and_what_was_confirmed_is_counted(seeds: list[Article]) -> None:
    summary = summary_of(seeds)
    later = {(rung.ring.alert.kind, rung.ring.alert.headline[:12]): rung.later for rung in summary.rungs}
    assert later[AlertKind.ALERT, "34 people ki"] == "corrected"
    assert later[AlertKind.UPDATE, "Update: 104 "] == "corrected"
    assert later[AlertKind.ALERT, "At least 60 "] == "", (
        "the next message told of more, and the one after took that back"
    )
    assert (summary.corrected, summary.taken_back, summary.merged) == (1, 0, 0)
    (boulkessi,) = [rung for rung in summary.rungs if rung.lead is not None]
    assert boulkessi.lead == timedelta(hours=2, minutes=25), "from the first message to the other outlet's article"
    assert summary.unconfirmed == summary.first_messages - 1
    assert summary.median_wait == timedelta(0)


def test_a_budget_says_on_how_many_days_it_would_not_have_held(seeds: list[Article]) -> None:
    summary = summary_of(seeds, budget=2)
    assert summary.budget is not None
    worst = datetime(2025, 6, 3, tzinfo=UTC).date()
    assert (summary.budget.days_over, summary.budget.worst_day, summary.budget.worst_count) == (1, worst, 3)
    assert "exceeded on 1 of 6 days" in dict(figures(summary))["budget"]
    assert summary_of([]).budget is None


def test_the_plot_is_one_picture_with_every_message_and_nothing_but_text_from_the_articles(
    seeds: list[Article],
) -> None:
    for summary in (summary_of(seeds, budget=1.5), summary_of([])):
        root = etree.fromstring(plot(summary).encode())
        bars = [one for one in root.iter("{*}rect") if one.get("class") in set(AlertKind) and len(one)]
        told = sum(int(bar[0].text.split()[1]) for bar in bars)
        assert told == summary.messages
        assert not list(root.iter("{*}script", "{*}image", "{*}foreignObject"))


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["backtest", *map(str, arguments), "--rules", str(ROOT / "rules")])


def test_it_prints_messages_and_figures_and_as_json_one_line_each(tmp_path: Path) -> None:
    file, picture = tmp_path / "desk.yaml", tmp_path / "plot.svg"
    file.write_text("name: desk\nchannel: anywhere\nkilled_at_least: 30\n")
    shown = run("--subscription", file, "--budget", "2", "--plot", picture, ROOT / "seeds")
    assert shown.exit_code == 0, shown.output
    assert "2025-06-02 09:15" in shown.stdout
    assert "2 a day, held on every day" in shown.stdout
    assert picture.read_text().startswith("<svg")
    lines = [json.loads(line) for line in run("--subscription", file, "--json", ROOT / "seeds").stdout.splitlines()]
    assert lines[-1]["summary"]["messages"] == len(lines) - 1
    assert lines[0]["message"]["at"] == "2025-06-02T09:15:00+00:00"


@pytest.mark.parametrize(
    ("written", "options", "said"),
    [
        ("name: desk\nchannel: c\nkiled_at_least: 5\n", (), "did you mean killed_at_least"),
        ("name: desk\nchannel: c\nregions: [atlantis]\n", (), "desk.yaml:3"),
        ("channels: []\nsubscriptions: []\n", (), "name one with --name"),
        ("channels: []\nsubscriptions: [{name: a, channel: c}]\n", ("--name", "b"), "has no subscription b; it has: a"),
        ("name: desk\nchannel: c\n", ("--name", "b"), "holds the subscription desk, and not b"),
    ],
)
def test_a_subscription_that_cannot_be_used_is_a_sentence(
    tmp_path: Path, written: str, options: tuple[str, ...], said: str
) -> None:
    (tmp_path / "desk.yaml").write_text(written)
    result = run("--subscription", tmp_path / "desk.yaml", *options, ROOT / "seeds")
    assert result.exit_code == 1
    assert said in str(result.exception)


def test_an_incident_told_of_by_one_source_alone_is_unconfirmed() -> None:
    summary = summary_of([attack(MONDAY, "60")])
    assert (summary.first_messages, summary.unconfirmed, summary.median_lead) == (1, 1, None)


def test_what_is_told_together_rings_once() -> None:
    digest = DESK.model_copy(update={"digest": Digest(at="09:00"), "killed_at_least": 5})
    story = [
        attack(MONDAY - timedelta(hours=1), "60"),
        article(MONDAY, "Flood kills 12 in Niamey, Niger", "Floods killed 12 people in Niamey, Niger, on Sunday."),
    ]
    apart, together = summary_of(story), summary_of(story, digest, budget=1)
    assert (apart.messages, apart.first_messages) == (2, 2)
    assert (together.messages, together.first_messages, sum(together.per_hour)) == (1, 2, 1)
    assert together.budget is not None
    assert together.budget.days_over == 0
    carried = [rung.as_json()["carried_by"] for rung in together.rungs]
    assert sorted(one is None for one in carried) == [False, True]
