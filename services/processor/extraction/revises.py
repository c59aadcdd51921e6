"""What an article does to earlier reports: takes them back, corrects their figures, says which numbers were wrong."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation

from schemas import Article, ArticleField, ClaimKind, Evidence, IncidentType, Report, Revises, Stance
from services.processor.extraction.numbers import may_begin, read_quantity
from services.processor.extraction.text import Sentence, Tokens, fold, readable, split_sentences, tokenise
from services.processor.extraction.wordlists import read_rows

READ_CHARACTERS = 20_000
"""Of each field: who takes something back says so early."""
NEAR = 8
"""Words between a verb that lowers and the count that it lowers."""
QUOTED_CHARACTERS = 300
_LONGEST_NUMBER, _JOINS = 5, (",", "and", "&")


@dataclass(frozen=True, slots=True)
class _Passage:
    """One sentence, with its words between single spaces."""

    field: ArticleField
    start: int
    end: int
    tokens: Tokens
    words: str

    def says(self, name: str) -> bool:
        """Whether a phrase of that set of revises.tsv stands in it."""
        return any(map(self.words.__contains__, _phrases(name)))

    def words_of(self, name: str) -> list[int]:
        """Indexes of the words of that set."""
        wanted, lower = _words(name), self.tokens.lower
        return [] if wanted.isdisjoint(lower) else [at for at, word in enumerate(lower) if word in wanted]


@dataclass(slots=True)
class _Found:
    revises: Revises | None = None
    outdated: list[int] | None = None
    said: _Passage | None = None


def with_revision(
    article: Article,
    reports: Sequence[Report],
    read: Mapping[ArticleField, tuple[str, Sequence[Sentence]]] | None = None,
) -> tuple[Report, ...]:
    """`reports`, which are all those of `article`, with what it does to earlier ones.

    `read` are the readable views of its fields with all their sentences, of each that the caller has read.

    An article that takes an incident back and gives no toll has no report of its own: it gets one here, so that the
    incident can be found by its words and ended.
    """
    passages = list(_passages(article, read or {}))
    notices = [passage for passage in passages if _of_a_report(passage)]
    # "False report of 52 dead": what others published did not happen.
    unfounded = not reports and any(p.says("false") and p.words_of("report") and p.words_of("toll") for p in notices)
    if notices and (unfounded or any(map(_nothing_happened, passages))):
        said = notices[0]
        if _still_harmed(reports, notices):
            return tuple(_marked(article, report, _Found(Revises.CORRECTED, None, said)) for report in reports)
        if not reports:
            return (_bare_report(article, said),)
        return tuple(_marked(article, report, _Found(Revises.RETRACTED, None, said)) for report in reports)
    found = [_Found() for _ in reports]
    for passage in passages:
        outdated, corrects = _outdated(passage), _corrects(passage)
        if not reports:
            continue
        number = _owner(reports, passage)
        outdated += _before_more(passage, reports[number])
        if not (outdated or corrects):
            continue
        owner = found[number]
        owner.outdated = [*(owner.outdated or []), *outdated]
        owner.said = owner.said or passage
        if corrects:
            owner.revises = Revises.CORRECTED
    return tuple(_marked(article, report, one) for report, one in zip(reports, found, strict=True))


def taking_back() -> tuple[str, ...]:
    """The phrases without one of which no article takes anything back."""
    return (*_sets()["notice"], *_sets()["untrue"])


def _passages(article: Article, read: Mapping[ArticleField, tuple[str, Sequence[Sentence]]]) -> Iterator[_Passage]:
    fields: tuple[ArticleField, ...] = ("title", "highlights", "body")
    for field in fields:
        view, sentences = read.get(field, (None, ()))
        if view is None or len(view) > READ_CHARACTERS:
            view, sentences = readable(article.text_of(field)[:READ_CHARACTERS]), ()
        spots = _spots(fold(view).replace("\n", " "))
        if not spots:
            continue
        spots.sort()
        for sentence in sentences or split_sentences(view):
            at = bisect_left(spots, sentence.start)
            if field != "title" and (at == len(spots) or spots[at] >= sentence.end):
                continue
            tokens = tokenise(view, sentence.start, sentence.end)
            yield _Passage(field, sentence.start, sentence.end, tokens, f" {' '.join(tokens.lower)} ")


def _spots(folded: str) -> list[int]:
    """Where a text has words without which no sentence takes back or corrects anything; empty where it never does."""
    automaton, kinds = _automaton()
    found: dict[str, list[int]] = {}
    for index, start, _ in automaton.find_matches_as_indexes(folded, overlapping=True):
        found.setdefault(kinds[index], []).append(start)
    lead = found.get("lead", [])
    counted = found.get("toll", []) if "lowering" in found else []
    return lead + counted + (found.get("happened", []) if lead else [])


@cache
def _automaton() -> tuple[AhoCorasick, tuple[str, ...]]:
    """All words that `_spots` looks for, and of each what it is for."""
    kinds: dict[str, str] = dict.fromkeys(("from", "not", "than", "more", "other", "further", " by "), "lowering")
    kinds |= dict.fromkeys(_sets()["earlier_figure"], "lowering")
    kinds |= dict.fromkeys((*_sets()["lowers"], *_sets()["lowers_with"], *_sets()["brings"]), "lowering")
    kinds |= dict.fromkeys((*_sets()["event"], *_sets()["nobody"]), "happened")
    kinds |= dict.fromkeys(_sets()["toll"], "toll")
    kinds |= dict.fromkeys((*_sets()["notice"], *_sets()["untrue"], *_sets()["twice"], *_sets()["correction"]), "lead")
    return AhoCorasick(list(kinds), implementation=Implementation.ContiguousNFA), tuple(kinds.values())


def _of_a_report(passage: _Passage) -> bool:
    taken_back = passage.says("notice") or passage.says("untrue")
    return taken_back and (passage.field == "title" or bool(passage.words_of("report")))


def _nothing_happened(passage: _Passage) -> bool:
    if passage.says("nobody") or (passage.says("notice") and passage.says("false")):
        # "Our report that a plane had crashed was false and has been withdrawn."
        return True
    lower, happened = passage.tokens.lower, _words("happened")
    for at in passage.words_of("event"):
        if "no" in lower[max(0, at - 3) : at]:
            # "There was no crash", "no explosion took place"; a title leaves the verb out.
            denied = (
                passage.field == "title"
                or "there" in lower[max(0, at - 6) : at]
                or any(word in happened for word in lower[at + 1 : at + 3])
            )
            if denied:
                return True
        told = passage.words[passage.words.find(f" {lower[at]} ") :]
        if any(phrase in told for phrase in (" did not happen ", " did not take place ", " never happened ")):
            return True
    return False


def _still_harmed(reports: Sequence[Report], notices: Sequence[_Passage]) -> bool:
    """Whether an article tells of dead elsewhere than where it takes its words back, as a correction does."""
    return any(
        claim.kind is ClaimKind.KILLED
        and claim.stance is Stance.ASSERTED
        and claim.high != 0
        and not any(n.field == piece.field and n.start <= piece.start < n.end for n in notices)
        for report in reports
        for claim in report.claims
        for piece in claim.evidence[:1]
    )


def _corrects(passage: _Passage) -> bool:
    if passage.field == "title" and any(at < 2 for at in passage.words_of("correction")):
        return True
    if not passage.words_of("toll") and not passage.says("twice"):
        return False
    if passage.says("twice"):
        return True
    lower = passage.tokens.lower
    counts = [at for at in passage.words_of("count") if _counts_dead(lower, at)]
    for at in passage.words_of("lowers"):
        if any(0 < count - at <= NEAR or 0 < at - count <= 4 for count in counts) and _to_number(passage, at):
            return True
    for at in passage.words_of("lowers_with"):
        if any(word in _words("down") for word in lower[at + 1 : at + NEAR]) and counts:
            return True
    if _fewer_than_before(passage) or _falls(passage):
        return True
    earlier = any(at + 1 in counts or at + 2 in counts for at in passage.words_of("earlier_figure"))
    return (earlier and passage.says("wrong")) or bool(_not_as_before(passage))


def _counts_dead(lower: Sequence[str], at: int) -> bool:
    """Whether a count is one of the dead, as "the number of checkpoints" is not."""
    if lower[at] in _words("toll") or lower[at + 1 : at + 2] != ["of"]:
        return True
    return any(word in _words("toll") or word in ("people", "persons") for word in lower[at + 2 : at + 6])


def _fewer_than_before(passage: _Passage) -> bool:
    """ "lower than first thought"; not "no fewer than seven"."""
    lower, before = passage.tokens.lower, _words("before")
    return any(
        lower[at] in ("fewer", "lower")
        and lower[at + 1] == "than"
        and lower[at - 1] != "no"
        and any(word in before for word in lower[at + 2 : at + 6])
        for at in range(1, len(lower) - 2)
    )


def _to_number(passage: _Passage, at: int) -> bool:
    """Whether a number follows that something is lowered to or from: "cut the toll to 38"."""
    tokens = passage.tokens
    return any(
        word in ("to", "from", "by") and _number(tokens, place + 1) is not None
        for place, word in enumerate(tokens.lower)
        if place > at
    )


def _outdated(passage: _Passage) -> list[int]:
    """Numbers of dead that the sentence gives as said before: "from 54 to 38", "up from 16", "not 61 as announced"."""
    if not passage.words_of("toll"):
        return []
    tokens, found = passage.tokens, _not_as_before(passage)
    for at, word in enumerate(tokens.lower):
        if word != "from":
            continue
        first = _number(tokens, at + 1)
        if first is None:
            continue
        led = tokens.lower[at - 1] in ("up", "down") if at else False
        led = led or _risen_or_fallen_to(tokens, at) is not None or _lowered(passage, at)
        following = first[1]
        to = following < len(tokens.lower) and tokens.lower[following] == "to"
        second = _number(tokens, following + 1) if to else None
        if led or second is not None:
            found.append(first[0])
    for at in passage.words_of("earlier_figure"):
        if any(count in (at + 1, at + 2) for count in passage.words_of("count")):
            of = next((n for n in range(at + 1, min(at + 5, len(tokens.lower))) if tokens.lower[n] == "of"), None)
            number = _number(tokens, of + 1) if of is not None else None
            if number is not None:
                found.append(number[0])
    return found


def _risen_or_fallen_to(tokens: Tokens, at: int) -> int | None:
    """The number of dead before "from" at `at`: "the toll was revised to 125 from 174", "risen to 1,234, from 844"."""
    end = at - (at > 1 and tokens.lower[at - 1] == ",")
    if _words("toll").isdisjoint(tokens.lower[:end]):
        return None
    for start in range(max(0, end - _LONGEST_NUMBER), end):
        found = _number(tokens, start + 1) if tokens.lower[start] == "to" else None
        if found is not None and found[1] == end:
            return found[0]
    return None


def _lowered(passage: _Passage, at: int) -> bool:
    """Whether a count is said to be lowered right before "from" at `at`: "revised the confirmed death toll from 79"."""
    words = passage.tokens.lower[max(0, at - 5) : at]
    return words[-1:] in (["toll"], ["tally"]) and not _words("lowers").isdisjoint(words)


def _falls(passage: _Passage) -> bool:
    tokens = passage.tokens
    at_from = [at for at, word in enumerate(tokens.lower) if word == "from"]
    pairs = ((_risen_or_fallen_to(tokens, at), _number(tokens, at + 1)) for at in at_from)
    return any(now is not None and before is not None and now < before[0] for now, before in pairs)


def _before_more(passage: _Passage, report: Report) -> list[int]:
    """What the toll was before the further dead of a sentence: "two more have died", "raised the toll by two"."""
    killed, tokens = report.toll.killed, passage.tokens
    if killed is None or killed.best is None or killed.low != killed.best or not passage.words_of("toll"):
        return []
    found = _before_these(passage, report, killed.best)
    for at, word in enumerate(tokens.lower):
        quantity = read_quantity(tokens.lower, tokens.classes, at) if may_begin(word, tokens.classes[at]) else None
        if quantity is None or not 0 < quantity.best < killed.best:
            continue
        rose = at > 0 and tokens.lower[at - 1] == "by" and not _words("rises").isdisjoint(tokens.lower)
        one = tokens.lower[at : at + 2] == ["another", "one"]
        if (quantity.more or rose) and not one and word not in ("than", "over"):
            found.append(killed.best - quantity.best)
    return found


def _before_these(passage: _Passage, report: Report, total: int) -> list[int]:
    """What the toll was before those of whom a sentence says that they bring it up: "five died, raising to 29 the"."""
    if not passage.words_of("brings"):
        return []
    told = [
        claim.best
        for claim in report.claims
        if claim.kind is ClaimKind.KILLED and claim.best is not None
        if any(e.field == passage.field and passage.start <= e.start < passage.end for e in claim.evidence[:1])
    ]
    return [total - number for number in told if 0 < number < total] if total in told else []


def _not_as_before(passage: _Passage) -> list[int]:
    """Numbers that are "not 61 as first announced", "rather than the 61 reported"."""
    tokens, found = passage.tokens, list[int]()
    for at, word in enumerate(tokens.lower):
        than = word == "than" and at > 0 and tokens.lower[at - 1] == "rather"
        if word != "not" and not than:
            continue
        start = at + 1 + (tokens.lower[at + 1 : at + 2] == ["the"])
        number = _number(tokens, start)
        corrected = passage.field == "title" and any(spot < 2 for spot in passage.words_of("correction"))
        if number is not None and (corrected or _said_before(tokens, number[1]) or _sets_right(passage, at, number[1])):
            found.append(number[0])
    if passage.words_of("toll") and passage.says("earlier_version"):
        numbers = (
            _number(tokens, at + 1) for at, word in enumerate(tokens.lower) if word in ("as", "at", "of", "that")
        )
        found.extend(number[0] for number in numbers if number is not None)
    return found


def _sets_right(passage: _Passage, at: int, end: int) -> bool:
    """Whether a count is given against another, "the number of deaths was 125, not 174."."""
    tokens = passage.tokens
    ended = end >= len(tokens.lower) or not tokens.lower[end][0].isalnum()
    counted = any(_counts_dead(tokens.lower, count) for count in passage.words_of("count"))
    return ended and counted and at > 1 and tokens.lower[at - 1] in _JOINS and tokens.lower[at - 2][-1].isdigit()


def _said_before(tokens: Tokens, end: int) -> bool:
    return any(later in _words("before") for later in tokens.lower[end : end + 5])


def _number(tokens: Tokens, at: int) -> tuple[int, int] | None:
    """The number that begins at a word, and the index after it."""
    if at >= len(tokens.lower):
        return None
    quantity = read_quantity(tokens.lower, tokens.classes, at)
    return None if quantity is None else (quantity.best, quantity.end)


def _owner(reports: Sequence[Report], passage: _Passage) -> int:
    """Which of an article's reports a sentence speaks of: that with words in it, else the last told of before it."""
    best, owner = -1, 0
    for number, report in enumerate(reports):
        for piece in [*report.evidence, *(e for claim in report.claims for e in claim.evidence)]:
            if piece.field == passage.field and best < piece.start < passage.end:
                best, owner = piece.start, number
    return owner


def _marked(article: Article, report: Report, found: _Found) -> Report:
    if found.said is None:
        return report
    return report.model_copy(
        update={
            "revises": found.revises,
            "outdated": tuple(dict.fromkeys(found.outdated or ())),
            "evidence": (*report.evidence, _evidence(article, found.said)),
        }
    )


def _bare_report(article: Article, said: _Passage) -> Report:
    return Report(
        report_id=f"{article.article_id}#0",
        article=article.ref(),
        ordinal=0,
        type=IncidentType.OTHER,
        revises=Revises.RETRACTED,
        evidence=(_evidence(article, said),),
    )


def _evidence(article: Article, said: _Passage) -> Evidence:
    end = min(said.end, said.start + QUOTED_CHARACTERS)
    quote = article.text_of(said.field)[said.start : end]
    return Evidence(slot="revises", field=said.field, start=said.start, end=end, quote=quote)


@cache
def _sets() -> dict[str, tuple[str, ...]]:
    return {row[0]: row[1:] for row in read_rows("revises.tsv")}


@cache
def _phrases(name: str) -> tuple[str, ...]:
    return tuple(f" {phrase} " for phrase in _sets()[name])


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(_sets()[name])
