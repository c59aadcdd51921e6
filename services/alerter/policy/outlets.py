"""Which articles of an incident count for a subscription that names outlets or languages. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from schemas import ArticleRef, Incident, Subscription


@dataclass(frozen=True, slots=True)
class OutletFilter:
    """The outlets and languages that a subscription goes by."""

    allowed: frozenset[str]
    """Folded names; empty for all."""
    denied: frozenset[str]
    languages: frozenset[str]
    """ISO 639-1; empty for all. An article whose language is not stated is in none."""

    def takes(self, article: ArticleRef) -> bool:
        """Whether `article` counts."""
        outlet = folded_outlet(article.source)
        if outlet in self.denied or (self.allowed and outlet not in self.allowed):
            return False
        return not self.languages or article.language in self.languages

    def words(self) -> str:
        """What is asked for, as it stands after `an article`."""
        parts = []
        if self.allowed:
            parts.append(f"by {' or '.join(sorted(self.allowed))}")
        if self.denied:
            parts.append(f"not by {' or '.join(sorted(self.denied))}")
        if self.languages:
            parts.append(f"in {' or '.join(sorted(self.languages))}")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Heard:
    """What counts of an incident's sources."""

    articles: int
    independent: int
    """Sources that tell of it on their own, as few as there can be: outlets that do not count are taken off the number
    that the incident has, since it may be they who are independent."""


def outlet_filter(subscription: Subscription) -> OutletFilter | None:
    """The outlets and languages of `subscription`; None where it takes all."""
    if not (subscription.outlets or subscription.except_outlets or subscription.languages):
        return None
    return OutletFilter(
        frozenset(map(folded_outlet, subscription.outlets)),
        frozenset(map(folded_outlet, subscription.except_outlets)),
        frozenset(subscription.languages),
    )


def heard_of(asked: OutletFilter | None, incident: Incident) -> Heard:
    """What counts of the sources of `incident` for a subscription that asks for `asked`."""
    if asked is None:
        return Heard(len(incident.sources), incident.independent_sources)
    taken = [article for article in incident.sources if asked.takes(article)]
    if not taken:
        return Heard(0, 0)
    outlets = {folded_outlet(article.source) for article in taken}
    others = {folded_outlet(article.source) for article in incident.sources} - outlets
    return Heard(len(taken), max(1, min(len(outlets), incident.independent_sources - len(others))))


def folded_outlet(name: str) -> str:
    """An outlet's name or host in the form that names are compared in."""
    return " ".join(name.casefold().split()).removeprefix("www.")
