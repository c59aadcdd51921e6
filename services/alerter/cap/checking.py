"""What makes a CAP message wrong beyond its schema: the rules of the text of CAP 1.2, and of those who read it.

Errors are what CAP 1.2 itself says must be or must not be. Warnings are what the profiles of large receivers (IPAWS,
Google's public alerts) refuse or ask for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from urllib.parse import urlsplit

from lxml import etree
from shapely import Polygon, is_valid_reason

from services.alerter.cap.reading import Finding, parse, schema_findings
from services.alerter.cap.values import (
    FORBIDDEN_IN_IDS,
    NAMESPACE,
    read_moment,
    read_point,
    read_references,
)

MOST_POLYGON_POINTS = 10_000
"""Points of one polygon that are looked at: finding out whether more cross each other takes too long."""
LONGEST_HEADLINE = 160
"""Characters of a <headline>, by CAP 1.2's note on devices that show no more."""
_REFERRING = frozenset({"Update", "Cancel", "Ack", "Error"})
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,200}>|&(?:[A-Za-z]{2,10}|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")
_PROSE = ("event", "headline", "description", "instruction", "areaDesc", "senderName", "contact")
_TELLING = ("headline", "description", "instruction")


def check(message: bytes) -> list[Finding]:
    """Everything that is wrong with `message`, in the order of its lines; empty for a sound message. Never raises."""
    root, fault = parse(message)
    if root is None:
        return [fault] if fault else []
    found = [*schema_findings(root)]
    for rule in _RULES:
        found += rule(root)
    return sorted(set(found), key=lambda finding: (finding.line, finding.element, finding.message))


def _identity(root: etree._Element) -> Iterator[Finding]:
    for name in ("identifier", "sender"):
        for element in _all(root, name):
            text = element.text or ""
            if not text:
                yield _error(element, "is empty; it must name the message, and its sender, in all the world")
            elif FORBIDDEN_IN_IDS.search(text):
                yield _error(element, f"holds white space, a comma, < or &: {text!r}")


def _references(root: etree._Element) -> Iterator[Finding]:
    kind, given = _text(root, "msgType"), _first(root, "references")
    if given is None or not (given.text or "").strip():
        if kind in _REFERRING:
            where = given if given is not None else _first(root, "msgType", root)
            yield _error(where, f"an {kind} must name in references the messages that it is about")
        return
    try:
        references = read_references(given.text or "")
    except ValueError as error:
        yield _error(given, str(error))
        return
    own = (_text(root, "sender"), _text(root, "identifier"))
    sent = _moment(_first(root, "sent"))
    for reference in references:
        if (reference.sender, reference.identifier) == own:
            yield _error(given, "the message names itself")
        elif sent is not None and reference.sent > sent:
            yield _error(given, f"{reference.identifier} was sent later than this message")
    for reference, times in Counter(references).items():
        if times > 1:
            yield _warning(given, f"{reference.identifier} is named {times} times")
    if kind == "Alert":
        yield _warning(given, "an Alert is the first of its kind; a message that replaces others is an Update")


def _scope(root: etree._Element) -> Iterator[Finding]:
    scope = _text(root, "scope")
    for wanted, name in (("Restricted", "restriction"), ("Private", "addresses")):
        element = _first(root, name)
        filled = element is not None and bool((element.text or "").strip())
        if scope == wanted and not filled:
            yield _error(_first(root, "scope", root), f"a {wanted} message must have {name}")
        elif filled and scope != wanted and name == "restriction":
            yield _error(element, f"{name} is for a {wanted} message; this one is {scope}")


def _infos(root: etree._Element) -> Iterator[Finding]:
    infos = _all(root, "info")
    if not infos and _text(root, "msgType") in {"Alert", "Update"}:
        yield _warning(_first(root, "msgType", root), "without an info, nobody learns what has happened")
    languages = [_text(info, "language") or "en-US" for info in infos]
    for language, times in Counter(languages).items():
        if times > 1:
            yield _warning(infos[0], f"{times} infos are in {language}; receivers show the first")
    for info, language in zip(infos, languages, strict=True):
        if not _LANGUAGE.fullmatch(language):
            yield _error(_first(info, "language", info), f"{language!r} is no language code of RFC 3066")
    for other in infos[1:]:
        for name in ("category", "eventCode"):
            if _values(other, name) != _values(infos[0], name):
                yield _error(other, f"its {name} differs from the first info's; all infos are about one event")
        if languages[0] != (_text(other, "language") or "en-US") and _same_words(infos[0], other):
            yield _warning(other, "its text is that of the first info, in another language by its code")


def _times(root: etree._Element) -> Iterator[Finding]:
    sent = _moment(_first(root, "sent"))
    for info in _all(root, "info"):
        expires = _first(info, "expires")
        end = _moment(expires)
        if end is None:
            yield _warning(info, "without expires, receivers do not know when to take it down")
            continue
        for name, begin in (("effective", _moment(_first(info, "effective"))), ("sent", sent)):
            if begin is not None and end <= begin:
                yield _error(expires, f"it expires no later than {name}")
    for element in root.iter(*(f"{{{NAMESPACE}}}{name}" for name in ("sent", "effective", "onset", "expires"))):
        if (element.text or "").endswith("+00:00"):
            yield _warning(element, "UTC is written -00:00 (CAP 1.2, 3.3.2)")


def _words(root: etree._Element) -> Iterator[Finding]:
    for info in _all(root, "info"):
        told = [(name, " ".join((_text(info, name) or "").split())) for name in _TELLING]
        for number, (name, text) in enumerate(told):
            for other, same in told[number + 1 :]:
                if text and text == same:
                    yield _warning(_first(info, other, info), f"{other} says no more than {name}")
        headline = _text(info, "headline") or ""
        if not headline:
            yield _warning(info, "without a headline, a phone has nothing to show")
        elif len(headline) > LONGEST_HEADLINE:
            yield _warning(
                _first(info, "headline", info), f"it has {len(headline)} characters; many show {LONGEST_HEADLINE}"
            )
        unknown = [_text(info, name) == "Unknown" for name in ("urgency", "severity", "certainty")]
        if all(unknown):
            yield _warning(info, "urgency, severity and certainty are all Unknown; most receivers show no such message")
    for element in root.iter(*(f"{{{NAMESPACE}}}{name}" for name in _PROSE)):
        if _MARKUP.search((element.text or "")[:100_000]):
            yield _warning(element, "it holds HTML, which receivers show as it stands; write plain text")


def _links(root: etree._Element) -> Iterator[Finding]:
    for element in root.iter(f"{{{NAMESPACE}}}web", f"{{{NAMESPACE}}}uri"):
        try:
            parts = urlsplit(element.text or "")
            whole = bool(parts.scheme and (parts.netloc or (parts.path and parts.scheme not in {"http", "https"})))
        except ValueError:
            whole = False
        if not whole:
            yield _error(element, f"{element.text!r} is no absolute address")


def _areas(root: etree._Element) -> Iterator[Finding]:
    for info in _all(root, "info"):
        areas = _all(info, "area")
        if not areas:
            yield _warning(info, "without an area, nobody knows where")
        for area in areas:
            shapes = [*_all(area, "polygon"), *_all(area, "circle")]
            if not shapes and not _all(area, "geocode"):
                yield _warning(area, "it has no polygon, circle or geocode, and can be put on no map")
            elif shapes and not _all(area, "geocode"):
                yield _warning(area, "a geocode should stand beside a polygon or circle")
            if _first(area, "ceiling") is not None and _first(area, "altitude") is None:
                yield _error(_first(area, "ceiling", area), "a ceiling needs an altitude")
            for polygon in _all(area, "polygon"):
                yield from _polygon(polygon)
            for circle in _all(area, "circle"):
                yield from _circle(circle)


def _polygon(element: etree._Element) -> Iterator[Finding]:
    pairs = (element.text or "").split()
    if len(pairs) > MOST_POLYGON_POINTS:
        yield _warning(element, f"{len(pairs):,} points are too many to check; write at most {MOST_POLYGON_POINTS:,}")
        return
    try:
        points = [read_point(pair) for pair in pairs]
    except ValueError as error:
        yield _error(element, str(error))
        return
    if len(points) < 4:
        yield _error(element, f"a polygon has at least 4 points, the last again the first; it has {len(points)}")
    elif points[0] != points[-1]:
        yield _error(element, "it is not closed: its last point must be its first")
    elif not (shape := Polygon([(lon, lat) for lat, lon in points])).is_valid:
        yield _error(element, f"it crosses itself ({is_valid_reason(shape)})")


def _circle(element: etree._Element) -> Iterator[Finding]:
    centre, _, radius = (element.text or "").partition(" ")
    try:
        read_point(centre)
        kilometres = float(radius)
    except ValueError as error:
        yield _error(element, f"a circle is latitude,longitude and a radius in kilometres: {error}")
        return
    if not 0 < kilometres < 20_040:
        yield _error(element, f"a radius of {kilometres:g} km is none on this Earth, or no area")


_RULES: tuple[Callable[[etree._Element], Iterator[Finding]], ...] = (
    _identity,
    _references,
    _scope,
    _infos,
    _times,
    _words,
    _links,
    _areas,
)


def _same_words(one: etree._Element, other: etree._Element) -> bool:
    texts = [(_text(one, name) or "", _text(other, name) or "") for name in ("headline", "description")]
    return all(a == b for a, b in texts) and any(a for a, _ in texts)


def _values(info: etree._Element, name: str) -> list[str]:
    return sorted("".join(element.itertext()).strip() for element in _all(info, name))


def _moment(element: etree._Element | None) -> datetime | None:
    try:
        return read_moment(element.text or "") if element is not None else None
    except ValueError:
        # The schema has said so.
        return None


def _all(parent: etree._Element, name: str) -> list[etree._Element]:
    return parent.findall(f"{{{NAMESPACE}}}{name}")


def _first(parent: etree._Element, name: str, otherwise: etree._Element | None = None) -> etree._Element | None:
    found = parent.find(f"{{{NAMESPACE}}}{name}")
    return otherwise if found is None else found


def _text(parent: etree._Element, name: str) -> str | None:
    element = _first(parent, name)
    return None if element is None else (element.text or "").strip()


def _error(element: etree._Element | None, message: str) -> Finding:
    return _finding(True, element, message)


def _warning(element: etree._Element | None, message: str) -> Finding:
    return _finding(False, element, message)


def _finding(error: bool, element: etree._Element | None, message: str) -> Finding:
    if element is None:
        return Finding(error, 1, "alert", message)
    return Finding(error, element.sourceline or 1, etree.QName(element).localname, message)
