"""Files, folders and standard input -> articles, one at a time.

A file holds JSON Lines, one JSON text or a seed text. What cannot be read is yielded as a BadInput, and reading goes
on with the next line or file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import IO

from schemas import Article
from services.producer.bad_input import STANDARD_INPUT, BadInput, UnreadableError
from services.producer.json_articles import article_of, parse_json
from services.producer.lines import Line, read_lines, text_of
from services.producer.seed_text import article_of_seed

STANDARD_INPUT_PATH = Path("-")
JSON_LINES_SUFFIXES = frozenset({".jsonl", ".ndjson"})
JSON_SUFFIX = ".json"
SEED_SUFFIX = ".txt"
SUFFIXES = JSON_LINES_SUFFIXES | {JSON_SUFFIX, SEED_SUFFIX}
"""The files of a folder that are read, in any case of letters; a file that is named itself may have any ending."""

OnWarning = Callable[[BadInput], None]
OnBytes = Callable[[int], None]
Read = Iterator[Article | BadInput]
ReadRest = Callable[[int], bytes]


def read_articles(
    paths: Sequence[Path],
    stdin: IO[bytes] | None = None,
    *,
    on_warning: OnWarning | None = None,
    on_bytes: OnBytes | None = None,
) -> Read:
    """The articles of `paths`, in the order of the paths and of the lines within them.

    A folder is read recursively, its files in the order of their names and then its folders; only files that end in
    .txt, .jsonl, .ndjson or .json, and nothing hidden. `-` is `stdin`, and so is an empty list of paths.

    - .jsonl and .ndjson: one article a line, see `article_of`; read line by line, so a file may be of any size.
    - .json: the same, or one object or an array of objects written over several lines.
    - any other file and standard input: by what they begin with, `{` for one article a line, `[{` for an array, and
      else a seed text, see `article_of_seed`.

    `on_warning` hears of fields that were left out of an article; `on_bytes` hears how many bytes were read.
    Nothing is raised for what is wrong with the input.
    """
    warn = on_warning or _ignore
    count = on_bytes or _ignore
    for path in paths or (STANDARD_INPUT_PATH,):
        if path == STANDARD_INPUT_PATH:
            if stdin is None:
                yield BadInput(STANDARD_INPUT, None, "there is none; name a file or a folder")
            else:
                yield from _read_stream(stdin, STANDARD_INPUT, Path(), warn, count)
        elif path.is_dir():
            yield from _read_folder(path, warn, count)
        else:
            yield from _read_file(path, warn, count)


def article_files(folder: Path, on_error: Callable[[OSError], None] | None = None) -> Iterator[Path]:
    """The files of `folder` that `read_articles` reads, in its order. Links to folders are not followed."""
    for parent, folders, files in os.walk(folder, onerror=on_error):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(parent, name)
            if not name.startswith(".") and path.suffix.lower() in SUFFIXES:
                yield path


def _ignore(_: object) -> None:
    return


def _read_folder(folder: Path, warn: OnWarning, count: OnBytes) -> Read:
    errors: list[OSError] = []
    found = False
    for path in article_files(folder, errors.append):
        found = True
        yield from _read_file(path, warn, count)
    for error in errors:
        yield BadInput(str(error.filename or folder), None, f"cannot be read ({_plain(error)}); check its permissions")
    if not found and not errors:
        yield BadInput(str(folder), None, f"holds no file that ends in {', '.join(sorted(SUFFIXES))}; check the path")


def _read_file(path: Path, warn: OnWarning, count: OnBytes) -> Read:
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        yield BadInput(str(path), None, "there is no such file or folder; check the path")
        return
    except (OSError, ValueError) as error:
        yield BadInput(str(path), None, f"cannot be opened ({_plain(error)}); check its name and permissions")
        return
    with stream:
        yield from _read_stream(stream, str(path), path, warn, count)


def _read_stream(stream: IO[bytes], file: str, path: Path, warn: OnWarning, count: OnBytes) -> Read:
    def read_rest(limit: int) -> bytes:
        raw = stream.read(limit)
        count(len(raw))
        return raw

    lines = read_lines(stream, count)
    suffix = path.suffix.lower()
    try:
        if suffix in JSON_LINES_SUFFIXES:
            yield from _json_lines(lines, file, warn)
            return
        first = next((line for line in lines if not line.is_blank), None)
        if first is None:
            if path.name:
                yield BadInput(file, None, "is empty; write an article, or remove the file")
        elif _is_json_text(first, suffix):
            yield from _json_text(first, read_rest, file, warn)
        elif suffix == JSON_SUFFIX or first.content.startswith(b"{"):
            yield from _json_lines(chain([first], lines), file, warn)
        else:
            yield _seed(first, read_rest, file, path.stem)
    except OSError as error:
        yield BadInput(file, None, f"reading broke off ({_plain(error)}); what came before it was taken")


def _is_json_text(first: Line, suffix: str) -> bool:
    """Whether a stream that begins with the line `first` is one JSON text, and not an article a line."""
    if first.content == b"[" or first.content.startswith(b"[{"):
        return True
    is_object = first.too_long or (first.content.startswith(b"{") and first.content.endswith(b"}"))
    return suffix == JSON_SUFFIX and not is_object


def _json_lines(lines: Iterable[Line], file: str, warn: OnWarning) -> Read:
    for line in lines:
        if not line.is_blank:
            try:
                yield article_of(parse_json(text_of(line)), _at(warn, file, line.number))
            except UnreadableError as error:
                yield BadInput(file, line.number, str(error))


def _json_text(first: Line, read_rest: ReadRest, file: str, warn: OnWarning) -> Read:
    """The articles of one JSON text: an object, or an array of them."""
    try:
        value = parse_json(text_of(first, read_rest), first.number)
    except UnreadableError as error:
        yield BadInput(file, None, str(error))
        return
    many = isinstance(value, list)
    for position, item in enumerate(value if many else [value]):
        of = f"[{position}]: " if many else ""
        try:
            yield article_of(item, _at(warn, file, None, of))
        except UnreadableError as error:
            yield BadInput(file, None, f"{of}{error}")


def _seed(first: Line, read_rest: ReadRest, file: str, name: str) -> Article | BadInput:
    try:
        return article_of_seed(text_of(first, read_rest), name)
    except UnreadableError as error:
        return BadInput(file, None, str(error))


def _at(warn: OnWarning, file: str, line: int | None, of: str = "") -> Callable[[str], None]:
    return lambda reason: warn(BadInput(file, line, f"{of}{reason}"))


def _plain(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
