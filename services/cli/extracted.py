"""What was read of the input with what its articles tell of, in order: articles side by side, which is faster."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO

from schemas import Article, Report
from services.processor.extraction.extract import SIDE_BY_SIDE, extract_all
from services.producer.bad_input import BadInput
from services.producer.readers import STANDARD_INPUT_PATH
from services.shared import garbage


def extracted(
    reads: Iterable[Article | BadInput], at_once: int = SIDE_BY_SIDE
) -> Iterator[tuple[Article | BadInput, tuple[Report, ...]]]:
    """Each of `reads` with its reports, in order; what is no article has none. `at_once` are taken at a time."""
    garbage.seldom()
    left = iter(reads)
    while some := list(islice(left, at_once)):
        reports = iter(extract_all([read for read in some if isinstance(read, Article)]))
        for read in some:
            yield read, next(reports) if isinstance(read, Article) else ()


def taken_at_once(paths: Sequence[Path], stdin: IO[bytes]) -> int:
    """How many articles of these paths may wait for each other: in a pipe the next may be long in coming."""
    if STANDARD_INPUT_PATH not in paths:
        return SIDE_BY_SIDE
    try:
        kind = os.fstat(stdin.fileno()).st_mode
    except OSError:
        return 1
    return SIDE_BY_SIDE if stat.S_ISREG(kind) else 1
