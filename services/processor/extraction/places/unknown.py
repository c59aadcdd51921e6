"""Names of places that no lexicon has, where the words around say that they are places: "the village of Xyz"."""

from __future__ import annotations

from collections.abc import Iterator

from schemas import PlacePrecision
from services.processor.extraction.places import contexts
from services.processor.extraction.places.cues import cues
from services.processor.extraction.places.model import Kind, Location, PlaceMention, Role
from services.processor.extraction.places.scan import PARTICLES, Run

_LONGEST = 5
"""Words of the longest name that is taken."""
_OPENING = frozenset(
    (
        *(
            "el",
            "la",
            "al",
            "san",
            "santa",
            "los",
            "las",
            "santo",
            "saint",
            "new",
            "upper",
            "lower",
            "old",
            "um",
            "umm",
        ),
        *("abu", "ain", "ein", "beit", "bir", "deir", "kafr", "tel", "tell", "wad"),
    )
)
"""Common words that names begin with."""
_SAINTS = frozenset(["san", "santa", "santo", "saint", "st", "sao"])
"""Words after which a given name is a place's."""
_MOST_CODE_POINTS = 60


def unknown_places(
    text: str, offset: int, run: Run, first: int, last: int, capitals: bool, previous: PlaceMention | None
) -> Iterator[PlaceMention]:
    """Mentions among the words `first` to `last` (not included) of the run that starts at `offset` of `text`.

    `previous` is the mention before them, `capitals` tells that the whole text is in capitals.
    """
    at = first
    while at < last:
        stop = at
        while stop < last and stop - at < _LONGEST:
            stop += 1
            if run.breaks[stop - 1] or run.possessive[stop - 1]:
                break
            if stop < last and run.words[stop] in ("and", "of", "the"):
                break
        found = _segment(text, offset, run, at, stop, capitals, previous) if True in run.telling[at:stop] else None
        if found is not None:
            previous = found
            yield found
        at = stop


def _segment(
    text: str, offset: int, run: Run, first: int, last: int, capitals: bool, previous: PlaceMention | None
) -> PlaceMention | None:
    lists, words = cues(), run.words
    hint: Kind | None = None
    # "Xyz Village": the word for its kind, in the run itself
    if last - first >= 2 and words[last - 1] in lists.types and words[last - 1] in lists.common_words:
        hint = lists.types[words[last - 1]]
        last -= 1
    while first < last and not run.telling[first] and words[first] not in _OPENING:
        first += 1
    while first < last and not run.telling[last - 1]:
        last -= 1
    while first < last and words[first] in PARTICLES and words[first] not in _OPENING:
        first += 1
    named = words[first:last]
    if not all(named) or True not in run.telling[first:last]:
        return None
    start, end = offset + run.starts[first], offset + run.ends[last - 1]
    name = text[start:end]
    if not 3 <= len(name) <= _MOST_CODE_POINTS or (not capitals and name.isupper() and len(name) <= 6):
        return None
    if previous is not None and start < previous.end:
        return None
    left = contexts.before(text, start, previous.end if previous else 0)
    right = contexts.after(text, end)
    if left.title or any(word in lists.titles for word in named):
        return None
    hint = hint or right.type_hint or left.type_of
    person = named[0] not in _SAINTS and any(word in lists.given_names for word in named)
    if left.type_of is None and (right.organisation or person):
        return None
    if hint is None and (capitals or not left.direct or left.role != "at"):
        return None
    role: Role = left.role
    if left.joined and previous is not None and start - previous.end <= 40:
        role = previous.role if previous.role in ("at", "origin", "destination") else "bare"
    if role == "bare" and right.event:
        role = "at"
    return PlaceMention(
        start, end, name, (unnamed(name, hint),), role, hint=hint, hint_country=right.country, certain=hint is not None
    )


def unnamed(name: str, kind: Kind | None) -> Location:
    """A place of that name of which nothing else is known."""
    return Location(
        name=" ".join(name.split()),
        country=None,
        admin1=None,
        admin1_code=None,
        geonames_id=None,
        lat=None,
        lon=None,
        precision=PlacePrecision.COUNTRY,
        population=0,
        kind=kind or "settlement",
        known=False,
    )
