"""The declared topics: named as Kafka allows, each with its dead-letter twin, shared by prefix."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.shared.settings import Settings
from services.shared.topics import (
    ALERTS,
    ARTICLES,
    DAY_MS,
    DELIVERIES,
    EMBEDDED_PARTITIONS,
    INCIDENTS,
    MAX_MESSAGE_BYTES,
    OPEN_INCIDENTS,
    REPORTS,
    REPORTS_PARTITION,
    Topic,
    changelog_of,
    dead_of,
    declared_topics,
    group_of,
)

LEGAL = re.compile(r"[A-Za-z0-9._-]{1,249}")
"""What Kafka takes for the name of a topic (org.apache.kafka.common.internals.Topic)."""
PREFIX = next(item.pattern for item in Settings.model_fields["topic_prefix"].metadata if hasattr(item, "pattern"))


def by_name(prefix: str = "", *, embedded: bool = False) -> dict[str, Topic]:
    return {topic.name.removeprefix(prefix): topic for topic in declared_topics(prefix, embedded=embedded)}


@given(st.from_regex(PREFIX).filter(lambda prefix: not prefix.endswith("\n")))
def test_whatever_prefix_the_settings_allow_makes_legal_names_that_begin_with_it(prefix: str) -> None:
    names = [topic.name for topic in declared_topics(prefix)]
    assert all(LEGAL.fullmatch(name) and name.startswith(prefix) for name in names)
    assert len(set(names)) == len(names)
    # Kafka names metrics with dots turned into underscores, and refuses two topics that would then be one.
    assert len({name.replace(".", "_") for name in names}) == len(names)


def test_the_streams_are_the_five_messages() -> None:
    assert {ARTICLES, REPORTS, INCIDENTS, ALERTS, DELIVERIES} <= by_name().keys()


@pytest.mark.parametrize("name", [ARTICLES, REPORTS, INCIDENTS, ALERTS])
def test_every_stage_has_a_dead_letter_topic_that_keeps_a_month_and_takes_the_largest_message(name: str) -> None:
    dead = by_name()[dead_of(name)]
    assert dead.retention_ms == 30 * DAY_MS
    assert dead.max_message_bytes > by_name()[name].max_message_bytes


def test_all_reports_fit_on_the_one_partition_that_linking_reads() -> None:
    assert by_name()[REPORTS].partitions == 1
    for topic in (by_name()[REPORTS], by_name(embedded=True)[REPORTS]):
        assert topic.partitions > REPORTS_PARTITION


def test_the_changelog_has_a_partition_for_each_of_reports() -> None:
    for embedded in (False, True):
        topics = by_name(embedded=embedded)
        assert topics[changelog_of("")].partitions == topics[REPORTS].partitions


def test_incidents_and_the_trackers_state_keep_the_newest_of_each_key_and_nothing_else_does() -> None:
    assert {name for name, topic in by_name().items() if topic.compacted} == {INCIDENTS, changelog_of("")}


def test_compaction_and_retention_are_set_in_kafkas_own_names() -> None:
    assert Topic("a", 1, None).config() == {"max.message.bytes": str(MAX_MESSAGE_BYTES), "cleanup.policy": "compact"}
    assert Topic("a", 1, 5, max_message_bytes=9).config() == {
        "max.message.bytes": "9",
        "cleanup.policy": "delete",
        "retention.ms": "5",
    }


def test_the_embedded_broker_gives_every_topic_its_own_number_of_partitions() -> None:
    assert {topic.partitions for topic in declared_topics(embedded=True)} == {EMBEDDED_PARTITIONS}
    assert by_name(embedded=True).keys() == by_name().keys()


def test_groups_and_the_changelog_carry_the_prefix() -> None:
    assert group_of("north-", "alerter") == "north-tocsin-alerter"
    assert changelog_of("north-") == f"north-tocsin-processor-{OPEN_INCIDENTS}-changelog"
