"""What one decision says to its reader. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from schemas import Incident, Subscription, Told
from schemas.vocabulary import AlertKind
from services.alerter.policy.abridged import abridged
from services.alerter.policy.body import IncidentParagraphs, body_of, paragraphs_of
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


class Wording:
    """Words for all who are told of one revision of an incident: what they have in common is put together once."""

    def __init__(self, incident: Incident) -> None:
        self._incident = incident

    def compose(self, subscription: Subscription, decision: Decision, told: Told | None) -> Composed:
        """The words for `decision`, whose kind must not be None; `told` is what the subscriber was told before."""
        if decision.kind is None:
            raise ValueError("a decision to tell nothing has no words")
        incident = self._incident
        label = label_of(decision.kind, decision.reason, test=subscription.test or incident.test)
        if decision.kind is AlertKind.CANCEL and told is not None:
            line = unlabelled(one_line(told.headline))
        elif told is None or decision.kind is AlertKind.ALERT:
            line = self._line
        else:
            line = headline_of(incident, told.toll)
        headline = label + line
        return Composed(headline, body_of(headline, decision, subscription.name, incident, told, self._paragraphs))

    @cached_property
    def carried(self) -> Incident:
        """The incident as the alerts carry it."""
        return abridged(self._incident)

    @cached_property
    def _line(self) -> str:
        """The headline for who was told nothing before."""
        return headline_of(self._incident, None)

    @cached_property
    def _paragraphs(self) -> IncidentParagraphs:
        return paragraphs_of(self._incident)


def compose(subscription: Subscription, decision: Decision, incident: Incident, told: Told | None) -> Composed:
    """As `Wording.compose`, for one who is told."""
    return Wording(incident).compose(subscription, decision, told)
