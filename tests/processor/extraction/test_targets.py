"""What an incident was aimed at: a new wording is one row here."""

from __future__ import annotations

import pytest

from tests.processor.extraction.reading_table import read

ROWS = [
    ("Gunmen stormed a hospital in Kabul on Sunday and killed nine patients.", {"hospital"}),
    ("Gunmen killed nine nurses at a hospital in Kabul on Sunday.", {"hospital"}),
    ("A bomb killed nine people at a market in Kabul; the wounded were taken to hospital.", {"market"}),
    ("A bomb killed nine people at a market in Kabul, hospital sources said.", {"market"}),
    ("A bomb killed nine people at a market in Kabul, doctors at the hospital said.", {"market"}),
    ("Gunmen in pick-up trucks killed nine people at a market in Kano on Sunday.", {"market"}),
    ("Gunmen opened fire on a bus in Kano on Sunday and killed nine people.", {"transport"}),
    ("A bomb exploded on a train near Kano on Sunday, killing nine people.", {"transport"}),
    ("A rocket hit the airport in Kano on Sunday, killing nine people.", {"aviation"}),
    ("Pirates attacked a tanker off Lagos, Nigeria, on Sunday and killed two sailors.", {"maritime"}),
    ("Gunmen killed nine farmers on their way home in Kano on Sunday.", set()),
    ("Gunmen shot dead nine tourists at a beach in Tunisia on Sunday.", {"tourist"}),
    ("A bomb at an abortion clinic in Ohio killed two people on Sunday.", {"abortion"}),
    ("Arsonists burned a phone mast in Leeds, England, on Sunday; one man died.", {"telecommunication"}),
]


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_the_target_is_what_was_attacked_and_not_what_stands_by(text: str, expected: set[str]) -> None:
    (report,) = read(text)

    assert {target.kind for target in report.targets} == expected
