"""One set of claims by the conventions of ACLED, GTD and UCDP."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas import Claim, ClaimKind, Evidence, Figure, Incident, Modifier, Report, Speaker, SpeakerRole, Whose
from services.processor.tracking.build_incident import build_incident
from services.processor.tracking.conventions import Convention, view_by
from tests.processor.tracking.reports import at_least, exactly, report


def incident(*reports: Report) -> Incident:
    return build_incident("inc", reports, None)


def claiming(name: str, figure: Figure, quote: str = "x", hours: float = 12, **more: object) -> Report:
    evidence = (Evidence(slot="claim", start=0, end=len(quote), quote=quote),)
    claim = Claim.model_validate(dict(figure) | {"kind": ClaimKind.KILLED, "evidence": evidence} | more)
    return report(name, killed=figure, hours=hours).model_copy(update={"claims": (claim,)})


def dozens(name: str) -> Report:
    figure = Figure(low=24, best=24, high=99, modifier=Modifier.VAGUE)
    return claiming(name, figure, "dozens of soldiers")


def test_acled_takes_the_lowest_and_has_its_own_number_for_dozens() -> None:
    told = incident(report("a", killed=exactly(71)), report("b", killed=at_least(60)), dozens("c"))
    assert view_by(told, Convention.ACLED) == {"fatalities": 12}


def test_acled_takes_no_word_for_some_people_where_there_is_a_number() -> None:
    some = claiming("c", Figure(low=2, best=2, modifier=Modifier.VAGUE), "men died")
    assert view_by(incident(report("a", killed=exactly(71)), some), Convention.ACLED) == {"fatalities": 71}


def test_gtd_takes_the_majority_of_the_recent_and_without_one_the_lowest() -> None:
    old = report("a", killed=exactly(40), hours=1)
    recent = [report(name, killed=exactly(number), hours=60) for name, number in (("b", 71), ("c", 71), ("d", 64))]
    assert view_by(incident(old, *recent), Convention.GTD)["nkill"] == 71
    assert view_by(incident(old, *recent[1:]), Convention.GTD)["nkill"] == 64


def test_gtd_leaves_a_vague_toll_blank() -> None:
    assert view_by(incident(dozens("a")), Convention.GTD)["nkill"] is None


def test_gtd_counts_attackers_in_and_apart() -> None:
    first = claiming("a", exactly(20), whose=Whose.VICTIMS)
    attackers = claiming("a", exactly(5), whose=Whose.ATTACKERS).claims
    both = first.model_copy(update={"claims": (*first.claims, *attackers)})
    view = view_by(incident(both), Convention.GTD)
    assert (view["nkill"], view["nkillter"]) == (25, 5)


def test_what_a_party_to_the_fight_says_is_set_aside() -> None:
    boast = claiming("b", exactly(300), speaker=Speaker(name="the army", role=SpeakerRole.PARTY))
    told = incident(report("a", killed=exactly(20)), boast)
    assert view_by(told, Convention.GTD)["nkill"] == 20
    assert view_by(incident(boast), Convention.GTD)["nkill"] == 300


@given(st.lists(st.integers(1, 500), min_size=1, max_size=6))
def test_ucdp_bounds_hold_its_best_and_acled_never_exceeds_the_lowest_source(numbers: list[int]) -> None:
    told = incident(*(report(f"a{n}", killed=exactly(number), hours=n) for n, number in enumerate(numbers)))
    view = view_by(told, Convention.UCDP)
    assert view["low"] is not None
    assert view["best"] is not None
    assert view["high"] is not None
    assert view["low"] <= view["best"] <= view["high"]
    assert view_by(told, Convention.ACLED)["fatalities"] == min(numbers)
