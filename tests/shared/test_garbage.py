"""When garbage is looked for."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from services.shared.garbage import loaded, loading


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    thresholds, enabled = gc.get_threshold(), gc.isenabled()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()
    (gc.enable if enabled else gc.disable)()


def fail_while_loading() -> None:
    with loading():
        assert not gc.isenabled()
        raise ValueError("in the middle")


def test_nothing_is_looked_for_while_loading_and_again_after_it_whatever_happens() -> None:
    gc.enable()
    with pytest.raises(ValueError, match="in the middle"):
        fail_while_loading()
    assert gc.isenabled()
    gc.disable()
    with loading():
        assert not gc.isenabled()
    assert not gc.isenabled()


def test_what_was_loaded_is_not_looked_at_and_what_comes_later_is_collected() -> None:
    kept: list[object] = [[number] for number in range(1000)]
    loaded()
    assert gc.get_freeze_count() > 1000
    assert not any(one is kept for one in gc.get_objects())
    cycle: list[object] = []
    cycle.append(cycle)
    identity = id(cycle)
    del cycle
    gc.collect()
    assert not any(id(one) == identity for one in gc.get_objects())
