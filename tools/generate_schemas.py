"""Writes what is generated from the messages, topics and the console's API, or checks that it is up to date.

python -m tools.generate_schemas            writes schemas/json, asyncapi.yaml, openapi.json and docs/messages.md
python -m tools.generate_schemas --check    exits 1 and names each file that is not what would be written
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from services.console.app import openapi_document
from tools.schema_files.asyncapi import asyncapi_document
from tools.schema_files.field_tables import field_tables
from tools.schema_files.json_schema import PUBLISHED, json_schema

ROOT = Path(__file__).resolve().parents[1]
MESSAGES_PAGE = Path("docs/messages.md")
BEGIN, END = "<!-- fields: generated from schemas/, do not edit -->", "<!-- end of fields -->"
HEADING = "# Generated from schemas/ and services/shared/topics.py by `make schemas`: do not edit.\n"


def generated_files(root: Path) -> dict[Path, str]:
    """Every generated file, relative to `root`, with the text that it must have.

    Of docs/messages.md only what stands between its two markers is generated; the rest is taken from the page in
    `root`. Raises ValueError where that page lacks a marker.
    """
    schemas = {name: json_schema(name) for name in PUBLISHED}
    files = {
        Path(f"schemas/json/{name}.json"): json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in schemas.items()
    }
    document = yaml.dump(asyncapi_document(), Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=120)
    files[Path("schemas/asyncapi.yaml")] = HEADING + document
    files[Path("schemas/openapi.json")] = json.dumps(openapi_document(), indent=2, ensure_ascii=False) + "\n"
    page = (root / MESSAGES_PAGE).read_text(encoding="utf-8")
    files[MESSAGES_PAGE] = _with_tables(page, field_tables(schemas))
    return files


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Write or check, and say so. Returns the exit status: 1 if `--check` finds a file that differs."""
    parser = argparse.ArgumentParser(prog="python -m tools.generate_schemas", description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 and name the files that differ")
    check = parser.parse_args(arguments).check
    files = generated_files(root)
    differing = [path for path, text in files.items() if not _holds(root / path, text)]
    strays = sorted({path.relative_to(root) for path in (root / "schemas/json").glob("*.json")} - files.keys())
    for path in differing:
        print(f"{path} is not what schemas/ says: run `make schemas`" if check else f"{path} written")
        if not check:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(files[path], encoding="utf-8")
    for path in strays:
        print(f"{path} belongs to no message: delete it")
    if not differing and not strays:
        print(f"{len(files)} generated files are up to date")
    return 1 if strays or (check and differing) else 0


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def _with_tables(page: str, tables: str) -> str:
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{MESSAGES_PAGE} needs the lines {BEGIN!r} and {END!r}, between which the tables go")
    return f"{before}{BEGIN}\n\n{tables}\n{END}{after}"


class _PlainDumper(yaml.SafeDumper):
    """YAML without anchors, so that every value stands where it is used, and with paragraphs as they are."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def represent_text(self, text: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_PlainDumper.add_representer(str, _PlainDumper.represent_text)

if __name__ == "__main__":
    sys.exit(main())
