"""The whole message as plain text: what changed, who says so, how sure and bad it is, and why the reader gets it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from shlex import quote

from schemas import ArticleRef, Incident, IncidentType, Occurred, Place, SourcedClaim, Told
from schemas.vocabulary import (
    AlertKind,
    ClaimKind,
    DecisionReason,
    PlacePrecision,
    Responsibility,
    Stance,
    TimePrecision,
)
from services.alerter.policy.decision import Decision
from services.alerter.policy.events import harm_word
from services.alerter.policy.headline import short_name
from services.alerter.policy.places import place_words
from services.alerter.policy.plain_text import one_line
from services.alerter.policy.quoted import above_toll, quoted_articles
from services.conditions.figures import claim_words, figure_words

MADE_UP = "Nothing has happened: Tocsin made this up, to try the way from an article to you."
MOST_NAMES = 5
"""Perpetrators, targets or weapons that are listed."""
# Not strftime's, which follow the machine's language.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_RESPONSIBILITY = {
    Responsibility.CLAIMED_OR_ADMITTED: "says that it did it",
    Responsibility.REPORTED_AS_FACT: "reported as a fact",
    Responsibility.SUSPECTED_BY_AUTHORITIES: "suspected by the authorities",
    Responsibility.SUSPECTED: "suspected",
    Responsibility.POSSIBLE: "possible",
    Responsibility.DENIED: "denies it",
}
_PRECISION = {
    PlacePrecision.EXACT: "this place",
    PlacePrecision.DISTRICT: "known to the district",
    PlacePrecision.DIVISION: "known to the first-level division",
    PlacePrecision.COUNTRY: "known to the country",
}


@dataclass(frozen=True, slots=True)
class IncidentParagraphs:
    """What a message says of an incident to whomever it tells."""

    facts: str
    sources: str
    """Empty where there are none."""
    assessment: str


def paragraphs_of(incident: Incident) -> IncidentParagraphs:
    """What every message about this revision of `incident` says."""
    lines = (_facts(incident), _sources(incident), _assessment(incident))
    return IncidentParagraphs(*("\n".join(one) for one in lines))


def body_of(
    headline: str,
    decision: Decision,
    subscription: str,
    incident: Incident,
    told: Told | None,
    paragraphs: IncidentParagraphs | None = None,
) -> str:
    """The message below and with `headline`, in paragraphs. Every line of it is safe to print. `paragraphs` are those
    of `incident`, for a caller that has them already."""
    said = paragraphs or paragraphs_of(incident)
    changed = "\n".join(_changed(decision, incident, told))
    why = "\n".join(_why(decision, subscription, incident))
    made_up = MADE_UP if incident.test else ""
    all_said = (headline, made_up, changed, said.facts, said.sources, said.assessment, why)
    return "\n\n".join(paragraph for paragraph in all_said if paragraph) + "\n"


def _changed(decision: Decision, incident: Incident, told: Told | None) -> Iterator[str]:
    if told is None:
        return
    if decision.kind is AlertKind.ALERT:
        merged = told.reason is DecisionReason.MERGED
        yield f"What changed: It is {'an incident by itself' if merged else 'reported'} again."
        yield f"  You were told: {one_line(told.headline)}"
        return
    yield f"What changed: {decision.because}"
    if decision.kind is AlertKind.CANCEL:
        yield f"  You were told: {one_line(told.headline)}"
        return
    for kind in ClaimKind:
        before, now = figure_words(told.toll.of(kind)), figure_words(incident.toll.of(kind))
        if before != now:
            yield f"  {kind.capitalize()}: {now}; you were told {before}."
    if told.severity is not None and told.severity is not incident.severity.level:
        yield f"  Severity: {incident.severity.level}; you were told {told.severity}."
    if told.certainty is not None and told.certainty is not incident.certainty:
        yield f"  Certainty: {incident.certainty}; you were told {told.certainty}."
    if told.type is not None and told.type is not incident.type:
        yield f"  Type: {_words(incident.type)}; you were told {_words(told.type)}."
    if told.place != incident.place:
        before, now = _place(told.place), _place(incident.place)
        if before != now:
            yield f"  Place: {now}; you were told {before}."


def _words(incident_type: IncidentType) -> str:
    return incident_type.replace("_", " ")


def _facts(incident: Incident) -> Iterator[str]:
    toll = incident.toll
    stated = [(kind, toll.of(kind)) for kind in ClaimKind if toll.of(kind) is not None]
    for kind, figure in stated:
        word = harm_word(kind, incident.type).capitalize()
        attackers = toll.killed_attackers if kind is ClaimKind.KILLED else None
        of_them = f" (attackers among them: {figure_words(attackers)})" if attackers is not None else ""
        yield f"{word}: {figure_words(figure)}{of_them}"
    if not stated:
        yield "Toll: nothing is said of it"
    yield f"Where: {_place(incident.place)}"
    yield f"When: {_occurred(incident.occurred)}"
    for perpetrator in incident.perpetrators[:MOST_NAMES]:
        name = one_line(perpetrator.name, 100)
        if name:
            short = short_name(perpetrator)
            known_as = "" if short == name else f"{short}; "
            yield f"Who: {name} ({known_as}{_RESPONSIBILITY[perpetrator.responsibility]})"
    for label, found in (("Target", incident.targets), ("Weapon", incident.weapons)):
        texts = [text for text in (one_line(thing.text, 80) for thing in found[:MOST_NAMES]) if text]
        if texts:
            yield f"{label}: {'; '.join(texts)}"


def _sources(incident: Incident) -> Iterator[str]:
    if not incident.sources:
        return
    yield "Who says so:"
    quoted = quoted_articles(incident)
    for one in quoted:
        yield f"- {_source(one.article)}"
        for claim in one.claims:
            yield f"    {_claim(claim, incident)}"
        if one.more:
            yield f"    and {one.more} more {'claim' if one.more == 1 else 'claims'}"
    left = len(incident.sources) - len(quoted)
    if left > 0:
        yield f"- and {left} more {'article' if left == 1 else 'articles'}"


def _source(source: ArticleRef) -> str:
    parts = [one_line(source.source, 80) or "an outlet without a name"]
    title, url = one_line(source.title, 160), one_line(source.url or "", 500)
    if title:
        parts.append(f'"{title}"')
    if source.published_at is not None:
        parts.append(moment(source.published_at))
    if url:
        parts.append(url)
    return ", ".join(parts)


def _claim(claim: SourcedClaim, incident: Incident) -> str:
    quote = next((one_line(evidence.quote, 200) for evidence in claim.evidence), "")
    said = "denied" if claim.stance is Stance.DENIED else "said"
    by = ""
    if claim.speaker is not None:
        by = f", {said} by {_inside(one_line(claim.speaker.name, 80)) or 'somebody'} ({claim.speaker.role})"
    denied = ", denied" if claim.stance is Stance.DENIED and claim.speaker is None else ""
    above = ", above the toll" if above_toll(claim, incident) else ""
    return f'{claim.kind}: {claim_words(claim)}{above}{by}{denied}: "{quote}"'


def _inside(name: str) -> str:
    """`name` as it stands inside a sentence: the article that began one in the text is small."""
    first, space, rest = name.partition(" ")
    return f"{first.lower()}{space}{rest}" if space and first in {"A", "An", "The", "One", "Two", "Some"} else name


def _assessment(incident: Incident) -> Iterator[str]:
    outlets = len({source.source for source in incident.sources})
    counted = f", from {outlets} {'outlet' if outlets == 1 else 'outlets'}" if outlets else ""
    yield f"Certainty: {incident.certainty}{counted}"
    severity = incident.severity
    yield f"Severity: {severity.level}, {severity.score} of 100"
    for rule in severity.rules:
        yield f"  {rule.points:+d} {one_line(rule.rule, 80)}: {one_line(rule.because, 200)}"


def _why(decision: Decision, subscription: str, incident: Incident) -> Iterator[str]:
    yield f"Why you get this: your subscription {one_line(subscription, 80)}"
    takes_back = decision.kind in (AlertKind.CORRECTION, AlertKind.CANCEL)
    if decision.reason is DecisionReason.BELOW_THRESHOLD or (takes_back and not decision.conditions):
        yield "  You were told of this incident before."
    elif not decision.conditions:
        yield f"  {decision.because}"
    for condition in decision.conditions:
        yield f"  {one_line(condition, 300)}"
    identity, name = one_line(incident.incident_id, 100), one_line(subscription, 80)
    yield f"Incident {identity}, revision {incident.revision}"
    yield "To hear no more of it for a day (what takes something back still comes):"
    yield f'  tocsin silences add --subscription {quote(name)} --incident {quote(identity)} --until 1d --reason "..."'


def _place(place: Place | None) -> str:
    if place is None:
        return "not stated"
    words = one_line(place_words(place, division=True) or place.name, 250)
    at = "" if place.lat is None or place.lon is None else f", {place.lat:.4f}, {place.lon:.4f}"
    return f"{words} ({_PRECISION[place.precision]}{at})"


def _occurred(occurred: Occurred | None) -> str:
    if occurred is None:
        return "not stated"
    words = f'"{one_line(occurred.text, 80)}"'
    if occurred.start is None or occurred.precision is TimePrecision.UNRESOLVED:
        return f"{words}, which no date is known for"
    if occurred.precision is TimePrecision.HOUR:
        return f"{words}, {moment(occurred.start)}"
    return f"{words}, {occurred.precision} from {day(occurred.start)}"


def moment(at: datetime) -> str:
    """`at` in UTC: `2 June 2025 09:05 UTC`."""
    utc = at.astimezone(UTC)
    return f"{day(utc)} {utc:%H:%M} UTC"


def day(at: datetime) -> str:
    """The day of `at` in UTC: `2 June 2025`."""
    utc = at.astimezone(UTC)
    return f"{utc.day} {_MONTHS[utc.month - 1]} {utc.year}"
