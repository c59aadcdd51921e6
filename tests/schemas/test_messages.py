"""What every message promises: it survives the wire, tolerates newer writers, and holds to its own rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from schemas import (
    Alert,
    Article,
    Delivery,
    Evidence,
    Figure,
    Incident,
    IncidentEdit,
    Message,
    Report,
    Subscriptions,
    Toll,
)
from schemas.vocabulary import ClaimKind, SeverityLevel
from tests.schemas.examples import example
from tests.strategies import evidence_in, reports_of, timestamps, values_of
from tools.schema_files.json_schema import PUBLISHED, json_schema

STREAMED: list[type[Message]] = [Article, Report, Incident, IncidentEdit, Alert, Delivery]
NAME_OF = {model: name for name, model in PUBLISHED.items()}
ANY: dict[type[Message], st.SearchStrategy[Message]] = {model: values_of(model) for model in STREAMED}
VALID = {model: Draft202012Validator(json_schema(name)) for model, name in NAME_OF.items()}
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
some = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
streamed = pytest.mark.parametrize("model", STREAMED, ids=lambda model: model.__name__)


def objects_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every message within `value`, itself included: not what a rule saw, where every name is a value of its own."""
    if isinstance(value, dict):
        yield value
        for name, inner in value.items():
            if name != "values":
                yield from objects_in(inner)
    if isinstance(value, list):
        for inner in value:
            yield from objects_in(inner)


@streamed
@given(data=st.data())
@some
def test_a_message_read_from_its_bytes_is_the_message_and_the_bytes_are_valid_by_the_json_schema(
    model: type[Message], data: st.DataObject
) -> None:
    message = data.draw(ANY[model])
    written = message.to_bytes()
    assert model.from_bytes(written) == message
    VALID[model].validate(json.loads(written))


@streamed
@given(data=st.data())
@some
def test_fields_of_a_newer_writer_are_ignored_at_any_depth(model: type[Message], data: st.DataObject) -> None:
    written = example(NAME_OF[model])
    read = model.model_validate(written)
    places = list(objects_in(written))
    for place in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=5)):
        place["x-" + data.draw(st.text(max_size=10))] = data.draw(JSON_VALUES)
    assert model.from_bytes(json.dumps(written).encode()) == read
    VALID[model].validate(written)


@given(data=st.data())
@some
def test_a_field_that_nobody_knows_is_refused_in_subscriptions_and_named(data: st.DataObject) -> None:
    written = example("subscriptions")
    place = data.draw(st.sampled_from(list(objects_in(written))))
    name = "x_" + data.draw(st.from_regex("[a-z]{1,9}", fullmatch=True))
    place[name] = data.draw(JSON_VALUES)
    with pytest.raises(ValidationError) as error:
        Subscriptions.model_validate(written)
    assert [problem["loc"][-1] for problem in error.value.errors()] == [name]
    assert not VALID[Subscriptions].is_valid(written)


@given(values_of(Subscriptions))
@some
def test_subscriptions_that_are_valid_are_valid_by_the_json_schema(subscriptions: Subscriptions) -> None:
    VALID[Subscriptions].validate(subscriptions.model_dump(mode="json"))


@streamed
def test_a_message_never_changes(model: type[Message]) -> None:
    message = model.model_validate(example(NAME_OF[model]))
    for field in model.model_fields:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(message, field, None)


@streamed
def test_a_field_that_must_be_there_is_named_when_it_is_not(model: type[Message]) -> None:
    for name, field in model.model_fields.items():
        if field.is_required():
            written = example(NAME_OF[model])
            del written[name]
            with pytest.raises(ValidationError, match=name):
                model.from_bytes(json.dumps(written).encode())


def test_a_time_without_an_offset_is_refused() -> None:
    for moment in ("2025-06-02T09:00:00", datetime(2025, 6, 2, 9)):  # noqa: DTZ001
        with pytest.raises(ValidationError, match="needs a time zone"):
            Article.model_validate({"article_id": "a", "body": "", "published_at": moment})


@given(timestamps())
def test_a_time_keeps_its_moment_to_the_microsecond(moment: datetime) -> None:
    article = Article(article_id="a", body="", published_at=moment)
    assert Article.from_bytes(article.to_bytes()).published_at == moment


@given(st.data())
def test_evidence_must_span_its_quote(data: st.DataObject) -> None:
    article = data.draw(values_of(Article))
    proof = data.draw(evidence_in(article))
    for wrong in (proof.end + 1, proof.end - 1):
        with pytest.raises(ValidationError):
            Evidence.model_validate(proof.model_dump() | {"end": wrong})


@given(st.data())
@some
def test_offsets_count_code_points_whatever_the_script(data: st.DataObject) -> None:
    article = data.draw(values_of(Article))
    report = Report.from_bytes(data.draw(reports_of(article)).to_bytes())
    read = Article.from_bytes(article.to_bytes())
    for claim in report.claims:
        for proof in claim.evidence:
            assert read.text_of(proof.field)[proof.start : proof.end] == proof.quote


@given(low=st.integers(0, 99), best=st.integers(0, 99), high=st.integers(0, 99))
def test_the_numbers_of_a_figure_must_ascend(low: int, best: int, high: int) -> None:
    numbers = {"low": low, "best": best, "high": high}
    if low <= best <= high:
        assert Figure(**numbers).minimum == low
    else:
        with pytest.raises(ValidationError, match="ascending"):
            Figure(**numbers)


def test_harm_without_a_number_counts_for_one_and_no_harm_for_none() -> None:
    toll = Toll(abducted=Figure())
    assert toll.minimum(ClaimKind.ABDUCTED) == 1
    assert toll.minimum(ClaimKind.KILLED) == 0


def test_severity_levels_are_in_order_from_the_mildest() -> None:
    assert [level.rank for level in SeverityLevel] == [0, 1, 2, 3]
    assert max(SeverityLevel, key=lambda level: level.rank) is SeverityLevel.EXTREME
