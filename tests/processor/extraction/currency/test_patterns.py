"""The small language of currency_cues.tsv."""

from __future__ import annotations

import re

import pytest

from services.processor.extraction.currency.patterns import compile_pattern

FITS = [
    ("on trial", "he went on trial in may", "on trial"),
    ("convicted|convicts", "the court convicts him", "convicts"),
    ("commemorat*", "a march commemorating the dead", "commemorating"),
    ("under the? scenario", "under scenario b", "under scenario"),
    ("under the? scenario", "under the scenario", "under the scenario"),
    ("# years of war", "twenty-two years of war", "twenty-two years of war"),
    ("# years of war", "1,200 years of war", "1,200 years of war"),
    ("since @", "since 1994, they", "since 1994"),
    ("sentenced .0-3 for", "sentenced in june for it", "sentenced in june for"),
    ("took_power|seized_power", "when they took power there", "took power"),
    ("in the film !crew", "in the film, a man", "in the film"),
    ("ten year war", "the ten-year war", "ten-year war"),
    ("novel", "the novel's end", "novel's"),
]
FITS_NOT = [
    ("on trial", "upon trials"),
    ("commemorat*", "uncommemorated"),
    ("# years of war", "years of war"),
    ("since @", "since 30 people"),
    ("sentenced .0-3 for", "sentenced on the first of june for it"),
    ("in the film !crew", "in the film crew"),
    ("in the conflict", "in the conflict-torn north"),
]


@pytest.mark.parametrize(("written", "text", "found"), FITS)
def test_a_cue_finds_the_words_it_is_written_for(written: str, text: str, found: str) -> None:
    match = re.search(compile_pattern(written).expression, text)

    assert match is not None
    assert match[0] == found


@pytest.mark.parametrize(("written", "text"), FITS_NOT)
def test_a_cue_finds_no_others(written: str, text: str) -> None:
    assert re.search(compile_pattern(written).expression, text) is None


def test_a_text_is_searched_for_the_rarest_word_of_a_cue() -> None:
    assert compile_pattern("in the .0-2 film|novel").keys == ("film", "novel")
    assert compile_pattern("broke_out|erupted of the").keys == ("broke", "erupted")


def test_a_cue_without_a_word_to_search_for_is_refused_by_its_text() -> None:
    with pytest.raises(ValueError, match=r"currency_cues.tsv: '# .0-2 \?'"):
        compile_pattern("# .0-2 ?")
