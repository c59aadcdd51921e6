"""Who says what a sentence says: a new wording is one row here."""

from __future__ import annotations

import pytest

from schemas import SpeakerRole
from services.processor.extraction.speakers import find_speaker
from services.processor.extraction.text import tokenise

ROWS = [
    ("Taliban officials said nine people died.", "Taliban officials", SpeakerRole.OFFICIAL),
    ("The rebels, in a statement from London, said nine people died.", "The rebels", SpeakerRole.PARTY),
    ("Nine people died, according to the Red Cross.", "the Red Cross", SpeakerRole.ORGANISATION),
    ("Police said nine people died.", "Police", SpeakerRole.OFFICIAL),
    ("The cold in Peru claimed 40 more lives, doctors said.", "doctors", SpeakerRole.MEDIC),
    ("Nine people died, said the mayor.", "the mayor", SpeakerRole.OFFICIAL),
    ("Nine people died, doctors at the hospital said.", "doctors at the hospital", SpeakerRole.MEDIC),
    ("Residents told reporters that nine people died.", "Residents", SpeakerRole.WITNESS),
    ("Two security sources said nine people died.", "Two security sources", SpeakerRole.ANONYMOUS),
    ("On Monday the army said it had killed nine rebels.", "the army", SpeakerRole.PARTY),
    ("The rebels claimed that nine soldiers died.", "The rebels", SpeakerRole.PARTY),
    ("JNIM said that nine soldiers died.", "JNIM", SpeakerRole.PARTY),
    ("A spokesman for al-Shabaab said that nine soldiers died.", "A spokesman for al-Shabaab", SpeakerRole.PARTY),
    ("The Islamic State said that nine soldiers died.", "The Islamic State", SpeakerRole.PARTY),
    ("The BLA said that nine soldiers died.", "The BLA", SpeakerRole.PARTY),
    ("The UN said that nine soldiers died.", "The UN", SpeakerRole.ORGANISATION),
    ("State television reported that nine people died.", "State television", SpeakerRole.OFFICIAL),
    ("The Islamic State, in a tape, boasted of having killed 30 men.", "The Islamic State", SpeakerRole.PARTY),
]


@pytest.mark.parametrize(("sentence", "name", "role"), ROWS)
def test_the_speaker_is_named_with_a_role(sentence: str, name: str, role: SpeakerRole) -> None:
    found = find_speaker(tokenise(sentence, 0, len(sentence)))

    assert found is not None
    assert (found.speaker.name, found.speaker.role) == (name, role)


@pytest.mark.parametrize(
    "sentence",
    [
        "Nine people died.",
        "He said nine people died.",
        "The attack was reported late.",
        "Nine people died, and shows pictures of burnt trucks.",
        "Nine rebels were killed and a great quantity of means was destroyed.",
    ],
)
def test_a_sentence_that_speaks_for_itself_has_no_speaker(sentence: str) -> None:
    assert find_speaker(tokenise(sentence, 0, len(sentence))) is None
