"""How bad an incident is, by the rules of the operator, with every point explained. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

from schemas.incident import FiredRule, Incident, Severity
from schemas.vocabulary import SeverityLevel
from services.conditions.conditions import Condition, ConditionError, compile_condition
from services.conditions.figures import Counted, told_figure
from services.conditions.variables import SCORED, Value, incident_variables
from services.processor.scoring.sentences import fill_sentence
from services.processor.scoring.written import Steps, WrittenSeverity

_KEPT = 1024
"""Values of its variables for which a condition's answer is at hand: most incidents share those of most conditions."""

_FIRED_KEPT = 4096
"""Rules that fired, with the values that they saw, which are at hand: most do again with the next revision."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, ready to be applied."""

    name: str
    condition: Condition
    points: int | Steps
    because: str
    holds: Callable[[tuple[Value, ...]], bool]
    """Whether the condition is met, by the values of `condition.variables`. Raises as it does."""
    read: tuple[str, ...]
    """The variables that condition and points read, sorted."""


@dataclass(frozen=True, slots=True)
class SeverityRules:
    """The rules of severity, ready to be applied."""

    rules: tuple[Rule, ...]
    levels: tuple[tuple[int, SeverityLevel], ...]
    """The lowest score of each level, mildest first."""


def build_severity_rules(written: WrittenSeverity) -> SeverityRules:
    """The rules that the file states."""
    return SeverityRules(
        rules=tuple(
            _rule(rule.name, compile_condition(rule.when, without=SCORED), rule.points, rule.because)
            for _, rule in written.rules()
        ),
        levels=(
            (0, SeverityLevel.MINOR),
            (written.levels.moderate, SeverityLevel.MODERATE),
            (written.levels.severe, SeverityLevel.SEVERE),
            (written.levels.extreme, SeverityLevel.EXTREME),
        ),
    )


def _rule(name: str, condition: Condition, points: int | Steps, because: str) -> Rule:
    @lru_cache(maxsize=_KEPT)
    def holds(values: tuple[Value, ...]) -> bool:
        return condition.holds(dict(zip(condition.variables, values, strict=True)))

    counted = [points.of] if isinstance(points, Steps) else []
    return Rule(name, condition, points, because, holds, tuple(sorted({*condition.variables, *counted})))


def score(incident: Incident, rules: SeverityRules) -> Severity:
    """The severity of `incident`: the points of all rules that fire, bounded to 0..100, and the level of that score.

    A rule whose condition fails on this incident (a division by zero that no trial met) adds nothing and is listed with
    the failure as its reason, so that it is seen; it never stops the scoring.
    """
    values = incident_variables(incident)
    told = partial(told_figure, incident)
    fired = tuple(result for result in (_apply(rule, values, told) for rule in rules.rules) if result is not None)
    total = max(0, min(100, sum(result.points for result in fired)))
    return Severity(score=total, level=level_of(total, rules), rules=fired)


def level_of(total: int, rules: SeverityRules) -> SeverityLevel:
    """The level that a score from 0 to 100 has by these rules."""
    return [level for lowest, level in rules.levels if lowest <= total][-1]


def _apply(rule: Rule, values: Mapping[str, Value], told: Callable[[str], Counted]) -> FiredRule | None:
    try:
        if not rule.holds(tuple([values[name] for name in rule.condition.variables])):
            return None
    except ConditionError as error:
        points, because = 0, f"This rule could not be applied: {error}."
    else:
        points, because = _points(rule.points, values), fill_sentence(rule.because, values, told)
    return _fired(rule.name, points, because, tuple([(name, _plain(values[name])) for name in rule.read]))


@lru_cache(maxsize=_FIRED_KEPT)
def _fired(rule: str, points: int, because: str, values: tuple[tuple[str, bool | int | str], ...]) -> FiredRule:
    return FiredRule(rule=rule, points=points, because=because, values=dict(values))


def _plain(value: Value) -> bool | int | str:
    return ", ".join(value) if isinstance(value, tuple) else value


def _points(points: int | Steps, values: Mapping[str, Value]) -> int:
    if isinstance(points, int):
        return points
    number = values[points.of]
    step = bisect_right(points.at, number, key=lambda pair: pair[0])
    return points.at[step - 1][1] if step else 0
