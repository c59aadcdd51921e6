"""CAP messages as they come from strangers: parsed without following anything, and held to the OASIS schema."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lxml import etree

from services.alerter.cap.values import NAMESPACE

MOST_BYTES = 1_000_000
"""Bytes of a message: ten times the largest that public feeds carry, whose polygons make them long."""
_SCHEMA_MESSAGE = re.compile(r"Element '(?P<element>[^']+)'[^:]*: (?:\[[^\]]*\] )?(?P<rest>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or unwise, in a message."""

    error: bool
    """The message breaks CAP 1.2; otherwise a receiver may still trip over it."""
    line: int
    """In the message, from 1."""
    element: str
    """Name of the element that it is about."""
    message: str
    """What is wrong and what to do, as one sentence."""


def parse(message: bytes) -> tuple[etree._Element | None, Finding | None]:
    """The root of `message`, or why it cannot be read. Entities are not expanded and nothing is fetched."""
    if len(message) > MOST_BYTES:
        return None, Finding(True, 1, "alert", f"it has {len(message):,} bytes; at most {MOST_BYTES:,} are read")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(message, parser)
    except etree.XMLSyntaxError as error:
        return None, Finding(True, error.lineno or 1, "alert", f"this is not XML: {error.msg}")
    if root.getroottree().docinfo.doctype:
        return None, Finding(True, 1, "alert", "a document type stands before it; CAP has none, leave it out")
    name = etree.QName(root)
    if (name.namespace, name.localname) != (NAMESPACE, "alert"):
        here = f"{name.localname} of {name.namespace or 'no namespace'}"
        return None, Finding(True, 1, "alert", f"the root is {here} and must be alert of {NAMESPACE}")
    return root, None


def schema_findings(root: etree._Element) -> list[Finding]:
    """What the OASIS schema of CAP 1.2 finds wrong."""
    schema = _schema()
    if schema.validate(root):
        return []
    return [_of_schema(entry.line, entry.message) for entry in schema.error_log]


def _of_schema(line: int, message: str) -> Finding:
    # libxml2 begins a message with the element and the kind of rule: Element 'sent': [facet 'pattern'] The value ...
    told = _SCHEMA_MESSAGE.fullmatch(message.replace(f"{{{NAMESPACE}}}", ""))
    return Finding(True, line, told["element"], told["rest"]) if told else Finding(True, line, "alert", message)


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring((files("services.alerter.cap") / "CAP-v1.2.xsd").read_bytes()))
