"""How many sources speak for themselves, kept up text by text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas import Report, Wording
from services.processor.tracking.independence import Voices
from tests.processor.tracking.reports import report

OUTLETS = st.sampled_from("abcdef")


def told(number: int, source: str, credited: frozenset[str]) -> Report:
    """A text of its own by `source`, which credits others."""
    return report(f"r{number}", source=source).model_copy(update={"wording": Wording(credits=tuple(sorted(credited)))})


def counted(texts: list[tuple[str, frozenset[str]]]) -> int:
    """By the rule as docs/tracking.md has it: who credits another source of the incident is not independent, save in a
    text that credits none of them."""
    voices = {source for source, _ in texts}
    own = {source for source, credited in texts if not (credited - {source}) & voices}
    return max(len(own), 1)


@given(st.lists(st.tuples(OUTLETS, st.frozensets(OUTLETS, max_size=3)), max_size=12))
def test_as_many_sources_are_independent_after_each_text_as_the_rule_counts_over_all(
    texts: list[tuple[str, frozenset[str]]],
) -> None:
    voices = Voices()
    for number, (source, credited) in enumerate(texts):
        voices.hear(told(number, source, credited))
        assert voices.independent == counted(texts[: number + 1])
