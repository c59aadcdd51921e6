"""Which claims are no toll of a current incident: by their own words first, then by what the article is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import cache

from schemas import ClaimKind, IncidentType, TimePrecision
from services.processor.extraction.currency.article_view import ArticleView
from services.processor.extraction.currency.cues import Cue, TextCues
from services.processor.extraction.currency.patterns import number_words
from services.processor.extraction.currency.reasons import CATEGORIES, Reason
from services.processor.extraction.currency.scope import (
    WINDOW,
    Span,
    compares,
    in_another_clause,
    is_brought_along,
    no_clause_between,
    reaches,
)
from services.processor.extraction.currency.stretches import CURRENT, began_long_ago, counts_outbreak, is_outbreak
from services.processor.extraction.drafts import Draft, Statement
from services.processor.extraction.scan import scan
from services.processor.extraction.times import TimeMention
from services.processor.extraction.wordlists import read_rows

LEAD_SENTENCES = 2
"""Sentences of a body that tell its news."""
_IN_CARE = re.compile(r"\b(?:patients|newborns|infants|babies|inmates|prisoners|detainees)\b")
_IN_CARE_SINCE = timedelta(days=3)
"""Who is in a hospital or a jail dies there on any day: what is counted since longer ago is no incident."""
_OF_ANNIVERSARY = re.compile(r"\s(?:is|was|marks?|marked)\s[^,.;:]{0,40}\b(?:anniversary|birthday)\b")
"""Behind "today" it says what day that is, and not when anybody was killed."""
_DAY_WORD = re.compile(
    r"day\b|\bovernight|\bnight|\bmorning|\bafternoon|\bevening|\btoday|\bhours?\b|\bago\b|\bweek", re.IGNORECASE
)
_RECENT = re.compile(
    r"\b(?:in|over|within|during) the (?:last|past) (?!(?:[89]|[1-9]\d+|eight|nine|ten|eleven|twelve|[a-z]+teen|twenty|"
    r"thirty|sixty|ninety) days)(?:few |couple of |[\w-]+ ){0,2}(?:hours?|days?)\b"
)
"""Hours and days so short that what they count may be one incident: of more than a week it is a running total."""
_BEFORE = re.compile(r"\b(?:prior to|before|until|ahead of)\s\Z")
"""Before a day: what is told happened on none of it, "prior to Monday's attack, 116 had been killed"."""
_INSIDE_ASIDE = re.compile(r",\s(?:(?:in|during|on|at)\s(?:which|whom)|who|which|whose|where)\s[^,;:]*\Z")
_STOCK = re.compile(
    r"\b(?:heads?|herds?|flocks?)\sof\s(?:\w+\s){0,2}(?:cattle|cows|sheep|goats|camels|livestock|buffalo(?:es)?|oxen|birds|deer)\b"
)
_PROVISIONAL = re.compile(r"\b(?:preliminary|initial|provisional|first|latest)\s\Z")
"""Before "figures" or "statistics": those of an incident whose victims are still being counted."""
_TIMELY = (TimePrecision.HOUR, TimePrecision.DAY, TimePrecision.WEEK)
_NATURAL_VERBS = re.compile(r"\b(?:die|dies|died|dying|dead|death|deaths|passed away)\b")
_VENUE = re.compile(r"\b(?:outside|near|at|in|as|while|during|when|ahead\sof|before|after)\s(?:\w+\s){0,3}\Z")
_SENTENCES = re.compile(r"(?:gets?|got|given|handed|receive[sd]?|sentenced|jailed|convicted|found|plead(?:s|ed)?)\b")
"""Verbs of courts: what they begin is no place."""
_SCARE_QUOTES = re.compile(
    r"(?<!\w)([\"'])(?:dead|killed|wounded|injured|casualt(?:y|ies)|victims?|bodies|shot|murdered)\1"
)
_STILL_GOING_ON = re.compile(
    r"since\b.*\b(?:outbreak(?!\sof\s(?:the\s)?(?:war|hostilities|fighting|conflict|violence|unrest|civil))|epidemic|flood\w*|rains?|monsoon|fires?|wildfires?|heatwave|offensive|assault|raids?|"
    r"protests?|fighting|clashes|eruption|storms?|strikes?|bombardment)\b|since\sthe\sfirst\s(?:\w+\s)?cases?\b"
)
"""Stretches of time that are those of an incident itself: its toll is told from its beginning."""
_OF_ONE_INCIDENT = re.compile(
    r"\b(?:number|tally|total|count)\b(?=[^,;:]{0,70}\b(?:(?:in|by)\s(?:\w+(?:'s)?\s){0,4}(?:attack|blast|bombing|explosion|"
    r"crash|collapse|fire|shooting|raid|ambush|accident|landslide|mudslide|avalanche|quake|earthquake|flood|tsunami|"
    r"stampede|crush|sinking|capsizing|massacre|incident|strike|derailment|disaster|pile-up)\b|"
    r"bod(?:y|ies)\s(?:recovered|found|retrieved|pulled)))(?![^,;:]*\b(?:this|last|since)\s(?:year|month|week|decade))"
)
"""A number that counts the dead of one incident: "bringing to three the number killed in the blast"."""
_OVER_AGAIN = re.compile(r"(?:every|each|per|annually|yearly)\b")
"""Begins a cue that bounds no superlative: "one of the deadliest disasters, claiming 200 lives every year"."""
_GOES_ON = re.compile(r",\s(?:and|but)\b.*\b(?:still|now|remain)\b")
"""After an earlier count it opens the one of now: "ten were first reported missing, and six are still missing"."""
_HAVE = re.compile(r"\b(?:and|but|while)\s[^,;:]*\b(?:have|has)\s(?:been|died|lost)\b")
_ASKS_ABOUT = re.compile(r"\W{0,3}(?:\[[^\]]{1,40}\]\s{1,3})?(?:what|who|how|why|where|when|which)\b")
_KNOWN = re.compile(
    r"\b(?:the|those)\s(?:[\w-]+\s){1,5}(?:that|which|who)\s"
    r"(?:(?!(?:would|could|might|may|should|will|can|if)\b)[\w-]+\s){0,9}\Z"
)
"""The relative clause of something definite, whose verb says what has happened and not what might."""
_HAS_COST = re.compile(r",?\s(?:which|that)\s(?:has|have)\s(?:\w+\s)?\Z")
"""After a war they say what it has cost so far: "the first truce in a war that has claimed 20,000 lives"."""
_DENIED = re.compile(r"den(?:y|ies|ied|ying)\b.*\bthat")
_COMMITS = re.compile(r"\s(?:cause|commit|carry|stage|order|perpetrate|repeat|plan|arrange|bring\sabout)\b")
_OF_ILLNESS = frozenset((IncidentType.KILLING.value, IncidentType.EPIDEMIC.value))
_ILLNESS = re.compile(
    r"\b(?:cancer|leuka?emia|stroke|pneumonia|alzheimer's|parkinson's|dementia|old age|natural causes|"
    r"in (?:his|her|their) sleep)\b"
)
"""Of which people die by themselves, whatever else their sentence tells of."""
_CONVICT = re.compile(r"\b(?:a|an|the|one|two|three|several|by)\sconvicted\Z")
"""Only says who somebody is: "a convicted murderer shot dead a guard"."""
_PASSES = re.compile(r"[^.;:]{0,10}\b(?:passed|reached|rose|climbed|topped|hit|stood|crossed|exceeded|surpassed)\b")
"""After "this year" they say that a running total grew."""
_CASES = frozenset(("court", "drill"))
"""Categories whose cue may only say where or when it happened."""
_ASKS_FOR_ITSELF = frozenset(("natural", "season", "idiom"))
"""Categories that say something of a claim with its people and number, and nothing of an incident without."""


def not_current(view: ArticleView, statement: Statement, draft: Draft) -> Reason | None:
    """Why the sentence of a claim says that it is no toll of a current incident; None where it says nothing of that."""
    text = view.text(statement.where)
    creature = _creature(draft, text.folded)
    if creature is not None:
        return creature
    span = span_of(statement, draft)
    quoted = _SCARE_QUOTES.search(text.folded, max(span.first, span.start - 1), min(span.last, span.end + 2))
    if quoted is not None:
        return Reason("idiom", quoted[0])
    if text.folded[span.first : span.last].rstrip("\"') ").endswith("?") and not _takes_for_granted(text.folded, span):
        return Reason("question", "?")
    for cue in _reaching(view, statement, text, span):
        if _applies(view, cue, span, text.folded, statement, draft):
            return Reason(cue.category, text.folded[cue.start : cue.end].strip())
    return _since_long_ago(view, statement, span)


def _takes_for_granted(folded: str, span: Span) -> bool:
    """Whether a question tells of a claim as known: "What does the army think of the bombs that killed six men?"."""
    if _ASKS_ABOUT.match(folded, span.first, span.start) is None:
        return False
    return _KNOWN.search(folded, span.first, span.start) is not None


def event_not_current(view: ArticleView, statement: Statement) -> Reason | None:
    """As not_current, of an incident that a statement tells of whether or not anybody was harmed."""
    words = [hit for hit in statement.hits if hit.entry.table == "event"]
    if not words:
        return None
    text = view.text(statement.where)
    sentence = statement.sentence
    first, last = min(hit.start for hit in words), max(hit.end for hit in words)
    span = Span(first, last, sentence.start, sentence.end, active=False)
    for cue in _reaching(view, statement, text, span):
        if cue.category in _ASKS_FOR_ITSELF or (cue.category in ("running", "history") and compares(cue, text.folded)):
            continue
        if cue.category not in _CASES or not _is_venue(cue, span, text.folded):
            return Reason(cue.category, text.folded[cue.start : cue.end].strip())
    return None


def span_of(statement: Statement, draft: Draft) -> Span:
    """Where a claim stands in its sentence."""
    sentence = statement.sentence
    return Span(draft.start, draft.end, sentence.start, sentence.end, active=draft.voice == "active")


def has_day(view: ArticleView, statement: Statement, span: Span) -> bool:
    """Whether the claim's own clause says on which current day or in which current hours it happened."""
    return bool(_days(view, statement, span))


def tells_its_day(view: ArticleView, statement: Statement) -> bool:
    """Whether any clause of a statement says on which current day or in which current hours it happened."""
    sentence = statement.sentence
    return has_day(view, statement, Span(sentence.start, sentence.end, sentence.start, sentence.end, active=False))


def _days(view: ArticleView, statement: Statement, span: Span) -> list[tuple[int, int]]:
    """The current days and hours of the claim's own clause."""
    folded = view.text(statement.where).folded
    timely = [(time.start, time.end) for time in statement.times if _is_timely(time, view)]
    recent = _RECENT.search(folded, span.first, span.last)
    if recent is not None:
        timely.append(recent.span())
    return [
        day
        for day in timely
        if _OF_ANNIVERSARY.match(folded, day[1]) is None
        and no_clause_between(*day, span, folded)
        and not _past_aside(day, span, folded)
        and _BEFORE.search(folded, max(span.first, day[0] - 12), day[0]) is None
    ]


def _past_aside(day: tuple[int, int], span: Span, folded: str) -> bool:
    """Whether a day comes after the aside that a claim stands in: "He, who had ordered 25 deaths, died on Monday"."""
    if day[0] < span.end or ", " not in folded[span.end : day[0]]:
        return False
    return _INSIDE_ASIDE.search(folded, max(span.first, span.start - 120), span.start) is not None


def leads(statement: Statement) -> bool:
    """Whether a statement stands where an article tells its news: title, highlights, first sentences."""
    return statement.where != "body" or statement.sentence.index < LEAD_SENTENCES


def _reaching(view: ArticleView, statement: Statement, text: TextCues, span: Span) -> Iterator[Cue]:
    """The cues that reach a claim and that no day of its own outweighs."""
    days: list[tuple[int, int]] | None = None
    start, end = max(span.first, span.start - WINDOW), min(span.last, span.end + WINDOW)
    for cue in text.within(start, end, (span.first, span.last)):
        if not reaches(cue, span, text.folded):
            continue
        if CATEGORIES[cue.category].dated and not (cue.category == "running" and is_brought_along(span, text.folded)):
            days = _days(view, statement, span) if days is None else days
            if cue.category == "statistic" and cue.scope == "sentence" and _of_a_stretch(statement, days):
                # "the roads claimed 244 lives from April 10 to 16": those days are what the statistic is of.
                yield cue
                continue
            if any(not _of_cue(cue, day, span, folded=text.folded) for day in days):
                continue
        yield cue


def _of_a_stretch(statement: Statement, days: Sequence[tuple[int, int]]) -> bool:
    """Whether some of the days of a claim are a stretch of several, "from 10 to 16 April"."""
    stretches = {(t.start, t.end) for t in statement.times if t.occurred.precision is TimePrecision.WEEK}
    return any(day in stretches for day in days)


def _of_cue(cue: Cue, day: tuple[int, int], span: Span, folded: str) -> bool:
    """Whether a day is that of the cue, not of the claim it governs: "met on Sunday to mark ten years since"."""
    if cue.category == "running" and cue.end <= day[0] and _PASSES.match(folded, cue.end, day[0]) is not None:
        # "the number who have died this year passed 500 on Monday": the day is that of the count.
        return True
    if cue.category == "running" and day[1] <= span.start and span.end <= cue.start:
        # "A bomb killed 12 on Monday, and 200 have died since 2021"
        return _HAVE.search(folded, day[1], span.end) is not None
    if cue.category in ("court", "memorial", "statistic") and cue.start < day[0] < cue.end:
        # "was sentenced Friday to", "gathered on Sunday to remember", "the worst day was Monday"
        return True
    if cue.end <= span.start:
        return day[1] <= cue.start
    if cue.start < span.start < cue.end:
        # "cleared on Monday of murdering seven"
        return day[0] < span.start
    return span.end <= day[0] and day[1] <= cue.start and cue.start - day[1] < day[0] - span.end


def _applies(view: ArticleView, cue: Cue, span: Span, folded: str, statement: Statement, draft: Draft) -> bool:
    """What single categories ask for beyond their scope."""
    if cue.category in ("running", "history") and compares(cue, folded) and not _OVER_AGAIN.match(folded, cue.start):
        return cue.scope == "relative" or _HAS_COST.search(folded, cue.start, span.start) is not None
    if cue.category == "history" and folded[cue.start : cue.end].split()[-1:] == ["since"]:
        # "missing since last week's floods, whose toll stands at 22"
        near = [t for t in statement.times if cue.end <= t.start <= cue.end + 2 and t.occurred.start is not None]
        if any(_is_recent(time, view) for time in near):
            return False
    if cue.category == "running" and _OF_ONE_INCIDENT.search(folded, cue.start, min(span.last, cue.end + 80)):
        return False
    if cue.category == "running" and counts_outbreak(view, cue, folded, statement):
        return False
    if cue.category == "running" and _STILL_GOING_ON.match(folded, cue.start, cue.end):
        return began_long_ago(view, cue, statement)
    if cue.category == "statistic" and _PROVISIONAL.search(folded, max(0, cue.start - 14), cue.start) is not None:
        return False
    if cue.category == "statistic" and folded.startswith("patients died", cue.start):
        # Patients die in trials of drugs, and in hospitals that burn or are shelled.
        hits = [*statement.hits, *scan(view.text("title").folded)]
        return not any(hit.entry.table == "type" and hit.entry.value not in _OF_ILLNESS for hit in hits)
    if cue.category == "withdrawn" and span.active and _DENIED.fullmatch(folded, cue.start, cue.end) is not None:
        # "denied that its men had killed ten farmers": the farmers are dead all the same.
        return False
    if cue.category == "plot" and draft.kind is ClaimKind.MISSING:
        # "trying to find 19 missing miners"
        return False
    if cue.category == "plot" and draft.voice == "noun" and folded.endswith(" to", cue.start, cue.end):
        # "vowed to avenge the murder of six clerks", who are dead; not "vowed to cause the death of six clerks".
        return _COMMITS.match(folded, cue.end) is not None
    if (
        cue.category == "plot"
        and draft.voice in ("passive", "subject")
        and span.start < cue.start
        and cue.end < span.end
    ):
        # "A man who tried to flee was shot dead": what those harmed wanted to do.
        return False
    if cue.category == "superseded" and cue.scope == "lead":
        return _GOES_ON.search(folded, cue.end, span.end) is None
    if cue.category == "campaign":
        return statement.where == "body" and statement.sentence.index > 0
    if cue.category == "season":
        return not leads(statement)
    if cue.category == "natural":
        ill = _ILLNESS.search(folded, cue.start, cue.end) is not None and (draft.best or 1) == 1
        return ill or _is_natural(draft, span, folded, statement)
    if cue.category in _CASES:
        describes = cue.start >= span.start and cue.end <= span.end
        if describes or _CONVICT.search(folded, max(0, cue.start - 12), cue.end) is not None:
            return False
        return not _is_venue(cue, span, folded) and not in_another_clause(cue, span, folded)
    return True


def _is_natural(draft: Draft, span: Span, folded: str, statement: Statement) -> bool:
    """One person dies, in a sentence that tells of no incident."""
    if draft.kind is not ClaimKind.KILLED or (draft.best or 1) > 1:
        return False
    if _NATURAL_VERBS.search(folded, span.start, min(span.last, span.end + 8)) is None:
        return False
    return not any(
        hit.entry.table == "type"
        and hit.entry.value not in ("killing", "epidemic")
        and folded[max(0, hit.start - 6) : hit.start] != "heart "
        for hit in statement.hits
    )


def _is_venue(cue: Cue, span: Span, folded: str) -> bool:
    """Whether a trial or exercise is only where or when it happened: "a bomb went off outside the trial of"."""
    if _SENTENCES.match(folded, cue.start) is not None:
        return False
    return cue.start >= span.end and _VENUE.search(folded, max(0, cue.start - 40), cue.start) is not None


@cache
def _creatures() -> dict[str, str]:
    return {word: kind for kind, words in read_rows("currency_creatures.tsv") for word in words.split()}


def _creature(draft: Draft, folded: str) -> Reason | None:
    stock = _STOCK.search(folded, draft.start, draft.end)
    if stock is not None:
        return Reason("animal", stock[0])
    if draft.people.lower() == "head" and draft.form == "count" and (draft.best or 0) > 1:
        # Of people it is "heads": "14,000 head slaughtered".
        return Reason("animal", "head")
    head = draft.people.lower().split()[-1:] if draft.form in ("count", "bare", "singular", "definite") else []
    kind = _creatures().get(head[0]) if head else None
    return Reason(kind, head[0]) if kind is not None else None


def tells_of_animals(view: ArticleView) -> bool:
    """Whether the title counts animals: numbers without people in such an article count animals, too."""
    return _animals_counted().search(view.text("title").folded) is not None


@cache
def _animals_counted() -> re.Pattern[str]:
    """A number, up to two words and an animal in the plural: "200 pilot whales"."""
    kinds = {word for kind, words in read_rows("not_people.tsv") if kind == "animal" for word in words.split()}
    kinds |= {word for word, kind in _creatures().items() if kind == "animal"}
    many = "|".join(sorted(word for word in kinds if word.endswith("s") or word in ("cattle", "livestock", "sheep")))
    # "31 killed in cattle raid" counts people.
    harm = "killed|dead|died|die|injured|wounded|hurt|shot|missing|people|men|in|on|over|at|by|as|after|from|and"
    of_people = r"(?:raid|camp|rustl|thie|theft|herder|keeper|farmer|trader|clash|feud|row|dispute|market|attack|fight)"
    return re.compile(
        rf"\b{number_words()}\s(?:of\s)?(?:(?!(?:{harm})\b)[\w-]+\s){{0,2}}(?:{many})\b(?!['’]?\s{of_people})"
    )


def _since_long_ago(view: ArticleView, statement: Statement, span: Span) -> Reason | None:
    """That a claim counts over a stretch of time that began weeks ago: "since 12 March"."""
    folded = view.text(statement.where).folded
    for time in statement.times:
        start = time.occurred.start
        inmates = _IN_CARE.search(folded, span.start, span.end) is not None
        longest = _IN_CARE_SINCE if inmates else CURRENT
        if time.role != "since" or start is None or view.published_at is None or view.published_at - start <= longest:
            continue
        if any(is_outbreak(hit) for hit in statement.hits):
            continue
        cue = Cue("running", "clause", time.start, time.end)
        if reaches(cue, span, folded) and not compares(cue, folded) and (inmates or not has_day(view, statement, span)):
            return Reason("running", time.text)
    return None


def _is_recent(time: TimeMention, view: ArticleView) -> bool:
    start = time.occurred.start
    return start is not None and view.published_at is not None and view.published_at - start <= CURRENT


def _is_timely(time: TimeMention, view: ArticleView) -> bool:
    if time.role == "since":
        return _is_recent(time, view)
    if time.role != "event" or time.is_past:
        return False
    if time.occurred.precision is TimePrecision.UNRESOLVED:
        return _DAY_WORD.search(time.text) is not None
    return time.occurred.precision in _TIMELY


def drafts_of(statements: Sequence[Statement]) -> Iterator[tuple[Statement, Draft]]:
    """All claims of statements that count as current so far."""
    for statement in statements:
        for draft in statement.drafts:
            if draft.background is None:
                yield statement, draft
