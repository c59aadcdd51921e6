"""rules/regions.yaml, read."""

from __future__ import annotations

from pathlib import Path

from services.regions.regions import Regions, build_regions
from services.regions.written import WrittenRegions
from services.shared.rules_files import load_yaml


def load_regions(folder: Path) -> Regions:
    """The regions of `folder`/regions.yaml, with the UN's. Raises RulesError naming every mistake in the file."""
    return build_regions(load_yaml(folder / "regions.yaml", WrittenRegions))
