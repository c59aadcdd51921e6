"""When what is called for is told: quiet hours, digests, caps, groups, holds, silences, inhibition."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas import (
    Alert,
    ArticleRef,
    Digest,
    GroupKey,
    Hold,
    Inhibition,
    Place,
    QuietHours,
    Severity,
    Silence,
    Toll,
    TollRevision,
)
from schemas.vocabulary import (
    AlertKind,
    ClaimKind,
    DecisionReason,
    IncidentStatus,
    PlacePrecision,
    SeverityLevel,
)
from services.alerter.deciding import Audience, Revision
from services.alerter.policy.matching import compile_subscription
from services.alerter.policy.pacing import NEVER, Release
from services.alerter.policy.silencing import compile_silence
from services.alerter.rehearsal import Rehearsal
from tests.alerter.incidents import KORU, at_least, claim, exactly, incident, subscription

R = DecisionReason
NIGHT = {"quiet_hours": (QuietHours(start="22:00", end="06:00"),)}
MIDNIGHT = datetime(2031, 5, 4, 0, 0, tzinfo=UTC)
MORNING = datetime(2031, 5, 4, 6, 0, tzinfo=UTC)
EXTREME = {"severity": Severity(score=95, level=SeverityLevel.EXTREME)}
RETRACTED = {"status": IncidentStatus.RETRACTED}


def rehearse(*silences: Silence, **asked: Any) -> Rehearsal:
    return Rehearsal(
        Audience([compile_subscription(subscription(**asked))], silences=list(map(compile_silence, silences)))
    )


def read(rehearsal: Rehearsal, at: datetime, killed: int | None = 60, revision: int = 1, **slots: Any) -> list[Alert]:
    """What is told of a revision that the broker takes at `at`."""
    values = {"as_of": at, "independent_sources": 2} | slots
    return rehearsal.read(Revision(incident(killed, revision, **values), [], at))


def kinds(alerts: list[Alert]) -> list[AlertKind]:
    return [alert.kind for alert in alerts]


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def test_in_quiet_hours_nothing_is_told_and_at_their_end_one_message_with_the_state_as_it_is() -> None:
    desk = rehearse(**NIGHT)
    for revision, killed in enumerate((20, 60, 130), 1):
        assert read(desk, MIDNIGHT + minutes(revision), killed, revision) == []
    (waiting,) = desk.waiting
    assert (waiting[2].waiting.reason, waiting[2].waiting.due) == (R.QUIET_HOURS, MORNING)
    assert desk.release(MORNING - minutes(1)) == []
    (alert,) = desk.release(MORNING)
    assert (alert.kind, alert.reason, alert.revision) == (AlertKind.ALERT, R.FIRST_MATCH, 3)
    assert "has waited since 2031-05-04 00:01 UTC (quiet hours)" in alert.because
    assert desk.waiting == []


def test_what_no_longer_holds_when_quiet_hours_end_is_not_told() -> None:
    desk = rehearse(killed_at_least=50, **NIGHT)
    assert read(desk, MIDNIGHT, 60) == []
    assert read(desk, MIDNIGHT + minutes(5), 60, 2, **RETRACTED) == []
    assert desk.release(MORNING) == []
    assert [row.reason for row in desk.decisions] == [R.QUIET_HOURS, R.WITHDRAWN_UNTOLD]


def test_in_quiet_hours_what_is_urgent_and_what_takes_back_is_told_at_once() -> None:
    desk = rehearse(**NIGHT)
    assert kinds(read(desk, MIDNIGHT, 60, **EXTREME)) == [AlertKind.ALERT]
    assert kinds(read(desk, MIDNIGHT + minutes(1), 50, 2)) == [AlertKind.CORRECTION]
    assert kinds(read(desk, MIDNIGHT + minutes(2), 120, 3)) == []
    assert kinds(read(desk, MIDNIGHT + minutes(3), 40, 4)) == [AlertKind.CORRECTION]
    assert kinds(read(desk, MIDNIGHT + minutes(4), 40, 5, **RETRACTED)) == [AlertKind.CANCEL]
    assert desk.release(MORNING) == []


def test_an_update_that_also_corrects_a_place_does_not_wait() -> None:
    desk = rehearse(**NIGHT)
    read(desk, MIDNIGHT, 60, **EXTREME)
    tessit = KORU.model_copy(update={"name": "Tessit", "lat": 18.0})
    assert kinds(read(desk, MIDNIGHT + minutes(1), 120, 2, place=tessit, **EXTREME)) == [AlertKind.UPDATE]
    desk = rehearse(urgent_from=SeverityLevel.EXTREME, **NIGHT)
    read(desk, MORNING + minutes(1), 60)
    (alert,) = read(desk, MIDNIGHT + timedelta(days=1), 120, 2, place=tessit)
    assert (alert.kind, alert.reason) == (AlertKind.UPDATE, R.TOLL_ROSE)


def test_a_digest_collects_and_tells_each_incident_as_it_stands_then() -> None:
    desk = rehearse(digest=Digest(at="07:00"))
    for number in range(3):
        assert read(desk, MIDNIGHT + minutes(number), 60, incident_id=f"inc-{number}") == []
    assert read(desk, MIDNIGHT + minutes(9), 130, 2, incident_id="inc-1") == []
    told = desk.release(MIDNIGHT + timedelta(hours=7))
    assert [(alert.incident_id, alert.revision) for alert in told] == [("inc-0", 1), ("inc-1", 2), ("inc-2", 1)]
    assert read(desk, MIDNIGHT + timedelta(hours=8), 300, 2, incident_id="inc-0") == []
    assert len(desk.release(MIDNIGHT + timedelta(hours=31))) == 1


def test_beyond_the_cap_messages_wait_for_the_hour_to_pass_and_none_is_lost() -> None:
    desk = rehearse(alerts_per_hour=2)
    told = [read(desk, MIDNIGHT + minutes(10 * number), 60, incident_id=f"inc-{number}") for number in range(4)]
    assert [len(alerts) for alerts in told] == [1, 1, 0, 0]
    assert {row.waiting.reason for _, _, row in desk.waiting} == {R.RATE_CAPPED}
    assert kinds(read(desk, MIDNIGHT + minutes(35), 60, incident_id="inc-urgent", **EXTREME)) == [AlertKind.ALERT]
    assert kinds(read(desk, MIDNIGHT + minutes(36), 50, 2, incident_id="inc-0")) == [AlertKind.CORRECTION]
    assert {alert.incident_id for alert in desk.release(MIDNIGHT + timedelta(hours=3))} == {"inc-2", "inc-3"}


def test_what_is_told_together_is_one_message_to_the_cap() -> None:
    desk = rehearse(alerts_per_hour=2, digest=Digest(at="07:00"), **NIGHT)
    for number in range(5):
        assert read(desk, MIDNIGHT + minutes(number), 60, incident_id=f"inc-{number}") == []
    carrier, *carried = desk.release(MIDNIGHT + timedelta(hours=7))
    assert [one.carried_by for one in carried] == [carrier.alert_id] * 4
    assert desk.waiting == []


def test_however_many_come_in_one_moment_no_more_are_told_than_the_cap_allows() -> None:
    desk = rehearse(alerts_per_hour=2)
    told = [read(desk, MIDNIGHT, 60, incident_id=f"inc-{number}") for number in range(6)]
    assert [len(alerts) for alerts in told] == [1, 1, 0, 0, 0, 0]
    assert len(desk.release(MIDNIGHT + timedelta(hours=1))) == 4


def test_incidents_of_one_group_wait_after_the_first() -> None:
    desk = rehearse(group_by=(GroupKey.COUNTRY, GroupKey.FAMILY), group_minutes=30)
    assert len(read(desk, MIDNIGHT, incident_id="a")) == 1
    assert read(desk, MIDNIGHT + minutes(5), incident_id="b") == []
    assert read(desk, MIDNIGHT + minutes(6), incident_id="c") == []
    niger = Place(name="Ayorou", country="NE", precision=PlacePrecision.EXACT)
    assert len(read(desk, MIDNIGHT + minutes(7), incident_id="d", place=niger)) == 1
    assert kinds(read(desk, MIDNIGHT + minutes(8), 130, 2, incident_id="a")) == [AlertKind.UPDATE]
    assert [alert.incident_id for alert in desk.release(MIDNIGHT + minutes(40))] == ["b", "c"]


MANY = {"independent_sources": 1}


def test_a_great_toll_by_one_source_is_held_until_a_second_confirms_it() -> None:
    desk = rehearse(hold=Hold(killed_from=1000, minutes=30))
    assert read(desk, MIDNIGHT, 1200, **MANY) == []
    ((_, _, row),) = desk.waiting
    assert (row.waiting.reason, row.waiting.due) == (R.HELD, MIDNIGHT + minutes(30))
    assert "one source alone tells of it" in row.waiting.because
    (alert,) = read(desk, MIDNIGHT + minutes(5), 1200, 2, independent_sources=2)
    assert (alert.kind, alert.reason) == (AlertKind.ALERT, R.FIRST_MATCH)
    assert desk.waiting == []


def test_a_held_toll_is_told_when_its_time_is_over_and_further_articles_of_the_one_source_do_not_put_that_off() -> None:
    desk = rehearse(hold=Hold(killed_from=1000, minutes=30))
    history: tuple[TollRevision, ...] = ()
    for revision in range(1, 4):
        at = MIDNIGHT + minutes(12 * (revision - 1))
        killed = 1000 + 100 * revision
        toll = Toll(killed=at_least(killed))
        history += (TollRevision(revision=revision, toll=toll, at=at, article_id=f"a{revision}"),)
        assert read(desk, at, killed, revision, history=history, **MANY) == []
    (alert,) = desk.release(MIDNIGHT + minutes(30))
    assert (alert.kind, alert.revision) == (AlertKind.ALERT, 3)


def test_an_update_into_the_top_band_is_held_and_a_correction_is_not() -> None:
    desk = rehearse(hold=Hold(killed_from=1000, minutes=30))
    assert len(read(desk, MIDNIGHT, 60, **MANY)) == 1
    assert read(desk, MIDNIGHT + minutes(1), 4460, 2, **MANY) == []
    assert kinds(read(desk, MIDNIGHT + minutes(2), 24, 3, **MANY)) == [AlertKind.CORRECTION]
    assert desk.waiting == []


def test_a_toll_that_a_later_article_contradicts_is_held_although_two_sources_tell_of_it() -> None:
    desk = rehearse(hold=Hold(killed_from=1000, minutes=30))
    sources = tuple(
        ArticleRef(article_id=f"a{number}", source=f"s{number}", published_at=MIDNIGHT) for number in (1, 2)
    )
    claims = (
        claim(ClaimKind.KILLED, at_least(1500), "1,500 died", article_id="a1"),
        claim(ClaimKind.KILLED, exactly(200), "200 died", article_id="a2"),
    )
    assert read(desk, MIDNIGHT, 1500, claims=claims, sources=sources) == []
    assert "no more than 200 were" in desk.waiting[0][2].waiting.because
    assert len(desk.release(MIDNIGHT + minutes(30))) == 1


@pytest.mark.parametrize(
    ("asked", "slots"),
    [
        ({}, {"as_of": MIDNIGHT - timedelta(days=30)}),
        ({}, {"as_of": None}),
        ({}, {"independent_sources": 2}),
        ({"hold": None}, {}),
        ({"hold": Hold(killed_from=1201)}, {}),
    ],
)
def test_old_undated_confirmed_and_smaller_tolls_are_not_held(asked: dict[str, Any], slots: dict[str, Any]) -> None:
    desk = rehearse(**({"hold": Hold()} | asked))
    assert len(read(desk, MIDNIGHT, 1200, **(MANY | slots))) == 1


def released(rehearsal: Rehearsal, at: datetime) -> list[Alert]:
    """What is told once an operator has released what is held."""
    row = rehearsal.states["inc-1"].waiting["desk"]
    word = replace(row.waiting, released=Release("Awa", "Confirmed by phone."), due=at)
    rehearsal.states["inc-1"].waiting["desk"] = replace(row, waiting=word)
    return rehearsal.release(at)


def test_what_an_operator_releases_is_told_with_their_word() -> None:
    rehearsal = rehearse(hold=Hold())
    assert read(rehearsal, MORNING, 5000, independent_sources=1) == []
    (alert,) = released(rehearsal, MORNING + minutes(1))
    assert alert.because.endswith("Awa released it: Confirmed by phone.")
    assert rehearsal.waiting == []


def test_a_release_passes_the_hold_alone_and_holds_for_as_long_as_the_revision_waits() -> None:
    rehearsal = rehearse(hold=Hold(minutes=600), **NIGHT)
    assert read(rehearsal, MIDNIGHT, 5000, independent_sources=1) == []
    assert released(rehearsal, MIDNIGHT + minutes(1)) == []
    ((_, _, row),) = rehearsal.waiting
    assert row.waiting.reason is R.QUIET_HOURS
    (alert,) = rehearsal.release(MORNING)
    assert "Awa released it" in alert.because


def test_a_release_says_nothing_of_a_revision_that_comes_after_it() -> None:
    rehearsal = rehearse(hold=Hold())
    read(rehearsal, MORNING, 5000, independent_sources=1)
    row = rehearsal.states["inc-1"].waiting["desk"]
    rehearsal.states["inc-1"].waiting["desk"] = replace(
        row, waiting=replace(row.waiting, released=Release("Awa", "Confirmed"))
    )
    assert read(rehearsal, MORNING + minutes(1), 9000, 2, independent_sources=1) == []
    ((_, _, row),) = rehearsal.waiting
    assert (row.waiting.reason, row.waiting.released) == (R.HELD, None)


def silence(**slots: Any) -> Silence:
    values = {"silence_id": "s1", "starts": MIDNIGHT, "until": MIDNIGHT + timedelta(hours=2), "author": "Ada"}
    return Silence(**(values | {"reason": "The desk is on it."} | slots))


@pytest.mark.parametrize(
    ("matcher", "silent"),
    [
        ({"subscriptions": ("desk",)}, True),
        ({"subscriptions": ("other",)}, False),
        ({"channels": ("console",)}, True),
        ({"incidents": ("inc-1",)}, True),
        ({"incidents": ("inc-2",)}, False),
        ({"regions": ("ML",)}, True),
        ({"regions": ("ML Mopti",), "types": ("armed_attack",)}, True),
        ({"regions": ("ML",), "types": ("flood",)}, False),
        ({"where": "killed < 100"}, True),
        ({"where": "killed > 100"}, False),
        ({"where": "killed_stated && 100 / (killed - 60) < 1000"}, False),
    ],
)
def test_a_silence_keeps_back_what_meets_all_of_it_and_what_is_true_at_its_end_is_told(
    matcher: dict[str, Any], silent: bool
) -> None:
    if matcher.get("where", "").startswith("killed_stated"):
        matcher = {"where": "killed_stated && 100 / (killed - 61 * 61) < 1000"}
        desk = rehearse(silence(**matcher))
        assert len(read(desk, MIDNIGHT + minutes(1), 3721)) == 1
        return
    desk = rehearse(silence(**matcher))
    assert len(read(desk, MIDNIGHT + minutes(1))) == (0 if silent else 1)
    if silent:
        assert (
            "Ada has silenced it until 2031-05-04 02:00 UTC: The desk is on it." in desk.waiting[0][2].waiting.because
        )
        assert len(desk.release(MIDNIGHT + timedelta(hours=2))) == 1


def test_a_silence_does_not_keep_back_corrections_nor_what_comes_before_or_after_it() -> None:
    desk = rehearse(silence(subscriptions=("desk",)))
    assert len(read(desk, MIDNIGHT - minutes(1), 60)) == 1
    assert kinds(read(desk, MIDNIGHT + minutes(1), 50, 2, **EXTREME)) == [AlertKind.CORRECTION]
    assert read(desk, MIDNIGHT + minutes(2), 600, 3, **EXTREME) == []
    assert len(desk.release(MIDNIGHT + timedelta(hours=2))) == 1
    assert len(read(desk, MIDNIGHT + timedelta(hours=3), incident_id="b")) == 1


def test_a_lesser_incident_near_one_that_was_told_stays_under_it_until_that_is_taken_back() -> None:
    desk = rehearse(inhibit=Inhibition(radius_km=50, hours=24))
    near = KORU.model_copy(update={"lat": 14.2})
    assert len(read(desk, MIDNIGHT, 60, incident_id="a")) == 1
    assert read(desk, MIDNIGHT + minutes(5), 12, incident_id="b", place=near) == []
    assert len(read(desk, MIDNIGHT + minutes(6), 12, incident_id="c", place=near, **EXTREME)) == 1
    far = KORU.model_copy(update={"lat": 17.0})
    assert len(read(desk, MIDNIGHT + minutes(7), 12, incident_id="d", place=far)) == 1
    ((_, _, row),) = desk.waiting
    assert (row.waiting.reason, row.waiting.under, row.waiting.due) == (R.INHIBITED, "c", NEVER) or (
        row.waiting.under == "a"
    )
    told = read(desk, MIDNIGHT + minutes(8), 60, 2, incident_id="a", **RETRACTED)
    assert kinds(told) == [AlertKind.CANCEL]
    assert [alert.incident_id for alert in desk.release(MIDNIGHT + minutes(9))] == ["b"]


def test_an_expired_subscription_is_told_nothing_new_and_still_what_takes_back() -> None:
    desk = rehearse(expires=MIDNIGHT)
    assert len(read(desk, MIDNIGHT - minutes(1))) == 1
    assert read(desk, MIDNIGHT, 600, 2) == []
    assert read(desk, MIDNIGHT, incident_id="b") == []
    assert kinds(read(desk, MIDNIGHT + minutes(2), 50, 3)) == [AlertKind.CORRECTION]
    assert [row.reason for row in desk.decisions][1:3] == [R.EXPIRED, R.EXPIRED]
