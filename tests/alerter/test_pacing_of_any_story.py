"""Any subscription, any story: what must hold whatever waits for what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import (
    Digest,
    GroupKey,
    Hold,
    Incident,
    Inhibition,
    Place,
    Severity,
    Silence,
)
from schemas.vocabulary import (
    AlertKind,
    Certainty,
    ClaimKind,
    IncidentStatus,
    PlacePrecision,
    SeverityLevel,
)
from services.alerter.deciding import Revision
from services.alerter.policy.decision import decide
from services.alerter.policy.pacing import NEVER
from tests.alerter.incidents import KORU, incident
from tests.alerter.test_pacing import (
    MIDNIGHT,
    MORNING,
    NIGHT,
    minutes,
    rehearse,
    silence,
)

PROVINCE = Place(name="Mopti", country="ML", admin1="Mopti", precision=PlacePrecision.DIVISION)
ASKED = st.fixed_dictionaries(
    {"killed_at_least": st.sampled_from([None, 50])},
    optional={
        "quiet_hours": st.just(NIGHT["quiet_hours"]),
        "digest": st.sampled_from([None, Digest(at="07:00"), Digest(at="23:30")]),
        "alerts_per_hour": st.sampled_from([None, 1, 2]),
        "group_by": st.sampled_from([(), (GroupKey.COUNTRY,)]),
        "hold": st.sampled_from([None, Hold(killed_from=100, minutes=45)]),
        "inhibit": st.sampled_from([None, Inhibition()]),
        "urgent_from": st.sampled_from([SeverityLevel.SEVERE, SeverityLevel.EXTREME]),
    },
)
STEPS = st.lists(
    st.fixed_dictionaries(
        {
            "incident": st.sampled_from(["a", "b", "c"]),
            "killed": st.sampled_from([None, 20, 49, 50, 60, 99, 100, 150, 400]),
            "after": st.integers(1, 400),
            "sources": st.integers(1, 3),
            "level": st.sampled_from(SeverityLevel),
            "certainty": st.sampled_from([Certainty.LIKELY, Certainty.POSSIBLE]),
            "status": st.sampled_from([IncidentStatus.OPEN] * 8 + [IncidentStatus.RETRACTED]),
            "place": st.sampled_from([KORU, PROVINCE]),
        }
    ),
    max_size=14,
)


def from_minute(start: int) -> Silence:
    """A silence of everything that the desk would be told, for 200 minutes."""
    begins = MIDNIGHT + minutes(start)
    return silence(silence_id=f"s{start}", subscriptions=("desk",), starts=begins, until=begins + minutes(200))


SILENCES = st.lists(st.integers(0, 2000).map(from_minute), max_size=1)


def story(steps: list[dict[str, Any]]) -> list[Revision]:
    revisions: list[Revision] = []
    numbers: dict[str, int] = {}
    at = MIDNIGHT
    for step in steps:
        at += minutes(step["after"])
        number = numbers[step["incident"]] = numbers.get(step["incident"], 0) + 1
        one = incident(
            step["killed"],
            number,
            incident_id=step["incident"],
            as_of=at,
            independent_sources=step["sources"],
            severity=Severity(score=50, level=step["level"]),
            certainty=step["certainty"],
            status=step["status"],
            place=step["place"],
        )
        revisions.append(Revision(one, [], at))
    return revisions


def dead(one: Incident) -> int:
    return one.toll.minimum(ClaimKind.KILLED) if one.status is IncidentStatus.OPEN else 0


@given(ASKED, STEPS, SILENCES)
@settings(max_examples=150, deadline=None)
def test_whatever_waits_nobody_stands_told_more_than_is_known_and_nothing_that_waits_is_lost(
    asked: dict[str, Any], steps: list[dict[str, Any]], silences: list[Silence]
) -> None:
    desk = rehearse(*silences, **asked)
    newest: dict[str, Incident] = {}
    for revision in story(steps):
        newest[revision.incident.incident_id] = revision.incident
        desk.read(revision)
        for state in desk.states.values():
            for name, told in state.told.items():
                known = newest[next(key for key, one in desk.states.items() if one is state)]
                assert name == "desk"
                if told.kind is not AlertKind.CANCEL and known.status is IncidentStatus.OPEN:
                    assert told.toll.minimum(ClaimKind.KILLED) <= dead(known)
                assert known.status is IncidentStatus.OPEN or told.kind is AlertKind.CANCEL

    desk.release(MIDNIGHT + timedelta(days=60))
    assert all(row.waiting.due == NEVER for _, _, row in desk.waiting)
    compiled = desk.audience.subscriptions[0]
    waiting = {incident_id for _, incident_id, _ in desk.waiting}
    for incident_id, known in newest.items():
        told = desk.states[incident_id].told.get("desk")
        later = decide(compiled, told, known.model_copy(update={"revision": known.revision + 1}))
        # Nothing is left to tell, but for what stays under another incident.
        assert later.kind is None or incident_id in waiting

    for incident_id in newest:
        lane = [alert for _, alert in desk.told if alert.incident_id == incident_id]
        assert [alert.sequence for alert in lane] == list(range(1, len(lane) + 1))
        revisions = [alert.revision for alert in lane]
        assert revisions == sorted(set(revisions))
        for before, after in zip([None, *lane], lane, strict=False):
            fresh = before is None or before.kind is AlertKind.CANCEL
            assert (after.kind is AlertKind.ALERT) is fresh


@given(ASKED, STEPS, st.lists(st.integers(0, 6000), max_size=8))
@settings(max_examples=60, deadline=None)
def test_what_is_told_depends_on_times_and_not_on_how_often_somebody_looks(
    asked: dict[str, Any], steps: list[dict[str, Any]], looks: list[int]
) -> None:
    once, often = rehearse(**asked), rehearse(**asked)
    moments = sorted(MIDNIGHT + minutes(number) for number in looks)
    for revision in story(steps):
        once.read(revision)
        for moment in moments:
            if moment < revision.appended_at:
                often.release(moment)
        often.read(revision)
    end = MIDNIGHT + timedelta(days=60)
    once.release(end)
    for moment in moments:
        often.release(moment)
    often.release(end)
    assert once.told == often.told
    assert once.decisions == often.decisions


@given(ASKED, STEPS)
@settings(max_examples=60, deadline=None)
def test_at_the_end_of_quiet_hours_each_incident_is_told_once_and_as_it_stands(
    asked: dict[str, Any], steps: list[dict[str, Any]]
) -> None:
    desk = rehearse(**(asked | {"quiet_hours": NIGHT["quiet_hours"], "urgent_from": SeverityLevel.EXTREME}))
    newest: dict[str, int] = {}
    for revision in story(steps):
        if revision.appended_at >= MORNING:
            break
        desk.read(revision)
        newest[revision.incident.incident_id] = revision.incident.revision
    night = len(desk.told)
    told = desk.release(MORNING)
    assert len({alert.incident_id for alert in told}) == len(told)
    assert all(alert.revision == newest[alert.incident_id] for alert in told)
    for at, alert in desk.told[:night]:
        urgent = alert.incident.severity.level is SeverityLevel.EXTREME
        takes_back = alert.kind in (AlertKind.CORRECTION, AlertKind.CANCEL) or alert.told_before is not None
        assert at < MORNING
        assert urgent or takes_back
