"""Hysteresis: what was told, taken back, and comes back again. Pure.

A fall is always told, since nothing that is known to be wrong may stand. So what swings is quietened on its way up: a
figure that was taken back is told again only where more independent sources say so than did then, and so is whatever
keeps swinging.
"""

from __future__ import annotations

from schemas import Incident, Told
from schemas.vocabulary import AlertKind, ClaimKind, DecisionReason

NEAR_PERCENT = 110
"""Two figures of which neither is as much as a tenth above the other are the same news."""
SMALL = 2
"""A rise to less than so many times what stands is a small one."""
MOST_KEPT = 8
"""Figures taken back that are remembered."""
SWINGS = 2
"""How often something may be taken back before any return of it needs a further source."""


def wavers(told: Told, incident: Incident) -> str | None:
    """Why what is higher in `incident` than was `told` must not be told yet, as a clause; None where it may be.

    More independent sources than were told let everything pass. Without them, a number of dead is not told again where
    it is less than double what stands now, or where facts were taken back twice; and nor is anything else after two.
    """
    if incident.independent_sources > told.independent_sources or told.reason is DecisionReason.MERGED:
        # What was counted with another incident and is one by itself again was not taken back by anybody.
        return None
    cancelled = told.kind is AlertKind.CANCEL
    swings = told.reversals >= SWINGS
    then, dead = told.toll.minimum(ClaimKind.KILLED), incident.toll.minimum(ClaimKind.KILLED)
    if dead > then or cancelled:
        small = not cancelled and dead < SMALL * then
        for before in reversed(told.taken_back):
            if (small or swings) and _near(dead, before):
                return f"{before:,} killed was told before and taken back, and no further source says so"
        return None
    return f"facts were taken back {told.reversals} times, and no further source tells of it" if swings else None


def taken_back(before: Told | None, incident: Incident, kind: AlertKind, reason: DecisionReason) -> tuple[int, ...]:
    """The numbers of dead that were told and proved too high, once a message of `kind` on `incident` is told."""
    if before is None:
        return ()
    if reason is DecisionReason.MERGED:
        return before.taken_back
    then = before.toll.minimum(ClaimKind.KILLED)
    fell = kind is AlertKind.CANCEL or incident.toll.minimum(ClaimKind.KILLED) < then
    return (*before.taken_back, then)[-MOST_KEPT:] if fell and then else before.taken_back


def reversals(before: Told | None, kind: AlertKind, reason: DecisionReason) -> int:
    """How often something that was told has been taken back, once a message of `kind` is told."""
    done = 0 if before is None else before.reversals
    return done + (kind in (AlertKind.CORRECTION, AlertKind.CANCEL) and reason is not DecisionReason.MERGED)


def _near(one: int, other: int) -> bool:
    return 100 * one < NEAR_PERCENT * other and 100 * other < NEAR_PERCENT * one
