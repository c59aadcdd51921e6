"""The places of an article: found once over all its fields, so that each helps to tell the others apart."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from schemas import ArticleField, Evidence, Place, PlacePrecision
from services.processor.extraction.drafts import Statement, evidence_of
from services.processor.extraction.places.choose import mentions_of_incident, place_of_incident, to_place
from services.processor.extraction.places.here import with_here
from services.processor.extraction.places.listed import with_lists
from services.processor.extraction.places.model import PlaceMention, ResolvedPlace
from services.processor.extraction.places.resolve import resolve_places
from services.processor.extraction.reading import FieldReading

_GAP = "\n\n"
_HEAD = 1500
"""Characters of a field that are always read for places."""
_BESIDE = 1
"""Sentences before and after a statement that are read for places."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The places of one article. Mentions count in `text`, which holds the fields one after the other."""

    text: str
    offsets: Mapping[ArticleField, int]
    """Where each field begins in `text`."""
    places: Sequence[ResolvedPlace]
    starts: Sequence[int]
    """Where each of `places` begins."""

    def named_in(self, statement: Statement) -> list[ResolvedPlace]:
        """The places that a statement's sentence names."""
        base = self.offsets[statement.where]
        first = bisect_left(self.starts, base + statement.sentence.start)
        return list(self.places[first : bisect_left(self.starts, base + statement.sentence.end)])

    def told_in(self, statement: Statement) -> list[ResolvedPlace]:
        """The places that a statement's sentence names, but for those that only say where its speaker is."""
        if statement.speaker_at is None:
            return self.named_in(statement)
        base = self.offsets[statement.where]
        start, end = base + statement.speaker_at[0], base + statement.speaker_at[1]
        return [place for place in self.named_in(statement) if not start <= place.mention.start < end]

    def tell_countries(self, statements: Sequence[Statement]) -> None:
        """Give each claim the country that its sentence names first after it: "killed 207 people in Iran alone"."""
        for statement in statements:
            base = self.offsets[statement.where]
            named = [p for p in self.told_in(statement) if p.mention.role == "at" and p.location is not None]
            for draft in statement.drafts if named else ():
                after = (p.location for p in named if p.mention.start >= base + draft.end)
                place = next(after, None)
                draft.country = place.country if place is not None else None

    def span(self, statement: Statement) -> tuple[int, int]:
        """Where a statement's claims, or else its whole sentence, stand in `text`."""
        base, drafts = self.offsets[statement.where], statement.drafts
        if not drafts:
            return base + statement.sentence.start, base + statement.sentence.end
        return base + min(d.start for d in drafts), base + max(d.end for d in drafts)

    def evidence(self, place: ResolvedPlace, texts: Mapping[ArticleField, str]) -> Evidence | None:
        """The words that name a place, as evidence in their own field."""
        mention = place.mention
        for name, base in self.offsets.items():
            if base <= mention.start and mention.end <= base + len(texts[name]):
                return evidence_of("place", name, texts[name], mention.start - base, mention.end - base)
        return None

    def place_at(
        self, span: tuple[int, int], away: Callable[[int], bool] | None = None
    ) -> tuple[Place | None, list[ResolvedPlace]]:
        """The place of what is told in a span of `text`, and the mentions that say so.

        `away` says of an offset whether another incident is told of there, whose places are none of this one.
        """
        mentions = mentions_of_incident(self.places, span, self.text, away)
        if mentions:
            return to_place(mentions, self.text), mentions
        place = place_of_incident(self.places, span, self.text, away)
        if place is None:
            return None, []
        of_country = (p for p in self.places if p.location is not None and p.location.country == place.country)
        return place, [next(of_country)]

    def under(
        self, label: ResolvedPlace, found: tuple[Place, list[ResolvedPlace]] | None
    ) -> tuple[Place, list[ResolvedPlace]] | None:
        """The place of what is told in a paragraph that `label` heads, where by itself it would be `found`.

        Under a country it is what the paragraph names in it; under any smaller place, that place.
        """
        head = to_place([label], self.text)
        if head is None:
            return found
        named = label.location is None or not label.location.known
        if found is None or named or head.precision is not PlacePrecision.COUNTRY:
            return head, [label]
        place, mentions = found
        if place.country == head.country:
            return found
        if any(mention.location is not None and mention.location.known for mention in mentions[:1]):
            return head, [label]
        return place.model_copy(update={"country": head.country, "admin1": None}), [*mentions, label]


@dataclass(frozen=True, slots=True)
class Layout:
    """The text that is searched for the places of one article: its fields one after the other."""

    text: str
    offsets: Mapping[ArticleField, int]
    """Where each field begins in `text`."""


def lay_out(readings: Sequence[FieldReading]) -> Layout:
    """The head of an article, and the sentences that tell of incidents with those beside them.

    The rest of a long text is left blank: it says little of where something happened, and takes as long to read.
    """
    offsets: dict[ArticleField, int] = {}
    text = ""
    for reading in readings:
        offsets[reading.where] = len(text)
        text += _head_and_statements(reading) + _GAP
    return Layout(text, offsets)


def settle(layout: Layout, mentions: Sequence[PlaceMention]) -> Setting:
    """The places of an article, by all mentions of places in the text of its layout."""
    places = with_here(with_lists(resolve_places(mentions), layout.text), layout.text)
    return Setting(layout.text, layout.offsets, places, [place.mention.start for place in places])


def _head_and_statements(reading: FieldReading) -> str:
    view = reading.view
    if len(view) <= _HEAD:
        return view
    kept: set[int] = set()
    for statement in reading.statements:
        index = statement.sentence.index
        kept.update(range(index - _BESIDE, index + _BESIDE + 1))
    pieces, at = [view[:_HEAD]], _HEAD
    for sentence in reading.sentences:
        if sentence.end <= at or sentence.index not in kept:
            continue
        start = max(at, sentence.start)
        pieces.append("\n".rjust(start - at) if start - at > 1 else view[at:start])
        pieces.append(view[start : sentence.end])
        at = sentence.end
    return "".join(pieces) + " " * (len(view) - at)
