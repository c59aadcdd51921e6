"""What the ACLED codebook calls those who have no name of their own: "gunmen" are an unidentified armed group.

Source: ACLED codebook, "Actor names and types": unidentified armed groups, rioters, and the military and police forces
of a state. The names are given in small letters, since they name a class and nobody in particular.
"""

from __future__ import annotations

from services.processor.extraction.actors.lexicon import country_names
from services.processor.extraction.actors.mentions import STATE_KINDS

_CLASSES = {
    "attacker": "unidentified armed group",
    "militant": "unidentified armed group",
    "criminal": "unidentified armed group",
    "group": "unidentified armed group",
    "crowd": "rioters",
}
_POLICE = (
    "police",
    "policeman",
    "policemen",
    "gendarme",
    "gendarmes",
    "gendarmerie",
    "officers",
    "officer",
    "constable",
)
_NEITHER = (
    "government",
    "regime",
    "security",
    "guard",
    "guards",
    "intelligence",
    "service",
    "agents",
    "secret",
    "civil",
)
"""Words of forces that may be either, or neither."""


def class_of(kind: str, head: str, country: str | None) -> str | None:
    """The class of somebody without a name, with the country where it is known: `rioters`, `police forces of Kenya`.

    `kind` and `head` are those of an `ActorMention`; `country` is an ISO 3166-1 alpha-2 code, of the force or of where
    it happened. None for people and for arms of a state that are neither its army nor its police.
    """
    if kind not in STATE_KINDS:
        return _CLASSES.get(kind)
    words = head.lower().split()
    if kind != "state_force" or any(word in _NEITHER for word in words):
        return None
    named = country_names().get(country or "")
    police = "military" not in words and any(word in _POLICE for word in words)
    force = "police forces" if police else "military forces"
    return f"{force} of {named}" if named else force
