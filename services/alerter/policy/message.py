"""What one decision says to its reader. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from schemas import Incident, Subscription, Told
from schemas.vocabulary import AlertKind
from services.alerter.policy.body import body_of
from services.alerter.policy.decision import Decision
from services.alerter.policy.headline import headline_of, label_of, unlabelled
from services.alerter.policy.plain_text import one_line


@dataclass(frozen=True, slots=True)
class Composed:
    """A message in words, safe to print and to put into a header."""

    headline: str
    """One line, without a full stop."""
    body: str
    """Plain text that begins with the headline and ends with a line feed."""


def compose(subscription: Subscription, decision: Decision, incident: Incident, told: Told | None) -> Composed:
    """The words for `decision`, whose kind must not be None; `told` is what the subscriber was told before."""
    if decision.kind is None:
        raise ValueError("a decision to tell nothing has no words")
    label = label_of(decision.kind, decision.reason, test=subscription.test or incident.test)
    if decision.kind is AlertKind.CANCEL and told is not None:
        line = unlabelled(one_line(told.headline))
    else:
        line = headline_of(incident, told.toll if told is not None and decision.kind is not AlertKind.ALERT else None)
    headline = label + line
    return Composed(headline, body_of(headline, decision, subscription.name, incident, told))
