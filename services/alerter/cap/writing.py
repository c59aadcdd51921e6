"""An alert as a CAP 1.2 message.

What CAP asks for and the news does not say is left out or Unknown: no area is drawn round a place whose extent is not
known, and nobody is told to shelter or flee by a system that has only read about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from lxml import etree

from schemas import Alert, AlertKind, DecisionReason, Incident, Place, PlacePrecision, Stage, TimePrecision
from schemas.taxonomy import TYPES
from schemas.vocabulary import ClaimKind
from services.alerter.cap.event_terms import EVENT_CODES, VALUE_NAME
from services.alerter.cap.values import FORBIDDEN_IN_IDS, NAMESPACE, Reference, moment, xml_text
from services.alerter.policy.places import place_words
from services.alerter.policy.plain_text import one_line, printable

EXPIRES_AFTER = timedelta(hours=24)
"""What is told holds for a day unless it is replaced: feeds ask for an end, and a desk reads its day's alerts."""
RECENT = timedelta(hours=24)
"""An incident that began no longer before its newest article asks for action now; an older one is past."""
EXACT_RADIUS_KM = 5.0
"""Kilometres around the coordinates of an exactly known place: a gazetteer's point is the middle of a town, and an
incident in it may lie at its edge."""
HEADLINE_LENGTH = 140
"""Characters of a headline, by Google's profile of CAP."""
_MESSAGE_TYPES = {
    AlertKind.ALERT: "Alert",
    AlertKind.UPDATE: "Update",
    AlertKind.CORRECTION: "Update",
    AlertKind.CANCEL: "Cancel",
}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends CAP messages."""

    identity: str
    """<sender>: unique in the world by convention of its domain, such as `alerts@desk.example`; no white space, comma,
    `<` or `&`."""
    name: str = "Tocsin"
    """<senderName>, for people."""
    contact: str | None = None

    def __post_init__(self) -> None:
        if not self.identity or FORBIDDEN_IN_IDS.search(self.identity):
            raise ValueError(f"{self.identity!r} cannot be a CAP sender: no white space, comma, < or & may stand in it")


def cap_message(alert: Alert, sent: datetime, sender: Sender, earlier: Sequence[Reference] = ()) -> bytes:
    """`alert` as a CAP 1.2 message in UTF-8.

    `sent` is when it was decided, with a zone. `earlier` are the messages that this subscription was told of the
    incident before, oldest first; an update, a correction and a cancel name them all. Same arguments, same bytes.

    An update or correction without `earlier` is the receiver's first, and becomes an Alert. Raises ValueError for a
    cancel without: it would take back nothing.
    """
    if alert.kind is AlertKind.CANCEL and not earlier:
        raise ValueError(f"{alert.alert_id} cancels, and no earlier message is named that it takes back")
    root = etree.Element(_tag("alert"), nsmap={None: NAMESPACE})
    kind = _MESSAGE_TYPES[alert.kind] if earlier else "Alert"
    _add(root, "identifier", alert.alert_id)
    _add(root, "sender", sender.identity)
    _add(root, "sent", moment(sent))
    _add(root, "status", alert.status.capitalize())
    _add(root, "msgType", kind)
    _add(root, "source", f"Tocsin, incident {alert.incident_id} revision {alert.revision}")
    _add(root, "scope", "Private")
    _add(root, "addresses", f'"{one_line(alert.subscription)}"')
    if alert.kind is not AlertKind.ALERT:
        _add(root, "note", alert.because)
    if kind != "Alert":
        _add(root, "references", " ".join(str(reference) for reference in earlier))
    ids = [alert.incident_id, *([alert.incident.merged_into] if alert.incident.merged_into else [])]
    _add(root, "incidents", " ".join(ids))
    _info(root, alert, sent, sender)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def reference_to(alert: Alert, sent: datetime, sender: Sender) -> Reference:
    """What later messages on the same incident name `alert` by."""
    return Reference(sender.identity, alert.alert_id, sent)


def _info(root: etree._Element, alert: Alert, sent: datetime, sender: Sender) -> None:
    incident = alert.incident
    info = etree.SubElement(root, _tag("info"))
    _add(info, "language", "en")
    _add(info, "category", TYPES[incident.type].cap_category)
    _add(info, "event", incident.type.replace("_", " "))
    _add(info, "responseType", "AllClear" if _ends(alert) else "Monitor")
    _add(info, "urgency", "Past" if _ends(alert) else urgency_of(incident))
    _add(info, "severity", incident.severity.level.capitalize())
    _add(info, "certainty", incident.certainty.capitalize())
    _named(info, "eventCode", VALUE_NAME, EVENT_CODES[incident.type])
    _add(info, "effective", moment(sent))
    if incident.occurred is not None and incident.occurred.start is not None:
        _add(info, "onset", moment(incident.occurred.start))
    _add(info, "expires", moment(sent + EXPIRES_AFTER))
    _add(info, "senderName", sender.name)
    headline = one_line(alert.headline, HEADLINE_LENGTH)
    _add(info, "headline", headline)
    description = printable(alert.body).removeprefix(alert.headline).strip() or alert.because
    _add(info, "description", description if description != headline else f"{description} ({alert.because})")
    web = next((url for source in incident.sources if (url := _absolute(source.url))), None)
    if web:
        _add(info, "web", web)
    if sender.contact:
        _add(info, "contact", sender.contact)
    for name, value in _parameters(alert):
        _named(info, "parameter", name, value)
    _area(info, incident.place)


def urgency_of(incident: Incident) -> str:
    """CAP's <urgency>: Expected for a threat, Immediate for what began within a day of its newest article, Past for
    what began earlier, Unknown where no date is known."""
    if incident.stage is Stage.THREATENED:
        return "Expected"
    occurred, newest = incident.occurred, incident.as_of
    if occurred is None or occurred.start is None or newest is None or occurred.precision is TimePrecision.UNRESOLVED:
        return "Unknown"
    last = occurred.end or occurred.start
    return "Immediate" if newest - last <= RECENT else "Past"


def _ends(alert: Alert) -> bool:
    return alert.kind is AlertKind.CANCEL or alert.reason is DecisionReason.BELOW_THRESHOLD


def _parameters(alert: Alert) -> Iterator[tuple[str, str]]:
    toll, before = alert.incident.toll, alert.told_before.toll if alert.told_before else None
    for kind in ClaimKind:
        name = "fatalities" if kind is ClaimKind.KILLED else kind.value
        figure = toll.of(kind)
        if figure is not None:
            for part, value in (("low", figure.low), ("best", figure.best), ("high", figure.high)):
                if value is not None:
                    yield f"{name}.{part}", str(value)
            yield f"{name}.modifier", figure.modifier
        told = before.of(kind) if before else None
        if told is not None and told != figure and told.best is not None:
            yield f"{name}.previous", str(told.best)
    yield "kind", alert.kind
    yield "reason", alert.reason
    yield "revision", str(alert.revision)
    yield "sequence", str(alert.sequence)
    yield "sources", str(len(alert.incident.sources) if alert.articles is None else alert.articles)
    yield "independentSources", str(alert.incident.independent_sources)


def _area(info: etree._Element, place: Place | None) -> None:
    area = etree.SubElement(info, _tag("area"))
    if place is None:
        _add(area, "areaDesc", "Place not stated")
        return
    _add(area, "areaDesc", place_words(place, division=True) or one_line(place.name) or "Place not stated")
    if place.precision is PlacePrecision.EXACT and place.lat is not None and place.lon is not None:
        _add(area, "circle", f"{place.lat:.4f},{place.lon:.4f} {EXACT_RADIUS_KM:g}")
    codes = (
        ("ISO3166-1", place.country),
        ("ISO3166-2", place.admin1_code),
        ("GeoNames", str(place.geonames_id) if place.geonames_id is not None else None),
    )
    for name, code in codes:
        if code:
            _named(area, "geocode", name, code)


def _absolute(url: str | None) -> str | None:
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    whole = parts.scheme in ("http", "https") and parts.hostname and not any(map(str.isspace, url or ""))
    return url if whole else None


def _named(parent: etree._Element, tag: str, name: str, value: str) -> None:
    pair = etree.SubElement(parent, _tag(tag))
    _add(pair, "valueName", name)
    _add(pair, "value", value)


def _add(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, _tag(tag)).text = xml_text(text)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
