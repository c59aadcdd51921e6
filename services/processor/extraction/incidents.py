"""Statements of one article -> the incidents it tells of, told apart by place, time and the words that open another."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations

from schemas import ClaimKind, Place, PlacePrecision, TimePrecision, Whose
from services.processor.extraction.another_by_day import opens_another_by_day
from services.processor.extraction.cluster import ON_PERSONS, Cluster, lists_of, names_of, numbers_of
from services.processor.extraction.currency.verdict import LEAD_SENTENCES
from services.processor.extraction.drafts import Statement
from services.processor.extraction.event_time import event_time
from services.processor.extraction.places.containment import holds
from services.processor.extraction.places.model import Location, ResolvedPlace
from services.processor.extraction.sections import Sections
from services.processor.extraction.setting import Setting
from services.processor.extraction.type_groups import go_together, types_of
from services.processor.extraction.wordlists import word_set

_HOW_MANY = ("two ", "three ", "four ", "five ", "several ", "separate ", "2 ", "3 ", "4 ", "5 ")
_SEVERAL = re.compile(
    rf"(?:\b(?:in|by) |\A(?:[A-Z][A-Z .,]{{2,40}}[-–—]+)?\W*)(?:{'|'.join(_HOW_MANY)})"
    r"(?:[\w-]+ ){0,3}(?:" + "|".join(sorted(word_set("attacks"))) + r"|accidents|disasters|shipwrecks|crashes)\b",
    re.IGNORECASE,
)
"""An article that tells of several incidents, and says so."""
_SAME_DAY = re.compile(r"\b(?:on|later) (?:that|the) same (?:day|night|morning|evening|afternoon)\b")
"""What happened elsewhere "on the same day" is of its own."""
_IN_ADDITION = re.compile(
    r"\bin addition to (?:the|a|an|another) (?:[\w-]+ ){1,4}(?:that|which) "
    r"(?:has |have |had )?(?:killed|claimed|left|took)\b"
)
"""Parts the incident that a sentence tells of from that told before: "in addition to the tornado that killed 122"."""
_TELLS_WHERE = ("at", "bare", "destination")
_HEAD = 12
"""Characters of a sentence within which a phrase opens it."""
_RECALLED = 10
"""Incidents that a statement may go back to, from the first and from the last."""
_AROUND_MIDNIGHT = re.compile(r"night|evening|dawn|early|late|before|morning", re.IGNORECASE)
"""In the words of a time they leave open on which of two days it was."""
_HARM = (ClaimKind.KILLED, ClaimKind.WOUNDED)
_COUNTED = (*_HARM, ClaimKind.ABDUCTED)
_TELLING = 3
"""From here on the same number of dead twice is the same dead."""


def group(statements: Sequence[Statement], setting: Setting, sections: Sections) -> list[Cluster]:
    """The incidents of an article.

    A statement belongs to the incident that its places fit; without a place, to the one told of just before. A new
    incident begins where a statement tells of harm or of an event at a place that fits none told of so far. In a
    round-up each paragraph tells of its own.
    """
    clusters: list[Cluster] = []
    labelled: dict[str, Cluster] = {}
    several = any(tells_of_several(statement) for statement in statements)
    focus: Cluster | None = None
    where = ""
    before_aside: tuple[int, Cluster] | None = None
    for statement in statements:
        if before_aside is not None and statement.sentence.paragraph != before_aside[0]:
            # What was added on another day's incident ends with its paragraph.
            focus, before_aside = before_aside[1], None
        label, days = sections.label_of(statement), _days(statement)
        if label is not None and label.location is not None:
            focus = labelled.get(label.location.name)
            if focus is None:
                focus = labelled[label.location.name] = Cluster(label=label)
                clusters.append(focus)
            where = statement.where
            focus.add(statement, [label.location, *_where(setting.named_in(statement))], days)
            continue
        places = _where(setting.named_in(statement) if focus is None else _apart(statement, setting, focus))
        if statement.where != where:
            where, focus = statement.where, clusters[0] if clusters else None
        of_another_day = focus is not None and opens_another_by_day(statement, focus)
        if focus is not None and of_another_day:
            before_aside = (statement.sentence.paragraph, focus)
        if focus is None or of_another_day or _opens_another(statement, clusters, places):
            focus = Cluster(apart=True)
            clusters.append(focus)
        elif places or types_of(statement):
            apart = _begins_apart(statement)
            again = None if apart else _restated(clusters, statement)
            types = types_of(statement) | {one.kind.value for one in statement.mentions if not one.fresh}
            fitting = _fitting(clusters, places, types, focus) or again
            if fitting is not None and _counted_apart(statement, fitting, clusters, places):
                fitting, apart = None, True
            same_day = _SAME_DAY.search(statement.text) is not None
            one_of_several = (several or same_day) and fitting is focus and again is None
            if one_of_several and _of_another_place(focus, statement, places, by_name=same_day):
                fitting = None
            if fitting is None and not apart and _tells_of_title(clusters, statement, places):
                fitting = clusters[0]
            if fitting is not None:
                focus = fitting
            elif _tells_of_event(statement) and not _takes_up(statement):
                focus = Cluster(apart=apart)
                clusters.append(focus)
        if _of_other_victims(focus, statement):
            focus = next((c for c in _near(clusters) if c.names & names_of(statement)), None) or Cluster(apart=True)
            if not focus.statements:
                clusters.append(focus)
        elif _on_another_day(focus, statement, days):
            same = (c for c in _near(clusters) if _fits(c, places) and not c.days.keys().isdisjoint(days))
            focus = next(same, None) or Cluster(apart=True)
            if not focus.statements:
                clusters.append(focus)
        focus.add(statement, [] if statement.where == "title" and _of_several_places(places) else places, days)
    return clusters


def _takes_up(statement: Statement) -> bool:
    """Whether a statement only goes on about what has been told of: "The attack was launched on Saturday"."""
    concrete = [one for one in statement.mentions if one.concrete]
    return bool(concrete) and not any(one.fresh for one in concrete) and not any(d.best for d in statement.drafts)


def tells_of_several(statement: Statement) -> bool:
    """Whether a statement counts the dead of "two attacks"."""
    return any(d.kind is ClaimKind.KILLED and d.best for d in statement.drafts) and names_several(statement.text)


def names_several(text: str) -> bool:
    """Whether a sentence speaks of "two attacks"."""
    lower = text.lower()
    return any(many in lower for many in _HOW_MANY) and _SEVERAL.search(text) is not None


def _of_several_places(places: Sequence[Location]) -> bool:
    """Whether places lie apart, "34 killed in Mogadishu and Baidoa": the text says whether that was one incident."""
    inner = [place for place in dict.fromkeys(places) if place.precision is not PlacePrecision.COUNTRY]
    return any(not _same(one, other) for one, other in combinations(inner, 2))


def merge_same(placed: Sequence[tuple[Cluster, Place | None]]) -> list[Cluster]:
    """Put together what turns out to be one incident: at the same place, or one disaster in the same country.

    Where an incident happened is known only once all its statements are.
    """
    kept: list[tuple[Cluster, Place | None]] = []
    for cluster, place in placed:
        same = next((k for k, where in kept if not cluster.apart and _one(k, where, cluster, place)), None)
        if same is None:
            kept.append((cluster, place))
        else:
            same.take(cluster)
    return [cluster for cluster, _ in kept]


def _one(cluster: Cluster, place: Place | None, other: Cluster, other_place: Place | None) -> bool:
    if place is None or other_place is None or place.country is None or place.country != other_place.country:
        return False
    if not go_together(cluster.types, other.types):
        return False
    agree = None in (place.admin1, other_place.admin1) or place.admin1 == other_place.admin1
    return (cluster.wide and other.wide) or (place.name == other_place.name and agree)


def _opens_another(statement: Statement, clusters: Sequence[Cluster], places: Sequence[Location]) -> bool:
    """Whether a sentence says that it is of something else: "In a separate incident, ...".

    At its head any such words do, where it names no place; within it only those that can mean nothing else.
    """
    if "addition to" in statement.text and _IN_ADDITION.search(statement.text) is not None:
        return bool(places) and any(d.best for d in statement.drafts) and _restated(clusters, statement) is None
    found = [hit for hit in statement.hits if hit.entry.table == "separation" and hit.entry.value != "aside"]
    if not found or not _tells_of_event(statement):
        return False
    if any(hit.entry.value == "anywhere" for hit in found):
        return _restated(clusters, statement) is None
    return not places and _begins_apart(statement)


def _begins_apart(statement: Statement) -> bool:
    """Whether words at the head of a sentence part it from what was told before: "Separately, the army said"."""
    head = statement.sentence.start + _HEAD
    return any(h.entry.table == "separation" and h.entry.value != "aside" and h.start < head for h in statement.hits)


def _counted_apart(
    statement: Statement, fitting: Cluster, clusters: Sequence[Cluster], places: Sequence[Location]
) -> bool:
    """Whether a sentence opens with such words and counts people harmed anew, where its places would fit an incident.

    "Separately, raiders killed nine in the same district"; of "Meanwhile, in Gao, a bomb killed four" the town must be
    another than those told of, since what follows may as well go on.
    """
    head = statement.sentence.start + _HEAD
    opens = {h.entry.value for h in statement.hits if h.entry.table == "separation" and h.start < head}
    if opens.isdisjoint(("apart", "aside")) or fitting.wide:
        return False
    counted = [d for d in statement.drafts if d.background is None and d.best and not d.more and d.kind in _COUNTED]
    if not counted or not any(m.concrete and m.fresh for m in statement.mentions):
        return False
    if _restated(clusters, statement) is not None:
        return False
    inner = {p.name for p in places if p.precision is PlacePrecision.EXACT}
    return "apart" in opens or (bool(inner) and inner.isdisjoint(p.name for p in fitting.places))


def _days(statement: Statement) -> dict[date, bool]:
    """The days on which a statement says that something happened, and whether each is sure to be that day."""
    told = [d for d in statement.drafts if d.background is None]
    if (not statement.event and not told) or (told and all(d.more for d in told)):
        # Further dead are found or die on days after that of the incident.
        return {}
    found: dict[date, bool] = {}
    for time in statement.times:
        start = time.occurred.start
        precise = time.occurred.precision in (TimePrecision.DAY, TimePrecision.HOUR)
        if start is not None and precise and time.role == "event" and event_time([(time, statement)]) is not None:
            found[start.date()] = _AROUND_MIDNIGHT.search(time.text) is None
    return found


def _of_other_victims(cluster: Cluster, statement: Statement) -> bool:
    """Whether a statement tells of deeds against somebody by name who is not among an incident's victims by name.

    Only where all victims of the incident are named, or where the deed itself bears the other's name ("the murder of
    Judge Quiroga"): of many killed, some may be named one after the other.
    """
    names = names_of(statement)
    if not names or names & cluster.names:
        return False
    deed = any(one.names and one.concrete and not one.verb and one.kind in ON_PERSONS for one in statement.mentions)
    if not cluster.names:
        return deed and any(number > len(names) for number in cluster.killed)
    if deed:
        return True
    further = any(draft.more for draft in statement.drafts)
    return not further and all(number <= len(cluster.names) for number in cluster.killed)


def _on_another_day(cluster: Cluster, statement: Statement, days: Mapping[date, bool]) -> bool:
    """Whether a statement tells anew of harm on days on which nothing of an incident happened: it is of another.

    What attackers suffer later is still told with what they did, and so are further deaths.
    """
    if not days or not cluster.days or cluster.wide:
        return False
    fresh = any(one.concrete and one.fresh for one in statement.mentions)
    if not fresh and not types_of(statement):
        return False
    counted = [d for d in statement.drafts if d.background is None and d.kind in _HARM and d.best]
    # "killing seven and wounding five others": others than the seven.
    counted = [d for d in counted if d.kind is ClaimKind.KILLED] or counted
    if not counted or any(d.more for d in counted) or not cluster.killed.isdisjoint(lists_of(counted)):
        return False
    if any(d.whose is Whose.ATTACKERS for d in counted) and max(days) >= min(cluster.days):
        return False
    return all(
        abs((day - other).days) > (0 if fresh and sure and surely else 1)
        for day, sure in days.items()
        for other, surely in cluster.days.items()
    )


def _apart(statement: Statement, setting: Setting, focus: Cluster) -> list[ResolvedPlace]:
    """The places of a statement by which it may be of another incident than the one told of before.

    Countries named in one breath ("a new kind of terrorism in Europe and the United States") are none, where nobody is
    counted or where the incident is a disaster, which crosses borders.
    """
    places = setting.told_in(statement)
    counted = any(draft.background is None and draft.best for draft in statement.drafts)
    return [place for place in places if not place.listed] if focus.wide or not counted else places


def _where(places: Sequence[ResolvedPlace]) -> list[Location]:
    return [
        p.location
        for p in places
        if p.location is not None and p.location.country is not None and p.mention.role in _TELLS_WHERE
    ]


def _fitting(
    clusters: Sequence[Cluster], places: Sequence[Location], types: frozenset[str], focus: Cluster
) -> Cluster | None:
    ranked = [focus, *(cluster for cluster in _near(clusters) if cluster is not focus)]
    alike = [c for c in ranked if go_together(types, c.types)]
    return next((cluster for cluster in alike if not places or _fits(cluster, places)), None)


def _near(clusters: Sequence[Cluster]) -> Sequence[Cluster]:
    """The first incidents told of and the last ones: a text does not come back to one of a hundred in between."""
    return clusters if len(clusters) <= 2 * _RECALLED else [*clusters[:_RECALLED], *clusters[-_RECALLED:]]


def _fits(cluster: Cluster, places: Sequence[Location]) -> bool:
    if not cluster.places:
        return True
    inner = [p for p in places if p.precision is not PlacePrecision.COUNTRY]
    held = [p for p in cluster.places if p.precision is not PlacePrecision.COUNTRY]
    if cluster.wide or not inner or not held:
        return _in_one_country(places, cluster.places)
    return any(_same(a, b) for a in held for b in inner)


def _in_one_country(some: Sequence[Location], others: Sequence[Location]) -> bool:
    return bool({place.country for place in some} & {place.country for place in others})


def _same(one: Location, other: Location) -> bool:
    if one.geonames_id is not None and one.geonames_id == other.geonames_id:
        return True
    if one.name.lower() == other.name.lower():
        # Springfield in Ohio is not that in Missouri.
        return one.admin1 is None or other.admin1 is None or one.admin1 == other.admin1
    return holds(one, other) or holds(other, one)


def _of_another_place(cluster: Cluster, statement: Statement, places: Sequence[Location], *, by_name: bool) -> bool:
    """Whether a statement counts the dead of a place of its own, beside those of another place in the same division.

    In an article on "two attacks"; elsewhere an attack may pass through several villages. `by_name`: a place near by is
    another, too, since the text says that something else happened there.
    """
    inner = [p for p in places if p.precision is PlacePrecision.EXACT]
    held = [p for p in cluster.places if p.precision is PlacePrecision.EXACT]
    counted = any(d.kind is ClaimKind.KILLED and d.background is None and d.best for d in statement.drafts)
    if not (inner and held and counted and cluster.killed):
        return False
    if by_name:
        return {place.name for place in held}.isdisjoint(place.name for place in inner)
    return not any(_same(one, other) for one in held for other in inner)


def _restated(clusters: Sequence[Cluster], statement: Statement) -> Cluster | None:
    """The incident whose number of dead a statement repeats: another place in it is no other incident."""
    numbers = {number for number in numbers_of(statement) if number >= _TELLING}
    return next((c for c in _near(clusters) if numbers & c.killed or _heads(c, statement)), None)


def _tells_of_title(clusters: Sequence[Cluster], statement: Statement, places: Sequence[Location]) -> bool:
    """Whether a lead without numbers names the place of what the title tells, "near Washington": "in Sterling"."""
    if len(clusters) != 1 or statement.where != "body" or statement.sentence.index >= LEAD_SENTENCES:
        return False
    title = clusters[0]
    of_title = all(one.where != "body" for one in title.statements) and not numbers_of(statement)
    return of_title and go_together(types_of(statement), title.types) and _in_one_country(places, title.places)


def _heads(cluster: Cluster, statement: Statement) -> bool:
    """Whether an incident is so far told of by the title only, with the same killed and wounded as a statement has."""
    if statement.where == "title" or any(one.where != "title" for one in cluster.statements):
        return False
    told, titled = (
        {(d.kind, d.best) for d in drafts if d.best and d.kind in _HARM}
        for drafts in (statement.drafts, cluster.drafts)
    )
    return len({kind for kind, _ in titled}) > 1 and titled <= told


def _tells_of_event(statement: Statement) -> bool:
    told = any(hit.entry.table == "type" and hit.entry.value != "other" and hit.entry.weight for hit in statement.hits)
    return told or any(d.background is None and not d.part and not d.among for d in statement.drafts)
