"""The reports that tracking is measured on are what the bench says."""

from __future__ import annotations

from itertools import pairwise
from statistics import median

from bench.made_up_reports import reports
from schemas import Report
from services.processor.tracking.telling import likeness, telling_of


def made(number: int, seed: int = 1) -> list[Report]:
    return list(reports(number, days=3, countries=20, seed=seed))


def test_they_come_in_the_order_of_publication_and_the_same_for_the_same_seed() -> None:
    times = [report.article.published_at for report in made(200)]
    assert all(one and other and one <= other for one, other in pairwise(times))
    assert made(60, seed=3) == made(60, seed=3) != made(60, seed=4)


def test_no_report_comes_twice() -> None:
    assert len({report.report_id for report in made(200)}) == 200


def test_texts_on_one_incident_are_alike_and_others_are_not() -> None:
    tellings = [telling_of(report) for report in made(200)]
    alike: dict[bool, list[float]] = {True: [], False: []}
    for at, one in enumerate(tellings):
        for other in tellings[:at]:
            same = one.article_id.partition(".")[0] == other.article_id.partition(".")[0]
            alike[same].append(likeness(one, other))
    assert median(alike[True]) > 0.2
    assert sorted(alike[False])[int(0.99 * len(alike[False]))] < 0.12
