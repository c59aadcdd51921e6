"""rules/severity.yaml as operators write it, with everything checked that can be wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Self, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from schemas.channel import Name, Written
from services.conditions.conditions import compile_condition
from services.conditions.variables import SCORED, VARIABLES, Kind
from services.processor.scoring.sentences import check_sentence
from services.regions.regions import Regions, explain_unknown_region

Location: TypeAlias = tuple[int | str, ...]


def _condition(text: str) -> str:
    compile_condition(text, without=SCORED)
    return text


def _counted(name: str) -> str:
    numbers = [known for known, variable in VARIABLES.items() if variable.kind is Kind.NUMBER and known not in SCORED]
    if name not in numbers:
        raise ValueError(f"{name} is no number of an incident; there are: {', '.join(numbers)}")
    return name


def _ascending(at: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    for (lower, _), (higher, _) in pairwise(at):
        if higher <= lower:
            raise ValueError(f"{higher} stands after {lower}; write the steps from the lowest number upwards")
    return at


Points = Annotated[int, Field(ge=-100, le=100)]


class Steps(Written):
    """Points that depend on how many: those of the highest step that the number reaches, none below the first."""

    of: Annotated[str, AfterValidator(_counted)]
    """The variable that counts."""
    at: Annotated[tuple[tuple[int, Points], ...], Field(min_length=1), AfterValidator(_ascending)]
    """Pairs `[from this number on, points]`, ascending."""


class SeverityRule(Written):
    """One reason why an incident is worse, or less bad, than another."""

    name: Name
    when: Annotated[str, AfterValidator(_condition)]
    """A CEL condition over the variables of an incident."""
    points: Annotated[
        Annotated[Points, Tag("int")] | Annotated[Steps, Tag("Steps")],
        Discriminator(lambda value: "Steps" if isinstance(value, dict | Steps) else "int"),
    ]
    """What it adds to the score; negative where it takes away."""
    because: Annotated[str, Field(min_length=1), AfterValidator(check_sentence)]
    """One sentence for a reader. `{killed}` stands for the variable's value, `{killed|person was|people were}` for the
    first wording where the value is 1 and the second elsewhere."""


class Levels(Written):
    """The lowest score of each level; below the first an incident is minor."""

    moderate: int = Field(ge=1, le=100)
    severe: int = Field(ge=1, le=100)
    extreme: int = Field(ge=1, le=100)

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if not self.moderate < self.severe < self.extreme:
            raise ValueError("moderate, severe and extreme must rise in this order")
        return self


class WrittenSeverity(Written):
    """The whole of rules/severity.yaml. Sections only keep rules of one kind together; all points are added up."""

    levels: Levels
    casualties: tuple[SeverityRule, ...] = ()
    types: tuple[SeverityRule, ...] = ()
    targets: tuple[SeverityRule, ...] = ()
    people: tuple[SeverityRule, ...] = ()
    regions: tuple[SeverityRule, ...] = ()
    certainty: tuple[SeverityRule, ...] = ()
    trend: tuple[SeverityRule, ...] = ()

    def rules(self) -> Iterator[tuple[Location, SeverityRule]]:
        """Every rule with where it stands, section by section as they are listed here."""
        for section in type(self).model_fields:
            if section != "levels":
                for index, rule in enumerate(getattr(self, section)):
                    yield (section, index), rule


def faults_of(written: WrittenSeverity, regions: Regions) -> list[tuple[Location, str]]:
    """What is wrong between rules, or between them and `regions`: where, and what to do.

    A name that two rules share, and regions or countries in a condition that do not exist.
    """
    faults: list[tuple[Location, str]] = []
    seen: set[str] = set()
    for loc, rule in written.rules():
        if rule.name in seen:
            faults.append(((*loc, "name"), f"another rule is called {rule.name} too; give each its own name"))
        seen.add(rule.name)
        for variable, value in compile_condition(rule.when, without=SCORED).compared:
            if variable in ("regions", "country") and value:
                wrong = explain_unknown_region(value, regions)
                if wrong is not None:
                    faults.append(((*loc, "when"), wrong))
    return faults
