"""What an article does to earlier reports: takes them back, corrects their figures, says which numbers were wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas import (
    Article,
    ArticleField,
    ClaimKind,
    Evidence,
    Figure,
    IncidentType,
    Modifier,
    Report,
    Revises,
    Stance,
    Toll,
)
from services.processor.extraction.outdated import (
    all_live,
    before_more,
    called_wrong,
    confirmed_of,
    counts_dead,
    falls,
    faulted_in,
    fewer_than_before,
    given_at_first,
    included_others,
    lives_after_all,
    not_as_before,
    number_at,
    others_wrong,
    outdated_in,
    settled_at,
    spoken_of_before,
)
from services.processor.extraction.passages import Passage, passages_of, phrase_sets, words_in
from services.processor.extraction.text import ReadField

NEAR = 8
"""Words between a verb that lowers and the count that it lowers."""
QUOTED_CHARACTERS = 300


@dataclass(slots=True)
class _Found:
    revises: Revises | None = None
    outdated: list[int] | None = None
    said: Passage | None = None


def with_revision(
    article: Article,
    reports: Sequence[Report],
    read: Mapping[ArticleField, ReadField] | None = None,
) -> tuple[Report, ...]:
    """`reports`, which are all those of `article`, with what it does to earlier ones; `read` are fields already read.

    An article that takes an incident back and gives no toll has no report of its own: it gets one here, so that the
    incident can be found by its words and ended.
    """
    passages = list(passages_of(article, read or {}))
    notices = [passage for passage in passages if _of_a_report(passage)]
    # "False report of 52 dead": what others published did not happen.
    unfounded = not reports and any(p.says("false") and p.words_of("report") and p.words_of("toll") for p in notices)
    if notices and (unfounded or any(map(_nothing_happened, passages))):
        said = notices[0]
        if any(passage.words_of("partisan") for passage in passages) and not any(map(_takes_back, notices)):
            # A party to the fight denies what others tell: that takes nothing back.
            return tuple(reports) or (_bare_report(article, said, None),)
        if _still_harmed(reports, [*notices, *(p for p in passages if p.says("as_reported") or p.says("own_report"))]):
            return tuple(_marked(article, report, _Found(Revises.CORRECTED, None, said)) for report in reports)
        if not reports:
            return (_bare_report(article, said, Revises.RETRACTED),)
        return tuple(_emptied(_marked(article, report, _Found(Revises.RETRACTED, None, said))) for report in reports)
    told = ((passage, all_live(passage)) for passage in passages if not reports)
    lived = next(((passage, number) for passage, number in told if number is not None), None)
    if lived is not None:
        return (_nobody_harmed(_bare_report(article, lived[0], Revises.CORRECTED), lived[1]),)
    found = [_Found() for _ in reports]
    for passage in passages:
        outdated, corrects = outdated_in(passage), _corrects(passage)
        if not reports:
            continue
        number = _owner(reports, passage)
        before = spoken_of_before(passage, reports[number])
        killed = reports[number].toll.killed
        # Whoever counts fewer than somebody "had spoken of" sets that right.
        corrects = corrects or any(killed is not None and one > (killed.best or one) for one in before)
        unconfirmed = [] if killed is None else [one for one in confirmed_of(passage) if one > (killed.best or one)]
        faulted = faulted_in(passage, reports[number])
        first = given_at_first(passage, reports[number])
        corrects = corrects or bool(unconfirmed or faulted) or others_wrong(passage, reports[number])
        corrects = corrects or any(killed is not None and one > (killed.best or one) for one in first)
        outdated += before_more(passage, reports[number]) + before + unconfirmed + faulted + first
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
    return (*phrase_sets()["notice"], *phrase_sets()["untrue"], *phrase_sets()["all_live"])


def _of_a_report(passage: Passage) -> bool:
    taken_back = passage.says("notice") or passage.says("untrue")
    return taken_back and (passage.field == "title" or bool(passage.words_of("report")))


def _takes_back(passage: Passage) -> bool:
    """Whether somebody takes back what they published themselves."""
    return passage.says("notice")


def _emptied(report: Report) -> Report:
    """A report that takes an incident back, with its claims denied: their numbers are those that no longer hold."""
    numbers = [claim.best for claim in report.claims if claim.kind is ClaimKind.KILLED and claim.best]
    return report.model_copy(
        update={
            "toll": Toll(),
            "claims": tuple(claim.model_copy(update={"stance": Stance.DENIED}) for claim in report.claims),
            "outdated": tuple(dict.fromkeys((*report.outdated, *numbers))),
        }
    )


def _nothing_happened(passage: Passage) -> bool:
    if passage.says("nobody") or (passage.says("notice") and passage.says("false")):
        # "Our report that a plane had crashed was false and has been withdrawn."
        return True
    lower, happened = passage.tokens.lower, words_in("happened")
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
        if any(
            phrase in told
            for phrase in (" did not happen ", " did not take place ", " never happened ", " that never was ")
        ):
            return True
    return False


def _still_harmed(reports: Sequence[Report], notices: Sequence[Passage]) -> bool:
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


def _corrects(passage: Passage) -> bool:
    if passage.field == "title" and any(at < 2 for at in passage.words_of("correction")):
        return True
    if included_others(passage):
        return True
    if not passage.words_of("toll") and not passage.says("twice"):
        return False
    if passage.says("twice") or passage.says("misread"):
        return True
    lower = passage.tokens.lower
    if lower[:2] == ["that", "leaves"] and number_at(passage.tokens, 2) is not None:
        # "Four who were listed dead are alive. That leaves 48 killed."
        return True
    counts = [at for at in passage.words_of("count") if counts_dead(lower, at)]
    for at in passage.words_of("lowers"):
        if any(0 < count - at <= NEAR or 0 < at - count <= 4 for count in counts) and _to_number(passage, at):
            return True
    for at in passage.words_of("lowers_with"):
        if any(word in words_in("down") for word in lower[at + 1 : at + NEAR]) and counts:
            return True
    if fewer_than_before(passage) or falls(passage) or settled_at(passage) or lives_after_all(passage):
        return True
    earlier = any(at + 1 in counts or at + 2 in counts for at in passage.words_of("earlier_figure"))
    # "The previous day's report that all on board had died was premature"
    earlier = earlier or bool(passage.words_of("earlier_figure") and passage.words_of("report"))
    return (earlier and passage.says("wrong")) or bool(not_as_before(passage)) or bool(called_wrong(passage))


def _to_number(passage: Passage, at: int) -> bool:
    """Whether a number follows that something is lowered to or from: "cut the toll to 38"."""
    tokens = passage.tokens
    return any(
        word in ("to", "from", "by") and number_at(tokens, place + 1) is not None
        for place, word in enumerate(tokens.lower)
        if place > at
    )


def _owner(reports: Sequence[Report], passage: Passage) -> int:
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
    # "An earlier version named all 12 who died": the number that the article gives itself still holds.
    own = report.toll.killed.best if report.toll.killed is not None else None
    outdated = tuple(number for number in dict.fromkeys(found.outdated or ()) if number != own)
    return report.model_copy(
        update={
            "revises": found.revises if outdated or not found.outdated else None,
            "outdated": outdated,
            "evidence": (*report.evidence, _evidence(article, found.said)),
        }
    )


def _bare_report(article: Article, said: Passage, revises: Revises | None) -> Report:
    return Report(
        report_id=f"{article.article_id}#0",
        article=article.ref(),
        ordinal=0,
        type=IncidentType.OTHER,
        revises=revises,
        evidence=(_evidence(article, said),),
    )


def _nobody_harmed(report: Report, number: int) -> Report:
    """A report that all who were missed live: nobody died or is missing, and their number no longer holds."""
    nobody = Figure(low=0, best=0, high=0, modifier=Modifier.EXACT)
    return report.model_copy(update={"toll": Toll(killed=nobody, missing=nobody), "outdated": (number,)})


def _evidence(article: Article, said: Passage) -> Evidence:
    end = min(said.end, said.start + QUOTED_CHARACTERS)
    quote = article.text_of(said.field)[said.start : end]
    return Evidence(slot="revises", field=said.field, start=said.start, end=end, quote=quote)
