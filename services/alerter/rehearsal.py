"""The alerter without store, broker or clock: what it would tell, and when, of revisions that are given to it. Pure.

The same functions decide here and on the stream; only what keeps their state differs. For tests and for playing the
past again.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime

from schemas import Alert
from schemas.vocabulary import DecisionReason
from services.alerter.bundling import bundled
from services.alerter.deciding import Audience, Lately, Revision, decide_due, decide_revision
from services.alerter.outbox.deciding import Decided, DecisionRow, IncidentState
from services.alerter.outbox.waiting import WaitingRow


@dataclass(slots=True)
class Rehearsal:
    """What is decided and told so far. Every alert counts as delivered at once."""

    audience: Audience
    told: list[tuple[datetime, Alert]] = field(default_factory=list)
    """Every alert with the moment of its decision, in order."""
    decisions: list[DecisionRow] = field(default_factory=list)
    states: dict[str, IncidentState] = field(default_factory=dict)
    """Incident to what is known of it."""
    reasons: Counter[DecisionReason] = field(default_factory=Counter)
    _revisions: dict[str, Revision] = field(default_factory=dict)
    _lately: Lately = field(default_factory=dict)

    def read(self, revision: Revision) -> list[Alert]:
        """Decide what is due before `revision` was appended, and then `revision` itself: what is told of both."""
        before = self.release(revision.appended_at)
        incident_id = revision.incident.incident_id
        state, decided = self.states.setdefault(incident_id, IncidentState()), Decided()
        if revision.incident.revision > state.decided_revision:
            self._revisions[incident_id] = revision
        decide_revision(revision, self.audience, state, decided, self.reasons, self._lately)
        return before + self._keep(decided, revision.appended_at)

    def release(self, until: datetime) -> list[Alert]:
        """Decide again all that becomes due up to `until`, each at its own moment: what is told, bundled."""
        alerts: list[Alert] = []
        while (at := min((row.waiting.due for _, _, row in self.waiting), default=None)) is not None and at <= until:
            decided = Decided()
            for incident_id in sorted({identity for _, identity, row in self.waiting if row.waiting.due <= at}):
                revision, state = self._revisions[incident_id], self.states[incident_id]
                decide_due(revision, self.audience, state, decided, self.reasons, self._lately, at)
            decided.alerts = bundled(decided.alerts)
            alerts += self._keep(decided, at)
        return alerts

    @property
    def waiting(self) -> list[tuple[str, str, WaitingRow]]:
        """What waits: subscription, incident, and for what."""
        return [
            (name, incident_id, row)
            for incident_id, state in self.states.items()
            for name, row in state.waiting.items()
        ]

    def _keep(self, decided: Decided, at: datetime) -> list[Alert]:
        self.decisions += decided.decisions
        for name, parent in decided.taken_back:
            for state in self.states.values():
                row = state.waiting.get(name)
                if row is not None and row.waiting.under == parent:
                    state.waiting[name] = replace(row, waiting=replace(row.waiting, due=at))
        alerts = [row.alert for row in decided.alerts]
        self.told += [(at, alert) for alert in alerts]
        return alerts
