"""What is kept for weeks is the same message, in less memory."""

from __future__ import annotations

from schemas import Message, Report
from services.processor.tracking.lean import lean
from services.processor.tracking.telling import condensed
from tests.processor.tracking.reports import at_least, exactly, report


def parts(message: Message) -> list[Message]:
    found = [message]
    for value in message.__dict__.values():
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Message):
                found += parts(item)
    return found


def test_a_message_says_what_it_said_before() -> None:
    original = report("a", killed=at_least(60), wounded=exactly(3))
    copy = Report.from_bytes(original.to_bytes())
    unset = [part.model_fields_set.copy() for part in parts(copy)]
    assert lean(copy) is copy
    assert copy == original
    assert copy.to_bytes() == original.to_bytes()
    assert [part.model_fields_set for part in parts(copy)] == unset


def test_messages_share_which_of_their_fields_are_filled() -> None:
    one, other = (condensed(report(name, killed=at_least(60))) for name in "ab")
    assert [id(part.model_fields_set) for part in parts(one)] == [id(part.model_fields_set) for part in parts(other)]


def test_a_changed_copy_leaves_what_is_shared_as_it_is() -> None:
    one, other = (condensed(report(name, killed=at_least(60))) for name in "ab")
    filled = other.model_fields_set.copy()
    assert "outdated" not in filled
    assert "outdated" in one.model_copy(update={"outdated": (5,)}).model_fields_set
    assert other.model_fields_set == filled
