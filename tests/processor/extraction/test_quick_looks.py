"""Quick looks, by which most of a text goes unread, skip what tells nothing: without them the reports are the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.made_up_news import made_up
from schemas import Report
from services.processor.extraction import extract, field_scan, incidents, numbers, reading, wording
from services.processor.extraction.claims import frames, people
from services.processor.extraction.currency import cues, earlier_events
from services.processor.extraction.events import mentions, named_victims
from tests.processor.extraction import test_forms_of_tolls, test_toll_of_sentences
from tests.processor.extraction.currency import test_articles, test_current_sentences, test_no_toll_sentences
from tests.processor.extraction.events import test_events
from tests.processor.extraction.reading_table import read

TABLES = (
    test_toll_of_sentences.ROWS, test_forms_of_tolls.ROWS, test_no_toll_sentences.ROWS, test_current_sentences.ROWS,
    test_events.TELLS, test_events.TELLS_NOT, test_articles.ON_ANOTHER_SUBJECT, test_articles.ON_AN_INCIDENT,
)  # fmt: skip


class Everything:
    """Holds whatever is asked for."""

    def __contains__(self, _word: object) -> bool:
        return True


def sentences() -> Iterator[str]:
    """The longest text of each row of the tables, and the made-up news."""
    for table in TABLES:
        for row in table:
            yield max((row,) if isinstance(row, str) else (part for part in row if isinstance(part, str)), key=len)
    for texts in made_up(8).values():
        yield from texts


def all_read() -> list[tuple[Report, ...]]:
    return [read(sentence) for sentence in sentences()]


def test_what_a_quick_look_skips_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = all_read()

    monkeypatch.setattr(field_scan.FieldScan, "may_tell", property(lambda _: True))
    monkeypatch.setattr(reading, "may_harm", lambda _, hits, __: any(hit.entry.table == "harm" for hit in hits))
    monkeypatch.setattr(mentions, "may_have_happened", lambda *_: True)
    monkeypatch.setattr(extract, "may_tell_of_events", lambda _: True)
    monkeypatch.setattr(frames, "may_be_said", lambda *_: True)
    monkeypatch.setattr(named_victims, "_ends", lambda *_: True)
    monkeypatch.setattr(named_victims, "_may_follow", lambda *_: True)
    monkeypatch.setattr(people, "_OPENING_WORDS", Everything())
    monkeypatch.setattr(numbers, "_BEGINNINGS", Everything())
    keys = cues._keys()
    groups = tuple(tuple(group._replace(beside=None) for group in of_key) for of_key in keys.groups)
    anywhere = (None,) * len(groups)
    earlier_events._together()  # is kept, and holds the words that are looked for
    monkeypatch.setattr(earlier_events, "_FOLLOWS", ("",))
    monkeypatch.setattr(earlier_events, "_AS_A_WHOLE", ("",))
    monkeypatch.setattr(incidents, "_HOW_MANY", ("",))
    monkeypatch.setattr(wording, "_cited", wording._CREDIT.finditer)
    monkeypatch.setattr(cues, "_keys", lambda: cues._Keys(keys.machine, groups, anywhere, keys.longest))

    assert all_read() == quick
