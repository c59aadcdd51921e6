"""Making a silence of what somebody wrote."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from schemas import Silence
from services.alerter.channel_faults import Fault
from services.alerter.policy.silencing import compile_silence
from services.alerter.subscriptions import ExplainRegion
from services.conditions.conditions import ConditionError

_SPELL = re.compile("([0-9]{1,5})(m|h|d)")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


class SilenceFaultsError(ValueError):
    """A silence that cannot be used; `faults` names each mistake by its field."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{_name(field)}: {message}" if field else message for field, message in faults))
        self.faults = faults


def moment_of(written: str, begins: datetime) -> datetime:
    """The moment that `written` names: 90m, 2h or 3d after `begins`, or an ISO 8601 time with its zone.

    Raises ValueError saying what to write instead.
    """
    spell = _SPELL.fullmatch(written.strip())
    if spell is not None:
        return begins + int(spell[1]) * _UNITS[spell[2]]
    try:
        at = datetime.fromisoformat(written.strip())
    except ValueError:
        raise ValueError(
            f"{written.strip()[:60]} is no moment: write 90m, 2h, 3d, or one such as 2031-01-01T06:00:00Z"
        ) from None
    if at.tzinfo is None:
        raise ValueError(f"has no time zone: write {written.strip()}Z for UTC, or an offset such as +01:00")
    # Beyond the calendar in UTC, it could be neither kept nor shown.
    return at.astimezone(UTC)


def new_silence(
    written: Mapping[str, Any], starts: str | None, until: str, author: str, now: datetime, explain: ExplainRegion
) -> Silence:
    """A silence with a fresh id of what is `written` (the fields of Silence that say what it silences, and `reason`),
    from `starts` (now where None) until `until`, both as `moment_of` has them.

    Raises SilenceFaultsError: times that cannot be read or are past, nothing or something unknown stated, a region that
    does not exist, a condition that cannot be used.
    """
    faults: list[Fault] = []
    begins = ends = now
    for field, text in (("starts", starts), ("until", until)):
        try:
            at = now if text is None else moment_of(text, begins)
        except (ValueError, OverflowError) as error:
            faults.append(((field,), str(error)))
            continue
        begins, ends = (at, at) if field == "starts" else (begins, at)
    if not faults and begins < ends <= now:
        faults.append((("until",), f"it would have ended at {ends:%Y-%m-%d %H:%M %Z}, which is past"))
    for number, region in enumerate(written.get("regions") or ()):
        wrong = explain(region)
        if wrong is not None:
            faults.append((("regions", number), wrong))
    if faults:
        raise SilenceFaultsError(*faults)
    values = dict(written) | {"silence_id": f"silence-{secrets.token_hex(5)}", "author": author}
    try:
        silence = Silence(**values | {"starts": begins, "until": ends})
        compile_silence(silence)
    except ValidationError as error:
        found = [(tuple(one["loc"]), one["msg"].removeprefix("Value error, ")) for one in error.errors()]
        raise SilenceFaultsError(*found) from None
    except ConditionError as error:
        raise SilenceFaultsError((("where",), str(error))) from None
    return silence


def _name(field: tuple[int | str, ...]) -> str:
    return ".".join(map(str, field))
