"""Several incidents of an article are told apart by their days, and sums over days and places count for none."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.processor.extraction.reading_table import read, shown


def test_a_sum_divided_between_two_days_is_of_two_incidents() -> None:
    reports = read("Two bombings at a market in Basilan killed 19 people in all, seven on Friday and 12 on Sunday.")

    started = [report.occurred.start if report.occurred else None for report in reports]
    told = {day.day: shown(report.toll.killed) for day, report in zip(started, reports, strict=True) if day}
    assert told == {30: "7", 1: "12"}


def test_bodies_that_are_found_on_two_days_are_of_one_incident() -> None:
    (report,) = read(
        "At least 20 people died, eight on Friday and 12 on Sunday, when a ship sank off Goma, officials said."
    )
    assert shown(report.toll.killed).startswith("20")


def test_what_happened_elsewhere_on_the_same_day_is_of_its_own() -> None:
    reports = read(
        "A strike by drones on the town of Oleshky killed 27 people on Sunday. "
        "Four people died in shelling of the city of Kherson on the same day."
    )

    assert [(r.place.name if r.place else None, shown(r.toll.killed)) for r in reports] == [
        ("Oleshky", "27"),
        ("Kherson", "4"),
    ]


def test_those_shot_are_dead_where_they_and_others_make_up_the_dead_of_a_night() -> None:
    reports = read(
        "Gunmen launched a string of attacks in southern Thailand on Saturday night, killing nine people. Six guards "
        "were shot at a checkpoint in Bannang Sata district of Yala. "
        "In neighbouring Narathiwat, a bomb in Rueso killed three rangers.",
        "Nine dead in southern Thailand",
    )

    assert sorted(shown(report.toll.killed) for report in reports) == ["3", "6"]


def test_the_toll_of_a_day_of_attacks_is_that_of_none() -> None:
    reports = read(
        "A car bomb killed at least nine people at a market in Baghdad, Iraq, on Sunday. Elsewhere, four attacks "
        "killed seven people, bringing the day's overall death toll to at least 16."
    )

    assert "16-" not in [shown(report.toll.killed) for report in reports]
    assert "9-" in [shown(report.toll.killed) for report in reports]


def test_members_suspected_to_be_on_a_day_did_what_they_did_on_the_last_one() -> None:
    (report,) = read("Gunmen suspected to be rebels on Friday killed three farmers in Kano, Nigeria.")

    assert report.occurred is not None
    assert report.occurred.start == datetime(2025, 5, 30, tzinfo=UTC)


def test_two_attacks_on_one_town_whose_days_stand_in_brackets_are_two() -> None:
    reports = read(
        "Two bombings at Loralai dominated the week to 1 June. The first (26 May, a car bomb) killed 23 people. The "
        "second (30 May, an attack on a prayer) killed 14 mourners."
    )

    told = [(r.occurred.start.day if r.occurred and r.occurred.start else 0, shown(r.toll.killed)) for r in reports]
    assert told == [(26, "23"), (30, "14")]
