"""Which words for events are looked into at all: those beside which stands what lets them tell of one."""

from __future__ import annotations

import pytest

from services.processor.extraction.events.lexicon import phrases
from services.processor.extraction.events.taken_up import may_follow_up
from services.processor.extraction.field_scan import scan_field
from tests.processor.extraction.reading_table import PUBLISHED, read

TELLS_NOT = [
    "Clerks found a seat and placed a cup on it.",
    "The firm launched a phone in Gao on Sunday.",
    "Shares crashed in Gao on Sunday.",
    "A storm of protest met the plan.",
    "His death was mourned in Gao on Sunday.",
    "Rain damaged the crop near Gao on Sunday.",
    "Crowds plan to destroy the myth.",
]

TELLS = [
    "Soldiers found a bomb in Gao on Sunday.",
    "Explosives on a lorry, which were to be fired at a school, were deactivated in Gao on Sunday.",
    "Rebels fired rockets at a school in Gao on Sunday.",
    "A train to Segou derailed near Gao on Sunday.",
    "A storm that came from the sea struck Gao on Sunday.",
    "Rebels destroyed a school in Gao on Sunday.",
    "Gunmen threatened to burn a school in Gao on Sunday.",
]


@pytest.mark.parametrize("text", TELLS_NOT, ids=[text[:40] for text in TELLS_NOT])
def test_a_word_for_an_event_alone_tells_of_none(text: str) -> None:
    assert not scan_field("body", text).may_tell_of_event
    assert read(text) == ()


@pytest.mark.parametrize("text", TELLS, ids=[text[:40] for text in TELLS])
def test_a_word_for_an_event_tells_of_it_beside_what_it_happens_to_or_is_done_with(text: str) -> None:
    assert scan_field("body", text).may_tell_of_event
    assert len(read(text)) == 1


def test_far_from_it_a_weapon_lets_no_word_tell_of_an_event() -> None:
    assert not scan_field("body", "A phone was launched. " + "It sells well. " * 20 + "A bomb is a toy there.").may_tell


@pytest.mark.parametrize("phrase", sorted(phrases("aftermath") | phrases("soon_after")), ids=" ".join)
def test_whatever_comes_after_an_event_is_found_in_the_head_of_a_text(phrase: tuple[str, ...]) -> None:
    text = f"The attack on the ferry: {' '.join(phrase)}."

    assert may_follow_up([scan_field("body", text)], PUBLISHED)
    assert not may_follow_up([scan_field("body", text)], None)
