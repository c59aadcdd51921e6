"""The decision: what a subscriber is told of a revision, given what they were last told."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import Figure, Incident, IncidentType, Place, Severity, Told, Toll
from schemas.vocabulary import (
    AlertKind,
    Certainty,
    ClaimKind,
    DecisionReason,
    IncidentStatus,
    Modifier,
    PlacePrecision,
    SeverityLevel,
)
from services.alerter.policy.bands import BOUNDS, band_of
from services.alerter.policy.decision import Decision, alert_id, decide, told_by
from services.alerter.policy.matching import CompiledSubscription, compile_subscription
from tests.alerter.incidents import KORU, at_least, exactly, incident, subscription

MASS = compile_subscription(subscription(killed_at_least=50))
EVERY = compile_subscription(subscription())
MALI = compile_subscription(subscription(regions=("ML",)))
R = DecisionReason
MERGED = {"status": IncidentStatus.MERGED, "merged_into": "inc-9"}
RETRACTED = {"status": IncidentStatus.RETRACTED}
FAR = KORU.model_copy(update={"name": "Tessit", "lat": 16.0})
NEAR = KORU.model_copy(update={"name": "Koru Koira", "lat": 14.1})
NIGER = Place(name="Ayorou", country="NE", precision=PlacePrecision.EXACT)
NIGERIA = Place(name="Dikwa", country="NG", precision=PlacePrecision.EXACT)
SOMEWHERE = Place(name="Mali", country="ML", precision=PlacePrecision.COUNTRY)


def tell(asked: CompiledSubscription, told: Told | None, revision: Incident) -> tuple[Decision, Told | None]:
    """The decision, and what the subscriber has been told after it."""
    decision = decide(asked, told, revision)
    if decision.kind is None:
        return decision, told
    return decision, told_by(decision, revision, "headline", alert_id("desk", "inc-1", revision.revision), told)


def decisions(asked: CompiledSubscription, *revisions: dict[str, Any]) -> list[tuple[AlertKind | None, DecisionReason]]:
    told: Told | None = None
    found = []
    for number, slots in enumerate(revisions, 1):
        decision, told = tell(asked, told, incident(revision=number, **slots))
        found.append((decision.kind, decision.reason))
    return found


def with_toll(**figures: Figure) -> dict[str, Any]:
    return {"killed": None, "toll": Toll(**figures)}


def killed(number: int) -> dict[str, Any]:
    return {"killed": number}


def by(sources: int, number: int) -> dict[str, Any]:
    return {"killed": number, "independent_sources": sources}


UNSTEADY = (None, R.UNSTEADY)
ALERT = (AlertKind.ALERT, R.FIRST_MATCH)
QUIET = (None, R.NOTHING_NEW)
ROSE = (AlertKind.UPDATE, R.TOLL_ROSE)
FELL = (AlertKind.CORRECTION, R.TOLL_FELL)
BELOW = (AlertKind.CORRECTION, R.BELOW_THRESHOLD)
NO_BOMB = (AlertKind.CORRECTION, R.TYPE_CHANGED)
MOVED = (AlertKind.CORRECTION, R.PLACE_CHANGED)


@pytest.mark.parametrize(
    ("asked", "revisions", "expected"),
    [
        pytest.param(MASS, [killed(49)], [(None, R.NO_MATCH)], id="below the threshold nothing is told"),
        pytest.param(
            MASS, [killed(49), killed(50)], [(None, R.NO_MATCH), ALERT], id="it rings when the toll reaches it"
        ),
        pytest.param(MASS, [killed(60), killed(63)], [ALERT, QUIET], id="a rise within the band is not news"),
        pytest.param(MASS, [killed(60), killed(99), killed(100)], [ALERT, QUIET, ROSE], id="a new band is"),
        pytest.param(
            MASS, [killed(60), killed(120), killed(130)], [ALERT, ROSE, QUIET], id="and counts from what was told last"
        ),
        pytest.param(MASS, [killed(60), killed(59)], [ALERT, FELL], id="a fall by one is corrected"),
        pytest.param(MASS, [killed(60), killed(20)], [ALERT, BELOW], id="a fall below the threshold is corrected"),
        pytest.param(MASS, [killed(60), killed(20), killed(20)], [ALERT, BELOW, QUIET], id="once"),
        pytest.param(MASS, [killed(60), killed(20), killed(5)], [ALERT, BELOW, BELOW], id="a further fall again"),
        pytest.param(
            MASS, [killed(60), killed(20), killed(40)], [ALERT, BELOW, QUIET], id="a rise below it is not told"
        ),
        pytest.param(
            MASS,
            [killed(60), killed(20), killed(70)],
            [ALERT, BELOW, (AlertKind.UPDATE, R.MATCHES_AGAIN)],
            id="a rise above it again is",
        ),
        pytest.param(
            MASS, [killed(60), {"killed": 60, **MERGED}], [ALERT, (AlertKind.CANCEL, R.MERGED)], id="a merge cancels"
        ),
        pytest.param(
            MASS,
            [killed(60), {"killed": 60, **RETRACTED}, {"killed": 60, **RETRACTED}],
            [ALERT, (AlertKind.CANCEL, R.RETRACTED), QUIET],
            id="a retraction cancels once",
        ),
        pytest.param(
            MASS,
            [killed(90), killed(60), killed(60) | MERGED, killed(60), killed(60) | MERGED, killed(60), killed(120)],
            [ALERT, FELL, (AlertKind.CANCEL, R.MERGED), ALERT, (AlertKind.CANCEL, R.MERGED), ALERT, ROSE],
            id="what was counted with another by mistake is told again, however often",
        ),
        pytest.param(MASS, [killed(49), MERGED], [(None, R.NO_MATCH)] * 2, id="a cancel without an alert is silent"),
        pytest.param(
            MASS,
            [killed(60), RETRACTED, killed(60)],
            [ALERT, (AlertKind.CANCEL, R.RETRACTED), ALERT],
            id="what comes back after a cancel is an alert",
        ),
        pytest.param(
            EVERY,
            [with_toll(abducted=exactly(12)), with_toll(abducted=exactly(25))],
            [ALERT, ROSE],
            id="other figures have bands too",
        ),
        pytest.param(
            EVERY,
            [with_toll(killed=exactly(6), wounded=exactly(20)), with_toll(killed=exactly(12), wounded=exactly(9))],
            [ALERT, ROSE],
            id="more dead is an update although fewer are wounded",
        ),
        pytest.param(
            EVERY,
            [with_toll(killed=exactly(6), wounded=exactly(20)), with_toll(killed=exactly(7), wounded=exactly(19))],
            [ALERT, QUIET],
            id="wounded who died are no correction",
        ),
        pytest.param(
            EVERY,
            [with_toll(killed=exactly(6), wounded=exactly(20)), with_toll(killed=exactly(6), wounded=exactly(9))],
            [ALERT, FELL],
            id="fewer wounded by a band is a correction",
        ),
        pytest.param(
            EVERY,
            [with_toll(wounded=exactly(29)), with_toll(wounded=exactly(21))],
            [ALERT, QUIET],
            id="fewer wounded within the band is not",
        ),
        pytest.param(
            EVERY,
            [with_toll(missing=exactly(200)), with_toll(missing=exactly(3))],
            [ALERT, (AlertKind.UPDATE, R.TOLL_FELL)],
            id="missing people who were found are an update",
        ),
        pytest.param(
            EVERY,
            [with_toll(killed=exactly(9), wounded=exactly(5)), with_toll(killed=exactly(8), wounded=exactly(90))],
            [ALERT, FELL],
            id="fewer dead weighs more than more wounded",
        ),
        pytest.param(
            EVERY, [killed(60), {"killed": None, "toll": Toll()}], [ALERT, FELL], id="a toll that is gone has fallen"
        ),
        pytest.param(
            EVERY,
            [{}, {"severity": Severity(score=90, level=SeverityLevel.EXTREME)}],
            [ALERT, (AlertKind.UPDATE, R.SEVERITY_ROSE)],
            id="a worse severity is an update",
        ),
        pytest.param(
            EVERY,
            [{}, {"severity": Severity(score=40, level=SeverityLevel.MODERATE)}],
            [ALERT, (AlertKind.CORRECTION, R.SEVERITY_FELL)],
            id="a milder one is a correction",
        ),
        pytest.param(
            EVERY,
            [{}, {"severity": Severity(score=74, level=SeverityLevel.SEVERE)}],
            [ALERT, QUIET],
            id="a score is not",
        ),
        pytest.param(
            EVERY,
            [{}, {"certainty": Certainty.UNLIKELY}],
            [ALERT, (AlertKind.CORRECTION, R.CERTAINTY_CHANGED)],
            id="doubt is a correction",
        ),
        pytest.param(EVERY, [{}, {"certainty": Certainty.OBSERVED}], [ALERT, QUIET], id="confirmation is not news"),
        pytest.param(EVERY, [{}, {"place": FAR}], [ALERT, MOVED], id="another town is a correction"),
        pytest.param(EVERY, [{}, {"place": NEAR}], [ALERT, QUIET], id="a place eleven kilometres off is the same"),
        pytest.param(EVERY, [{}, {"place": NIGER}], [ALERT, MOVED], id="another country is a correction"),
        pytest.param(EVERY, [{}, {"place": SOMEWHERE}], [ALERT, QUIET], id="a place known less closely is not news"),
        pytest.param(
            EVERY, [{}, {"place": None}], [ALERT, MOVED], id="a place that is not known any more is corrected"
        ),
        pytest.param(
            EVERY,
            [{}, {"type": IncidentType.FIRE}, {"type": IncidentType.FLOOD}],
            [ALERT, NO_BOMB, QUIET],
            id="an attack that was a fire is a correction",
        ),
        pytest.param(
            EVERY,
            [{"type": IncidentType.EXPLOSION}, {"type": IncidentType.BOMBING}, {"type": IncidentType.SUICIDE_BOMBING}],
            [ALERT, (AlertKind.UPDATE, R.TYPE_CHANGED), QUIET],
            id="an explosion that was a bomb is an update",
        ),
        pytest.param(
            EVERY, [{}, {"type": IncidentType.OTHER}], [ALERT, QUIET], id="a type that is not known takes back nothing"
        ),
        pytest.param(
            EVERY,
            [{"type": one} for one in (IncidentType.BOMBING, IncidentType.EXPLOSION) * 4],
            [ALERT, NO_BOMB, (AlertKind.UPDATE, R.TYPE_CHANGED), NO_BOMB, UNSTEADY, QUIET, UNSTEADY, QUIET],
            id="what swings between bomb and accident is told twice",
        ),
        pytest.param(
            EVERY,
            [{"place": SOMEWHERE}, {}],
            [ALERT, (AlertKind.UPDATE, R.PLACE_CHANGED)],
            id="a place known more closely is",
        ),
        pytest.param(
            EVERY, [{"place": None}, {}], [ALERT, (AlertKind.UPDATE, R.PLACE_CHANGED)], id="a place known at last is"
        ),
        pytest.param(
            MASS,
            [killed(50), killed(49), killed(50), killed(49), killed(50)],
            [ALERT, BELOW, UNSTEADY, QUIET, UNSTEADY],
            id="a toll that swings about the threshold is told once each way",
        ),
        pytest.param(
            MASS,
            [killed(99), killed(100), killed(99), killed(100), killed(99), killed(110)],
            [ALERT, ROSE, FELL, UNSTEADY, QUIET, ROSE],
            id="so is one that swings about a band, until it rises beyond what was taken back",
        ),
        pytest.param(
            MASS,
            [killed(60), killed(20), killed(60), killed(20), killed(60), killed(20)],
            [ALERT, BELOW, (AlertKind.UPDATE, R.MATCHES_AGAIN), BELOW, UNSTEADY, QUIET],
            id="a great swing is told twice",
        ),
        pytest.param(
            MASS,
            [by(1, 50), by(1, 49), by(2, 50)],
            [ALERT, BELOW, (AlertKind.UPDATE, R.MATCHES_AGAIN)],
            id="a further source confirms what was taken back",
        ),
        pytest.param(
            EVERY,
            [killed(1000), killed(24), killed(50), killed(100), killed(200), killed(500), killed(1000)],
            [ALERT, FELL, ROSE, ROSE, ROSE, ROSE, ROSE],
            id="after a great fall every new band is news",
        ),
        pytest.param(MALI, [{}, {"place": NIGER}], [ALERT, BELOW], id="a place outside what was asked for corrects"),
    ],
)
def test_a_story_is_told_so(
    asked: CompiledSubscription,
    revisions: list[dict[str, Any]],
    expected: list[tuple[AlertKind | None, DecisionReason]],
) -> None:
    assert decisions(asked, *revisions) == expected


def test_a_revision_that_was_told_is_not_decided_again() -> None:
    _, told = tell(MASS, None, incident(60, revision=3))
    for revision in (1, 2, 3):
        assert decide(MASS, told, incident(90, revision=revision)).reason is R.ALREADY_DECIDED


def test_a_condition_that_fails_on_an_incident_says_so_and_tells_nothing() -> None:
    asked = compile_subscription(subscription(where="killed_stated && 100 / (wounded - 61 * 61) < 1000"))
    decision = decide(asked, None, incident(60, toll=Toll(killed=at_least(60), wounded=exactly(3721))))
    assert (decision.kind, decision.reason) == (None, R.CONDITION_FAILED)
    assert "could not be worked out" in decision.because


def test_a_condition_that_fails_does_not_keep_back_what_takes_back_something_told() -> None:
    asked = compile_subscription(subscription(where="killed_stated && 100 / (wounded - 61 * 61) < 1000"))
    _, told = tell(asked, None, incident(60))
    fails = {"wounded": exactly(3721)}
    same = incident(60, 2, toll=Toll(killed=at_least(60), **fails))
    assert decide(asked, told, same).reason is R.CONDITION_FAILED
    fallen, told = tell(asked, told, incident(20, 2, toll=Toll(killed=at_least(20), **fails)))
    assert (fallen.kind, fallen.reason, fallen.corrects) == (*FELL, True)
    assert decide(asked, told, incident(20, 3, toll=Toll(killed=at_least(20), **fails))).kind is None


@pytest.mark.parametrize(
    "narrower",
    [
        {"killed_at_least": 100},
        {"killed_at_least": 50, "regions": ("NG",)},
        {"killed_at_least": 50, "where": "killed > 90"},
    ],
)
def test_that_a_subscription_asks_for_something_else_now_takes_back_nothing(narrower: dict[str, Any]) -> None:
    _, told = tell(MASS, None, incident(60))
    changed = compile_subscription(subscription(**narrower))
    decision = decide(changed, told, incident(60, 2))
    assert (decision.kind, decision.reason) == (None, R.NO_MATCH)
    assert decision.because.startswith("The subscription was changed since it was told, and asks for it no longer: ")
    # What falls is taken back all the same, and once.
    fallen, told = tell(changed, told, incident(40, 3))
    assert (fallen.kind, fallen.reason) == FELL
    assert decide(changed, told, incident(40, 4)).kind is None
    assert decide(changed, told, incident(30, 5)).kind is AlertKind.CORRECTION
    assert decide(changed, told, incident(40, 5, status=IncidentStatus.RETRACTED)).kind is AlertKind.CANCEL
    # What rises is told once it is asked for.
    again = decide(changed, told, incident(120, 5, regions=("NG",), place=NIGERIA if "regions" in narrower else KORU))
    assert again.kind is AlertKind.UPDATE


def test_how_and_when_it_is_told_is_no_condition() -> None:
    other = compile_subscription(
        subscription(killed_at_least=50, name="other", channel="mail", alerts_per_hour=3, time_zone="Africa/Bamako")
    )
    assert other.digest == MASS.digest != compile_subscription(subscription(killed_at_least=51)).digest
    _, told = tell(MASS, None, incident(60))
    assert decide(other, told, incident(20, 2)).reason is R.BELOW_THRESHOLD


def test_what_an_earlier_version_told_is_compared_as_it_was() -> None:
    _, told = tell(MASS, None, incident(60))
    assert told is not None
    old = told.model_copy(update={"asked": "", "type": None})
    changed = compile_subscription(subscription(killed_at_least=100))
    assert decide(changed, old, incident(60, 2, type=IncidentType.FIRE)).reason is R.BELOW_THRESHOLD


@pytest.mark.parametrize(
    ("revisions", "because"),
    [
        ([killed(60)], "At least 60 killed, and 50 or more are asked for."),
        ([killed(60), killed(1100)], "Killed rose from at least 60 to at least 1,100."),
        ([killed(70), killed(60)], "Killed fell from at least 70 to at least 60."),
        (
            [killed(60), killed(20)],
            "What was told no longer meets the conditions: at least 20 killed, and 50 or more are asked for.",
        ),
        ([killed(60), {"place": FAR}], "It happened in Tessit, not in Koru."),
        ([killed(60), {"place": None}], "It is no longer known where it happened."),
        ([killed(60), {"type": IncidentType.FIRE}], "It is now reported as a fire, not an attack."),
        ([killed(60), MERGED], "It was found to be the same as inc-9, which is told of by itself."),
    ],
)
def test_the_reason_is_a_sentence_with_the_values_that_decided(revisions: list[dict[str, Any]], because: str) -> None:
    told: Told | None = None
    for number, slots in enumerate(revisions, 1):
        decision, told = tell(MASS, told, incident(revision=number, **slots))
    assert decision.because == because


def test_an_alert_id_is_the_same_each_time_and_may_be_signed() -> None:
    ids = {alert_id(name, key, number) for name in ("a", "b") for key in ("i", "j") for number in (1, 2)}
    assert len(ids) == 8
    assert alert_id("a", "i", 1) == alert_id("a", "i", 1)
    assert not any("." in identity for identity in ids)


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=0, max_value=10**9))
def test_bands_follow_the_order_of_numbers_and_no_step_is_more_than_two_and_a_half_times(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert band_of(low) <= band_of(high)
    if low and high >= 2.5 * low:
        assert band_of(low) < band_of(high)
    assert all(2 <= after / before <= 2.5 for before, after in itertools.pairwise(BOUNDS))


figures = st.one_of(
    st.none(),
    st.just(Figure(modifier=Modifier.VAGUE)),
    st.integers(0, 300).map(exactly),
    st.integers(0, 300).map(at_least),
    st.integers(1, 300).map(lambda high: Figure(low=0, high=high, modifier=Modifier.AT_MOST)),
)
tolls = st.builds(Toll, killed=figures, wounded=figures, missing=figures, abducted=figures)
revisions_of_an_incident = st.lists(
    st.fixed_dictionaries(
        {
            "toll": tolls,
            "place": st.sampled_from([None, KORU, FAR, NEAR, NIGER, SOMEWHERE]),
            "type": st.sampled_from([IncidentType.BOMBING, IncidentType.EXPLOSION, IncidentType.OTHER]),
            "status": st.sampled_from([IncidentStatus.OPEN] * 6 + [IncidentStatus.MERGED, IncidentStatus.RETRACTED]),
            "certainty": st.sampled_from(Certainty),
            "severity": st.sampled_from([Severity(score=s, level=level) for s, level in enumerate(SeverityLevel)]),
        }
    ),
    max_size=12,
)
subscriptions = st.sampled_from([MASS, EVERY, MALI])


@given(subscriptions, revisions_of_an_incident)
def test_what_a_subscriber_was_told_never_says_more_than_is_known(
    asked: CompiledSubscription, revisions: list[dict[str, Any]]
) -> None:
    told: Told | None = None
    for number, slots in enumerate(revisions, 1):
        revision = incident(revision=number, **slots)
        before = told
        decision, told = tell(asked, told, revision)
        now = revision.toll.minimum(ClaimKind.KILLED)

        if decision.kind is AlertKind.ALERT:
            assert before is None or before.kind is AlertKind.CANCEL
            assert asked is not MASS or now >= 50
        elif decision.kind is not None:
            assert before is not None
            assert before.kind is not AlertKind.CANCEL

        standing = before is not None and before.kind is not AlertKind.CANCEL
        if revision.status is not IncidentStatus.OPEN:
            assert told is None or told.kind is AlertKind.CANCEL
        elif standing and before is not None and now < before.toll.minimum(ClaimKind.KILLED):
            assert decision.kind is AlertKind.CORRECTION or decision.reason is R.MATCHES_AGAIN
        if told is not None and revision.status is IncidentStatus.OPEN and told.kind is not AlertKind.CANCEL:
            assert told.toll.minimum(ClaimKind.KILLED) <= now
        if asked is MASS and standing and before is not None and revision.status is IncidentStatus.OPEN and now < 50:
            assert told is not None
            assert told.reason is R.BELOW_THRESHOLD

        assert decide(asked, told, revision).kind is None or told is before


@given(subscriptions, revisions_of_an_incident)
def test_the_same_facts_again_are_never_news(asked: CompiledSubscription, revisions: list[dict[str, Any]]) -> None:
    told: Told | None = None
    for number, slots in enumerate(revisions, 1):
        _, told = tell(asked, told, incident(revision=2 * number, **slots))
        again, _ = tell(asked, told, incident(revision=2 * number + 1, **slots))
        assert again.kind is None


@settings(deadline=None)
@given(
    st.lists(st.integers(1, 400), min_size=2, max_size=3, unique=True),
    st.sampled_from([MASS, EVERY]),
    st.lists(st.integers(0, 2), min_size=20, max_size=60),
)
def test_a_toll_that_swings_between_a_few_figures_is_told_a_bounded_number_of_times(
    figures: list[int], asked: CompiledSubscription, order: list[int]
) -> None:
    told: Told | None = None
    messages = []
    for number, place in enumerate(order, 1):
        decision, told = tell(asked, told, incident(figures[place % len(figures)], number, independent_sources=1))
        messages.append(decision.kind)
    rises = [kind for kind in messages if kind in (AlertKind.ALERT, AlertKind.UPDATE)]
    assert len(rises) <= 2 * len(figures)
    assert messages.count(AlertKind.CORRECTION) <= 2 * len(figures)
