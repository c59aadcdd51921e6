"""How sure an incident is: by who speaks, how many tell of it on their own, and what was taken back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Certainty, Claim, Incident, Report, Revises, Speaker, SpeakerRole, Stance, Wording
from services.processor.tracking.certainty import FIRM, RunningCertainty
from services.processor.tracking.open_incidents import OpenIncidents
from services.processor.tracking.track import track
from tests.processor.tracking.reports import exactly, report


def says(
    name: str, role: SpeakerRole | None = None, *, stance: Stance = Stance.ASSERTED, source: str | None = None
) -> Report:
    """A report of nine killed by the word of a speaker of that role, or of the outlet itself."""
    base = report(name, killed=exactly(9), source=source)
    speaker = None if role is None else Speaker(name=f"the {role.value}", role=role)
    claims = tuple(claim.model_copy(update={"speaker": speaker, "stance": stance}) for claim in base.claims)
    return base.model_copy(update={"claims": claims})


def incident_of(*reports: Report) -> Incident:
    state = OpenIncidents()
    for item in reports:
        track(item, state)
    (entry,) = state
    return entry.incident


@pytest.mark.parametrize("role", sorted(FIRM))
def test_one_who_can_be_asked_again_makes_it_likely_and_a_second_source_observed(role: SpeakerRole) -> None:
    assert incident_of(says("a", role)).certainty is Certainty.LIKELY
    assert incident_of(says("a", role), says("b")).certainty is Certainty.OBSERVED


def test_two_outlets_without_a_speaker_make_it_likely_and_one_possible() -> None:
    assert incident_of(says("a")).certainty is Certainty.POSSIBLE
    assert incident_of(says("a"), says("b")).certainty is Certainty.LIKELY


@pytest.mark.parametrize("outlets", [1, 2, 5])
def test_what_only_a_party_to_the_fight_says_is_possible_however_many_repeat_it(outlets: int) -> None:
    told = [says(f"a{n}", SpeakerRole.PARTY) for n in range(outlets)]

    assert incident_of(*told).certainty is Certainty.POSSIBLE


def test_a_party_is_believed_beside_a_medic() -> None:
    assert incident_of(says("a", SpeakerRole.PARTY), says("b", SpeakerRole.MEDIC)).certainty is Certainty.OBSERVED


def test_copies_of_one_text_are_one_source() -> None:
    wording = Wording(names=("sokolo", "niono"), sketch=tuple(range(32)))
    copies = [says(f"outlet-{n}", SpeakerRole.MEDIC).model_copy(update={"wording": wording}) for n in range(12)]
    incident = incident_of(*copies)

    assert incident.independent_sources == 1
    assert incident.certainty is Certainty.LIKELY


def test_an_outlet_that_credits_another_is_no_second_source() -> None:
    first = says("a", SpeakerRole.MEDIC, source="courier")
    second = says("b", SpeakerRole.MEDIC, source="live")
    credited = second.model_copy(update={"wording": Wording(names=("sokolo",), credits=("courier",))})

    assert incident_of(first, second).certainty is Certainty.OBSERVED
    assert incident_of(first, credited).certainty is Certainty.LIKELY


def test_what_is_only_denied_and_what_is_taken_back_is_unlikely() -> None:
    denied = says("a", SpeakerRole.OFFICIAL, stance=Stance.DENIED)
    back = report("b", source="a", hours=15).model_copy(update={"revises": Revises.RETRACTED})

    assert incident_of(denied).certainty is Certainty.UNLIKELY
    assert incident_of(says("a", SpeakerRole.OFFICIAL), back).certainty is Certainty.UNLIKELY


def test_where_nobody_claims_anything_nothing_is_known() -> None:
    assert incident_of(report("a")).certainty is Certainty.UNKNOWN


reports = st.lists(
    st.builds(
        lambda role, stance, n: says(f"a{n}", role, stance=stance),
        st.sampled_from([None, *SpeakerRole]),
        st.sampled_from(Stance),
        st.integers(0, 99),
    ),
    max_size=6,
)


@given(reports, st.integers(1, 5))
def test_another_source_never_makes_it_less_sure(told: list[Report], independent: int) -> None:
    held = RunningCertainty()
    for item in told:
        held.hear(item)
    order = [Certainty.UNLIKELY, Certainty.UNKNOWN, Certainty.POSSIBLE, Certainty.LIKELY, Certainty.OBSERVED]
    fewer = held.certainty(independent=independent, retracted=False)
    more = held.certainty(independent=independent + 1, retracted=False)

    assert order.index(fewer) <= order.index(more)
    assert held.certainty(independent=independent, retracted=True) is Certainty.UNLIKELY


def test_a_claim_keeps_who_speaks() -> None:
    incident = incident_of(says("a", SpeakerRole.PARTY))
    (claim,) = incident.claims

    assert isinstance(claim, Claim)
    assert claim.speaker is not None
    assert claim.speaker.role is SpeakerRole.PARTY
