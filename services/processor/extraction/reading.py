"""An article field -> statements: the sentences that speak of harm, with their claims."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from schemas import ClaimKind, Modifier
from schemas.article import ArticleField
from services.processor.extraction.claims.all_aboard import all_aboard
from services.processor.extraction.claims.anaphora import refer
from services.processor.extraction.claims.clause import Clauses
from services.processor.extraction.claims.finding import Finding
from services.processor.extraction.claims.frames import find_harm
from services.processor.extraction.claims.person import Form, People
from services.processor.extraction.claims.status import unreal
from services.processor.extraction.claims.whose import whose
from services.processor.extraction.drafts import Draft, Statement
from services.processor.extraction.field_scan import FieldScan, may_be_said, may_harm, scan_field
from services.processor.extraction.scan import Hit
from services.processor.extraction.speakers import Attribution, as_party, find_speakers, speaker_of, spoken_of_before
from services.processor.extraction.text import Sentence, Tokens, is_capitals, split_sentences, tokenise
from services.processor.extraction.wordlists import WordClass, word_set

_READ = ("harm", "type", "event")
_WRECKING = frozenset(("destroyed", "damaged", "burned", "burnt", "wrecked"))
_SABOTEURS = re.compile(rf"\b(?:{'|'.join(sorted(word.replace('_', ' ') for word in word_set('saboteurs')))})\b")
_EARLIER = 2
"""Sentences before one that says that all aboard died, in which those aboard may be counted."""
_SAY = WordClass.SAY
_GENERAL = word_set("general_people")
_FEARED = word_set("feared")
_SO_FAR_REACH = 8
"""Words on either side of a harm word within which "so far" is said of its number."""
_WITH_A_TASK = frozenset(("worker", "police", "soldier", "official", "medic", "journalist", "religious", "teacher"))
"""Classes of people.tsv by whose word for one of them somebody else is meant than those told of before."""
_UPDATES = word_set("updates")
_GOING_ON = frozenset(("is", "are", "am", "be", "being", "get", "gets"))
"""Before a participle they tell of what goes on or comes again, outside headlines."""


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One field of an article, read."""

    where: ArticleField
    view: str
    """The readable view: the offsets of statements count in it, and in the original alike."""
    folded: str
    """The view in lower case, its line ends as blanks."""
    capitals: bool
    """Written in capitals only; not looked at where there are no statements."""
    sentences: Sequence[Sentence]
    """All sentences; empty where nothing in the field speaks of harm or of an incident."""
    statements: Sequence[Statement]


def read_field(where: ArticleField, original: str, first: int) -> FieldReading:
    """The statements of one field, their sentences numbered from `first`."""
    return read_scanned(scan_field(where, original), first)


def read_scanned(scanned: FieldScan, first: int) -> FieldReading:
    """The statements of one field, their sentences numbered from `first`."""
    where, view, folded, hits = scanned.where, scanned.view, scanned.folded, scanned.hits
    if not scanned.holds(*_READ, "trigger"):
        return FieldReading(where, view, folded, False, (), ())
    capitals = is_capitals(view)
    sentences = split_sentences(view)
    ends = [sentence.end for sentence in sentences]
    statements: list[Statement] = []
    at, size = 0, len(hits)
    while at < size:
        # Between two sentences are only blanks: a phrase begins in the first sentence that ends after its beginning.
        sentence = sentences[bisect_right(ends, hits[at].start)]
        begin = at
        while at < size and hits[at].start < sentence.end:
            at += 1
        mine = hits[begin:at]
        if _is_read(scanned, mine) or _wrecked(mine, folded, sentence):
            before = sentences[max(0, sentence.index - _EARLIER) : sentence.index]
            statements.append(_statement(scanned, sentence, mine, first + sentence.index, capitals, before))
    _drop_sums_of_others(statements)
    return FieldReading(where, view, folded, capitals, sentences, statements)


def _wrecked(hits: Sequence[Hit], folded: str, sentence: Sentence) -> bool:
    """Whether a sentence may say that attackers wrecked something, "rebels destroyed a police station"."""
    if not any(hit.entry.table == "target" for hit in hits):
        return False
    if not any(hit.entry.table == "trigger" and folded[hit.start : hit.end] in _WRECKING for hit in hits):
        return False
    return _SABOTEURS.search(folded, sentence.start, sentence.end) is not None


def _is_read(scanned: FieldScan, hits: Sequence[Hit]) -> bool:
    """Whether a sentence with these phrases is read on: everybody claims something, and hardly ever lives."""
    for hit in hits:
        entry = hit.entry
        if entry.table in _READ and (entry.tells not in ("claimed", "sent") or may_be_said(hit, scanned)):
            return True
    return False


def _drop_sums_of_others(statements: Sequence[Statement]) -> None:
    """Drop "brings the total to 41" where neither its sentence nor the one before it tells of dead."""
    before: Statement | None = None
    for statement in statements:
        sums = [draft for draft in statement.drafts if draft.voice == "sum"]
        beside = statement.drafts if before is None else [*statement.drafts, *before.drafts]
        if sums and not any(d.kind is ClaimKind.KILLED and d.voice != "sum" for d in beside):
            statement.drafts = [draft for draft in statement.drafts if draft.voice != "sum"]
        before = statement


def _statement(
    scanned: FieldScan,
    sentence: Sentence,
    hits: Sequence[Hit],
    order: int,
    capitals: bool,
    before: Sequence[Sentence],
) -> Statement:
    view = scanned.view
    hits = [hit for hit in hits if hit.entry.table != "notice"]
    statement = Statement(order, scanned.where, sentence, [], hits, view[sentence.start : sentence.end])
    if not may_harm(scanned, hits, sentence.end):
        return statement
    tokens = tokenise(view, sentence.start, sentence.end, capitals)
    clauses, findings = find_harm(tokens, capitals)
    statement.tokens, statement.people = tokens, clauses.people or None

    def earlier() -> Sequence[Tokens]:
        return [tokenise(view, one.start, one.end, capitals) for one in reversed(before)]

    everybody = all_aboard(tokens, capitals, earlier)
    if everybody is not None:
        findings.append(everybody)
    if not findings:
        return statement
    speakers = find_speakers(tokens)
    if not speakers and (meant := spoken_of_before(tokens, earlier)) is not None:
        speakers = [meant]
    findings.extend(said_alone(clauses, findings, speakers))
    if speakers:
        statement.speaker_at = (tokens.starts[speakers[0].start], tokens.ends[speakers[0].end - 1])
    for number, finding in enumerate(findings):
        speaker = speaker_of(finding.people[0].start, speakers)
        statement.drafts.extend(_drafts(view, clauses, finding, statement, (order, number), speaker, findings[:number]))
    return statement


def said_alone(clauses: Clauses, findings: Sequence[Finding], speakers: Sequence[Attribution]) -> list[Finding]:
    """The bare number of one speaker set against that of another: "the army said 20, the rebels claimed 60 died"."""
    if len(speakers) < 2 or not findings:
        return []
    classes, found = clauses.tokens.classes, list[Finding]()
    told = {id(people) for finding in findings for people in finding.people}
    for speaker in speakers:
        verb = next((k for k in range(speaker.end, min(len(classes), speaker.end + 3)) if classes[k] & _SAY), -1)
        people = clauses.starts.get(verb + 1) if verb >= 0 else None
        other = next((finding for finding in findings if finding.kind is ClaimKind.KILLED), None)
        if people is None or other is None or people.form is not Form.COUNT or people.head or id(people) in told:
            continue
        at = people.end
        if at >= len(classes) or classes[at] & (
            WordClass.COMMA | WordClass.AND | WordClass.MARK | WordClass.SUBORDINATE
        ):
            found.append(replace(other, people=[people], at=(people.start, people.end), voice="toll", among=False))
    return found


def _drafts(
    view: str,
    clauses: Clauses,
    finding: Finding,
    statement: Statement,
    group: tuple[int, int],
    attribution: Attribution | None,
    before: Sequence[Finding],
) -> list[Draft]:
    reason = unreal(clauses, finding)
    drafts = []
    update = not _UPDATES.isdisjoint(clauses.tokens.lower)
    adds = _adds(clauses.tokens, finding)
    for people in finding.people:
        refer(people, finding, clauses)
        definite = bool(clauses.tokens.classes[people.start] & (WordClass.DETERMINER | WordClass.POSSESSIVE))
        side = whose(people, finding, clauses, before)
        speaker = as_party(attribution.speaker, side) if attribution is not None else None
        speaker_at = None
        if attribution is not None:
            speaker_at = (clauses.tokens.starts[attribution.start], clauses.tokens.ends[attribution.end - 1])
        start, end = _span(clauses.tokens, people, finding)
        shared = finding.shared
        drafts.append(
            Draft(
                kind=finding.kind,
                low=None if shared else people.low,
                best=None if shared else people.best,
                high=None if shared else people.high,
                modifier=Modifier.VAGUE if shared else people.modifier,
                whose=side,
                people=_named(clauses.tokens, people),
                form=people.form.value,
                voice=finding.voice,
                group=group,
                start=start,
                end=end,
                more=(people.more or adds)
                and not (finding.kind is ClaimKind.WOUNDED and _besides_the_dead(clauses.tokens, people, before))
                and ((people.form is not Form.DEFINITE and not definite) or _joins(clauses.tokens, finding, people)),
                general=people.form is Form.COUNT and people.head in _GENERAL,
                total=people.total,
                part=people.part,
                among=finding.among,
                nth=people.nth,
                casualties=finding.casualties,
                feared=_FEARED.intersection(clauses.tokens.lower[max(0, finding.at[0] - 3) : finding.at[1]]) != set(),
                so_far=_so_far(clauses.tokens, finding),
                update=update,
                definite=definite,
                firm=people.counted or _once(clauses.tokens, finding, statement.where),
                speaker=speaker,
                speaker_at=speaker_at,
                background=reason,
                reasoning=_reasoning(finding, people, reason),
            )
        )
    return drafts


def _so_far(tokens: Tokens, finding: Finding) -> bool:
    """Whether the number is that of a search that goes on: "so far eight bodies have been found"."""
    lower = tokens.lower
    first, last = max(0, finding.at[0] - _SO_FAR_REACH), min(len(lower) - 1, finding.at[1] + _SO_FAR_REACH)
    return any(lower[k] == "so" and lower[k + 1] == "far" for k in range(first, last))


def _once(tokens: Tokens, finding: Finding, where: ArticleField) -> bool:
    """Whether harm to people without a number is told as having happened: not "are murdered", "being killed", "?"."""
    if finding.voice not in ("passive", "subject") or tokens.lower[-1:] == ["?"]:
        return False
    start = finding.at[0]
    if where == "title" or (finding.kind is ClaimKind.ABDUCTED and finding.predicate.harm.pattern != "verb"):
        # "are held hostage" is a state, and whoever is held was taken; "are kidnapped" is said of what goes on.
        return True
    return not _GOING_ON.intersection(tokens.lower[max(0, start - 3) : start])


def _span(tokens: Tokens, people: People, finding: Finding) -> tuple[int, int]:
    first = min(people.start, finding.at[0])
    last = max(people.end, finding.at[1])
    return tokens.starts[first], tokens.ends[last - 1]


def _adds(tokens: Tokens, finding: Finding) -> bool:
    """Whether the sentence tells of further harm: "also killed", "He then shot dead"."""
    start = finding.at[0]
    near = tokens.lower[max(0, start - 3) : start] + tokens.lower[:3]
    themselves = all(
        people.form is Form.PRONOUN and people.head.endswith(("self", "selves")) for people in finding.people
    )
    if finding.voice in ("toll", "sum") or themselves:
        return False
    # "They then fired on the soldiers, killing five of them": the lead has counted these.
    end = finding.at[1]
    as_well = ["as", "well"] in (tokens.lower[end - 2 : end], tokens.lower[end : end + 2])
    as_well = as_well and tokens.lower[end : end + 3] != ["as", "well", "as"]
    return "also" in near or as_well or ("then" in near and any(people.head != "them" for people in finding.people))


def _besides_the_dead(tokens: Tokens, people: People, before: Sequence[Finding]) -> bool:
    """Whether others are told of beside dead: "killing one and injuring three others", "one other guard was hurt"."""
    if people.head != "others" and "other" not in tokens.lower[people.start : people.end]:
        return False
    kinds = [finding.kind for finding in before]
    return ClaimKind.KILLED in kinds and ClaimKind.WOUNDED not in kinds


def _joins(tokens: Tokens, finding: Finding, people: People) -> bool:
    """ "The driver of the van was also killed", "his guard was also killed": one more, whoever was told of before."""
    one = people.form is Form.DEFINITE and people.best == 1 and people.kind in _WITH_A_TASK
    own = people.form is Form.SINGULAR and bool(tokens.classes[people.start] & WordClass.POSSESSIVE)
    return (one or own) and "also" in tokens.lower[max(0, finding.at[0] - 3) : finding.at[0]]


def _named(tokens: Tokens, people: People) -> str:
    """The people without their number: "Malian soldiers"."""
    start = people.start
    if people.number >= 0:
        start = people.number + 1
        while start < people.end and tokens.lower[start] in ("of", "the", "other", "more", "or", "so", "to"):
            start += 1
        if start >= people.end or not people.head:
            return "" if not people.head else people.head
    aged = tokens.lower[people.end - 2 : people.end - 1] == [","] and tokens.lower[people.end - 1].isdigit()
    return " ".join(tokens.words[start : people.end - 2 if aged else people.end])


def _reasoning(finding: Finding, people: People, reason: str | None) -> list[str]:
    word = finding.predicate.harm.lemma
    steps = [f'"{word}" ({finding.voice}) says that people were {finding.kind.value}']
    if people.best is not None:
        steps.append(f"the number is {people.best} ({people.modifier.value})")
    else:
        steps.append("no number is given")
    if reason is not None:
        steps.append(f"not counted: {reason}")
    return steps
