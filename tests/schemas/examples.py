"""The published examples, found as a reader of the repository finds them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from tools.generate_schemas import ROOT
from tools.schema_files.json_schema import PUBLISHED

EXAMPLES = sorted((ROOT / "schemas/examples").glob("*/*.json"))
"""Every example that was ever published; they are added to and never changed."""
NEWEST = max((ROOT / "schemas/examples").glob("v*"), key=lambda folder: int(folder.name.removeprefix("v")))
"""The set that shows the messages as they are now."""


def model_of(path: Path) -> type[BaseModel]:
    """The model that an example file is of."""
    return PUBLISHED[path.stem]


def name_of(path: Path) -> str:
    """`v1/article`, for the names of tests."""
    return f"{path.parent.name}/{path.stem}"


def example(name: str) -> Any:
    """The newest example of a message, as plain values."""
    return json.loads((NEWEST / f"{name}.json").read_text(encoding="utf-8"))
