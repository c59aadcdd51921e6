"""The first line of a message: what a person must know."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schemas import TYPES, Figure, Incident, IncidentType, Perpetrator, Toll
from schemas.vocabulary import AlertKind, ClaimKind, DecisionReason, IncidentFamily, Responsibility, Whose
from services.alerter.policy.events import NOUNS, aimed, before_event, event_phrase, harm_word
from services.alerter.policy.nouns import (
    bare_phrase,
    in_sentence,
    is_plural,
    names_several,
    people_noun,
    with_article,
)
from services.alerter.policy.places import before_place, is_country, place_words
from services.alerter.policy.plain_text import one_line
from services.conditions.figures import Counted, claims_behind, counted, figure_words, vague_word_of

LONGEST = 200
"""Characters; a longer headline is made again without its lesser parts."""
_ORDER = (ClaimKind.KILLED, ClaimKind.ABDUCTED, ClaimKind.MISSING, ClaimKind.WOUNDED, ClaimKind.DISPLACED)
"""Which harm leads, where several are reported."""
_OPEN = (ClaimKind.ABDUCTED, ClaimKind.MISSING)
"""Harms whose end is not known, said beside the dead where they befell as many or more."""
_FIRMEST = (
    Responsibility.CLAIMED_OR_ADMITTED,
    Responsibility.REPORTED_AS_FACT,
    Responsibility.SUSPECTED_BY_AUTHORITIES,
    Responsibility.SUSPECTED,
    Responsibility.POSSIBLE,
    Responsibility.DENIED,
)
_NOBODYS = frozenset({IncidentFamily.ACCIDENT, IncidentFamily.DISASTER, IncidentFamily.HEALTH})
"""Families of incidents that nobody carries out."""
LONG_NAME = 20
"""Characters of a name from which on its initials stand for it."""
LONGEST_NAME = 60
"""Characters of a perpetrator's name; one with a longer name goes unnamed in the headline."""
_INITIALS = re.compile("[A-Z]{3,8}")
_OF_A_STATE = ("military forces", "police forces")
_CLASSES = (*_OF_A_STATE, "unidentified armed group", "rioters")
"""What the ACLED codebook calls those who have no name of their own; reading gives it in small letters."""
_ANYBODY = frozenset(
    ("man", "men", "woman", "women", "person", "people", "suspect", "suspects", "shooter", "shooters", "attacker",
     "attackers", "assailant", "assailants", "killer", "killers", "perpetrator", "perpetrators", "individual",
     "individuals", "somebody")
)  # fmt: skip
"""Words that say of somebody who did it no more than that."""
_DOUBTED = ("suspected ", "alleged ", "presumed ", "possible ")
TEST, UPDATE, CORRECTION = "TEST: ", "Update: ", "Correction: "
MERGED, RETRACTED = "Counted with another incident: ", "Withdrawn by its sources: "


def headline_of(incident: Incident, told: Toll | None = None) -> str:
    """What happened, in one line of at most LONGEST characters and without a full stop.

    `told` is the toll that the reader knows: where the number of dead differs, the line says what it was.
    """
    candidates = (
        _line(incident, told, target, suffix, people)
        for target, suffix, people in ((1, 1, 1), (0, 1, 1), (0, 0, 1), (0, 0, 0))
    )
    line = ""
    for line in candidates:
        if len(line) <= LONGEST:
            return line
    return one_line(line, LONGEST)


def label_of(kind: AlertKind, reason: DecisionReason, *, test: bool) -> str:
    """What stands before the headline of a message of that kind."""
    labels = {
        AlertKind.ALERT: "",
        AlertKind.UPDATE: UPDATE,
        AlertKind.CORRECTION: CORRECTION,
        AlertKind.CANCEL: MERGED if reason is DecisionReason.MERGED else RETRACTED,
    }
    return (TEST if test else "") + labels[kind]


def unlabelled(headline: str) -> str:
    """`headline` without what `label_of` put before it."""
    for label in (TEST, UPDATE, CORRECTION, MERGED, RETRACTED):
        headline = headline.removeprefix(label)
    return headline


def _line(incident: Incident, told: Toll | None, target: int, suffix: int, people: int) -> str:
    kind = _leading(incident.toll)
    aimed_at = _target(incident) if target else None
    where = ""
    if incident.place is not None and incident.place.name.strip():
        where = f" {before_place(incident.place)} {place_words(incident.place)}"
    if kind is None:
        event = event_phrase(incident.type, incident.stage, aimed_at)
        bare = event.removeprefix("an ").removeprefix("a ")
        clause = f"{bare}{where}"
    else:
        harmed = _harmed(incident, kind, named=bool(people))
        said = [kind]
        second = _second(incident.toll, kind)
        if second is not None:
            said.append(second)
            number = _counted(incident, second).words.removesuffix(" of")
            harmed += f" and {number} {harm_word(second, incident.type)}"
        if aimed_at is not None and aimed_at.split()[-1] in harmed.split():
            # Nobody says "villagers killed in an attack on villagers".
            aimed_at = None
        if NOUNS[incident.type].implied_by in said:
            clause = f"{harmed}{aimed(incident.type, aimed_at)}{where}"
        else:
            event = event_phrase(incident.type, incident.stage, aimed_at)
            clause = f"{harmed} {before_event(kind)} {event}{where}"
    if not where:
        clause = clause.rstrip(",") + ", place not stated"
    clause = clause[:1].upper() + clause[1:]
    done_by = _suffix(incident) if suffix and TYPES[incident.type].family not in _NOBODYS else ""
    return clause + _before(incident.toll, told) + done_by


def _leading(toll: Toll) -> ClaimKind | None:
    """The harm to lead with: the first in order that anybody suffered or may have, else one that nobody did."""
    stated = [kind for kind in _ORDER if toll.of(kind) is not None]
    suffered = [kind for kind in stated if not _is_none(toll.of(kind))]
    return next(iter(suffered or stated), None)


def _second(toll: Toll, leading: ClaimKind) -> ClaimKind | None:
    """The harm to say beside that of `leading`, the dead: how many were taken or are missing, where no fewer."""
    least = toll.killed.minimum if leading is ClaimKind.KILLED and toll.killed is not None else 0
    for kind in _OPEN if least else ():
        figure = toll.of(kind)
        if figure is not None and figure.low is not None and figure.low >= least:
            return kind
    return None


def _figure(toll: Toll, kind: ClaimKind) -> Figure:
    figure = toll.of(kind)
    if figure is None:
        raise ValueError(f"nothing is said of {kind}")
    return figure


def _counted(incident: Incident, kind: ClaimKind) -> Counted:
    figure = _figure(incident.toll, kind)
    return counted(figure, vague_word_of(figure, kind, incident.claims))


def _is_none(figure: Figure | None) -> bool:
    return figure is None or figure.high == 0


def _harmed(incident: Incident, kind: ClaimKind, *, named: bool) -> str:
    """`at least 60 soldiers killed`, with the attackers among them told apart."""
    figure, words = _figure(incident.toll, kind), _counted(incident, kind)
    attackers = incident.toll.killed_attackers if kind is ClaimKind.KILLED else None
    stated = [claim for claim in claims_behind(figure, kind, incident.claims) if claim.people] if named else []
    if attackers is not None and attackers.minimum >= figure.minimum > 0:
        noun = people_noun((claim.people for claim in stated if claim.whose is Whose.ATTACKERS), words.one)
        if noun in {"person", "people"}:
            noun = "attacker" if words.one else "attackers"
        return f"{words.words} {noun} killed"
    noun = people_noun((claim.people for claim in stated), words.one)
    whom = "nobody" if (words.words, noun) == ("no", "people") else f"{words.words} {noun}"
    harmed = f"{whom} {harm_word(kind, incident.type)}"
    if attackers is None or attackers.minimum == 0 or _is_none(figure):
        return harmed
    among = counted(attackers)
    return f"{harmed}, {among.words} {'attacker' if among.one else 'attackers'} among them,"


def _target(incident: Incident) -> str | None:
    """The first target that a sentence can take over, with its article."""
    place = one_line(incident.place.name, 80) if incident.place is not None else ""
    for target in incident.targets:
        text = one_line(target.text, 100)
        if place:
            text = text.removesuffix(f" in {place}")
        phrase = bare_phrase(text)
        if phrase is not None and phrase.lower() != place.lower():
            determined = text.split()[0].lower() == "the" and not is_plural(phrase)
            return f"the {phrase}" if determined else with_article(phrase)
    return None


def _before(now: Toll, told: Toll | None) -> str:
    if told is None or told.killed is None or figure_words(told.killed) == figure_words(now.killed):
        return ""
    return f" (told before: {figure_words(told.killed)} killed)"


def short_name(perpetrator: Perpetrator) -> str:
    """The initials that stand for a long name (`JNIM`), where it has some, else the name: `Boko Haram`."""
    name = one_line(perpetrator.name, LONGEST_NAME + 1).strip(" .,;:")
    if len(name.split()) > 1 and len(name) >= LONG_NAME and not name.isupper():
        for alias in perpetrator.aliases:
            if _INITIALS.fullmatch(alias):
                return alias
    return name


def _suffix(incident: Incident) -> str:
    for words in _named(incident):
        return f"; {words}"
    return ""


def _named(incident: Incident) -> Iterator[str]:
    for perpetrator in sorted(incident.perpetrators, key=lambda one: _FIRMEST.index(one.responsibility)):
        if incident.type is IncidentType.ARMED_CLASH and perpetrator.responsibility is Responsibility.REPORTED_AS_FACT:
            # Both sides carry out a clash.
            continue
        name = short_name(perpetrator)
        if not name or len(name) > LONGEST_NAME:
            continue
        if perpetrator.responsibility in (_FIRMEST[2], _FIRMEST[3], _FIRMEST[4]):
            for doubted in _DOUBTED:
                name = name.removeprefix(doubted)
        described = _is_description(perpetrator)
        if described:
            name = name.lower() if name.lower() in perpetrator.aliases else in_sentence(name)
            if name.lower() in _ANYBODY:
                continue
        several = is_plural(name) if described else names_several(name)
        if described and not several:
            # The forces of a state, and those who have a name beside their description.
            own = any(alias.startswith(_OF_A_STATE) or alias[:1].isupper() for alias in perpetrator.aliases)
            name = f"the {name}" if own else with_article(name, name=False)
        yield {
            Responsibility.CLAIMED_OR_ADMITTED: f"{name} {'claim' if several else 'claims'} it",
            Responsibility.REPORTED_AS_FACT: f"carried out by {name}",
            Responsibility.SUSPECTED_BY_AUTHORITIES: f"authorities suspect {name}",
            Responsibility.SUSPECTED: f"{name} suspected",
            Responsibility.POSSIBLE: f"possibly by {name}",
            Responsibility.DENIED: f"{name} {'deny' if several else 'denies'} it",
        }[perpetrator.responsibility]


def _is_description(perpetrator: Perpetrator) -> bool:
    """Whether the name is what somebody is called who has none: it, or its class beside it, is in small letters."""
    name = perpetrator.name
    if is_country(name):
        return False
    if name.split()[-1].islower() or name.lower() in perpetrator.aliases:
        return True
    return any(alias.startswith(_CLASSES) for alias in perpetrator.aliases)
