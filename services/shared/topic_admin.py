"""Making the topics on a Kafka cluster as they are declared, and refusing to run where they are not."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaConnectionError, KafkaError, TopicAlreadyExistsError, for_code

from services.shared.errors import UserError
from services.shared.kafka import client_options
from services.shared.settings import Settings
from services.shared.topics import Topic, declared_topics

Outcome = Literal["created", "altered", "unchanged", "missing", "differs", "failed"]
APPLY = "tocsin topics apply"
REQUEST_TIMEOUT_MS = 15_000
SEEN_WITHIN_SECONDS = 15.0
"""How long `apply_topics` waits for brokers to know what the controller has done."""
POLL_SECONDS = 0.1
SET_ON_TOPIC = 1
"""`config_source` of a setting that was made on the topic itself (DYNAMIC_TOPIC_CONFIG of the Kafka protocol)."""
_GROWING = ("retention.ms", "max.message.bytes")
"""Settings that may be raised to what is declared without losing a message; a cluster may also allow more."""


@dataclass(frozen=True, slots=True)
class TopicChange:
    """What `apply_topics` did to one topic, or what it would do."""

    topic: str
    outcome: Outcome
    detail: str = ""
    """What was done, or what is wrong and how to mend it, in words that follow the topic's name; empty where there is
    nothing to say."""

    @property
    def ok(self) -> bool:
        """The topic is now as declared."""
        return self.outcome in {"created", "altered", "unchanged"}


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """A topic as it is on the cluster."""

    partitions: int
    copies: int
    """Replicas of the partition that has the fewest."""
    config: Mapping[str, str]
    """Settings in force, in Kafka's own names."""
    overrides: Mapping[str, str]
    """The part of `config` that was set on the topic itself."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How a topic on the cluster departs from its declaration."""

    alter: Mapping[str, str]
    """Settings that can be brought to the declared value without losing a message."""
    refused: tuple[str, ...]
    """What must not be changed behind anybody's back: a clause each, saying what is, what is declared, what to do."""


def difference(topic: Topic, found: FoundTopic, copies: int) -> Difference:
    """Compare a declared topic with what the cluster has; `copies` is the wanted number of replicas.

    A longer retention or larger message limit than declared is no difference: somebody wants to keep more.
    """
    refused = []
    if found.partitions != topic.partitions:
        refused.append(
            f"has {_count(found.partitions, 'partition')} and must have {topic.partitions}, which would move keys to "
            f"other partitions: once its messages are no longer needed, delete it and run `{APPLY}`"
        )
    if found.copies < copies:
        refused.append(
            f"has {_count(found.copies, 'copy', 'copies')} of a partition and KAFKA_REPLICATION_FACTOR asks for "
            f"{copies}: move it with kafka-reassign-partitions.sh, or set KAFKA_REPLICATION_FACTOR={found.copies}"
        )
    alter = {}
    for name, wanted in topic.config().items():
        current = found.config.get(name, "")
        if name in _GROWING:
            if _size(current) < _size(wanted):
                alter[name] = wanted
        elif current != wanted:
            refused.append(
                f"has {name}={current} and must have {wanted}, which would delete other messages than now: if that is "
                f"right, run kafka-configs.sh --alter --entity-type topics --entity-name {topic.name} "
                f"--add-config {name}={wanted}"
            )
    return Difference(alter, tuple(refused))


async def apply_topics(settings: Settings, topics: Sequence[Topic]) -> list[TopicChange]:
    """Create what is missing, raise settings that are too low, change nothing else; running it again does nothing.

    One change per topic, in their order. A topic with another number of partitions, fewer copies or another clean-up
    policy is left as it is and reported as `differs`; what the cluster refuses is `failed`. Raises UserError where no
    broker answers, or where the broker is the embedded one.
    """
    _refuse_embedded(settings)
    async with _admin(settings) as admin:
        found = await _find(admin, topics)
        created = await _create(admin, [topic for topic in topics if topic.name not in found], settings)
        found = await _find(admin, topics)
        return [
            created.get(topic.name) or await _bring_up(admin, topic, found.get(topic.name), settings)
            for topic in topics
        ]


async def compare_topics(settings: Settings, topics: Sequence[Topic]) -> list[TopicChange]:
    """What `apply_topics` would find, changing nothing: `missing`, `unchanged` or `differs`, in their order.

    Raises UserError where no broker answers, or where the broker is the embedded one.
    """
    _refuse_embedded(settings)
    async with _admin(settings) as admin:
        found = await _find(admin, topics)
    changes = []
    for topic in topics:
        if topic.name not in found:
            changes.append(TopicChange(topic.name, "missing", f"is missing: run `{APPLY}`"))
            continue
        departs = difference(topic, found[topic.name], settings.kafka_replication_factor)
        current = found[topic.name].config
        too_low = [
            f"has {name}={current.get(name)} and must have at least {wanted}: run `{APPLY}`"
            for name, wanted in departs.alter.items()
        ]
        clauses = [*departs.refused, *too_low]
        changes.append(TopicChange(topic.name, "differs" if clauses else "unchanged", "; ".join(clauses)))
    return changes


async def check_topics(settings: Settings, names: Iterable[str]) -> None:
    """Make sure that a service finds its topics, `names` with their prefix, as they are declared.

    On the embedded broker a topic is made by asking for it. Raises UserError naming every topic that is missing or has
    another number of partitions, and what to do; ValueError where a name is not declared.
    """
    declared = {topic.name: topic for topic in declared_topics(settings.topic_prefix, embedded=settings.embedded)}
    wanted = list(names)
    if unknown := [name for name in wanted if name not in declared]:
        raise ValueError(f"{', '.join(unknown)} is not declared in services/shared/topics.py")
    async with _admin(settings) as admin:
        # Asked for by name, a topic is created by a broker that may; asked for all, none is.
        listed = await admin.describe_topics(wanted if settings.embedded else None)
    partitions = {topic["topic"]: len(topic["partitions"]) for topic in listed if not topic["error_code"]}
    problems = []
    for name in wanted:
        if name not in partitions:
            problems.append(f"topic {name} is missing")
        elif partitions[name] != declared[name].partitions:
            problems.append(
                f"topic {name} has {_count(partitions[name], 'partition')} and must have {declared[name].partitions}"
            )
    if problems:
        raise UserError(
            f"Kafka at {settings.kafka_bootstrap_servers} is not ready: {'; '.join(problems)}. Run `{APPLY}`, which "
            "creates what is missing and says what else to do."
        )


def _refuse_embedded(settings: Settings) -> None:
    if settings.embedded:
        raise UserError(
            "The embedded broker makes its topics by itself: unset TOCSIN_EMBEDDED and name a Kafka cluster in "
            "KAFKA_BOOTSTRAP_SERVERS."
        )


@asynccontextmanager
async def _admin(settings: Settings) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(
        **client_options(settings), client_id="tocsin-topics", request_timeout_ms=REQUEST_TIMEOUT_MS
    )
    where = f"Kafka at {settings.kafka_bootstrap_servers}"
    try:
        await admin.start()
        yield admin
    except (KafkaConnectionError, OSError, TimeoutError) as error:
        raise UserError(
            f"{where} does not answer ({error}): check that it runs, and KAFKA_BOOTSTRAP_SERVERS, "
            "KAFKA_SECURITY_PROTOCOL, KAFKA_SASL_* and KAFKA_SSL_*."
        ) from error
    except KafkaError as error:
        raise UserError(
            f"{where} refused a request about topics ({error!r}): check what this user may do there."
        ) from error
    finally:
        await admin.close()


async def _find(admin: AIOKafkaAdminClient, topics: Sequence[Topic]) -> dict[str, FoundTopic]:
    """Those of `topics` that are on the cluster, by name."""
    names = {topic.name for topic in topics}
    # Asked for by name, a missing topic would be created by a broker that may; asked for all, none is.
    listed = [topic for topic in await admin.describe_topics() if topic["topic"] in names and not topic["error_code"]]
    if not listed:
        return {}
    answers = await admin.describe_configs(
        [ConfigResource(ConfigResourceType.TOPIC, topic["topic"]) for topic in listed]
    )
    entries: dict[str, list[tuple[Any, ...]]] = {}
    for error_code, message, _, name, found in (resource for answer in answers for resource in answer.resources):
        if error_code:
            raise for_code(error_code)(message)
        entries[name] = found
    return {topic["topic"]: _found_topic(topic["partitions"], entries[topic["topic"]]) for topic in listed}


def _found_topic(partitions: Sequence[Mapping[str, Any]], entries: Iterable[tuple[Any, ...]]) -> FoundTopic:
    config = {name: (value, source) for name, value, _, source, *_ in entries if value is not None}
    return FoundTopic(
        partitions=len(partitions),
        copies=min(len(partition["replicas"]) for partition in partitions),
        config={name: value for name, (value, _) in config.items()},
        overrides={name: value for name, (value, source) in config.items() if source == SET_ON_TOPIC},
    )


async def _create(admin: AIOKafkaAdminClient, missing: Sequence[Topic], settings: Settings) -> dict[str, TopicChange]:
    """Create `missing` and wait until brokers know them. A topic that somebody else has just created is left out."""
    if not missing:
        return {}
    copies = settings.kafka_replication_factor
    answer = await admin.create_topics(
        [NewTopic(topic.name, topic.partitions, copies, topic_configs=topic.config()) for topic in missing]
    )
    by_name = {topic.name: topic for topic in missing}
    changes = {}
    raced = set()
    for name, error_code, message in answer.topic_errors:
        if error_code == TopicAlreadyExistsError.errno:
            raced.add(name)
        elif error_code:
            reason = message or for_code(error_code).description
            changes[name] = TopicChange(name, "failed", f"was refused by the cluster: {reason}")
        else:
            changes[name] = TopicChange(name, "created", _described(by_name[name], copies))
    there = {name for name, change in changes.items() if change.ok} | raced
    await _wait_until(admin, [by_name[name] for name in there], lambda found: found.keys() >= there)
    return changes


async def _wait_until(
    admin: AIOKafkaAdminClient, topics: Sequence[Topic], seen: Callable[[Mapping[str, FoundTopic]], bool]
) -> None:
    """Wait until brokers know what the controller has done: it answers first and tells them after."""
    async with asyncio.timeout(SEEN_WITHIN_SECONDS):
        while True:
            if seen(await _find(admin, topics)):
                return
            await asyncio.sleep(POLL_SECONDS)


async def _bring_up(
    admin: AIOKafkaAdminClient, topic: Topic, found: FoundTopic | None, settings: Settings
) -> TopicChange:
    """Raise what may be raised on a topic that was there before."""
    if found is None:
        return TopicChange(topic.name, "failed", f"has just been deleted by somebody else: run `{APPLY}`")
    departs = difference(topic, found, settings.kafka_replication_factor)
    done = [f"had {name}={found.config.get(name)}, now {wanted}" for name, wanted in departs.alter.items()]
    if departs.alter:
        # This request replaces every setting of the topic, so those that others made are sent along.
        resource = ConfigResource(ConfigResourceType.TOPIC, topic.name, {**found.overrides, **departs.alter})
        for error_code, message, *_ in (
            r for answer in await admin.alter_configs([resource]) for r in answer.resources
        ):
            if error_code:
                reason = message or for_code(error_code).description
                return TopicChange(topic.name, "failed", f"was refused {_settings(departs.alter)}: {reason}")
        await _wait_until(
            admin, [topic], lambda now: departs.alter.items() <= now.get(topic.name, found).config.items()
        )
    if departs.refused:
        return TopicChange(topic.name, "differs", "; ".join([*departs.refused, *done]))
    if done:
        return TopicChange(topic.name, "altered", "; ".join(done))
    return TopicChange(topic.name, "unchanged")


def _described(topic: Topic, copies: int) -> str:
    return (
        f"with {_count(topic.partitions, 'partition')}, {_count(copies, 'copy', 'copies')} of each, "
        f"{_settings(topic.config())}"
    )


def _settings(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _size(value: str) -> float:
    """A setting as a number that grows with what is kept; -1 is Kafka's word for no limit."""
    return math.inf if value == "-1" else float(value or 0)
