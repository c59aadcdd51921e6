"""When an incident happened, and which of an article's numbers are of another time."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta

from schemas import ClaimKind, IncidentType, TimePrecision
from services.processor.extraction.anniversary_opening import opens_years_after
from services.processor.extraction.cases import counts_cases
from services.processor.extraction.drafts import Draft, Statement, counts, of_no_harm
from services.processor.extraction.event_time import event_time, event_words, is_of_telling
from services.processor.extraction.reading import FieldReading
from services.processor.extraction.times import TimeMention, days_after, find_times
from services.processor.extraction.years_in_office import in_office

_CLOSE = frozenset((TimePrecision.DAY, TimePrecision.HOUR))
_WIDE = frozenset((TimePrecision.MONTH, TimePrecision.YEAR))
_NEWS = _CLOSE | {TimePrecision.UNRESOLVED}
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_THIS_MONTH = re.compile(r"\W{0,2}(?:Earlier in the month|This month,)")
"""At the head of a sentence beyond the lead it tells of something before the news."""
_LABELLED = re.compile(r": (?:(?<=\d{4}: )|(?<=\d{4}\): ))")
"""Begins with what is rare, so that the search for it passes over all else at once."""
_LABEL = re.compile(r"[^.:;\n]{3,60}[,(] ?((?:1[89]|20)\d\d)\)?: ")
"""The label of an item in a list of the past: "Hurricane Camille, 1969: A storm of category 5 ..."."""
_HAD_KILLED = re.compile(r"\bhad (?:already |also )?(?:killed|died|drowned|claimed|left|been killed)\b")
_SAYING = re.compile(r"\b(?:sa(?:id|ys?|ying)|told|according|report\w*|confirmed|announced|estimated|counted|found)\b")
_PAST_PERFECT = timedelta(days=4)
"""A day further back than this, told in the past perfect, is before the news."""
_HEAD_OF_SENTENCE = re.compile(r"\W{0,2}(?:In |On |About |Around |Some |Nearly |More than |Over )?\Z")
_OTHER_CLAUSE = re.compile(r";|\b(?:but|while|whereas|and (?:on|last|this|then|now))\b")
_DAY_OF_NEWS = re.compile(r"day\b|\b(?:overnight|tonight|morning|evening|night|week)\b", re.IGNORECASE)
_THEN = re.compile(r"\b(?:then|at the time|that day)\b")
_SLIP = timedelta(days=500)
"""A date further after publication is of another event; a nearer one may be a slip of the pen in the year."""
_TOMORROW = timedelta(days=2)
"""Time zones and slips put what is told up to so long after publication."""
_MADE = re.compile(r"\b(?:built|constructed|founded|established|opened|born|bought|made|launched|dating)\s*\Z")
_RELATIVE = re.compile(r",?\s(?:in which|that|which|where)\s(?=[^,;:]*\Z)")
"""Joins what befell people to the noun right before it."""
_RELATIVE_REACH, _NOUN_WORDS = 90, 5
"""Characters from a time to a claim that hangs on its noun, and words that the noun takes up."""
_LAST = frozenset(("last year", "last month", "earlier this year"))
_MEANWHILE = re.compile(r",\s(?:as|while|although|though|because|amid)\s")
_FOR_WHOM = re.compile(r"\s*(?:for|to|in (?:memory|honou?r) of)(?:\s(?:all|the|those))*\s*", re.IGNORECASE)
_BECAUSE = re.compile(r"\b(?:because|since it|as it) (?!of\b)")
_TURN = re.compile(r";|\bcompared (?:with|to)\b|\bthe (?:worst|deadliest|bloodiest)\b", re.IGNORECASE)
_LASTING = frozenset(
    (IncidentType.EPIDEMIC.value, IncidentType.DROUGHT_FAMINE.value, IncidentType.POISONING.value,
     IncidentType.EXTREME_TEMPERATURE.value)
)  # fmt: skip
_BEGAN = re.compile(
    r"\b(?:since|began|begun|started|broke out|declared|detected|emerged|first (?:\w+ )?cases?)\b[^.;:]*\Z|"
    r"\A\W*(?:between|starting|as)?\s*(?:from)?\s*\Z",
    re.IGNORECASE,
)
_FIRST_CASE = re.compile(
    r"\b(?:since|after|from) the (?:first|index) (?:[\w-]+ ){0,2}(?:cases?|patients?|infections?)\b[^.;:]{0,24}\Z",
    re.IGNORECASE,
)
_IN_A_PAST_YEAR = re.compile(r"(?:in|during)\s(?:\w+\s)?(?:19|20)\d\d", re.IGNORECASE)
_QUOTES = " \"'“‘"
OUTBREAK_LASTS = timedelta(days=183)
"""What an epidemic has cost since a month no longer ago is the toll of one outbreak; since years ago, a statistic."""
_COUNTED_ON = timedelta(days=62)
"""How long the dead of an incident are still counted: the month before, and this one."""
_NEWLY_COUNTED = re.compile(
    r"\b(?:final|definitive|correct(?:s|ed)|revise[sd]|lower(?:s|ed)|cuts?|raise[sd]|ris(?:es|en)|rose|climb(?:s|ed)|"
    r"now|brings?|bringing|brought|taking|reach(?:es|ed))\b",
    re.IGNORECASE,
)
_DAYS_AFTER = re.compile(r"\b(?:days?|weeks?) after\b")
_WHO = re.compile(r"\b(?:who|whose|that|which|\w+ed|held|taken|shot|found|lost|hit|caught|seen|born)\b")
_SAID_OF_SUBJECT = ("passive", "subject")
"""Voices of claims whose words run from their people to the verb that says what befell them."""
OVER_TIME = "a total over a longer time"
PAST = "happened in the past"
"""How the reason of a claim with a time of its own in the past begins."""
_HARM = (ClaimKind.KILLED, ClaimKind.WOUNDED)
_STRETCH = re.compile(
    r"\W{0,2}(?:Over|In|During) the (?:past|last) (?:few |several |couple of |[\w-]+ )?(?:weeks|months|years)\b"
)
"""Opens a sentence on more than the news: "Over the past six weeks, storms have struck Vietnam"."""
_REACH = 2
"""Sentences that a time told as past reaches: its own and those right after it."""
_HEAD = 400
"""Characters at the head of a text where a full date may be that of the news, whatever days are named after it."""
_IN_PASSING = frozenset(("earlier this month", "earlier this year"))
_LEAD = 2
"""The first sentences tell what is new, whatever stands before them."""


def date_statements(readings: Sequence[FieldReading], published_at: datetime | None) -> None:
    """Give each statement the times it names, and mark the claims that are of the past as background."""
    for reading in readings:
        if not reading.statements:
            continue
        view = reading.view
        found = find_times(view, published_at)
        dated = published_at is not None or any(t.role == "dateline" for t in found)
        times = [t for t in found if t.role != "dateline" and not _spans(t, view) and not _heads(t, view)]
        times = _undated(times) if not dated else [_told_in_passing(t, reading) for t in times]
        past = _past_sentences(reading, times, published_at)
        starts = [t.start for t in times]
        remembers = dated and opens_years_after(reading)
        for statement in reading.statements:
            sentence = statement.sentence
            statement.times = times[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
            before = sentence.index >= _LEAD and (
                _THIS_MONTH.match(statement.text) is not None or _had_happened(statement, published_at)
            )
            # What a sentence tells of a day of its own is news, and what follows goes on from it.
            remembers = remembers and not any(t.role == "event" and not t.is_past for t in statement.times)
            for draft in statement.drafts:
                if remembers:
                    _mark(draft, f"{PAST}, as the article begins")
                elif before:
                    _mark(draft, f'{PAST} ("{statement.text.split(",")[0][:24]}")')
                elif statement.times:
                    _mark_past(draft, statement, published_at)
                elif sentence.index >= _LEAD and sentence.index - 1 in past:
                    _mark(draft, "goes on about a time told of as past")


def _told_in_passing(time: TimeMention, reading: FieldReading) -> TimeMention:
    """ "Earlier this month" beyond the lead is of what is no longer news."""
    lead = reading.sentences[min(_LEAD, len(reading.sentences)) - 1].end
    beyond = reading.where == "body" and time.start > lead
    return time._replace(is_past=True) if beyond and time.text.lower() in _IN_PASSING else time


def _had_happened(statement: Statement, published_at: datetime | None) -> bool:
    """Whether a sentence tells in the past perfect of a day that the news is past: "On July 2 a wall had killed 24".

    What somebody said "had killed" is no earlier for it.
    """
    if published_at is None or statement.speaker_at is not None or not statement.times:
        return False
    if _HAD_KILLED.search(statement.text) is None or _SAYING.search(statement.text) is not None:
        return False
    return all(
        t.role == "event"
        and t.occurred.precision in _CLOSE
        and t.occurred.start is not None
        and published_at - t.occurred.start > _PAST_PERFECT
        for t in statement.times
    )


def _spans(time: TimeMention, view: str) -> bool:
    """Whether a time is the beginning of a compound that is none, "a 2016-style attack"; "1632-1633" is one."""
    return view[time.end : time.end + 1] == "-" and not view[time.end + 1 : time.end + 2].isdigit()


def _heads(time: TimeMention, view: str) -> bool:
    """Whether a time stands alone at the head of a text, "October 2014" over all else: when it was written."""
    alone = view[time.end : time.end + 2]
    return not view[: time.start].strip() and time.text[:1].isupper() and (alone == "  " or alone[:1] == "\n")


def _undated(times: Sequence[TimeMention]) -> list[TimeMention]:
    """Times of an article without a date: where news writes the days of what is new, it writes the year of the past."""
    years = [t.occurred.start.year for t in times if t.occurred.start is not None]
    days = any(t.role == "event" and not _YEAR.search(t.text) and t.occurred.precision in _NEWS for t in times)
    return [
        t._replace(is_past=True)
        if t.occurred.start is not None
        and (
            (days and (t.occurred.precision in _WIDE or t.start > _HEAD) and _YEAR.search(t.text))
            or t.occurred.start.year < max(years)
        )
        else t
        for t in times
    ]


def _past_sentences(reading: FieldReading, times: Sequence[TimeMention], published_at: datetime | None) -> set[int]:
    """Indexes of the sentences that speak of the past only, and of the next in their paragraph that name no time."""
    starts = [t.start for t in times]
    past: set[int] = set()
    last, paragraph, labelled = -_REACH, -1, -1
    listed = _LABELLED.search(reading.view) is not None
    for sentence in reading.sentences:
        mine = times[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
        if (mine and all(t.is_past for t in mine)) or _STRETCH.match(reading.view, sentence.start, sentence.end):
            last, paragraph = sentence.index, sentence.paragraph
        elif mine:
            last = -_REACH
        year = _LABEL.match(reading.view, sentence.start, sentence.end) if listed else None
        if year is not None and published_at is not None and int(year[1]) < published_at.year:
            last, paragraph, labelled = sentence.index, sentence.paragraph, sentence.paragraph
        # A new paragraph without a time may be about anything.
        if sentence.paragraph == paragraph and (sentence.index - last < _REACH or paragraph == labelled):
            past.add(sentence.index)
    return past


def _mark(draft: Draft, reason: str) -> None:
    if draft.background is None:
        draft.background = reason
        draft.reasoning.append(f"not counted: {reason}")


def _mark_past(draft: Draft, statement: Statement, published_at: datetime | None) -> None:
    events = [t for t in statement.times if t.role == "event"]
    mine = [t for t in events if _in_clause(t, draft, statement)]
    nearest = _nearest(draft, mine)
    if nearest is not None and len(mine) > 1 and nearest.end <= draft.start and is_of_telling(nearest, statement):
        # "announced on Wednesday that 304 people were killed during protests in 2019"
        nearest = _nearest(draft, [t for t in mine if t is not nearest])
    heading = _past_heading(events, draft, statement)
    if heading is not None and nearest is not None and not _DAY_OF_NEWS.search(nearest.text):
        nearest = heading
    nearest = _of_dated_event(events, draft, statement) or nearest
    if nearest is None and len(statement.times) == 1:
        nearest = _goes_on_from(events, draft, statement)
    if nearest is not None and nearest.is_past:
        begins = _begins_outbreak(nearest, statement, published_at)
        if begins or _brings_up_to_date(draft, nearest, statement, published_at):
            return
        _mark(draft, f'{PAST} ("{nearest.text}")')
    elif nearest is not None and draft.best != 1 and _sums_up(nearest):
        _mark(draft, f'{OVER_TIME} ("{nearest.text}")')
    elif nearest is not None and _later(nearest, published_at):
        _mark(draft, f'dated after publication ("{nearest.text}")')


def _of_dated_event(events: Sequence[TimeMention], draft: Draft, statement: Statement) -> TimeMention | None:
    """The past time before the noun on which a claim hangs: "the September 1997 crash, in which seven died"."""
    base = statement.sentence.start
    for time in events:
        if time.is_past and time.end < draft.start and _hangs_on(statement.text[time.end - base : draft.start - base]):
            return time
    return None


def _hangs_on(between: str) -> bool:
    joint = _RELATIVE.search(between)
    if joint is None or len(between) > _RELATIVE_REACH:
        return False
    noun = between[: joint.start()].split()
    return 0 < len(noun) <= _NOUN_WORDS and noun[-1].lower() in event_words()


def _sums_up(time: TimeMention) -> bool:
    """Whether a time is that of a sum: news dates what is new by its day, and "306 people were killed in 2016" sums up.

    One person is no sum: a note may know no more than that somebody was killed in 2012.
    """
    return time.occurred.precision is TimePrecision.YEAR and time.text.lower().startswith(
        ("in ", "during ", "throughout ")
    )


def _past_heading(events: Sequence[TimeMention], draft: Draft, statement: Statement) -> TimeMention | None:
    """A past time that a comma parts from the sentence it heads: "Fifty years ago, troops killed 40 on March 1"."""
    base = statement.sentence.start
    first = events[0] if events else None
    if first is None or not first.is_past or first.end > draft.start:
        return None
    if _HEAD_OF_SENTENCE.fullmatch(statement.text, 0, first.start - base) is None:
        return None
    after = first.end - base
    if statement.text[after : after + 1] != "," or _OTHER_CLAUSE.search(statement.text, after, draft.start - base):
        return None
    return first


def _goes_on_from(events: Sequence[TimeMention], draft: Draft, statement: Statement) -> TimeMention | None:
    """The past time at the head of a sentence whose next part goes on about what was harmed then.

    "On 20 October 2022 dozens of protesters were shot; the authorities admitted to 73 deaths"
    """
    if not events or not events[0].is_past:
        return None
    first, base = events[0], statement.sentence.start
    if _HEAD_OF_SENTENCE.fullmatch(statement.text, 0, first.start - base) is None:
        return None
    joint = statement.text.find(";", first.end - base, max(0, draft.start - base))
    told = any(d.kind in _HARM and first.end <= d.start and d.end <= base + joint for d in statement.drafts)
    told = told or _THEN.search(statement.text, joint) is not None
    return first if joint >= 0 and told else None


def _brings_up_to_date(draft: Draft, time: TimeMention, statement: Statement, published_at: datetime | None) -> bool:
    """Whether a claim is the newest count of an incident of some weeks ago: "the final toll of last month's floods"."""
    start, counted = time.occurred.start, draft.voice == "toll" or draft.total
    if not counted or draft.kind is not ClaimKind.KILLED or start is None or published_at is None:
        return False
    head = statement.where != "body" or statement.sentence.index < _LEAD
    return head and published_at - start <= _COUNTED_ON and _NEWLY_COUNTED.search(statement.text) is not None


def _begins_outbreak(time: TimeMention, statement: Statement, published_at: datetime | None) -> bool:
    """Whether a past time is the day on which an epidemic began, from which its toll is counted."""
    began, first = time.occurred.start, time.start - statement.sentence.start
    lasts = began is not None and published_at is not None and published_at - began <= OUTBREAK_LASTS
    if lasts and _FIRST_CASE.search(statement.text, max(0, first - 40), first) is not None:
        # "Since the first case, on July 28, 14 have died" needs no name of the disease.
        return True
    told = any(hit.entry.table == "type" and hit.entry.value in _LASTING for hit in statement.hits)
    if not told and not counts_cases(statement):
        return False
    start = time.start - statement.sentence.start
    if _IN_A_PAST_YEAR.fullmatch(time.text) is not None and not statement.text[:start].strip(_QUOTES):
        # "In February 2019, tainted alcohol killed 90": another outbreak, and "In Uige, since May 2025" this one.
        return False
    return _BEGAN.search(statement.text, max(0, start - 60), start) is not None


def _in_clause(time: TimeMention, draft: Draft, statement: Statement) -> bool:
    """Whether a time is not that of something else: beyond a semicolon or comparison, or when a thing was made."""
    base = statement.sentence.start
    inside = draft.start < time.start < time.end < draft.end and draft.voice in _SAID_OF_SUBJECT
    if inside:
        # "The man who killed 22 in 2019 was stabbed to death", "nine men jailed in 2019 died": what they did then, or
        # what was done to them, is not what befell them.
        named = statement.text.find(draft.people, draft.start - base) + len(draft.people)
        if _WHO.search(statement.text, named, time.start - base) is not None:
            return False
    first, last = min(time.end, draft.end) - base, max(time.start, draft.start) - base
    if time.end <= draft.start and _FOR_WHOM.fullmatch(statement.text, first, last) is not None:
        # "Wreaths were laid on Saturday for the 1,500 who died": the day of the wreaths.
        return False
    if draft.end <= time.start and time.text.lower() in _LAST and _MEANWHILE.search(statement.text, first, last):
        # "killed 19 people, as the army fights for towns that it lost last year"
        return False
    if time.occurred.precision is TimePrecision.YEAR and in_office(statement.text[: time.start - base]):
        return False
    if draft.end <= time.start and _BECAUSE.search(statement.text, first, last) is not None:
        # "90 people have died, most because ash from the eruptions of 2018 lay loose"
        return False
    made = _MADE.search(statement.text, 0, max(0, time.start - base)) is not None
    return not made and _TURN.search(statement.text, first, last) is None


def _later(time: TimeMention, published_at: datetime | None) -> bool:
    start = time.occurred.start
    return start is not None and published_at is not None and start - published_at > _SLIP


def _nearest(draft: Draft, events: Sequence[TimeMention]) -> TimeMention | None:
    """The time that the words of a claim go with: the nearest, and of two equally near the later in the text."""

    def distance(time: TimeMention) -> int:
        if time.end <= draft.start:
            return draft.start - time.end
        if time.start >= draft.end:
            return time.start - draft.end
        return 0

    return min(events, key=distance, default=None)


def occurred_at(statements: Sequence[Statement], published_at: datetime | None) -> tuple[TimeMention, Statement] | None:
    """When the incident of these statements happened; None where every time told is that of something else.

    What happens days after publication is no incident yet: a date so late is that of a meeting, or of a page's reprint.
    """
    known = [(one.day, s) for s in statements for one in s.mentions if one.taken_up]
    if known:
        own = [(day, s) for day, s in known if day is not None]
        days = [pair for pair in own if pair[0].occurred.precision in _CLOSE]
        return next(iter((*days, *own)), None)
    times = [(t, s) for s in statements for t in s.times if (t.role == "event" or _owns(t, s)) and not t.is_past]
    times = [(t, s) for t, s in times if "tomorrow" not in t.text.lower()]
    if any(counts(s) and not of_no_harm(s) for s in statements):
        # Who was harmed was so on another day than that on which nobody was.
        times = [(t, s) for t, s in times if not of_no_harm(s)]
    found = event_time([(t, s) for t, s in times if not _ahead(t, published_at)])
    if found is not None and found[0].occurred.precision in _CLOSE:
        return found
    counted = ((_counted_back(s, published_at), s) for s in statements if _DAYS_AFTER.search(s.text) is not None)
    return next(((time, s) for time, s in counted if time is not None), found)


def _counted_back(statement: Statement, published_at: datetime | None) -> TimeMention | None:
    return days_after(statement.text, statement.sentence.start, statement.times, published_at, event_words())


def _owns(time: TimeMention, statement: Statement) -> bool:
    """Whether what happened since is counted from an incident of that day: "since Monday's fire"."""
    after = time.end - statement.sentence.start
    return time.role == "since" and statement.text[after : after + 2] in ("'s", "\u2019s")


def _ahead(time: TimeMention, published_at: datetime | None) -> bool:
    if time.text.lower().startswith(("tomorrow", "next ")):
        return True
    start = time.occurred.start
    return start is not None and published_at is not None and start - published_at > _TOMORROW
