"""How sure an incident is, in CAP 1.2's terms, by one written rule."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import Certainty, Report, SpeakerRole, Stance
from services.processor.tracking.independence import independent_sources

FIRM = frozenset({SpeakerRole.OFFICIAL, SpeakerRole.MEDIC, SpeakerRole.WITNESS, SpeakerRole.ORGANISATION})
"""Speakers who are no party to the fight, and can be asked again."""


def certainty_of(reports: Sequence[Report], *, independent: int | None = None, retracted: bool = False) -> Certainty:
    """The certainty of what `reports` tell; `independent` is the number of independent sources, where at hand.

    - unlikely: its own source has taken it back, or it is only denied;
    - unknown: no report makes any claim;
    - observed: an official, a medic, a witness or an organisation speaks, and two independent sources tell of it;
    - likely: one of the two;
    - possible: neither. What only a party to the fight says is never more than possible.

    Copies of one text, and outlets that credit another, are one source.
    """
    claims = [claim for report in reports for claim in report.claims]
    asserted = [claim for claim in claims if claim.stance is Stance.ASSERTED]
    if retracted or (claims and not asserted):
        return Certainty.UNLIKELY
    if not claims and not any(report.toll.killed for report in reports):
        return Certainty.UNKNOWN
    speakers = [claim.speaker.role for claim in asserted if claim.speaker is not None]
    if speakers and len(speakers) == len(asserted) and set(speakers) == {SpeakerRole.PARTY}:
        return Certainty.POSSIBLE
    spoken = any(role in FIRM for role in speakers)
    several = (independent_sources(reports) if independent is None else independent) > 1
    return (Certainty.POSSIBLE, Certainty.LIKELY, Certainty.OBSERVED)[spoken + several]
