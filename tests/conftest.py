"""What every test may ask for, and the rule that in continuous integration nothing is skipped."""

from __future__ import annotations

pytest_plugins = [
    "pytester",
    "tests.fixtures.compose",
    "tests.fixtures.kafka",
    "tests.fixtures.logs",
    "tests.fixtures.postgres",
    "tests.fixtures.skips",
]
