"""Quick looks, by which most of a text goes unread, skip what tells nothing: without them the reports are the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bench.made_up_news import made_up
from schemas import Report
from services.processor.extraction import (
    extract,
    field_scan,
    incidents,
    numbers,
    reading,
    sections,
    told_together,
    wording,
)  # fmt: skip
from services.processor.extraction.actors import motives
from services.processor.extraction.claims import frames, people
from services.processor.extraction.currency import cues, earlier_events
from services.processor.extraction.events import mentions, named_victims, taken_up
from services.processor.extraction.places import besides
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

    def isdisjoint(self, _words: object) -> bool:
        return False

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
    monkeypatch.setattr(field_scan.FieldScan, "may_tell_of_event", property(lambda _: True))
    monkeypatch.setattr(taken_up, "_aftermath_words", Everything)
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
    monkeypatch.setattr(told_together, "_ATTACK_WORDS", ("",))
    monkeypatch.setattr(besides, "_FEEL", ("",))
    monkeypatch.setattr(motives, "_LEADS", re.compile(""))
    monkeypatch.setattr(wording, "_cited", wording._CREDIT.finditer)
    monkeypatch.setattr(cues, "_keys", lambda: cues._Keys(keys.machine, groups, anywhere, keys.longest))

    assert all_read() == quick


@pytest.mark.parametrize("text", [
    "One.\nTwo.", "\nOne.\n\nTwo.", "  One.\n   \n  - Two.", "\n     One.", "1. One.\n2. Two.\n\n3) Three.",
    "\n\n\nOne", "", "\n",
])  # fmt: skip
@pytest.mark.parametrize(("opening", "later", "either"), [
    (sections._OPENING_PARAGRAPH, sections._LATER_PARAGRAPH, r"(?:\A|\n)[ \t*\u2022-]{0,6}(?=\S)"),
    (sections._OPENING_ITEM, sections._LATER_ITEM,
     r"(?:\A|\n)[ \t]{0,4}(?:\d{1,2}[.)]|[*\u2022\u2013-])[ \t]{1,3}(?=\S)"),
    (sections._OPENING_BLOCK, sections._LATER_BLOCK, r"(?:\A|\n[ \t]{0,4}\n)\s{0,4}(?=\S)"),
])  # fmt: skip
def test_paragraphs_that_are_looked_for_from_line_to_line_are_those_of_one_pattern(
    text: str, opening: re.Pattern[str], later: re.Pattern[str], either: str
) -> None:
    assert sections._starts(text, opening, later) == [match.end() for match in re.finditer(either, text)]
