"""Reports for tests of tracking, by the few facts that matter to a test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from schemas import (
    ArticleRef,
    Claim,
    ClaimKind,
    Evidence,
    Figure,
    IncidentType,
    Modifier,
    Occurred,
    Perpetrator,
    Place,
    PlacePrecision,
    Report,
    TimePrecision,
    Toll,
)

JUNE_1 = datetime(2025, 6, 1, tzinfo=UTC)
BOULKESSI = Place(name="Boulkessi", country="ML", admin1="Mopti", lat=14.9, lon=-1.1, precision=PlacePrecision.EXACT)
TIMBUKTU = Place(name="Timbuktu", country="ML", admin1="Tombouctou", lat=16.8, lon=-3.0, precision=PlacePrecision.EXACT)
MOPTI = Place(name="Mopti", country="ML", admin1="Mopti", precision=PlacePrecision.DIVISION)
MALI = Place(name="Mali", country="ML", precision=PlacePrecision.COUNTRY)


def at_least(low: int) -> Figure:
    return Figure(low=low, best=low, modifier=Modifier.AT_LEAST)


def exactly(number: int) -> Figure:
    return Figure(low=number, best=number, high=number)


def dozens() -> Figure:
    return Figure(low=24, best=24, high=99, modifier=Modifier.VAGUE)


def report(
    name: str,
    *,
    killed: Figure | None = None,
    wounded: Figure | None = None,
    place: Place | None = BOULKESSI,
    source: str | None = None,
    hours: float = 12,
    day: int | None = 0,
    kind: IncidentType = IncidentType.ARMED_ATTACK,
    perpetrators: tuple[Perpetrator, ...] = (),
    ordinal: int = 0,
    published: bool = True,
) -> Report:
    """A report of article `name`, published `hours` after 1 June, of something that happened `day` days after it."""
    occurred = None
    if day is not None:
        start = JUNE_1 + timedelta(days=day)
        occurred = Occurred(start=start, end=start + timedelta(days=1), precision=TimePrecision.DAY, text="on Sunday")
    claims = ()
    if killed is not None:
        evidence = (Evidence(slot="claim", start=0, end=1, quote="x"),)
        claims = (Claim(kind=ClaimKind.KILLED, evidence=evidence, **dict(killed)),)
    return Report(
        report_id=f"{name}#{ordinal}",
        article=ArticleRef(
            article_id=name,
            source=source or name,
            published_at=JUNE_1 + timedelta(hours=hours) if published else None,
        ),
        ordinal=ordinal,
        type=kind,
        place=place,
        occurred=occurred,
        toll=Toll(killed=killed, wounded=wounded),
        claims=claims,
        perpetrators=perpetrators,
    )
