"""An alert is made small enough by leaving out what a reader can do without first."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import Alert, ArticleRef, FiredRule, Severity, Target
from schemas.vocabulary import ClaimKind, SeverityLevel
from services.alerter.trimming import trimmed
from tests.alerter.channels.messages import message
from tests.alerter.incidents import at_least, claim, incident


def alert(claims: int = 0, sources: int = 0, rules: int = 0, targets: int = 0, body: int = 0, name: int = 0) -> Alert:
    made = incident(
        60,
        claims=(claim(ClaimKind.KILLED, at_least(60), "sixty soldiers died, a medic said"),) * claims,
        sources=tuple(ArticleRef(article_id=f"a{n}", title="é" * 60) for n in range(sources)),
        severity=Severity(
            score=1, level=SeverityLevel.MINOR, rules=(FiredRule(rule="r", points=1, because="b" * 90),) * rules
        ),
        targets=(Target(kind="k", text="t" * 50),) * targets,
        incident_id="i",
    )
    return message(incident=made, body="w" * body, headline="h" * (10 + name), because="b" * (10 + name)).alert


def size(one: Alert) -> int:
    return len(one.to_bytes())


def test_an_alert_that_fits_is_left_as_it_is() -> None:
    whole = alert(claims=3, sources=2)
    fitted = trimmed(whole, size(whole))
    assert fitted.alert is whole
    assert fitted.left_out == ()


def test_the_last_claims_go_first_and_no_more_of_them_than_must() -> None:
    whole = alert(claims=50, sources=3)
    limit = size(whole) - 1000
    fitted = trimmed(whole, limit)
    assert fitted.left_out == ("incident.claims",)
    kept = fitted.alert.incident.claims
    assert kept == whole.incident.claims[: len(kept)]
    assert fitted.alert.incident.sources == whole.incident.sources
    one_more = whole.model_copy(
        update={"incident": whole.incident.model_copy(update={"claims": whole.incident.claims[: len(kept) + 1]})}
    )
    assert size(fitted.alert) <= limit < size(one_more)


def test_what_is_left_out_is_named_in_the_order_in_which_it_went() -> None:
    fitted = trimmed(alert(claims=9, sources=90, rules=90, body=9000), 6000)
    assert fitted.left_out[:2] == ("incident.claims", "incident.sources")
    assert "incident.severity.rules" in fitted.left_out
    assert len(fitted.alert.headline) == 10


@settings(max_examples=40)
@given(
    st.integers(0, 400), st.integers(0, 400), st.integers(0, 200), st.integers(0, 200), st.integers(0, 60_000),
    st.integers(0, 30_000), st.integers(4000, 20_000),
)  # fmt: skip
def test_any_alert_can_be_made_to_fit(
    claims: int, sources: int, rules: int, targets: int, body: int, name: int, limit: int
) -> None:
    whole = alert(claims, sources, rules, targets, body, name)
    fitted = trimmed(whole, limit)
    assert size(fitted.alert) <= limit
    assert Alert.from_bytes(fitted.alert.to_bytes()) == fitted.alert
    for field in ("alert_id", "subscription", "channel", "kind", "reason", "revision", "sequence", "status"):
        assert getattr(fitted.alert, field) == getattr(whole, field)
    assert fitted.alert.incident.toll == whole.incident.toll
