"""The command `tocsin`: each subcommand is loaded when it is called, so that every one starts fast."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from services.shared.errors import UserError

COMMANDS = {
    "run": ("services.cli.run:run_command", "Run the whole stream on an embedded broker, or on Apache Kafka."),
    "extract": ("services.cli.extract:extract_command", "Read articles and print the incidents that each tells of."),
    "incidents": (
        "services.cli.incidents:incidents_app",
        "Link articles into incidents; split and merge them; explain.",
    ),
    "producer": (
        "services.cli.producer:producer_command",
        "Send articles from files, folders or standard input to the stream.",
    ),
    "replay": ("services.cli.producer:replay_command", "Send the articles of files and folders, oldest first."),
    "processor": ("services.cli.processor:processor_command", "Read articles, link what they tell of, and score it."),
    "backtest": (
        "services.cli.backtest:backtest_command",
        "Say what a subscription would have rung, when, and what it would have corrected.",
    ),
    "alerter": ("services.cli.alerter:alerter_command", "Decide whom to tell of each incident, and tell them."),
    "console": ("services.cli.console:console_command", "Serve the web page, the HTTP API and the feeds."),
    "topics": ("services.cli.topics:topics_app", "The topics on the Kafka cluster: make them as declared."),
    "subscriptions": ("services.cli.subscriptions:subscriptions_app", "Who is told of what, and by which channel."),
    "silences": ("services.cli.silences:silences_app", "For a time, somebody is not to be told of something."),
    "holds": ("services.cli.holds:holds_app", "What subscriptions are not told yet, and why."),
    "channels": (
        "services.cli.channels:channels_app",
        "Channels: how their receivers do, and switching them off and on.",
    ),
    "alerts": ("services.cli.alerts:alerts_app", "Alerts that wait or were given up, and sending them again."),
    "ledger": ("services.cli.ledger:ledger_app", "The ledger of attempts: show it, and verify it."),
    "secrets": ("services.cli.secrets:secrets_app", "Secrets of channels, kept encrypted in the store."),
    "dead-letters": (
        "services.cli.dead_letters:dead_letters_app",
        "Messages that could not be processed, and redriving them.",
    ),
    "rules": ("services.cli.rules:rules_app", "The rules by which incidents are judged: check and explain them."),
    "cap": ("services.cli.cap:cap_app", "Messages of the Common Alerting Protocol 1.2."),
    "settings": (
        "services.cli.settings:settings_command",
        "Show every setting, its value and where the value comes from.",
    ),
    "doctor": ("services.cli.doctor:doctor_command", "Check settings, rules, broker, topics, store and services."),
}
"""Subcommand to `module:name` and a line for the list of all, in the order in which a newcomer meets them."""


class LazyCommands(TyperGroup):
    """Loads a subcommand's module when the subcommand is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Every subcommand, in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The subcommand of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        found = getattr(import_module(module), attribute)
        if not isinstance(found, typer.Typer):
            single = typer.Typer(add_completion=False, rich_markup_mode=None)
            single.command(cmd_name)(found)
            found = single
        command = typer.main.get_command(found)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List every subcommand with its line, without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


app = typer.Typer(
    cls=LazyCommands,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    # Typer's own traceback shows local variables, and those may hold secrets.
    pretty_exceptions_enable=False,
    help="Tocsin reads the news as a stream and rings, once and truthfully, when people have been harmed.",
)


@app.callback()
def tocsin() -> None:
    """Tocsin reads the news as a stream and rings, once and truthfully, when people have been harmed."""


def main() -> None:
    """Run the command line: exit code 0 for success, 1 for failure, 2 for wrong usage."""
    try:
        app()
    except UserError as error:
        print(f"tocsin: {error}", file=sys.stderr)  # noqa: T201 - the command line's own voice
        sys.exit(1)
    except BrokenPipeError:
        # The reader of our output has gone (`tocsin extract ... | head`): nobody is left to tell.
        sys.stderr.close()
        sys.exit(1)
