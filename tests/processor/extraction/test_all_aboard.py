"""Where all aboard died, the toll is the number of those aboard, wherever it is told."""

from __future__ import annotations

import pytest

from tests.processor.extraction.reading_table import shown, toll

PLANE = "A plane with 19 people on board crashed near Goma on Sunday."


@pytest.mark.parametrize(
    ("body", "killed"),
    [
        (f"{PLANE} All on board were killed.", "19"),
        (f"{PLANE} Everyone aboard died.", "19"),
        (f"{PLANE} There were no survivors, the ministry said.", "19"),
        (f"{PLANE} It had left Bukavu at dawn. Nobody survived.", "19"),
        (f"{PLANE} No one survived the crash.", "19"),
        (f"{PLANE} All on board are feared dead.", "19"),
        ("A plane carrying 19 people crashed near Goma on Sunday, killing everyone on board.", "19"),
        ("A plane carrying 64 pilgrims and four crew crashed near Goma on Sunday. There were no survivors.", "68"),
        ("A ferry with about 100 people aboard sank off Cebu on Sunday. There were no survivors.", "~100"),
        ("THE PLANE WAS CARRYING 19 PEOPLE WHEN IT CRASHED NEAR GOMA ON SUNDAY; THERE ARE NO SURVIVORS.", "19"),
        ("A plane crashed near Goma on Sunday. 19 people, of whom 4 crew, were aboard. There were no survivors.", "19"),
        (
            "A plane fell near Goma on Sunday. 19 people, including 4 crew, were on board. Nobody survived.",
            "19",
        ),
        (f"{PLANE} Of the 19 aboard, seven survived.", "12"),
        ("Rescuers have found no survivors among the 19 people on board a plane that crashed near Goma.", "19"),
        (f'{PLANE} "All souls were lost," said a colonel.', "19"),
        (f"{PLANE} Of the 19 people on board, who were all Congolese, only seven people have survived.", "12"),
        (f"{PLANE} Seven of the 19 people aboard survived.", "12"),
        ("Of the 61 passengers aboard, just four survived when a boat sank near Goma on Sunday.", "57"),
    ],
)
def test_all_of_those_aboard_are_the_toll(body: str, killed: str) -> None:
    assert shown(toll(body).killed) == killed


@pytest.mark.parametrize(
    "body",
    [
        f"{PLANE} Rescuers have found no survivors.",
        f"{PLANE} Rescuers have so far found no survivors among the 19 people on board.",
        f"{PLANE} All on board survived.",
        f"{PLANE} Not all on board were killed.",
        f"{PLANE} If the fuel burns there would be no survivors.",
        f"{PLANE} Nobody survived the cuts at the airline.",
        "A plane crashed near Goma on Sunday. There were no survivors.",
        f"{PLANE} Of the 19 aboard, all survived.",
        f"{PLANE} Of the 19 aboard, seven survived and rescuers are searching for the others.",
        f"{PLANE} Of the 12 airlines on board with the plan, seven survived.",
    ],
)
def test_who_may_live_and_who_is_not_counted_are_no_toll(body: str) -> None:
    assert shown(toll(body).killed) == ""
