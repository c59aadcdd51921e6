"""Made-up reports of made-up incidents, in the order of publication, for measuring.

The mix is that of news. Some countries are in it all day and most are not; half of the incidents are told of once or
twice, a few dozens of times; agency copies, corrections, reports that give only the country, no place or no day. The
texts of one country share their regional names, common ones more often than rare ones.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

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
    Revises,
    Speaker,
    SpeakerRole,
    TimePrecision,
    Toll,
    Wording,
)

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
"""How often incidents are told of: one of these numbers, all equally likely; 7.2 on average."""
COPIES, CORRECTIONS, ONLY_COUNTRY, NO_PLACE, NO_DAY = 0.15, 0.02, 0.2, 0.05, 0.4
"""Shares of reports."""
DEAD, WOUNDED, MOST_HARMED = 2, 4, 2000
"""People harmed: half of all incidents have twice the first or second number and fewer, a tenth ten times it, and so on
(Pareto, exponent 1); none has more than the last."""
NAMES, REGIONAL, WORDS = 12, 300, 1000
"""Names of an incident, names of a country, and words of the language that texts draw from. Set so that two texts are
as alike as in the news: of those on different incidents 99 of 100 stay below 0.12, of those on one half lie above 0.2.
"""


def reports(number: int, days: float, countries: int, seed: int = 1) -> Iterator[Report]:
    """`number` reports in the order of publication, over about `days` days. The id of an article begins with that of
    its made-up incident, up to the first `.`."""
    draw = random.Random(seed)  # noqa: S311 - made-up news
    weights = list(accumulate(1 / (n + 10) for n in range(countries)))
    incidents = max(1, round(number / (sum(TOLD_TIMES) / len(TOLD_TIMES))))
    waiting: list[tuple[datetime, str, Report]] = []
    made = given = 0
    while given < number:
        happened = START + timedelta(days=days * made / incidents)
        while waiting and waiting[0][0] < happened and given < number:
            yield heapq.heappop(waiting)[2]
            given += 1
        (country,) = draw.choices(range(countries), cum_weights=weights)
        for report in _incident(draw, made, happened, country):
            heapq.heappush(waiting, (report.article.published_at or happened, report.report_id, report))
        made += 1


def _incident(draw: random.Random, number: int, happened: datetime, country: int) -> Iterator[Report]:
    code = chr(65 + country // 26) + chr(65 + country % 26)
    names = [f"n{draw.randrange(400_000)}" for _ in range(NAMES)]
    words = [f"w{draw.randrange(WORDS)}" for _ in range(25)]
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
    kind, toll, wire = draw.choice(TYPES), _people(draw, DEAD), None
    hurt = _people(draw, WOUNDED)
    start = happened.replace(hour=0, minute=0, second=0, microsecond=0)
    day = Occurred(start=start, end=start + timedelta(days=1), precision=TimePrecision.DAY, text="on Sunday")
    for n in range(draw.choice(TOLD_TIMES)):
        article = f"{number}.{n}"
        corrects = draw.random() < CORRECTIONS
        toll = max(1, toll - 3 if corrects else toll + (draw.randrange(3) == 0))
        figure = Figure(low=toll, best=toll, high=toll)
        if wire is None or draw.random() >= COPIES:
            wire = Wording(
                names=(*draw.sample(names, 6), *dict.fromkeys(_regional(draw, country) for _ in range(4))),
                words=tuple(
                    dict.fromkeys((*draw.sample(words, 12), *(f"w{draw.randrange(WORDS)}" for _ in range(28))))
                ),
                sketch=tuple(sorted(draw.randrange(2**32) for _ in range(32))),
                credits=(f"agency {draw.randrange(9)}",),
            )
        where = draw.random()
        yield Report(
            report_id=f"{article}#0",
            article=ArticleRef(
                article_id=article,
                source=f"outlet {draw.randrange(900)}",
                published_at=happened + timedelta(hours=2 + draw.expovariate(1 / 30)),
            ),
            ordinal=0,
            type=kind,
            place=None if where < NO_PLACE else vague if where < NO_PLACE + ONLY_COUNTRY else place,
            regions=("africa", f"country-{code.lower()}"),
            occurred=None if draw.random() < NO_DAY else day,
            toll=Toll(killed=figure, wounded=Figure(low=hurt, best=hurt, high=hurt) if draw.random() < 0.3 else None),
            claims=tuple(_claims(draw, figure)),
            evidence=(Evidence(slot="place", start=20, end=25, quote="there"),) * 4,
            revises=Revises.CORRECTED if corrects else None,
            wording=wire,
        )


def _people(draw: random.Random, least: int) -> int:
    return min(MOST_HARMED, int(least * draw.paretovariate(1)))


def _claims(draw: random.Random, figure: Figure) -> Iterator[Claim]:
    for role in draw.sample(list(SpeakerRole), 2):
        yield Claim(
            kind=ClaimKind.KILLED,
            people="villagers",
            speaker=Speaker(name="somebody", role=role),
            evidence=(Evidence(slot="claim", start=0, end=9, quote="nine dead"),),
            **dict(figure),
        )


def _regional(draw: random.Random, country: int) -> str:
    """A name of a country's, the first ones far more often than the last."""
    return f"r{country}-{int(REGIONAL ** draw.random())}"
