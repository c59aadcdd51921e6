from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator

import pytest
from aiokafka.errors import (
    KafkaConnectionError,
    MessageSizeTooLargeError,
    RequestTimedOutError,
    TopicAuthorizationFailedError,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from schemas import Article
from services.producer.bad_input import BadInput
from services.producer.publish import (
    MAX_BYTES_IN_FLIGHT,
    MAX_MESSAGES_IN_FLIGHT,
    NAMED_BAD_INPUTS,
    Patience,
    PublishError,
    PublishSummary,
    publish,
)
from services.shared.envelope import trace_of
from services.shared.errors import UserError
from services.shared.topics import MAX_MESSAGE_BYTES
from tests.producer.fake_broker import FakeBroker

SHORT = Patience(stalled_seconds=0.05)
HURRIED = Patience(attempts=3, first_pause_seconds=0)
BAD = BadInput("a.jsonl", 3, "not JSON")


def article(name: str, body: str = "Text.") -> Article:
    return Article(article_id=name, title="Title", source="wire", body=body)


def articles(count: int, body: str = "Text.") -> Iterator[Article]:
    return (article(f"a{number}", body) for number in range(count))


async def run(items: Iterable[Article | BadInput], broker: FakeBroker) -> PublishSummary:
    return await publish(items, broker, patience=HURRIED)


async def test_every_article_goes_onto_the_topic_in_order_in_its_envelope() -> None:
    broker = FakeBroker()
    summary = await publish(articles(500), broker, topic="test-articles")
    assert (summary.sent, summary.bad, summary.repeated, summary.stopped) == (500, 0, 0, False)
    assert [message.key for message in broker.sent] == [f"a{number}".encode() for number in range(500)]
    assert {message.topic for message in broker.sent} == {"test-articles"}
    assert summary.bytes == sum(message.size for message in broker.sent)
    assert Article.from_bytes(broker.sent[7].value) == article("a7")
    headers = dict(broker.sent[7].headers)
    assert headers["ce_id"] == b"a7"
    assert headers["ce_source"] == b"tocsin/producer"
    assert headers["ce_type"] == b"tocsin.article.v1"
    assert headers["traceparent"] == trace_of("a7").encode()


@given(st.lists(st.sampled_from(["a", "b", "c"]) | st.just(BAD), max_size=12))
@settings(max_examples=30)
def test_the_summary_accounts_for_everything_that_came_in(given_items: list[str | BadInput]) -> None:
    items = [item if isinstance(item, BadInput) else article(item) for item in given_items]
    summary = asyncio.run(run(items, FakeBroker()))
    names = [item for item in given_items if isinstance(item, str)]
    assert summary.sent == len(names)
    assert summary.repeated == len(names) - len(set(names))
    assert summary.bad == len(summary.bad_inputs) == len(given_items) - len(names)


async def test_repeats_are_counted_among_the_newest_ids_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.producer.publish.REMEMBERED_IDS", 2)
    summary = await run([article(name) for name in ("a", "b", "a", "c", "a", "b")], FakeBroker())
    assert summary.repeated == 2  # The second and third a; b was forgotten for c.


async def test_bad_input_is_logged_and_named_and_the_rest_goes_on() -> None:
    broker = FakeBroker()
    with capture_logs() as logs:
        summary = await run([article("a"), BAD, article("b")], broker)
    assert summary.sent == 2
    assert summary.bad_inputs == (BAD,)
    assert {"event": "bad_input", "log_level": "warning", "file": "a.jsonl", "line": 3, "reason": "not JSON"} in logs
    assert [log["article_id"] for log in logs if log["event"] == "article_published"] == ["a", "b"]
    assert [log["sent"] for log in logs if log["event"] == "publish_finished"] == [2]


async def test_a_flood_of_bad_input_is_counted_and_not_kept() -> None:
    summary = await run([BAD] * 1000, FakeBroker())
    assert (summary.bad, len(summary.bad_inputs)) == (1000, NAMED_BAD_INPUTS)


async def test_an_article_too_large_for_a_message_is_bad_and_the_rest_goes_on() -> None:
    broker = FakeBroker()
    summary = await run([article("large", "a" * MAX_MESSAGE_BYTES), article("small")], broker)
    assert [message.key for message in broker.sent] == [b"small"]
    assert summary.bad == 1
    assert "article large: is larger as a message than the 16 MiB" in str(summary.bad_inputs[0])


async def test_never_more_messages_are_in_flight_than_allowed() -> None:
    broker = FakeBroker(held=asyncio.Event())
    publishing = asyncio.create_task(run(articles(3 * MAX_MESSAGES_IN_FLIGHT), broker))
    while broker.in_flight < MAX_MESSAGES_IN_FLIGHT:
        await asyncio.sleep(0.001)
    for _ in range(20):
        await asyncio.sleep(0.001)
    assert broker.held is not None
    broker.held.set()
    assert (await publishing).sent == 3 * MAX_MESSAGES_IN_FLIGHT
    assert broker.most_in_flight == MAX_MESSAGES_IN_FLIGHT


async def test_never_more_bytes_are_in_flight_than_allowed_but_for_one_large_message() -> None:
    broker = FakeBroker()
    assert (await run(articles(30, "a" * 600_000), broker)).sent == 30
    assert 600_000 < broker.most_bytes_in_flight <= MAX_BYTES_IN_FLIGHT
    broker = FakeBroker()
    assert (await run(articles(3, "a" * (MAX_BYTES_IN_FLIGHT + 1)), broker)).sent == 3
    assert broker.most_in_flight == 1


async def test_failures_that_may_pass_are_tried_again() -> None:
    broker = FakeBroker(refusals=[RequestTimedOutError(), KafkaConnectionError()])
    with capture_logs() as logs:
        summary = await run([article("a")], broker)
    assert summary.sent == len(broker.sent) == 1
    assert [log["attempt"] for log in logs if log["event"] == "publish_retry"] == [1, 2]


async def test_failures_that_do_not_pass_end_in_a_sentence_that_says_what_was_sent() -> None:
    broker = FakeBroker(refusals=[RequestTimedOutError()] * 3)
    with pytest.raises(PublishError, match=r"RequestTimedOutError.*0 were sent") as raised:
        await run([article("a")], broker)
    assert isinstance(raised.value, UserError)
    assert raised.value.summary.sent == 0


async def test_a_refusal_for_good_is_not_tried_again() -> None:
    broker = FakeBroker(failures={b"a1": TopicAuthorizationFailedError("articles")})
    with pytest.raises(PublishError, match="1 were sent and acknowledged") as raised, capture_logs() as logs:
        await run(articles(2), broker)
    assert raised.value.summary.sent == 1
    assert not [log for log in logs if log["event"] == "publish_retry"]


async def test_a_topic_that_takes_less_than_it_should_is_named_with_what_to_do() -> None:
    broker = FakeBroker(failures={b"a0": MessageSizeTooLargeError()})
    with pytest.raises(PublishError, match="tocsin topics apply"):
        await run(articles(1), broker)


async def test_a_broker_that_falls_silent_ends_in_a_sentence() -> None:
    broker = FakeBroker(held=asyncio.Event())
    with pytest.raises(PublishError, match=r"Kafka has not answered.*0 were sent.*run the same command again"):
        await publish(articles(3), broker, patience=SHORT)
    assert (broker.most_in_flight, broker.in_flight) == (3, 0)


async def test_after_a_failure_no_more_is_sent() -> None:
    broker = FakeBroker(failures={b"a3": TopicAuthorizationFailedError("articles")})
    with pytest.raises(PublishError):
        await run(articles(100_000), broker)
    assert len(broker.sent) <= MAX_MESSAGES_IN_FLIGHT + 3


async def test_a_stop_finishes_what_is_in_flight_and_sends_no_more() -> None:
    stop, held = asyncio.Event(), asyncio.Event()
    offered = 0

    def asked() -> None:
        nonlocal offered
        offered += 1
        if offered == 50:
            stop.set()
            asyncio.get_running_loop().call_soon(held.set)

    broker = FakeBroker(held=held, on_send=asked)
    summary = await publish(articles(100_000), broker, stop=stop)
    assert summary.stopped
    assert summary.sent == len(broker.sent) == offered
    assert offered < 100_000


async def test_room_is_asked_for_before_every_send() -> None:
    asked = 0

    async def room() -> None:
        nonlocal asked
        assert len(broker.sent) + broker.in_flight <= asked
        asked += 1

    broker = FakeBroker()
    await publish(articles(300), broker, room=room)
    assert asked == 300


async def test_nothing_is_sent_while_there_is_no_room() -> None:
    places = asyncio.Semaphore(2)

    async def room() -> None:
        await places.acquire()

    broker = FakeBroker()
    publishing = asyncio.create_task(publish(articles(5), broker, room=room))
    while len(broker.sent) < 2:
        await asyncio.sleep(0.001)
    for _ in range(20):
        await asyncio.sleep(0.001)
    assert len(broker.sent) == 2
    for _ in range(3):
        places.release()
    assert (await publishing).sent == 5


async def test_a_stop_ends_the_wait_for_room() -> None:
    stop = asyncio.Event()

    async def room() -> None:
        stop.set()
        await asyncio.Event().wait()

    summary = await publish(articles(5), FakeBroker(), room=room, stop=stop)
    assert (summary.sent, summary.stopped) == (0, True)


async def test_a_failing_room_fails_the_run() -> None:
    async def room() -> None:
        raise UserError("the embedded broker is gone")

    with pytest.raises(UserError, match="the embedded broker is gone"):
        await publish(articles(5), FakeBroker(), room=room)


async def test_an_error_of_the_reader_is_raised_here_and_leaves_nothing_in_flight() -> None:
    def torn() -> Iterator[Article]:
        yield article("a")
        raise RuntimeError("torn")

    broker = FakeBroker(held=asyncio.Event())
    with pytest.raises(RuntimeError, match="torn"):
        await publish(torn(), broker)
    assert broker.in_flight == 0


async def test_each_acknowledged_article_is_told_with_its_bytes() -> None:
    told: list[int] = []
    broker = FakeBroker()
    summary = await publish(articles(3), broker, on_sent=told.append)
    assert told == [message.size for message in broker.sent]
    assert sum(told) == summary.bytes


def test_the_rate_is_articles_a_second() -> None:
    summary = PublishSummary(sent=30, repeated=0, bad=0, bad_inputs=(), bytes=1, seconds=1.5)
    assert summary.rate == 20
    assert PublishSummary(sent=0, repeated=0, bad=0, bad_inputs=(), bytes=0, seconds=0).rate == 0
