"""`tocsin extract`: articles in, the incidents that each tells of out, one JSON line an article."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from schemas import Article, Report
from services.cli.extracted import extracted, taken_at_once
from services.producer.bad_input import BadInput
from services.producer.readers import STANDARD_INPUT_PATH, read_articles
from services.regions.regions import Regions, regions_of
from services.shared.regions_file import load_regions
from services.shared.settings import load_settings

_SLOTS = ("type", "stage", "place", "regions", "occurred", "toll", "perpetrators", "targets", "weapons", "claims")


def extract_command(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE",
            help="Files (.jsonl, .ndjson, .json, or seed texts) and folders of them; - is standard input.",
            show_default=False,
        ),
    ] = None,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain", help="Show each article with its evidence coloured by slot, and each claim's reasoning."
        ),
    ] = False,
    rules: Annotated[Path | None, typer.Option(help="Folder of regions.yaml.", show_default=False)] = None,
) -> None:
    """Read articles and print the incidents that each tells of, one JSON line an article, in the order of the input.

    What cannot be read is named with its line, and the rest goes on; the exit code is then 1.

    Example: tocsin extract seeds/*.txt
    """
    if not files and sys.stdin.isatty():
        raise typer.BadParameter("name files or folders of articles, or pipe articles in as JSON Lines.")
    regions = load_regions(load_settings(rules=rules).rules)
    bad, paths, stdin = 0, files or [STANDARD_INPUT_PATH], sys.stdin.buffer
    at_once = 1 if explain else taken_at_once(paths, stdin)
    for read, reports in extracted(_articles(paths, stdin), at_once):
        if isinstance(read, BadInput):
            bad += 1
            print(f"tocsin extract: {read}", file=sys.stderr)  # noqa: T201 - the command line's own voice
        elif explain:
            from services.cli.explain import explain_article

            explain_article(read, reports)
        else:
            sys.stdout.write(line_of(read, reports, regions) + "\n")
    if bad:
        raise typer.Exit(1)


def _articles(files: Sequence[Path], stdin: IO[bytes]) -> Iterator[Article | BadInput]:
    return read_articles(
        files,
        stdin,
        on_warning=lambda what: print(f"tocsin extract: {what}", file=sys.stderr),  # noqa: T201 - as above
    )


def line_of(article: Article, reports: Sequence[Report], regions: Regions) -> str:
    """The line of output for one article: `{"article_id": ..., "incidents": [...]}`."""
    placed = (report.model_copy(update={"regions": regions_of(report.place, regions)}) for report in reports)
    incidents = [incident_of(report) for report in placed]
    return json.dumps({"article_id": article.article_id, "incidents": incidents}, ensure_ascii=False)


def incident_of(report: Report) -> dict[str, Any]:
    """What the command prints of one report: every slot, with the evidence of all of them."""
    incident = report.model_dump(mode="json", include=set(_SLOTS))
    ordered: dict[str, Any] = {slot: incident[slot] for slot in _SLOTS}
    ordered["toll"] = {name: figure for name, figure in ordered["toll"].items() if figure is not None}
    ordered["evidence"] = [evidence.model_dump(mode="json") for evidence in report.evidence]
    return ordered
