"""The console's view of the topic `incidents`."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from schemas import Certainty, Incident, IncidentStatus, IncidentType, Severity, SeverityLevel
from services.console.incident_view import CursorError, IncidentFilter, IncidentView, open_view
from tests.alerter.incidents import KORU, NOON, incident

TOPIC = "incidents"
ALL = IncidentFilter()


async def found(view: IncidentView, asked: IncidentFilter = ALL) -> list[str]:
    return [one.incident_id for one in (await view.page(asked, None, 100)).incidents]


async def test_the_newest_revision_stands_whatever_the_order_in_a_batch(view: IncidentView) -> None:
    await view.take([incident(revision=2), incident(10, revision=3), incident(revision=1)], TOPIC, {0: 3})
    await view.take([incident(99, revision=2)], TOPIC, {0: 4})
    kept = await view.get("inc-1")
    assert kept is not None
    assert (kept.revision, kept.toll.killed and kept.toll.killed.low) == (3, 10)
    assert await view.positions(TOPIC) == {0: 4}


async def test_pages_join_to_the_whole_in_order_also_while_more_comes(view: IncidentView) -> None:
    clock = random.Random(7)
    made = [
        incident(incident_id=f"inc-{number:02}", as_of=NOON + timedelta(hours=clock.randrange(5)))
        for number in range(23)
    ]
    await view.take(made, TOPIC, {0: 23})
    seen: list[Incident] = []
    cursor: str | None = None
    while True:
        page = await view.page(ALL, cursor, 4)
        seen += page.incidents
        # What is newer than a page's end does not move the pages after it.
        await view.take([incident(incident_id=f"new-{len(seen)}", as_of=NOON + timedelta(days=9))], TOPIC, {0: 24})
        cursor = page.next_cursor
        if cursor is None:
            break
    assert [one.incident_id for one in seen] == [
        one.incident_id for one in sorted(made, key=lambda one: (-(one.as_of or NOON).timestamp(), one.incident_id))
    ]


@pytest.mark.parametrize("cursor", ["", "x", "!!!!", "WzEsMl0", "bnVsbA", "e30", "ey" * 100])
async def test_a_cursor_of_somebody_elses_making_is_refused(view: IncidentView, cursor: str) -> None:
    with pytest.raises(CursorError):
        await view.page(ALL, cursor, 10)


async def test_each_condition_leaves_out_what_does_not_meet_it(view: IncidentView) -> None:
    flood = incident(
        3,
        incident_id="flood",
        sources=(),
        perpetrators=(),
        type=IncidentType.FLOOD,
        regions=("south-asia",),
        place=KORU.model_copy(update={"country": "NP", "name": "100% Chitwan"}),
        severity=Severity(score=20, level=SeverityLevel.MODERATE),
        certainty=Certainty.POSSIBLE,
        as_of=NOON - timedelta(days=3),
    )
    merged = incident(incident_id="merged", status=IncidentStatus.MERGED, merged_into="inc-1")
    await view.take([incident(), flood, merged], TOPIC, {0: 3})
    assert await found(view) == ["inc-1", "flood"]
    assert await found(view, IncidentFilter(statuses=())) == ["inc-1", "merged", "flood"]
    for asked, expected in (
        (IncidentFilter(types=(IncidentType.FLOOD,)), ["flood"]),
        (IncidentFilter(countries=("ML",)), ["inc-1"]),
        (IncidentFilter(regions=("south-asia", "sahel")), ["inc-1", "flood"]),
        (IncidentFilter(regions=("sahel",)), ["inc-1"]),
        (IncidentFilter(severity_at_least=SeverityLevel.SEVERE), ["inc-1"]),
        (IncidentFilter(certainties=(Certainty.POSSIBLE,)), ["flood"]),
        (IncidentFilter(killed_at_least=4), ["inc-1"]),
        (IncidentFilter(since=NOON), ["inc-1"]),
        (IncidentFilter(until=NOON), ["flood"]),
        (IncidentFilter(text="KORU jnim"), ["inc-1"]),
        (IncidentFilter(text="100%"), ["flood"]),
        (IncidentFilter(text="_"), []),
    ):
        assert await found(view, asked) == expected, asked
        assert await view.count(asked) == len(expected)


async def test_a_merged_incident_resolves_to_what_it_became_and_a_circle_ends(view: IncidentView) -> None:
    def merged(identity: str, into: str) -> Incident:
        return incident(incident_id=identity, status=IncidentStatus.MERGED, merged_into=into)

    await view.take([merged("a", "b"), merged("b", "c"), incident(incident_id="c")], TOPIC, {0: 3})
    await view.take([merged("x", "y"), merged("y", "x"), merged("lost", "nowhere")], TOPIC, {0: 6})
    assert [one.incident_id for one in await view.resolve("a")] == ["a", "b", "c"]
    assert [one.incident_id for one in await view.resolve("x")] == ["x", "y"]
    assert [one.incident_id for one in await view.resolve("lost")] == ["lost"]
    assert await view.resolve("nobody") == ()
    assert await view.merged_into("c") == ["b"]


async def test_a_view_that_is_opened_again_goes_on_and_one_of_another_version_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "state/console.db"
    view = await open_view(path)
    await view.take([incident()], TOPIC, {0: 1, 2: 9})
    await view.close()
    view = await open_view(path)
    assert await view.positions(TOPIC) == {0: 1, 2: 9}
    async with view._engine.begin() as connection:
        await connection.exec_driver_sql("PRAGMA user_version = 99")
    await view.close()
    view = await open_view(path)
    assert (await view.positions(TOPIC), await found(view)) == ({}, [])
    await view.close()


async def test_a_file_that_is_no_database_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "console.db"
    path.write_bytes(b"not a database, whatever its name says" * 100)
    view = await open_view(path)
    assert await found(view) == []
    await view.close()


async def test_an_incident_that_is_removed_is_gone_from_every_page_until_it_comes_again(view: IncidentView) -> None:
    both = [incident(revision=2), incident(incident_id="inc-2")]
    await view.take(both, TOPIC, {0: 2})
    await view.take([], TOPIC, {0: 3}, removed={"inc-1", "inc-unknown"})
    assert await view.get("inc-1") is None
    assert await found(view) == ["inc-2"]
    assert await view.positions(TOPIC) == {0: 3}
    await view.take(both[:1], TOPIC, {0: 4})
    assert sorted(await found(view)) == ["inc-1", "inc-2"]
