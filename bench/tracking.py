"""How fast reports become incidents, on one core, and whether the cost grows with the stream.

    python -m bench.tracking [--reports 100000] [--days 30] [--countries 150]

Reports of made-up incidents come in the order of publication: some incidents are told of once, some dozens of times,
some reports give only the country, some no day. What is timed is `track`, from the report to its revision. The rate is
printed for each tenth of the stream.
"""

from __future__ import annotations

import argparse
import gc
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from schemas import (
    ArticleRef,
    Claim,
    ClaimKind,
    Evidence,
    Figure,
    IncidentType,
    Occurred,
    Place,
    PlacePrecision,
    Report,
    TimePrecision,
    Toll,
    Wording,
)
from services.processor.service import GC_THRESHOLDS
from services.processor.tracking.open_incidents import OpenIncidents
from services.processor.tracking.track import track

START = datetime(2025, 1, 1, tzinfo=UTC)
TYPES = (
    IncidentType.ARMED_ATTACK,
    IncidentType.BOMBING,
    IncidentType.ROAD_ACCIDENT,
    IncidentType.FIRE,
    IncidentType.FLOOD,
    IncidentType.SHOOTING,
)
TOLD_TIMES = (1, 1, 1, 2, 2, 3, 4, 6, 12, 40)
"""How often incidents are told of: one of these numbers, all equally likely."""


def reports(number: int, days: int, countries: int, seed: int = 1) -> list[Report]:
    """`number` reports in the order of publication, over `days` days."""
    draw = random.Random(seed)  # noqa: S311 - made-up news
    found: list[Report] = []
    while len(found) < number:
        found.extend(_incident(draw, len(found), days, countries))
    found.sort(key=lambda report: report.article.published_at or START)
    return found[:number]


def _incident(draw: random.Random, first: int, days: int, countries: int) -> Iterator[Report]:
    country = draw.randrange(countries)
    code = chr(65 + country // 26) + chr(65 + country % 26)
    happened = START + timedelta(days=draw.random() * days)
    names = [f"n{draw.randrange(400_000)}" for _ in range(8)]
    regional = [f"r{country}-{n}" for n in range(40)]
    place = Place(
        name=names[0],
        country=code,
        admin1=f"division {draw.randrange(12)}",
        geonames_id=draw.randrange(10_000_000),
        lat=(country % 12) * 10 - 60 + draw.random() * 8,
        lon=(country // 12) * 20 - 150 + draw.random() * 8,
        precision=PlacePrecision.EXACT,
    )
    vague = Place(name=f"country {country}", country=code, geonames_id=country, precision=PlacePrecision.COUNTRY)
    kind = draw.choice(TYPES)
    toll = draw.randrange(1, 60)
    for n in range(draw.choice(TOLD_TIMES)):
        published = happened + timedelta(hours=2 + draw.expovariate(1 / 30))
        toll += draw.randrange(3) == 0
        figure = Figure(low=toll, best=toll, high=toll)
        start = happened.replace(hour=0, minute=0, second=0, microsecond=0)
        article = f"a{first + n}"
        yield Report(
            report_id=f"{article}#0",
            article=ArticleRef(article_id=article, source=f"outlet {draw.randrange(900)}", published_at=published),
            ordinal=0,
            type=kind,
            place=draw.choice((place, place, place, vague)),
            occurred=draw.choice(
                (
                    Occurred(start=start, end=start + timedelta(days=1), precision=TimePrecision.DAY, text="on Sunday"),
                    None,
                )
            ),
            toll=Toll(killed=figure),
            claims=tuple(
                Claim(
                    kind=ClaimKind.KILLED,
                    evidence=(Evidence(slot="claim", start=0, end=9, quote="nine dead"),),
                    **dict(figure),
                )
                for _ in range(2)
            ),
            wording=Wording(
                names=(*draw.sample(names, 6), *draw.sample(regional, 6)),
                words=tuple(f"w{draw.randrange(3000)}" for _ in range(40)),
                sketch=tuple(sorted(draw.randrange(2**32) for _ in range(32))),
            ),
        )


def main() -> None:
    """Run and print."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--reports", type=int, default=100_000)
    cli.add_argument("--days", type=int, default=30)
    cli.add_argument("--countries", type=int, default=150)
    options = cli.parse_args()
    stream = reports(options.reports, options.days, options.countries)
    state = OpenIncidents()
    gc.set_threshold(*GC_THRESHOLDS)  # As the processor does.
    tenth = max(1, len(stream) // 10)
    revisions = 0
    began = time.process_time()
    for start in range(0, len(stream), tenth):
        part = stream[start : start + tenth]
        before = time.process_time()
        for report in part:
            revisions += len(track(report, state).revisions)
        seconds = time.process_time() - before
        print(f"reports {start + len(part):>7}: {len(part) / seconds:7.0f} reports/s, {len(state)} incidents open")
    seconds = time.process_time() - began
    print(f"all: {len(stream) / seconds:.0f} reports/s on one core ({seconds:.1f} s of CPU), {revisions} revisions")


if __name__ == "__main__":
    main()
