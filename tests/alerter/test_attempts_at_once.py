"""How many attempts may be under way, by the files that the process may have open."""

from __future__ import annotations

import resource

import pytest

from services.alerter.delivering import AT_ONCE
from services.alerter.service import FILES_PER_ATTEMPT, LEAST_AT_ONCE, OTHER_FILES, attempts_at_once
from services.shared.errors import UserError
from services.shared.open_files import raise_open_files


def test_every_attempt_finds_its_files() -> None:
    assert attempts_at_once(1_000_000) == AT_ONCE
    for limit in range(OTHER_FILES + FILES_PER_ATTEMPT * LEAST_AT_ONCE, 6000, 7):
        attempts = attempts_at_once(limit)
        assert LEAST_AT_ONCE <= attempts <= AT_ONCE
        assert OTHER_FILES + FILES_PER_ATTEMPT * attempts <= limit


def test_too_low_a_limit_is_said_with_what_to_do() -> None:
    with pytest.raises(UserError, match=r"may open 256 files and needs 640: raise the limit \(ulimit -n\)"):
        attempts_at_once(256)


def test_the_soft_limit_is_raised_to_the_hard_one() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(900, before[1]), before[1]))
        assert raise_open_files() == before[1]
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == before[1]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
