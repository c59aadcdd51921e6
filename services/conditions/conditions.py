"""Conditions over an incident, written in CEL (cel.dev) by operators and by whoever subscribes.

The language has no loops but over a list at hand, no input or output, and regular expressions that run in linear time;
text is kept short, list macros shallow and patterns small, so that no condition can keep a service busy. A condition is
read once, and everything that can be wrong with it is said then: what cannot be parsed, variables and values that do
not exist, and kinds that do not go together, found by trying it on made-up incidents.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

import cel

from services.conditions.patterns import pattern_fault
from services.conditions.tokens import Token, bound_names, compared_values, nesting, tokens_of
from services.conditions.variables import VARIABLES, Kind, Value

MAX_LENGTH = 2_000
"""Characters; longer text is refused."""
MAX_NESTING = 2
"""List macros (`exists`, `all`, `filter`, `map`) within one another. With MAX_LENGTH it bounds one evaluation to some
hundred thousand steps, which is tens of milliseconds; conditions as people write them take microseconds."""
_TRIALS = 256
"""Made-up incidents that a new condition is tried on."""
_FUNCTIONS = ("size", "contains", "startsWith", "endsWith", "matches", "int", "double", "string")
_OPERATOR = re.compile(r"\W")
_PARSE_ERROR = re.compile(r"<input>:(\d+):(\d+): (?:Syntax error: )?(.*?)(?: expecting \{.*)?$", re.MULTILINE)


class ConditionError(ValueError):
    """A condition that cannot be used. Its text says where and what to do."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that has been read and tried."""

    text: str
    variables: tuple[str, ...]
    """The variables of an incident that it reads, sorted."""
    compared: tuple[tuple[str, str], ...]
    """Pairs of a variable and a text that it is compared with, in the order written: what names could be misspelt."""
    _program: cel.Program = field(repr=False, compare=False)

    def holds(self, values: Mapping[str, Value]) -> bool:
        """Whether it is met. `values` are those of `incident_variables`; others are ignored.

        Raises ConditionError where the values at hand make it fail (a division by zero) or not yield true or false.
        """
        try:
            result = self._program.execute({name: values[name] for name in self.variables})
        except _FAILURES as error:
            raise ConditionError(_failure(error)) from None
        if not isinstance(result, bool):
            raise ConditionError(f"it gives {result!r}, not true or false; compare it with something")
        return result


_FAILURES = (ValueError, TypeError, RuntimeError, ArithmeticError, LookupError)
"""What the CEL library raises while it evaluates."""


def compile_condition(text: str, without: Collection[str] = frozenset()) -> Condition:
    """The condition that `text` states.

    `without` names variables that have no value yet where the condition is used, such as SCORED in rules of severity.
    Raises ConditionError, saying at which column (and line, where there are several) and what to write.
    """
    if len(text) > MAX_LENGTH:
        raise ConditionError(f"has {len(text):,} characters, and at most {MAX_LENGTH:,} are read; use several rules")
    program = _parse(text)
    tokens = tuple(tokens_of(text))
    if nesting(tokens) > MAX_NESTING:
        raise ConditionError(f"list macros stand within one another more than {MAX_NESTING} deep; state it flat")
    if (fault := pattern_fault(tokens)) is not None:
        raise ConditionError(fault)
    bound = bound_names(tokens)
    for name in bound:
        if name in VARIABLES:
            raise ConditionError(f"{name} is a variable of the incident; give the item of the list another name")
    known = [name for name in VARIABLES if name not in without]
    used = [name for name in program.variables() if name not in bound]
    for name in used:
        if name not in known:
            raise ConditionError(_at(tokens, name) + _unknown_variable(name, known))
    for name in program.functions():
        if not _OPERATOR.search(name) and name not in _FUNCTIONS:
            raise ConditionError(_at(tokens, name) + f"there is no function {name}; there are: {', '.join(_FUNCTIONS)}")
    compared = tuple(compared_values(tokens, bound))
    for name, value in compared:
        allowed = VARIABLES[name].allowed
        if allowed and value not in allowed:
            raise ConditionError(f'{name} is never "{value}"; {_rather(value, allowed)}')
    condition = Condition(text, tuple(sorted(used)), compared, program)
    for values in _trials(condition, tokens):
        try:
            condition.holds(values)
        except ConditionError as error:
            tried = ", ".join(f"{name} {_shown(values[name])}" for name in condition.variables)
            raise ConditionError(f"{error} (tried with {tried})" if tried else str(error)) from None
    return condition


def _parse(text: str) -> cel.Program:
    if not text.strip():
        raise ConditionError("is empty; write a condition such as killed >= 50")
    try:
        return cel.compile(text)
    except ValueError as error:
        found = _PARSE_ERROR.search(str(error))
        if found is None:
            raise ConditionError(f"cannot be read as CEL: {str(error).splitlines()[-1]}") from None
        line, column, said = int(found[1]), int(found[2]), found[3].replace("'<EOF>'", "the end")
        if "Recursion limit" in said:
            raise ConditionError(
                f"column {column}: brackets stand too deep within one another; state it flat"
            ) from None
        where = f"line {line}, column {column}" if "\n" in text.strip() else f"column {column}"
        raise ConditionError(f"{where}: {said}{_hint(text)}") from None


def _hint(text: str) -> str:
    words = {token.text for token in tokens_of(text) if token.kind == "name"}
    if words & {"and", "or", "not", "AND", "OR", "NOT"}:
        return "; write && for and, || for or, ! for not"
    if re.search(r"(?<![=!<>])=(?!=)", text):
        return "; write == to compare, >= for at least"
    return ""


def _at(tokens: tuple[Token, ...], name: str) -> str:
    column = next((token.column for token in tokens if token.text == name), None)
    return f"column {column}: " if column else ""


def _unknown_variable(name: str, known: list[str]) -> str:
    if name == "incident":
        return "write the variables of the incident by themselves: killed, not incident.killed"
    if name in VARIABLES:
        return f"{name} cannot be used here, since it is worked out from this"
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"there is no variable {name}; " + (f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}")


def _rather(value: str, allowed: tuple[str, ...]) -> str:
    near = get_close_matches(value, allowed, n=1, cutoff=0.6)
    return f'did you mean "{near[0]}"?' if near else f"it can be: {', '.join(allowed)}"


def _failure(error: Exception) -> str:
    """The library's message without its advice, which is about Python and not about conditions."""
    said = str(error).split(". CEL does not coerce")[0].split(", so common causes")[0].splitlines()[0].rstrip(". ")
    if isinstance(error, TypeError):
        return f"kinds that do not go together: {said}; put double(x) around a whole number beside a fraction"
    if isinstance(error, ZeroDivisionError):
        return f"{said}; rule zero out first, as in: wounded > 0 && killed / wounded > 2"
    if isinstance(error, IndexError):
        return f"{said}; ask for the size first, as in: size(regions) > 1 && ..."
    return said


def _shown(value: Value) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]"
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def _trials(condition: Condition, tokens: tuple[Token, ...]) -> Iterator[dict[str, Value]]:
    """Values around everything that the condition compares with, so that each of its branches is entered.

    Without them `killed > 1000 && country > 3` would be found wrong only on the day that matters.
    """
    numbers = sorted({0, 1, 1_000_000} | {int(token.text) for token in tokens if token.kind == "integer"})
    texts = sorted({""} | {token.text for token in tokens if token.kind == "string"})
    choices: list[list[Value]] = []
    for name in condition.variables:
        match VARIABLES[name].kind:
            case Kind.NUMBER:
                choices.append(list(numbers))
            case Kind.TRUTH:
                choices.append([True, False])
            case Kind.TEXT:
                choices.append(list(texts))
            case Kind.LIST:
                choices.append([(), *((text,) for text in texts if text), tuple(texts)])
    # The least and the greatest of each first, then everything as far as the number of trials reaches.
    ordered = [[values[0], values[-1], *values[1:-1]] for values in choices]
    for combination in itertools.islice(_spread(ordered), _TRIALS):
        yield dict(zip(condition.variables, combination, strict=True))


def _spread(choices: list[list[Value]]) -> Iterator[tuple[Value, ...]]:
    """Combinations that take every value of every variable early: each alone first, then all of them."""
    yield tuple(values[0] for values in choices)
    yield tuple(values[min(1, len(values) - 1)] for values in choices)
    for index, values in enumerate(choices):
        for base in (0, 1):
            for value in values:
                row = [other[min(base, len(other) - 1)] for other in choices]
                row[index] = value
                yield tuple(row)
    yield from itertools.product(*choices)
