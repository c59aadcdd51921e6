"""The message: it says what changed, who says so, and why the reader gets it; it can be printed as it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import (
    ArticleRef,
    Figure,
    FiredRule,
    Incident,
    Occurred,
    Perpetrator,
    Place,
    Severity,
    Speaker,
    Subscription,
    Target,
    Told,
    Toll,
)
from schemas.vocabulary import (
    AlertKind,
    ClaimKind,
    DecisionReason,
    IncidentStatus,
    PlacePrecision,
    SeverityLevel,
    SpeakerRole,
    Stance,
    TimePrecision,
)
from services.alerter.policy.decision import alert_id, decide, told_by
from services.alerter.policy.matching import compile_subscription
from services.alerter.policy.message import Composed, compose
from services.alerter.policy.plain_text import one_line
from services.alerter.policy.quoted import MOST_ARTICLES, MOST_CLAIMS
from tests.alerter.incidents import NOON, at_least, claim, exactly, incident, subscription

DESK = subscription(killed_at_least=50)


def tell(*revisions: Incident, asked: Subscription = DESK) -> tuple[Composed, Told]:
    """The message for the last of `revisions`, each told before the next."""
    told: Told | None = None
    message = None
    for revision in revisions:
        decision = decide(compile_subscription(asked), told, revision)
        message = compose(asked, decision, revision, told)
        told = told_by(decision, revision, message.headline, alert_id("desk", revision.incident_id, revision.revision))
    assert message is not None
    assert told is not None
    return message, told


def test_a_first_alert_says_who_says_so_how_sure_and_how_bad_it_is_and_why_it_came() -> None:
    said = claim(
        ClaimKind.KILLED,
        at_least(60),
        "at least 60 soldiers had died",
        people="soldiers",
        speaker=Speaker(name="two hospital sources", role=SpeakerRole.MEDIC),
    )
    denied = claim(ClaimKind.KILLED, exactly(3), "only three", stance=Stance.DENIED)
    message, _ = tell(
        incident(
            claims=(said, denied),
            occurred=Occurred(start=NOON, end=NOON + timedelta(days=1), precision=TimePrecision.DAY, text="on Sunday"),
            severity=Severity(
                score=83,
                level=SeverityLevel.EXTREME,
                rules=(FiredRule(rule="many-dead", points=70, because="60 people died"),),
            ),
        )
    )
    assert (
        message.body
        == """\
At least 60 soldiers killed in an attack on an army post in Koru, Mali; JNIM claims it

Killed: at least 60
Where: Koru, Mopti, Mali (this place, 14.0000, -3.0000)
When: "on Sunday", day from 4 May 2031
Who: JNIM (says that it did it)
Target: an army post

Who says so:
- Koru Daily, "Soldiers die in raid on Koru", 4 May 2031 12:00 UTC, https://koru.example/raid
    killed: at least 60, said by two hospital sources (medic): "at least 60 soldiers had died"
    killed: 3, denied: "only three"

Certainty: likely, from 1 outlet
Severity: extreme, 83 of 100
  +70 many-dead: 60 people died

Why you get this: your subscription desk
  at least 60 killed, and 50 or more are asked for
Incident inc-1, revision 1
To hear no more of it for a day (what takes something back still comes):
  tocsin silences add --subscription desk --incident inc-1 --until 1d --reason "..."
"""
    )


def test_a_correction_says_what_was_told_and_what_is_known_now() -> None:
    message, told = tell(incident(60), incident(20, revision=2))
    assert message.headline == (
        "Correction: At least 20 soldiers killed in an attack on an army post in Koru, Mali "
        "(told before: at least 60 killed); JNIM claims it"
    )
    assert "  Killed: at least 20; you were told at least 60.\n" in message.body
    assert "  You were told of this incident before.\n" in message.body
    assert told.reason is DecisionReason.BELOW_THRESHOLD


def test_an_update_lists_everything_that_changed_since_it_was_told() -> None:
    later = incident(
        250,
        revision=2,
        toll=Toll(killed=at_least(250), wounded=exactly(9)),
        severity=Severity(score=95, level=SeverityLevel.EXTREME),
        place=Place(name="Tessit", country="ML", precision=PlacePrecision.EXACT),
    )
    message, _ = tell(incident(60), later)
    changed = message.body.split("\n\n")[1].splitlines()
    assert changed == [
        "What changed: Killed rose from at least 60 to at least 250.",
        "  Killed: at least 250; you were told at least 60.",
        "  Wounded: 9; you were told none.",
        "  Severity: extreme; you were told severe.",
        "  Place: Tessit, Mali (this place); you were told Koru, Mopti, Mali (this place, 14.0000, -3.0000).",
    ]


@pytest.mark.parametrize(
    ("slots", "label"),
    [
        (
            {"status": IncidentStatus.RETRACTED},
            "Withdrawn by its sources: ",
        ),
        (
            {"status": IncidentStatus.MERGED, "merged_into": "inc-7"},
            "Counted with another incident: ",
        ),
    ],
)
def test_a_cancel_repeats_the_line_that_is_cancelled(slots: dict[str, object], label: str) -> None:
    before, _ = tell(incident(60))
    message, told = tell(incident(60), incident(60, revision=2, **slots))
    assert message.headline == label + before.headline
    assert told.kind is AlertKind.CANCEL


def test_what_was_counted_with_another_incident_and_is_one_by_itself_says_so() -> None:
    merged = incident(60, revision=2, status=IncidentStatus.MERGED, merged_into="inc-7")
    message, _ = tell(incident(60), merged, incident(60, revision=3))
    changed = message.body.split("\n\n")[1].splitlines()
    assert changed == [
        "What changed: It is an incident by itself again.",
        f"  You were told: Counted with another incident: {message.headline}",
    ]
    withdrawn = incident(60, revision=2, status=IncidentStatus.RETRACTED)
    message, _ = tell(incident(60), withdrawn, incident(60, revision=3))
    assert "What changed: It is reported again." in message.body


def test_a_test_subscription_says_so_first() -> None:
    message, _ = tell(incident(60), asked=subscription(test=True))
    assert message.headline.startswith("TEST: At least 60")


def test_many_sources_and_claims_are_counted_rather_than_listed() -> None:
    sources = tuple(ArticleRef(article_id=f"a{n}", source=f"outlet {n}") for n in range(MOST_ARTICLES + 3))
    claims = tuple(claim(ClaimKind.KILLED, at_least(60 - n), "many died") for n in range(MOST_CLAIMS + 2))
    message, _ = tell(
        incident(60, sources=sources, claims=tuple(c.model_copy(update={"article_id": "a0"}) for c in claims))
    )
    assert f"- and {3} more articles\n" in message.body
    assert f"    and {2} more claims\n" in message.body
    assert message.body.count("    killed:") == MOST_CLAIMS


hostile = st.text(st.sampled_from("ab \x1b[31m]0;\x07\r\n\u202e\u2028\x00.;"), min_size=1, max_size=40)


@given(hostile, hostile, hostile, st.sampled_from([at_least(60), exactly(1), exactly(70)]))
def test_no_word_of_an_article_can_add_a_line_or_a_control_character(
    name: str, quote: str, title: str, killed: Figure
) -> None:
    told = incident(
        killed,
        claims=(
            claim(ClaimKind.KILLED, killed, quote, people=name, speaker=Speaker(name=name, role=SpeakerRole.MEDIA)),
        ),
        place=Place(name=name, admin1=title, country="ML", precision=PlacePrecision.EXACT),
        perpetrators=(Perpetrator(name=title),),
        targets=(Target(kind="x", text=quote),),
        sources=(ArticleRef(article_id="a1", title=title, source=name, url=quote),),
        occurred=Occurred(precision=TimePrecision.UNRESOLVED, text=quote),
        merged_into=name,
    )
    plain = incident(killed, occurred=Occurred(precision=TimePrecision.UNRESOLVED, text="words"))
    message, _ = tell(told, asked=subscription())
    lines = message.body.split("\n")
    assert lines[0] == message.headline
    assert all(one_line(line, 2000) == line.strip() for line in lines)
    assert len(lines) <= len(tell(plain, asked=subscription())[0].body.split("\n"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("A security official", "a security official"),
        ("The army", "the army"),
        ("Amnesty International", "Amnesty International"),
    ],
)
def test_a_speaker_stands_inside_the_sentence(name: str, words: str) -> None:
    speaker = Speaker(name=name, role=SpeakerRole.OFFICIAL)
    said = claim(ClaimKind.KILLED, at_least(60), "60 died", speaker=speaker)
    message, _ = tell(incident(60, claims=(said,)))
    assert f"said by {words} (official)" in message.body
