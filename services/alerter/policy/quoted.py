"""Which articles and claims a message quotes, and which of them say more than the toll. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from schemas import ArticleRef, Figure, Incident, SourcedClaim
from schemas.vocabulary import ClaimKind, Stance

MOST_ARTICLES = 12
MOST_CLAIMS = 6
"""Claims of one article that are quoted; a message is read on a phone, and the rest is in the alert's data."""


@dataclass(frozen=True, slots=True)
class QuotedArticle:
    """An article and what is quoted of it."""

    article: ArticleRef
    claims: tuple[SourcedClaim, ...]
    more: int
    """Claims that are left out for length."""


def quoted_articles(incident: Incident) -> tuple[QuotedArticle, ...]:
    """At most MOST_ARTICLES articles, the newest first, since what they say is what was not told yet.

    The newest article that says what the toll of a kind says is always among them, so that every figure of the message
    can be read in somebody's words.
    """
    claims: dict[str, list[SourcedClaim]] = {}
    for claim in incident.claims:
        claims.setdefault(claim.article_id, []).append(claim)
    newest = list(reversed(incident.sources))
    kept: dict[str, None] = {}
    for kind in ClaimKind:
        figure = incident.toll.of(kind)
        if figure is not None:
            bears = (one.article_id for one in newest if _says(claims.get(one.article_id, ()), kind, figure))
            kept.update(dict.fromkeys(islice(bears, 1)))
    others = (one.article_id for one in newest if one.article_id not in kept)
    kept.update(dict.fromkeys(islice(others, MOST_ARTICLES - len(kept))))
    return tuple(_quoted(one, claims.get(one.article_id, []), incident) for one in newest if one.article_id in kept)


def above_toll(claim: SourcedClaim, incident: Incident) -> bool:
    """Whether more were harmed by `claim` than the toll allows: it was corrected, or nobody else bears it out."""
    figure = incident.toll.of(claim.kind)
    return (
        figure is not None
        and figure.high is not None
        and claim.low is not None
        and claim.low > figure.high
        and claim.stance is not Stance.DENIED
    )


def _says(claims: Iterable[SourcedClaim], kind: ClaimKind, figure: Figure) -> bool:
    return any(one.kind is kind and one.best == figure.best for one in claims)


def _quoted(article: ArticleRef, claims: list[SourcedClaim], incident: Incident) -> QuotedArticle:
    telling = [one for one in claims if _counts(one) or not _numbered(incident.toll.of(one.kind))]
    spoken = {_figure(one) for one in telling if one.speaker is not None}
    different: dict[tuple[object, ...], SourcedClaim] = {}
    for one in telling:
        if one.speaker is not None or _figure(one) not in spoken:
            # A title repeats what its text says.
            different.setdefault((*_figure(one), one.speaker and one.speaker.name), one)
    said = tuple(different.values())
    return QuotedArticle(article, said[:MOST_CLAIMS], max(0, len(said) - MOST_CLAIMS))


def _counts(claim: SourcedClaim) -> bool:
    return claim.low is not None or claim.best is not None or claim.high is not None


def _numbered(figure: Figure | None) -> bool:
    return figure is not None and (figure.low is not None or figure.best is not None or figure.high is not None)


def _figure(claim: SourcedClaim) -> tuple[object, ...]:
    return claim.kind, claim.low, claim.best, claim.high, claim.modifier, claim.stance, claim.people
