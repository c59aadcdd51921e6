"""The toll of an incident by the conventions of three datasets: other views of the same claims.

ACLED: where reports differ or are vague, the most conservative estimate; "tens" 10, "dozens" 12, "hundreds" 100; the
dead of all sides (ACLED, Fatalities FAQ, 7 May 2024). GTD: of independent sources the most recent, of several recent
ones the figure of the majority, without a majority the lowest; what a party claims is set aside, vague words leave it
blank; attackers count in `nkill` and apart in `nkillter` (GTD Codebook, casualties). UCDP GED: `low` and `high` are the
lowest and highest reliable figures and `best` the most likely, for which ours stands; civilians apart (UCDP GED
Codebook). A word that only says that there were several ("people died") counts where nobody gives more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from schemas import ClaimKind, Incident, Modifier, SourcedClaim, SpeakerRole, Stance, Whose

ACLED_WORDS = {"tens": 10, "dozens": 12, "hundreds": 100}
RECENT = timedelta(days=1)
"""Sources that gave their figure within a day of the newest are recent ones; GTD gives no number."""


class Convention(StrEnum):
    """Whose convention."""

    ACLED = "acled"
    GTD = "gtd"
    UCDP = "ucdp"


@dataclass(frozen=True, slots=True)
class _Stated:
    """What one source says last of one kind of harm."""

    claim: SourcedClaim
    at: datetime | None


def view_by(incident: Incident, convention: Convention) -> dict[str, int | None]:
    """The columns of that dataset, in people; None where it would be left blank."""
    killed = _stated(incident, ClaimKind.KILLED)
    counted = [said for said in killed if _is_number(said.claim) or _acled_word(said.claim)] or killed
    match convention:
        case Convention.ACLED:
            figures = [value for said in counted if (value := _conservative(said.claim)) is not None]
            return {"fatalities": min(figures, default=None)}
        case Convention.GTD:
            attackers = _stated(incident, ClaimKind.KILLED, attackers=True)
            return {
                "nkill": _gtd(_with_attackers(killed, attackers)),
                "nkillter": _gtd([(said.claim.best, said.at) for said in attackers if _is_number(said.claim)]),
                "nwound": _gtd(
                    [(s.claim.best, s.at) for s in _stated(incident, ClaimKind.WOUNDED) if _is_number(s.claim)]
                ),
            }
        case Convention.UCDP:
            ends = [value for said in counted for value in (said.claim.low, said.claim.best) if value is not None]
            highs = [value for said in counted for value in (said.claim.best, said.claim.high) if value is not None]
            civilians = [
                claim.best
                for claim in _claims(incident, ClaimKind.KILLED, parts=True)
                if claim.best is not None and "civilian" in claim.people.casefold()
            ]
            best = incident.toll.killed.best if incident.toll.killed else None
            return {
                "best": best,
                "low": min([*ends, *([] if best is None else [best])], default=None),
                "high": max([*highs, *([] if best is None else [best])], default=None),
                "deaths_civilians": max(civilians, default=None),
            }


def _claims(incident: Incident, kind: ClaimKind, *, parts: bool = False) -> list[SourcedClaim]:
    return [
        claim
        for claim in incident.claims
        if claim.kind is kind and claim.stance is Stance.ASSERTED and (parts or not claim.part_of_total)
    ]


def _stated(incident: Incident, kind: ClaimKind, *, attackers: bool = False) -> list[_Stated]:
    """Each source's newest highest figure; of parties to the fight only where nobody else gives one."""
    articles = {ref.article_id: ref for ref in incident.sources}
    claims = [claim for claim in _claims(incident, kind) if (claim.whose is Whose.ATTACKERS) == attackers]
    others = [claim for claim in claims if claim.speaker is None or claim.speaker.role is not SpeakerRole.PARTY]
    newest: dict[str, _Stated] = {}
    for claim in others or claims:
        ref = articles.get(claim.article_id)
        source, at = (ref.source, ref.published_at) if ref else ("", None)
        known = newest.get(source or claim.article_id)
        same_text = known is not None and known.claim.article_id == claim.article_id
        if known is None or not same_text or (claim.best or 0) > (known.claim.best or 0):
            newest[source or claim.article_id] = _Stated(claim, at)
    return list(newest.values())


def _conservative(claim: SourcedClaim) -> int | None:
    said = _acled_word(claim)
    return claim.low if said is None else said


def _acled_word(claim: SourcedClaim) -> int | None:
    """What ACLED codes for a vague claim's word, or None where it has no rule for it."""
    if claim.modifier is not Modifier.VAGUE:
        return None
    words = " ".join(evidence.quote for evidence in claim.evidence).casefold().split()
    return next((ACLED_WORDS[word] for word in words if word in ACLED_WORDS), None)


def _is_number(claim: SourcedClaim) -> bool:
    return claim.best is not None and claim.modifier is not Modifier.VAGUE


def _with_attackers(
    killed: Sequence[_Stated], attackers: Sequence[_Stated]
) -> list[tuple[int | None, datetime | None]]:
    """Each source's dead, attackers included: added where the article gives its victims and its attackers apart."""
    more = {said.claim.article_id: said.claim.best or 0 for said in attackers if _is_number(said.claim)}
    found: list[tuple[int | None, datetime | None]] = []
    for said in killed:
        if _is_number(said.claim) and said.claim.best is not None:
            apart = more.get(said.claim.article_id, 0) if said.claim.whose is Whose.VICTIMS else 0
            found.append((said.claim.best + apart, said.at))
    return found or [(said.claim.best, said.at) for said in attackers if _is_number(said.claim)]


def _gtd(said: Sequence[tuple[int | None, datetime | None]]) -> int | None:
    times = [at for _, at in said if at is not None]
    since = max(times) - RECENT if times else None
    recent = [value for value, at in said if value is not None and (since is None or at is None or at >= since)]
    if not recent:
        return None
    value, count = Counter(recent).most_common(1)[0]
    return value if count * 2 > len(recent) else min(recent)
