"""How sure an incident is, in CAP 1.2's terms, by one written rule."""

from __future__ import annotations

from schemas import Certainty, Report, SpeakerRole, Stance

FIRM = frozenset({SpeakerRole.OFFICIAL, SpeakerRole.MEDIC, SpeakerRole.WITNESS, SpeakerRole.ORGANISATION})
"""Speakers who are no party to the fight, and can be asked again."""
_ASSERTED, _PARTY = Stance.ASSERTED, SpeakerRole.PARTY
CERTAINTY_RULES = {
    Certainty.UNLIKELY: "Its own source has taken it back, or it is only denied.",
    Certainty.UNKNOWN: "No report makes any claim.",
    Certainty.OBSERVED: "An official, medic, witness or organisation speaks, and two independent sources tell of it.",
    Certainty.LIKELY: "An official, medic, witness or organisation speaks, or two independent sources tell of it.",
    Certainty.POSSIBLE: "One source tells of it and nobody who knows speaks, or only a party to the fight does.",
}
"""What each word says by the rule below, for whoever asks why."""


class RunningCertainty:
    """What certainty rests on, report by report."""

    __slots__ = ("_asserted", "_claims", "_firm", "_killed", "_party")

    def __init__(self) -> None:
        self._claims = 0
        self._asserted = 0
        self._party = 0
        self._firm = False
        self._killed = False

    def hear(self, report: Report) -> None:
        """Take in the claims of a report, and who makes them."""
        self._claims += len(report.claims)
        self._killed = self._killed or report.toll.killed is not None
        for claim in report.claims:
            if claim.stance is not _ASSERTED:
                continue
            self._asserted += 1
            if claim.speaker is not None:
                self._firm = self._firm or claim.speaker.role in FIRM
                self._party += claim.speaker.role is _PARTY

    def certainty(self, *, independent: int, retracted: bool) -> Certainty:
        """The certainty of what was heard, by `independent`, the number of independent sources.

        - unlikely: its own source has taken it back, or it is only denied;
        - unknown: no report makes any claim;
        - observed: an official, a medic, a witness or an organisation speaks, and two independent sources tell of it;
        - likely: one of the two;
        - possible: neither. What only a party to the fight says is never more than possible.

        Copies of one text, and outlets that credit another, are one source.
        """
        if retracted or (self._claims and not self._asserted):
            return Certainty.UNLIKELY
        if not self._claims and not self._killed:
            return Certainty.UNKNOWN
        if self._asserted and self._party == self._asserted:
            return Certainty.POSSIBLE
        return (Certainty.POSSIBLE, Certainty.LIKELY, Certainty.OBSERVED)[self._firm + (independent > 1)]
