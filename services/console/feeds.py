"""A subscription's alerts as Atom (RFC 4287) and as JSON Feed 1.1, for readers that know nothing of Tocsin.

Each alert is an item that never changes and never goes: one that was corrected or cancelled names the later one, and
the later one it. Pages follow RFC 5005: the newest first, older ones by the link `next`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from lxml import etree
from starlette.responses import JSONResponse, Response

from schemas import AlertRecord, SubscriptionRecord
from services.console.asking import LARGEST_NUMBER, SubscriptionName
from services.console.parts import Parts

PER_PAGE = 50
ATOM = "http://www.w3.org/2005/Atom"
OURS = "urn:tocsin:feed:1"
ATOM_TYPE, JSON_TYPE = "application/atom+xml", "application/feed+json"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Before = Annotated[int | None, Query(ge=1, le=LARGEST_NUMBER, description="Alerts with a lower number.")]


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Some alerts of one subscription, the newest first, and where they are to be had."""

    subscription: SubscriptionRecord
    records: Sequence[AlertRecord]
    base: str
    """The console's address, with a slash at the end."""
    own: str
    """This page's address."""
    older: str | None
    """The address of the page after this one."""

    @property
    def title(self) -> str:
        """What readers show."""
        return f"Tocsin: {self.subscription.subscription.name}"

    @property
    def updated(self) -> datetime:
        """When something last changed on this page."""
        return max((record.decided_at for record in self.records), default=_EPOCH)


def feeds_api(parts: Parts) -> APIRouter:
    """`/feeds/{name}/alerts.atom` and `.json`."""
    router = APIRouter(prefix="/feeds/{name}", tags=["feeds"])

    async def page(request: Request, name: str, before: int | None, form: str) -> FeedPage:
        subscription = await parts.desk.subscription(name)
        records = await parts.desk.alerts_before(name, before, PER_PAGE)
        base = str(request.base_url)
        here = f"{base}feeds/{quote(name)}/alerts.{form}"
        more = bool(records) and records[-1].number > 1
        return FeedPage(
            subscription=subscription,
            records=records,
            base=base,
            own=here if before is None else f"{here}?before={before}",
            older=f"{here}?before={records[-1].number}" if more else None,
        )

    @router.get(
        "/alerts.atom",
        operation_id="get_atom_feed",
        summary="A subscription's alerts as an Atom feed",
        response_class=Response,
        responses={200: {"content": {ATOM_TYPE: {"schema": {"type": "string"}}}}},
    )
    async def get_atom_feed(request: Request, name: SubscriptionName, before: Before = None) -> Response:
        """Readers that send `If-None-Match` get 304 while nothing has changed."""
        return _fresh(request, atom_feed(await page(request, name, before, "atom")), ATOM_TYPE)

    @router.get(
        "/alerts.json",
        operation_id="get_json_feed",
        summary="A subscription's alerts as a JSON Feed",
        response_class=JSONResponse,
        responses={200: {"content": {JSON_TYPE: {"schema": {"type": "object"}}}}},
    )
    async def get_json_feed(request: Request, name: SubscriptionName, before: Before = None) -> Response:
        """Each item has `_tocsin` with the alert's number, kind, status and what it replaces."""
        content = JSONResponse(json_feed(await page(request, name, before, "json"))).body
        return _fresh(request, bytes(content), JSON_TYPE)

    return router


def atom_feed(page: FeedPage) -> bytes:
    """`page` as an Atom document."""
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM, "tocsin": OURS})
    _text(feed, "id", _feed_id(page.subscription))
    _text(feed, "title", page.title)
    _text(feed, "updated", page.updated.isoformat())
    _text(feed, "generator", "Tocsin")
    author = etree.SubElement(feed, f"{{{ATOM}}}author")
    _text(author, "name", "Tocsin")
    _link(feed, "self", page.own, ATOM_TYPE)
    _link(feed, "alternate", _subscription_page(page), "text/html")
    if page.older is not None:
        _link(feed, "next", page.older, ATOM_TYPE)
    for record in page.records:
        _entry(feed, page, record)
    return etree.tostring(feed, xml_declaration=True, encoding="UTF-8")


def json_feed(page: FeedPage) -> dict[str, Any]:
    """`page` as a JSON Feed."""
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": page.title,
        "home_page_url": _subscription_page(page),
        "feed_url": page.own,
        "authors": [{"name": "Tocsin"}],
        "language": "en",
        "items": [_item(page, record) for record in page.records],
    }
    return feed | ({"next_url": page.older} if page.older is not None else {})


def _entry(feed: etree._Element, page: FeedPage, record: AlertRecord) -> None:
    alert = record.alert
    entry = etree.SubElement(feed, f"{{{ATOM}}}entry")
    _text(entry, "id", _alert_id(alert.alert_id))
    _text(entry, "title", alert.headline)
    _text(entry, "published", record.decided_at.isoformat())
    _text(entry, "updated", record.decided_at.isoformat())
    for term, scheme in _categories(record):
        etree.SubElement(entry, f"{{{ATOM}}}category", term=term, scheme=scheme)
    _link(entry, "alternate", _incident_page(page, record), "text/html")
    for relation, other in (("predecessor-version", record.replaces), ("successor-version", record.replaced_by)):
        if other is not None:
            _link(entry, relation, f"{page.base}api/v1/alerts/{other}", "application/json")
    _text(entry, "summary", alert.because)
    _text(entry, "content", alert.body or alert.headline)
    for name, value in _ours(record).items():
        if value is not None:
            etree.SubElement(entry, f"{{{OURS}}}{name}").text = str(value)


def _item(page: FeedPage, record: AlertRecord) -> dict[str, Any]:
    alert = record.alert
    return {
        "id": _alert_id(alert.alert_id),
        "url": _incident_page(page, record),
        "title": alert.headline,
        "summary": alert.because,
        "content_text": alert.body or alert.headline,
        "date_published": record.decided_at.isoformat(),
        "tags": [term for term, _ in _categories(record)],
        "_tocsin": _ours(record),
    }


def _ours(record: AlertRecord) -> dict[str, Any]:
    """What only Tocsin's own readers understand."""
    alert = record.alert
    return {
        "alert_id": alert.alert_id,
        "number": record.number,
        "kind": alert.kind.value,
        "reason": alert.reason.value,
        "incident_id": alert.incident_id,
        "revision": alert.revision,
        "sequence": alert.sequence,
        "delivery": record.status.value,
        "status": alert.status,
        "replaces": record.replaces,
        "replaced_by": record.replaced_by,
    }


def _categories(record: AlertRecord) -> Iterator[tuple[str, str]]:
    incident = record.alert.incident
    yield record.alert.kind.value, f"{OURS}:kind"
    yield incident.severity.level.value, f"{OURS}:severity"
    yield incident.type.value, f"{OURS}:type"
    if record.alert.status == "test":
        yield "test", f"{OURS}:status"


def _feed_id(subscription: SubscriptionRecord) -> str:
    return f"urn:tocsin:subscription:{subscription.subscription.name}"


def _alert_id(alert_id: str) -> str:
    return f"urn:tocsin:alert:{alert_id}"


def _subscription_page(page: FeedPage) -> str:
    return f"{page.base}subscriptions/{quote(page.subscription.subscription.name)}"


def _incident_page(page: FeedPage, record: AlertRecord) -> str:
    return f"{page.base}incidents/{quote(record.alert.incident_id, safe='')}"


def _text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}").text = _NOT_XML.sub("\ufffd", text)


def _link(parent: etree._Element, relation: str, address: str, kind: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", rel=relation, href=address, type=kind)


def _fresh(request: Request, content: bytes, media_type: str) -> Response:
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=media_type)
