"""When Python looks for garbage: it stops everything for as long as it takes to walk through all that is there."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG, MIDDLE, OLD = 700, 10, 100
"""Thresholds of the three generations. Python's own are 700, 10 and 10, with which a service with a thousand requests
under way walks through all of them every few seconds, for 30 to 80 ms each time; with these once a minute. What dies
young, as nearly everything does, is found as soon as before."""


SELDOM = (100_000, 20, 100)
"""For whoever makes much that has no cycles and dies by itself, or lives for weeks: articles under way, open incidents.
With Python's own thresholds all of it is walked through again and again: a tenth of the time in which short articles
are read side by side, a third of that in which 2,000 open incidents are linked."""


@contextmanager
def loading() -> Iterator[None]:
    """Nothing is looked for meanwhile: what is loaded stays, and looking at it again and again while it grows takes a
    sixth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def seldom() -> None:
    """Look seldom, for as long as the process lives."""
    gc.set_threshold(*SELDOM)


def loaded() -> None:
    """What is there by now stays, and is not looked at any more."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
