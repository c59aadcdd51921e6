"""What is ruled out without comparing two reports in full is never a link, and most of what is none is ruled out."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from schemas import IncidentType, Perpetrator, Report, Revises, TimePrecision, Wording, name_key
from services.processor.tracking.first_reports import FirstReports
from services.processor.tracking.link_ceiling import LinkCeiling
from services.processor.tracking.linking import link
from services.processor.tracking.rules import LinkingRules
from services.processor.tracking.telling import telling_of
from tests.processor.tracking.reports import BOULKESSI, MALI, MOPTI, TIMBUKTU, exactly, report

RULES = LinkingRules()
CEILING = LinkCeiling(RULES)
NEAR = BOULKESSI.model_copy(update={"name": "Hombori", "lat": 15.0, "geonames_id": 7})
BORDER = BOULKESSI.model_copy(update={"name": "Boulkessi", "admin1": None, "lat": 15.0})
BEYOND = BORDER.model_copy(update={"name": "Bulkesi", "country": "NE"})
ABROAD = BOULKESSI.model_copy(update={"country": "NE"})
UNKNOWN = MALI.model_copy(update={"name": "Nowhere Known"})
WORDS = [f"w{n}" for n in range(40)]
NAMES = [name_key("boulkessi"), name_key("hombori"), *WORDS[:12]]
TEXTS = st.builds(
    Wording,
    names=st.lists(st.sampled_from(NAMES), max_size=9, unique=True).map(tuple),
    words=st.lists(st.sampled_from(WORDS), max_size=30, unique=True).map(tuple),
    sketch=st.lists(st.integers(0, 40), max_size=12, unique=True).map(tuple),
)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Any report of a small world, in which much agrees by chance."""
    made = report(
        f"a{draw(st.integers(0, 3))}",
        ordinal=draw(st.integers(0, 1)),
        place=draw(st.sampled_from([None, BOULKESSI, NEAR, TIMBUKTU, MOPTI, MALI, ABROAD, UNKNOWN, BORDER, BEYOND])),
        day=draw(st.none() | st.integers(0, 4)),
        hours=draw(st.integers(0, 24 * 20)),
        killed=draw(st.none() | st.integers(0, 40).map(exactly)),
        wounded=draw(st.none() | st.integers(3, 12).map(exactly)),
        kind=draw(st.sampled_from(IncidentType)),
        source=draw(st.sampled_from(["wire", "daily"])),
        perpetrators=draw(st.sampled_from([(), (Perpetrator(name="JNIM"),)])),
    )
    occurred = made.occurred
    if occurred is not None and draw(st.booleans()):
        # Not to the day: from then on, or some time in three days.
        ends = draw(st.none() | st.just(occurred.start + timedelta(days=3) if occurred.start else None))
        occurred = occurred.model_copy(update={"end": ends, "precision": TimePrecision.WEEK})
    article = made.article if draw(st.integers(0, 5)) else made.article.model_copy(update={"published_at": None})
    return made.model_copy(
        update={
            "occurred": occurred,
            "article": article,
            "wording": draw(st.none() | TEXTS),
            "revises": draw(st.none() | st.sampled_from(Revises)),
            "outdated": draw(st.sampled_from([(), (7,), (31,)])),
        }
    )


@given(reports(), st.lists(reports(), min_size=1, max_size=4))
@example(report("a", killed=exactly(60)), [report("b", killed=exactly(60), place=MALI)])
@example(
    report("a", place=NEAR),
    [report("b", place=ABROAD).model_copy(update={"wording": Wording(names=(name_key("hombori"),))})],
)
@example(report("a", place=BORDER, killed=exactly(60)), [report("b", place=BEYOND, killed=exactly(60))])
@example(report("a", killed=exactly(60), day=None), [report("b", place=None, killed=exactly(60))])
@example(report("a", day=None), [report("b", day=None, hours=300), report("c", day=None, hours=30)])
@example(report("a", day=None, hours=0), [report("b", day=1, published=False)])
@example(report("a", day=1), [report("b", day=None, hours=300), report("c", day=None, hours=1)])
def test_what_links_is_not_ruled_out_even_where_not_a_point_is_to_spare(made: Report, others: list[Report]) -> None:
    one, told = telling_of(made), [telling_of(other) for other in others]
    for other in told:
        points = sum(points for _, points in link(one, other, RULES))
        if points > 0:
            just = RULES.model_copy(update={"link_at": points})
            assert other in list(LinkCeiling(just).of(one).within_reach(FirstReports(told)))


def worded(made: Report, start: int) -> Report:
    words = tuple(f"w{n}" for n in range(start, start + 40))
    wording = Wording(names=words[:12], words=words[12:], sketch=tuple(range(start, start + 32)))
    return made.model_copy(update={"wording": wording})


def test_reports_of_two_places_and_of_two_days_are_ruled_out() -> None:
    here = telling_of(worded(report("a", killed=exactly(5)), 0))
    there = telling_of(worded(report("b", place=TIMBUKTU, killed=exactly(9)), 100))
    later = telling_of(worded(report("c", day=4, killed=exactly(9)), 100))
    again = telling_of(worded(report("d"), 0))
    assert list(CEILING.of(here).within_reach(FirstReports([there, later]))) == []
    assert list(CEILING.of(here).within_reach(FirstReports([there, again]))) == [again]
