"""The command `tocsin`: each subcommand is loaded when it is called, so that every one starts fast."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from services.shared.errors import UserError

COMMANDS = {
    "run": "services.cli.run:run_command",
    "extract": "services.cli.extract:extract_command",
    "incidents": "services.cli.incidents:incidents_app",
    "producer": "services.cli.producer:producer_command",
    "replay": "services.cli.producer:replay_command",
    "processor": "services.cli.processor:processor_command",
    "backtest": "services.cli.backtest:backtest_command",
    "alerter": "services.cli.alerter:alerter_command",
    "console": "services.cli.console:console_command",
    "topics": "services.cli.topics:topics_app",
    "subscriptions": "services.cli.subscriptions:subscriptions_app",
    "silences": "services.cli.silences:silences_app",
    "holds": "services.cli.holds:holds_app",
    "channels": "services.cli.channels:channels_app",
    "alerts": "services.cli.alerts:alerts_app",
    "ledger": "services.cli.ledger:ledger_app",
    "secrets": "services.cli.secrets:secrets_app",
    "dead-letters": "services.cli.dead_letters:dead_letters_app",
    "rules": "services.cli.rules:rules_app",
    "cap": "services.cli.cap:cap_app",
    "settings": "services.cli.settings:settings_command",
    "doctor": "services.cli.doctor:doctor_command",
}
"""Subcommand to `module:name`, in the order in which a newcomer meets them."""


class LazyCommands(TyperGroup):
    """Loads a subcommand's module when the subcommand is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Every subcommand, in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The subcommand of that name, or None."""
        target = COMMANDS.get(cmd_name)
        if target is None:
            return None
        module, _, attribute = target.partition(":")
        found = getattr(import_module(module), attribute)
        if not isinstance(found, typer.Typer):
            single = typer.Typer(add_completion=False, rich_markup_mode=None)
            single.command(cmd_name)(found)
            found = single
        command = typer.main.get_command(found)
        command.name = cmd_name
        return command


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
