"""Nouns out of articles, as a first line says them."""

from __future__ import annotations

import pytest

from services.alerter.policy.nouns import people_noun


@pytest.mark.parametrize(
    ("stated", "one", "noun"),
    [
        (["Indian Soldiers"], False, "Indian soldiers"),
        (["Police Officers"], False, "police officers"),
        (["Villagers"], False, "villagers"),
        (["Coal Miners"], False, "coal miners"),
        (["Troops of Mali", "13 recruits"], False, "troops of Mali"),
        (["Tutsis"], False, "Tutsis"),
        (["Boko Haram fighters"], False, "Boko Haram fighters"),
        (["UN peacekeepers"], False, "UN peacekeepers"),
        (["patrolman Juan Ruiz Ortega"], True, "patrolman"),
        (["Juan Ruiz Ortega"], True, "person"),
        (["the pilot, Anna"], True, "pilot"),
        (["he"], True, "person"),
        (["a Palestinian"], True, "Palestinian"),
        (["a member of the Free Syrian Army"], True, "member of the Free Syrian Army"),
        ([], True, "person"),
        ([], False, "people"),
    ],
)
def test_people_are_told_of_as_in_a_sentence_and_never_by_name(stated: list[str], one: bool, noun: str) -> None:
    assert people_noun(stated, one) == noun
