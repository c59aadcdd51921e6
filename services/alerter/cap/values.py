"""The value spaces of CAP 1.2 that its schema leaves open: moments, references, characters, positions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
SIGNATURE_NAMESPACE = "http://www.w3.org/2000/09/xmldsig#"
FORBIDDEN_IN_IDS = re.compile(r"[\s,<&]")
"""What an <identifier> and a <sender> must not hold (CAP 1.2, 3.2.1)."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier message, as <references> names it."""

    sender: str
    identifier: str
    sent: datetime

    def __str__(self) -> str:
        return f"{self.sender},{self.identifier},{moment(self.sent)}"


def moment(at: datetime) -> str:
    """`at`, which must know its zone, as CAP writes it: whole seconds in UTC, whose offset is `-00:00` (3.3.2)."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") + "-00:00"


def read_moment(text: str) -> datetime:
    """The moment that `text` names. Raises ValueError where it is none in CAP's form."""
    if not _MOMENT.fullmatch(text):
        raise ValueError(f"{text!r} is no moment in the form 2025-06-02T09:05:00-00:00")
    return datetime.fromisoformat(text)


def read_references(text: str) -> tuple[Reference, ...]:
    """The messages that a <references> names. Raises ValueError naming the first that is not in CAP's form."""
    found = []
    for item in text.split():
        parts = item.split(",")
        if len(parts) != 3 or not all(parts):
            raise ValueError(f"{item!r} is not in the form sender,identifier,sent")
        found.append(Reference(parts[0], parts[1], read_moment(parts[2])))
    return tuple(found)


def read_point(text: str) -> tuple[float, float]:
    """Latitude and longitude of `lat,lon`, in degrees of WGS 84. Raises ValueError where it is no position."""
    parts = text.split(",")
    if len(parts) != 2:
        raise ValueError(f"{text!r} is not in the form latitude,longitude")
    lat, lon = (float(part) for part in parts)
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(f"{text!r} is no position: latitude comes first, in degrees")
    return lat, lon


def xml_text(text: str) -> str:
    """`text` without the characters that XML 1.0 cannot hold."""
    return _NOT_XML.sub("", text)
