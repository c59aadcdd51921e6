"""Which mention the text puts inside which: "Gao, Mali", "Mali's Gao", "Puli Moemin area, Archi district, Kunduz"."""

from __future__ import annotations

import re

from services.processor.extraction.places import contexts
from services.processor.extraction.places.containment import holds
from services.processor.extraction.places.cues import cues
from services.processor.extraction.places.model import Location, PlaceMention, Role
from services.processor.extraction.places.neighbours import WELL_KNOWN

_TOKENS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]")
_LIST_GOES_ON = re.compile(r"\s*(?:,\s*)?(?:and|or|&)\s+[A-Z]|\s*,\s*[A-Z]")
_PEOPLE: frozenset[Role] = frozenset(["demonym", "nationality"])
_MAY_BE_INSIDE = re.compile(r"[,(-]|[iI][nN]|[oO][fF]")
_MAY_OWN = re.compile(r"[oO][fF]\s|[cC](?i:apital)")
_INSIDE_BY_WORD = re.compile(r"\b(?:of|in)\b", re.IGNORECASE)
_TOWN_AND_STATE = ("US", "CA", "AU")
_FARTHEST = 60
"""Code points between two mentions beyond which neither is read as inside the other."""


def paired(text: str, mentions: list[PlaceMention]) -> list[PlaceMention]:
    """The mentions with `within` set where the text says so, and with the roles that follow from it."""
    result = list(mentions)
    for index in range(len(result) - 2, -1, -1):
        one, other = result[index], result[index + 1]
        if other.start - one.end > _FARTHEST or not (_is_place(one) and _is_place(other)) or other.role in _PEOPLE:
            continue
        gap = text[one.end : other.start]
        if one.role == "nationality" and other.role == "bare" and _reads_as_inside(gap) and _can_hold(other, one):
            # "Paul Hudson, 42, of Buckeye, Arizona": where he was from
            result[index + 1] = other._replace(role="nationality")
            continue
        if (
            one.role not in _PEOPLE
            and other.role != "implied"
            and _reads_as_inside(gap)
            and (_can_hold(other, one) or _must_hold(text, one, other, gap))
        ):
            result[index] = one._replace(within=other.start, certain=True, role=_role_of_inner(one))
            if not _can_hold(other, one) and (state := _state_after(text, one, other, gap)):
                # "Rockford, Washington" is in the state, not in the capital
                other = other._replace(candidates=state)
                result[index + 1] = other
            if other.role == "bare":
                result[index + 1] = other._replace(role=_role_of_inner(one))
        elif (
            other.within is None
            and one.role != "implied"
            and _reads_as_owning(gap)
            and (_can_hold(one, other) or other.hint is not None)
        ):
            role = other.role
            if role == "bare":
                # "in the French resort of Nice": what stands before the owner locates what it owns
                before = contexts.before(text, one.start, result[index - 1].end if index else 0)
                role = "at" if "at" in (one.role, before.role) else role
            # "the Red Sea port of Hodeidah": a sea or river runs along a town, and says little of its country
            beside = one.candidates[0].kind == "region" and other.candidates[0].known and not _can_hold(one, other)
            within = None if beside else one.start
            result[index + 1] = other._replace(within=within, certain=True, role=role)
    return result


def _is_place(mention: PlaceMention) -> bool:
    return mention.role != "implied" or not mention.certain


def _role_of_inner(mention: PlaceMention) -> Role:
    """A name with its container spelled out is where something is, if nothing else is known of it."""
    return "at" if mention.role in ("bare", "government", "implied") else mention.role


def _reads_as_inside(gap: str) -> bool:
    if not _MAY_BE_INSIDE.search(gap):
        return False
    tokens = [token.lower() for token in _TOKENS.findall(gap)]
    lists = cues()
    if not any(token in (",", "in", "of", "(", "-") for token in tokens):
        return False
    return all(
        token in (",", "in", "of", "(", "-") or token in lists.modifiers or token in lists.types for token in tokens
    )


def _reads_as_owning(gap: str) -> bool:
    """Whether what stands between two names puts the second inside the first: "Mali's northern", "French resort of"."""
    possessive = gap[:1] in "'’" and gap[1:2] in "sS"
    if not possessive and not _MAY_OWN.search(gap):
        return False
    tokens = [token.lower() for token in _TOKENS.findall(gap[2:] if possessive else gap)]
    types, modifiers = cues().types, cues().modifiers
    if possessive:
        return all(token in modifiers or token in types for token in tokens)
    return (
        any(token in types for token in tokens)
        and all(token in types or token in modifiers or token in ("of", ",") for token in tokens)
        and (tokens[-1] == "of" or "capital" in tokens)
    )


def _can_hold(outer: PlaceMention, inner: PlaceMention) -> bool:
    if any(not place.known for place in outer.candidates):
        return False
    return any(
        holds(one, other) or (not other.known and one.country is not None)
        for one in outer.candidates
        for other in inner.candidates
    )


def _state_after(text: str, inner: PlaceMention, outer: PlaceMention, gap: str) -> tuple[Location, ...]:
    """The state that closes a town's name as North Americans and Australians write it, "in Rockford, Oregon, on"."""
    if gap.strip() != "," or inner.role not in ("at", "dateline"):
        return ()
    goes_on = _LIST_GOES_ON.match(text, outer.end, outer.end + 12)
    if goes_on is not None and (inner.candidates[0].prior >= WELL_KNOWN or not goes_on[0].lstrip().startswith(",")):
        return ()
    states = [place for place in outer.candidates if place.kind == "division" and place.country in _TOWN_AND_STATE]
    return tuple(state for state in states[:1] if any(place.country == state.country for place in inner.candidates))


def _must_hold(text: str, inner: PlaceMention, outer: PlaceMention, gap: str) -> bool:
    """Whether the text leaves no doubt that `inner` is in `outer`, though the gazetteer has no such place there.

    So it is where `outer` is itself inside something ("Hajiabad, Kunar, Afghanistan"), or is a country that does not
    look like the next item of a list.
    """
    best, holder = inner.candidates[0], outer.candidates[0]
    if best.kind == "country" or any(not place.known for place in outer.candidates):
        return False
    if inner.hint is not None and best.prior < WELL_KNOWN and best.kind != "region" and _INSIDE_BY_WORD.search(gap):
        # "Belen neighbourhood of Medellin", "the village of Xyz in Djibo"
        return holder.kind != "region"
    if "," not in gap:
        return False
    at_once = inner.certain and gap.rstrip().endswith(",")
    if at_once and inner.hint == "site" and best.prior < WELL_KNOWN and holder.kind == "settlement":
        # "the Severnaya mine, Vorkuta"; not "shells hit the Bria clinic, Bangui and Kaga"
        return not _LIST_GOES_ON.match(text, outer.end, outer.end + 12)
    if not any(place.kind in ("country", "division", "district") for place in outer.candidates):
        return False
    if inner.role not in ("at", "dateline") and inner.hint is None:
        return False
    if outer.within is not None and outer.within > outer.start:
        return True
    if _state_after(text, inner, outer, gap):
        return True
    return (
        holder.kind == "country"
        and best.prior < WELL_KNOWN
        and not _LIST_GOES_ON.match(text, outer.end, outer.end + 12)
    )
