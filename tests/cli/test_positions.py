"""How far the services have read, as a run takes it from the broker's answer."""

from __future__ import annotations

from aiokafka import TopicPartition
from aiokafka.structs import OffsetAndMetadata

from services.cli.running.positions import messages_committed

FIRST, SECOND, NEW = (TopicPartition("articles", partition) for partition in range(3))


def test_what_the_broker_leaves_out_is_not_committed() -> None:
    answer = {FIRST: OffsetAndMetadata(7, ""), SECOND: OffsetAndMetadata(-1, "")}
    assert messages_committed(answer, [FIRST, SECOND, NEW]) == 7
    assert messages_committed(answer, [NEW]) == 0
