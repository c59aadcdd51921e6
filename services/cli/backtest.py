"""`tocsin backtest`: what a subscription would have rung, had it been there when these articles came out."""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from schemas import Article, Subscription, Subscriptions
from services.alerter.policy.matching import CompiledSubscription
from services.alerter.subscriptions import checked, notes_on
from services.cli.backtesting.replaying import replay
from services.cli.backtesting.showing import plot, show
from services.cli.backtesting.summary import summarise
from services.processor.rules import load_rules
from services.producer.bad_input import BadInput
from services.producer.readers import read_articles
from services.regions.regions import Regions, explain_unknown_region
from services.shared.errors import UserError
from services.shared.rules_files import RulesError, RulesFile, read_rules
from services.shared.rules_messages import Location
from services.shared.settings import load_settings


def backtest_command(
    subscription: Annotated[
        Path, typer.Option(help="A YAML file with one subscription, or a whole subscriptions.yaml.")
    ],
    articles: Annotated[list[Path], typer.Argument(help="Articles: files, folders, or - for standard input.")],
    name: Annotated[str | None, typer.Option(help="Which subscription of the file.")] = None,
    budget: Annotated[float | None, typer.Option(min=0, help="Messages a day that are bearable.")] = None,
    plot_file: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Write a picture (SVG): messages by day and hour.")
    ] = None,
    rules: Annotated[Path | None, typer.Option(help="Folder of severity.yaml and regions.yaml.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON line per message, and a summary.")] = False,
) -> None:
    """Say what a subscription would have rung, when, and what of it would have been taken back.

    Articles are read in the order of their publication, by the functions of the stream; nothing is sent or kept.

    Example: tocsin backtest --subscription rules/subscriptions.yaml --budget 2 seeds
    """
    loaded = load_rules(load_settings(rules=rules).rules)
    compiled = _subscription(subscription, name, loaded.regions)
    wanted = compiled.subscription
    bad: list[BadInput] = []

    def readable() -> Iterator[Article]:
        for article in read_articles(articles, sys.stdin.buffer):
            if isinstance(article, BadInput):
                bad.append(article)
                typer.echo(f"tocsin: {article}", err=True)
            else:
                yield article

    summary = summarise(replay(readable(), loaded, compiled), wanted.name, wanted.time_zone, budget)
    if plot_file is not None:
        try:
            plot_file.write_text(plot(summary), encoding="utf-8")
        except OSError as error:
            raise UserError(f"{plot_file} cannot be written: {error.strerror}.") from error
    if json:
        for rung in summary.rungs:
            typer.echo(jsonlib.dumps({"message": rung.as_json()}, ensure_ascii=False))
        typer.echo(jsonlib.dumps({"summary": summary.as_json()}, ensure_ascii=False))
    else:
        for note in notes_on(wanted):
            typer.echo(f"Note: {note}", err=True)
        show(summary, Console(highlight=False, markup=False))
    if bad:
        raise typer.Exit(1)


def _subscription(path: Path, name: str | None, regions: Regions) -> CompiledSubscription:
    """The subscription that is meant. Raises RulesError naming what is wrong with it by line, and UserError where the
    file has none of that name."""
    file, wanted, here = _written(path, name)
    compiled, faults = checked(wanted, {wanted.channel}, lambda text: explain_unknown_region(text, regions))
    if faults or compiled is None:
        raise RulesError(*(file.problem_at((*here, *location), message) for location, message in faults))
    return compiled


def _written(
    path: Path, name: str | None
) -> tuple[RulesFile[Subscription] | RulesFile[Subscriptions], Subscription, Location]:
    if not _is_whole(path):
        single = read_rules(path, Subscription)
        if name not in (None, single.value.name):
            raise UserError(f"{path} holds the subscription {single.value.name}, and not {name}.")
        return single, single.value, ()
    several = read_rules(path, Subscriptions)
    names = [one.name for one in several.value.subscriptions]
    if name is None and len(names) != 1:
        raise UserError(f"{path} holds several subscriptions: name one with --name ({', '.join(names) or 'none'}).")
    if name is not None and name not in names:
        raise UserError(f"{path} has no subscription {name}; it has: {', '.join(names) or 'none'}.")
    number = 0 if name is None else names.index(name)
    return several, several.value.subscriptions[number], ("subscriptions", number)


def _is_whole(path: Path) -> bool:
    """Whether the file is a whole subscriptions.yaml: it has a list of that name at the left margin."""
    try:
        with path.open(encoding="utf-8") as lines:
            return any(line.startswith("subscriptions:") for line in lines)
    except (OSError, UnicodeDecodeError):
        return False  # read_rules says what is wrong with it
