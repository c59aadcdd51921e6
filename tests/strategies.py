"""Hypothesis strategies for the messages, made from the models: a new field is covered without a line here.

`values_of(Model)` gives any value that the model accepts; keyword arguments name the strategies of single fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import annotated_types
from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from schemas import Article, ArticleField, Claim, Evidence, Figure, Report

M = TypeVar("M", bound=BaseModel)

PARTS: tuple[ArticleField, ...] = ("title", "highlights", "body")
SLOTS = ("claim", "place", "occurred", "perpetrator", "target", "weapon", "type", "speaker")
GIVEN: dict[str, st.SearchStrategy[Any]] = {
    "time_zone": st.sampled_from(["UTC", "Africa/Bamako", "America/St_Johns"]),
    "polygons": st.just(((0.0, 0.0), (0.0, 1.5), (2.0, 1.5))).map(lambda one: (one,)) | st.just(()),
}
"""Fields that only a list or a calculation tells right from wrong, by name."""
MOST = 3
"""Elements of a list: enough to have an order, few enough to be fast."""


def values_of(model: type[M], **given: st.SearchStrategy[Any]) -> st.SearchStrategy[M]:
    """Any value of `model`; the fields that are named take their values from the strategies given."""
    if unknown := given.keys() - model.model_fields.keys():
        raise TypeError(f"{model.__name__} has no field {', '.join(sorted(unknown))}")
    fields = {
        name: (GIVEN | given)[name] if name in GIVEN | given else _of_type(field.annotation, field.metadata)
        for name, field in model.model_fields.items()
    }
    values = st.fixed_dictionaries(fields)
    if issubclass(model, Figure):
        values = values.map(_ascending)
    if issubclass(model, Evidence):
        values = values.map(lambda value: value | {"end": value["start"] + len(value["quote"])})
    return values.map(model.model_validate)


@st.composite
def evidence_in(draw: st.DrawFn, article: Article) -> Evidence:
    """Evidence whose offsets are true of `article`."""
    field = draw(st.sampled_from(PARTS))
    text = article.text_of(field)
    start, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
    return Evidence(slot=draw(st.sampled_from(SLOTS)), field=field, start=start, end=end, quote=text[start:end])


@st.composite
def reports_of(draw: st.DrawFn, article: Article) -> Report:
    """A report that names `article` and quotes it truly."""
    ordinal = draw(st.integers(0, 9))
    proofs = st.lists(evidence_in(article), min_size=1, max_size=MOST).map(tuple)
    strategy = values_of(
        Report,
        report_id=st.just(f"{article.article_id}#{ordinal}"),
        article=st.just(article.ref()),
        ordinal=st.just(ordinal),
        claims=st.lists(values_of(Claim, evidence=proofs), max_size=MOST).map(tuple),
        evidence=proofs,
    )
    return draw(strategy)


def timestamps() -> st.SearchStrategy[datetime]:
    """Moments of two centuries to the microsecond, in UTC or at an offset of whole minutes."""
    offsets = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
    first, last = datetime(1900, 1, 2), datetime(2100, 1, 1)  # noqa: DTZ001 - Hypothesis adds the offset
    return st.datetimes(first, last, timezones=st.just(UTC) | offsets)


def _ascending(value: dict[str, Any]) -> dict[str, Any]:
    """The same numbers, in the order that a figure asks for."""
    known = [name for name in ("low", "best", "high") if value[name] is not None]
    return value | dict(zip(known, sorted(value[name] for name in known), strict=True))


def _of_type(annotation: Any, constraints: Sequence[Any] = ()) -> st.SearchStrategy[Any]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        # Within a union, Pydantic leaves a Field as it stands.
        added = [rule for one in arguments[1:] for rule in (one.metadata if isinstance(one, FieldInfo) else [one])]
        return _of_type(arguments[0], [*constraints, *added])
    if origin in (Union, UnionType):
        return st.one_of(*(_of_type(choice, constraints) for choice in arguments))
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is tuple:
        fewest = _limit(constraints, annotated_types.MinLen, "min_length") or 0
        return st.lists(_of_type(arguments[0]), min_size=fewest, max_size=MOST).map(tuple)
    if origin is dict:
        return st.dictionaries(_of_type(arguments[0]), _of_type(arguments[1]), max_size=MOST)
    if issubclass(annotation, BaseModel):
        return _any_of(annotation)
    if issubclass(annotation, Enum):
        return st.sampled_from(annotation)
    return _of_scalar(annotation, constraints)


@cache
def _any_of(model: type[BaseModel]) -> st.SearchStrategy[BaseModel]:
    """Made once for each model: an alert holds an incident, which holds a score of models."""
    return values_of(model)


def _of_scalar(kind: type, constraints: Sequence[Any]) -> st.SearchStrategy[Any]:
    if kind is NoneType:
        return st.none()
    if kind is bool:
        return st.booleans()
    if kind is datetime:
        return timestamps()
    if kind is str:
        patterns = [constraint.pattern for constraint in constraints if getattr(constraint, "pattern", None)]
        if patterns:
            # Python's `$` also matches before a last line feed, which the models refuse.
            # Matched whole: a bare `$` would let a line feed follow, which is then filtered out, field by field.
            return st.from_regex(patterns[0], fullmatch=patterns[0].endswith("$")).filter(
                lambda text: not text.endswith("\n")
            )
        return st.text(min_size=_limit(constraints, annotated_types.MinLen, "min_length") or 0, max_size=40)
    least = _limit(constraints, annotated_types.Ge, "ge")
    most = _limit(constraints, annotated_types.Le, "le")
    if kind is int:
        return st.integers(least, most)
    if kind is float:
        above = _limit(constraints, annotated_types.Gt, "gt")
        lowest = least if above is None else above
        return st.floats(lowest, most, exclude_min=above is not None, allow_nan=False, allow_infinity=False)
    raise TypeError(f"no strategy for {kind}: add one to tests/strategies.py")


def _limit(constraints: Sequence[Any], kind: type, name: str) -> Any:
    return next((getattr(constraint, name) for constraint in constraints if isinstance(constraint, kind)), None)
