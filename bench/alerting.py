"""How the alerter bears many subscriptions, as ratios within one run.

    python -m bench.alerting matching [--subscriptions 100000] [--incidents 300]
    python -m bench.alerting delivering [--rate 250] [--seconds 20] [--subscriptions 10000] [--black-holes 0.1]

`matching`: which of very many subscriptions ask for an incident, by the index and by asking every one of them. Both are
held to the same answer for every incident. The time of the index is the processor's, in this process, and is printed
against the number of subscriptions and against the number of those that ask.

`delivering`: see bench/alerting_delivering.py.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from bench.alerting_delivering import add_options, delivering
from schemas import ArticleRef, Circle, Figure, Incident, IncidentType, Place, Severity, Subscription, Toll
from schemas.vocabulary import Certainty, PlacePrecision, SeverityLevel
from services.alerter.policy.index import SubscriptionIndex
from services.alerter.policy.matching import CompiledSubscription, compile_subscription, match
from services.regions.m49 import countries, ids_of, m49_ids, m49_regions

START = datetime(2031, 1, 1, tzinfo=UTC)
TYPES = tuple(IncidentType)
BOUNDS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
CONDITIONS = (
    "wounded >= 20 || abducted > 0",
    "'military' in targets && sources >= 2",
    "'school' in targets",
    "killed_victims > 5 && trend == 'rising'",
)
SCANNED = 40
"""Incidents that every subscription is asked about; the linear scan takes most of the time of a run."""
TARGET_MS = 5.0


def subscriptions(number: int, draw: random.Random) -> list[CompiledSubscription]:
    """Made-up subscriptions: most name a country or two and a threshold, some draw circles, a few ask for all."""
    codes = sorted(countries())
    un = [region for code in m49_regions() for region in ids_of(code)]
    made = []
    for count in range(number):
        asked: dict[str, object] = {"name": f"s{count}", "channel": "desk"}
        kind = draw.random()
        if kind < 0.55:
            asked["regions"] = tuple(draw.sample(codes, draw.choice((1, 1, 2, 3))))
        elif kind < 0.70:
            asked["regions"] = (draw.choice(un),)
        elif kind < 0.95:
            asked["circles"] = (
                Circle(
                    lat=draw.uniform(-60, 70), lon=draw.uniform(-180, 180), radius_km=draw.choice((25, 50, 100, 300))
                ),
            )
        asked["killed_at_least"] = draw.choice(BOUNDS) if kind < 0.95 else draw.choice(BOUNDS[4:])
        if draw.random() < 0.4:
            asked["types"] = tuple(draw.sample(TYPES, draw.randint(1, 4)))
        if draw.random() < 0.2:
            asked["severity_at_least"] = draw.choice(list(SeverityLevel))
        if draw.random() < 0.1:
            asked["certainty_at_least"] = draw.choice(("possible", "likely", "observed"))
        if draw.random() < 0.05:
            asked["where"] = draw.choice(CONDITIONS)
        made.append(compiled_once(Subscription.model_validate(asked)))
    return made


_COMPILED: dict[str, CompiledSubscription] = {}


def compiled_once(subscription: Subscription) -> CompiledSubscription:
    """`subscription` compiled; a CEL condition that came before is not read again, which only saves the bench time."""
    if subscription.where is None:
        return compile_subscription(subscription)
    if subscription.where not in _COMPILED:
        _COMPILED[subscription.where] = compile_subscription(subscription)
    bare = compile_subscription(subscription.model_copy(update={"where": None}))
    return CompiledSubscription(subscription, _COMPILED[subscription.where].condition, bare.areas, bare.outlets)


def incidents(number: int, draw: random.Random) -> list[Incident]:
    """Made-up incidents all over the world: mostly few dead, seldom many."""
    codes = sorted(countries())
    made = []
    for count in range(number):
        country = draw.choice(codes)
        dead = min(int(draw.paretovariate(0.8)), 5000)
        figure = Figure(low=dead, best=dead, high=dead)
        level = sum(dead >= bound for bound in (1, 10, 100))
        articles = draw.randint(1, 4)
        made.append(
            Incident(
                incident_id=f"inc-{count}",
                revision=1,
                type=draw.choice(TYPES),
                place=Place(
                    name="somewhere",
                    country=country,
                    lat=draw.uniform(-60, 70),
                    lon=draw.uniform(-180, 180),
                    precision=draw.choice(list(PlacePrecision)),
                ),
                regions=tuple(sorted(m49_ids(country))),
                toll=Toll(killed=figure, wounded=figure),
                severity=Severity(score=min(100, 25 * level), level=list(SeverityLevel)[level]),
                certainty=draw.choice(list(Certainty)),
                sources=tuple(
                    ArticleRef(article_id=f"{count}-{one}", source=f"outlet {one}", language="en")
                    for one in range(articles)
                ),
                independent_sources=articles,
                as_of=START + timedelta(minutes=count),
            )
        )
    return made


def scan(subscriptions: Sequence[CompiledSubscription], incident: Incident) -> list[CompiledSubscription]:
    """Those that ask for `incident`, found by asking every one: the first condition that is not met ends each."""
    found = []
    for compiled in subscriptions:
        outcome = match(compiled, incident)
        if outcome.holds or outcome.maybe:
            found.append(compiled)
    return found


def _all(
    work: Callable[[Incident], list[CompiledSubscription]], asked_about: Sequence[Incident]
) -> tuple[list[float], list[list[CompiledSubscription]]]:
    """Milliseconds of this process that `work` took for each incident, and what it gave."""
    took, found = [], []
    for incident in asked_about:
        began = time.process_time()
        found.append(work(incident))
        took.append((time.process_time() - began) * 1000)
    return took, found


def _names(found: Sequence[CompiledSubscription]) -> list[str]:
    return [one.subscription.name for one in found]


def matching(number: int, count: int, seed: int) -> int:
    """Measure and print; exit status 1 where the two disagree or the target is missed."""
    draw = random.Random(seed)  # noqa: S311 - made-up subscriptions
    every = subscriptions(number, draw)
    asked_about = incidents(count, draw)
    gc.collect()
    gc.freeze()
    rows = []
    for size in (number // 10, number):
        some = every[:size]
        began = time.process_time()
        index = SubscriptionIndex(some)
        built = (time.process_time() - began) * 1000
        for incident in asked_about[:20]:
            list(index.asking(incident))
        took, found = _all(lambda incident, index=index: list(index.asking(incident)), asked_about)  # type: ignore[misc]
        scanned, truth = _all(lambda incident, some=some: scan(some, incident), asked_about[:SCANNED])  # type: ignore[misc]
        wrong = sum(_names(one) != _names(other) for one, other in zip(truth, found, strict=False))
        matches = [len(one) for one in found]
        rows.append(
            {
                "subscriptions": size,
                "index_built_ms": round(built),
                "matches_mean": round(statistics.mean(matches), 1),
                "matches_most": max(matches),
                "index_ms_p50": round(statistics.median(took), 3),
                "index_ms_p99": round(statistics.quantiles(took, n=100)[98], 3),
                "index_us_per_match": round(1000 * sum(took) / max(1, sum(matches)), 2),
                "scan_ms_p50": round(statistics.median(scanned), 2),
                "scan_to_index": round(sum(scanned) / sum(took[: len(scanned)]), 1),
                "different_answers": wrong,
            }
        )
        print(json.dumps(rows[-1]))
    few, many = rows
    print(
        f"{number:,} subscriptions: p99 {many['index_ms_p99']} ms an incident (target {TARGET_MS:g}), "
        f"{many['scan_to_index']} times as fast as asking every one; ten times the subscriptions cost "
        f"{many['index_us_per_match'] / few['index_us_per_match']:.2f} times as much for each that asks."
    )
    return int(any(row["different_answers"] for row in rows) or many["index_ms_p99"] > TARGET_MS)


def main() -> int:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(prog="python -m bench.alerting", description=__doc__.partition("\n")[0])
    commands = parser.add_subparsers(dest="what", required=True)
    one = commands.add_parser("matching", help="which subscriptions ask for an incident")
    one.add_argument("--subscriptions", type=int, default=100_000)
    one.add_argument("--incidents", type=int, default=300)
    one.add_argument("--seed", type=int, default=1)
    add_options(commands.add_parser("delivering", help="how soon alerts are told, end to end"))
    given = parser.parse_args()
    if given.what == "delivering":
        return delivering(given)
    return matching(given.subscriptions, given.incidents, given.seed)


if __name__ == "__main__":
    raise SystemExit(main())
