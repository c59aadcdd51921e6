"""The templates that messages are written with: ours, or an operator's own in the rules folder.

A template sees the alert and nothing else of the machine (Jinja's sandbox), and what it writes is made safe to print.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import structlog
from jinja2.sandbox import ImmutableSandboxedEnvironment

from schemas import Alert, Figure, Incident, IncidentType, Place, Severity, SeverityLevel, Toll
from schemas.vocabulary import AlertKind, DecisionReason, PlacePrecision
from services.alerter.channels.contract import OutgoingMessage
from services.alerter.channels.wording import apart, footer, text_below
from services.alerter.policy.plain_text import one_line, printable
from services.shared.rules_files import Problem, RulesError

log = structlog.get_logger()

FOLDER = "templates"
"""Within the rules folder; a template that is not there is ours."""
TEXT, MAIL, SLACK = "text.j2", "mail.html.j2", "slack.j2"
_OURS = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Templates:
    """Every template by its name, ready to write with."""

    _own: Mapping[str, jinja2.Template] = field(default_factory=dict)

    def text(self, message: OutgoingMessage) -> str:
        """The message below its headline, in plain text."""
        return printable(self._written(TEXT, _seen(message))).strip("\n")

    def mail(self, message: OutgoingMessage, unsubscribe: str | None = None) -> str:
        """The message as an HTML document; `unsubscribe` is where its reader leaves."""
        return self._written(MAIL, _seen(message, unsubscribe))

    def slack(self, message: OutgoingMessage) -> str:
        """The message in Slack's mrkdwn, a section for each part between empty lines."""
        return printable(self._written(SLACK, _seen(message))).strip("\n")

    def _written(self, name: str, seen: dict[str, Any]) -> str:
        own = self._own.get(name)
        if own is not None:
            try:
                return own.render(seen)
            # A template can fail in any way that Python can, and an alert must not be lost for its looks.
            except Exception as error:
                log.exception("template_failed", template=name, line=_line_of(error), error=str(error))
        return _ours(name).render(seen)


def load_templates(folder: Path) -> Templates:
    """The templates of `folder`; where one is not there, ours is used.

    Raises RulesError naming file, line and mistake of every template that cannot be read or that fails on an alert.
    """
    problems: list[Problem] = []
    own: dict[str, jinja2.Template] = {}
    for name in (TEXT, MAIL, SLACK):
        path = folder / name
        if not path.is_file():
            continue
        try:
            own[name] = _environment(name).from_string(path.read_text(encoding="utf-8"))
            own[name].render(_seen(_SAMPLE, "https://desk.example/leave"))
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(str(path), None, "", f"it cannot be read: {error}"))
        except jinja2.TemplateSyntaxError as error:
            problems.append(Problem(str(path), error.lineno, "", f"{error.message or 'it is no template'}"))
        # A template can fail in any way that Python can.
        except Exception as error:  # noqa: BLE001
            problems.append(Problem(str(path), _line_of(error), "", f"it fails on an alert: {error}"))
    if problems:
        raise RulesError(*problems)
    return Templates(own)


@cache
def _ours(name: str) -> jinja2.Template:
    return _environment(name).from_string((_OURS / name).read_text(encoding="utf-8"))


def _environment(name: str) -> jinja2.Environment:
    finalize: Callable[[Any], Any] | None = _escaped_for_slack if name == SLACK else None
    return ImmutableSandboxedEnvironment(
        autoescape=name == MAIL,
        finalize=finalize,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _escaped_for_slack(value: Any) -> Any:
    return escaped(value) if isinstance(value, str) else value


def escaped(text: str) -> str:
    """`text` with the three characters that Slack's mrkdwn takes for commands written as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _seen(message: OutgoingMessage, unsubscribe: str | None = None) -> dict[str, Any]:
    """What a template can name."""
    parts = [part for part in text_below(message.alert).split("\n\n") if part.strip()]
    return {
        "alert": message.alert.model_dump(mode="json"),
        "headline": one_line(message.alert.headline, 1000),
        "paragraphs": [part.split("\n") for part in parts],
        "apart": apart,
        "footer": footer(message),
        "unsubscribe": unsubscribe,
    }


def _line_of(error: BaseException) -> int | None:
    """The line of the template that `error` came from."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


_SAMPLE = OutgoingMessage(
    Alert(
        alert_id="sample",
        subscription="desk",
        channel="desk",
        kind=AlertKind.ALERT,
        reason=DecisionReason.FIRST_MATCH,
        because="At least 60 killed, and 50 or more are asked for.",
        incident_id="sample",
        revision=1,
        sequence=1,
        headline="At least 60 people killed in Koru, Mali",
        body="At least 60 people killed in Koru, Mali\n\nKilled: at least 60\n  by an official's word\n",
        incident=Incident(
            incident_id="sample",
            revision=1,
            type=IncidentType.ARMED_ATTACK,
            place=Place(name="Koru", country="ML", precision=PlacePrecision.COUNTRY),
            toll=Toll(killed=Figure(low=60, best=60, high=60)),
            severity=Severity(score=60, level=SeverityLevel.SEVERE),
        ),
    ),
    datetime(2025, 1, 1, tzinfo=UTC),
    1,
)
"""What a template is tried with when it is read."""
BUILT_IN = Templates()
