"""What every test may ask for, and the rule that in continuous integration nothing is skipped."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

pytest_plugins = [
    "pytester",
    "tests.fixtures.compose",
    "tests.fixtures.kafka",
    "tests.fixtures.logs",
    "tests.fixtures.postgres",
    "tests.fixtures.skips",
]

# How long an example takes depends on the machine and on what else it does: no verdict on the code.
settings.register_profile("tocsin", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tocsin")
