"""Incidents to try conditions and rules on."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from schemas import (
    Certainty,
    ClaimKind,
    Evidence,
    Figure,
    Incident,
    IncidentType,
    Modifier,
    Perpetrator,
    Place,
    PlacePrecision,
    Responsibility,
    SourcedClaim,
    Stage,
    Target,
    Toll,
    Weapon,
    Whose,
)
from schemas.article import ArticleRef

KINDS = ("killed", "wounded", "missing", "abducted", "displaced")


def at_least(number: int) -> Figure:
    """`at least N`."""
    return Figure(low=number, best=number, modifier=Modifier.AT_LEAST)


def exactly(number: int) -> Figure:
    """`N`."""
    return Figure(low=number, best=number, high=number)


def incident(type: IncidentType = IncidentType.ARMED_ATTACK, **slots: Any) -> Incident:  # noqa: A002
    """An incident with the slots given, and a toll from numbers of people: `killed=60` is at least 60."""
    figures = {kind: slots.pop(kind) for kind in (*KINDS, "killed_attackers") if kind in slots}
    toll = Toll(**{kind: at_least(value) if isinstance(value, int) else value for kind, value in figures.items()})
    return Incident(incident_id="i1", revision=1, type=type, **{"toll": toll, **slots})


def claim(people: str, kind: ClaimKind = ClaimKind.KILLED, **slots: Any) -> SourcedClaim:
    """A claim that `people` were harmed."""
    quote = f"{people} were harmed"
    evidence = (Evidence(slot="claim", start=0, end=len(quote), quote=quote),)
    return SourcedClaim(kind=kind, people=people, evidence=evidence, article_id="a1", report_id="a1#0", **slots)


def boulkessi() -> Incident:
    """An attack on an army base: at least 60 soldiers killed, about 40 wounded, others taken."""
    return incident(
        killed=60,
        wounded=Figure(low=40, best=40, high=40, modifier=Modifier.APPROXIMATELY),
        abducted=Figure(modifier=Modifier.VAGUE),
        place=Place(name="Boulkessi", country="ML", admin1="Mopti", admin1_code="ML-5", precision=PlacePrecision.EXACT),
        regions=("sahel", "western-africa"),
        claims=(claim("soldiers", low=60, best=60, whose=Whose.VICTIMS),),
        perpetrators=(
            Perpetrator(
                name="Jama'at Nusrat al-Islam wal-Muslimin",
                aliases=("JNIM",),
                responsibility=Responsibility.CLAIMED_OR_ADMITTED,
            ),
        ),
        targets=(Target(kind="military", text="a base"),),
        weapons=(Weapon(kind="firearm", text="gunmen"),),
        sources=(
            ArticleRef(article_id="a1", source="wire", language="en"),
            ArticleRef(article_id="a2", source="wire"),
            ArticleRef(article_id="a3", source="radio", language="fr"),
        ),
    )


def figures(most: int = 3_000) -> st.SearchStrategy[Figure]:
    """Any figure, up to `most` people."""

    def build(numbers: tuple[int, int, int], open_ended: bool, uncounted: bool) -> Figure:
        low, best, high = sorted(numbers)
        if uncounted:
            return Figure(modifier=Modifier.VAGUE)
        return Figure(low=low, best=best, high=None if open_ended else high)

    number = st.integers(0, most)
    return st.builds(build, st.tuples(number, number, number), st.booleans(), st.booleans())


def incidents() -> st.SearchStrategy[Incident]:
    """Any incident: every type, stage and certainty, with and without each slot."""
    tolls = st.builds(
        Toll, **{kind: st.none() | figures() for kind in KINDS}, killed_attackers=st.none() | figures(most=50)
    )
    kinds = st.sampled_from(["military", "hospital", "school", "market", "religious", "aid_worker", "civilian"])
    return st.builds(
        incident,
        type=st.sampled_from(IncidentType),
        stage=st.sampled_from(Stage),
        certainty=st.sampled_from(Certainty),
        toll=tolls,
        regions=st.sets(st.sampled_from(["sahel", "europe", "lake-chad-basin"])).map(sorted).map(tuple),
        targets=st.lists(st.builds(Target, kind=kinds, text=st.just("it")), max_size=3).map(tuple),
        claims=st.lists(
            st.sampled_from(["three children", "soldiers", "two aid workers", "women", ""]).map(claim), max_size=3
        ).map(tuple),
    )
