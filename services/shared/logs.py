"""structlog, set up once: console for people, JSON for machines, both to standard error."""

from __future__ import annotations

import logging
import sys

import structlog

from services.shared.settings import Settings

_SAY_ADDRESSES = ("apprise", "requests", "urllib3")
"""Libraries that log the whole address of what they ask, warnings included: in a channel's stands its secret. What came
of the request is said by the channel."""


class _LibrariesFromWarningsUp(logging.Filter):
    """Ours are dicts of structlog; what libraries log is of interest from warnings up."""

    def filter(self, record: logging.LogRecord) -> bool:
        return isinstance(record.msg, dict) or record.levelno >= logging.WARNING


def configure_logs(settings: Settings, service: str) -> None:
    """Send every log line of this process to standard error in the form that `settings.log` names.

    Each line carries `service`. Lines of libraries go through the same renderer.
    """
    level = getattr(logging, settings.log_level.upper())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    renderer: structlog.typing.Processor
    if settings.log == "json":
        shared.append(structlog.processors.format_exc_info)
        renderer = structlog.processors.JSONRenderer()
    else:
        # Plain tracebacks: the default shows local variables, and those may hold secrets.
        renderer = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    if settings.log_level != "debug":
        handler.addFilter(_LibrariesFromWarningsUp())
    for name in _SAY_ADDRESSES:
        logging.getLogger(name).propagate = False
        logging.getLogger(name).handlers[:] = [logging.NullHandler()]
    structlog.contextvars.bind_contextvars(service=service)
