"""Tables of every message's fields for docs/messages.md, made from the JSON Schemas."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]


def field_tables(schemas: Mapping[str, Schema]) -> str:
    """Markdown: a section per message, then one per structure and vocabulary inside them, each once.

    `schemas` are the JSON Schemas of the messages by name, in the order in which they are to stand.
    """
    sections = [_section(schema["title"], schema) for schema in schemas.values()]
    messages = {schema["title"] for schema in schemas.values()}
    parts = {title: part for schema in schemas.values() for title, part in schema.get("$defs", {}).items()}
    sections += [_section(title, parts[title]) for title in sorted(parts) if title not in messages]
    return "\n".join(sections)


def _section(title: str, schema: Schema) -> str:
    lines = [f"### {title}", "", _prose(schema.get("description", "")), ""]
    if "enum" in schema:
        lines += [f"One of {', '.join(f'`{word}`' for word in schema['enum'])}.", ""]
    if "properties" in schema:
        required = schema.get("required", ())
        lines += ["| field | type | if absent | meaning |", "|---|---|---|---|"]
        lines += [_row(name, field, required=name in required) for name, field in schema["properties"].items()]
        lines.append("")
    return "\n".join(lines)


def _row(name: str, field: Schema, *, required: bool) -> str:
    absent = "must be there" if required else f"`{_brief(field.get('default'))}`"
    cells = [f"`{name}`", _type_of(field), absent, _prose(field.get("description", "")).replace("\n", " ")]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _prose(text: str) -> str:
    """`text` for Markdown: an angle bracket is one, and no tag, wherever it is not code."""
    parts = text.split("`")
    return "`".join(part if position % 2 else part.replace("<", "&lt;") for position, part in enumerate(parts))


def _brief(default: Any) -> str:
    """The default as JSON; a structure without the parts that are null."""
    if isinstance(default, dict):
        default = {name: value for name, value in default.items() if value not in (None, [], {})}
    return json.dumps(default)


def _type_of(field: Schema) -> str:
    if "$ref" in field:
        title = field["$ref"].rpartition("/")[2]
        return f"[{title}](#{title.lower()})"
    for several in ("anyOf", "oneOf"):
        if several in field:
            return " or ".join(_type_of(choice) for choice in field[several])
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return " or ".join(f"`{word}`" for word in field["enum"])
    if "prefixItems" in field:
        return f"[{', '.join(_type_of(item) for item in field['prefixItems'])}]"
    if field.get("type") == "array":
        item = _type_of(field["items"])
        return f"list of ({item})" if " or " in item else f"list of {item}"
    if field.get("type") == "object":
        values = field.get("additionalProperties", {})
        return f"object of {_type_of(values)}" if values else "object"
    return f"{field['type']}{_limits(field)}"


def _limits(field: Schema) -> str:
    if field.get("format") == "date-time":
        return " (RFC 3339 time with UTC offset)"
    words = {
        "minimum": "at least {}",
        "exclusiveMinimum": "above {}",
        "maximum": "at most {}",
        "minLength": "at least {} character",
        "pattern": "matching `{}`",
    }
    limits = [words[limit].format(field[limit]) for limit in words if limit in field]
    return f" ({', '.join(limits)})" if limits else ""
