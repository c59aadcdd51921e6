"""Settings: what is in force, and where each value comes from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from dotenv import dotenv_values
from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.shared.errors import UserError

Origin = Literal["option", "environment", ".env", "default"]
MASK = "********"
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})


class Settings(BaseSettings):
    """Everything that can be set, in this order of strength: option, environment, `.env`, default."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
        use_attribute_docstrings=True,
    )

    kafka_bootstrap_servers: str = "127.0.0.1:9092"
    """Kafka brokers, `host:port` separated by commas."""
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "PLAIN"
    kafka_sasl_username: str | None = None
    kafka_sasl_password: SecretStr | None = None
    kafka_ssl_cafile: Path | None = None
    """Certificate authorities to trust, PEM; the system's where unset."""
    kafka_ssl_certfile: Path | None = None
    """Client certificate, PEM."""
    kafka_ssl_keyfile: Path | None = None
    kafka_ssl_password: SecretStr | None = None
    """Password of the client key."""
    kafka_replication_factor: int = Field(default=1, ge=1, le=32767)
    """Copies of each partition that `tocsin topics apply` asks for; 3 is usual on a cluster."""

    rules: Path = Field(default=Path("rules"), validation_alias=AliasChoices("TOCSIN_RULES"))
    """Folder of severity.yaml, regions.yaml and subscriptions.yaml."""
    store: SecretStr = Field(
        default=SecretStr("sqlite:///.tocsin/alerter.db"), validation_alias=AliasChoices("TOCSIN_STORE")
    )
    """SQLAlchemy URL of the alerter's store; may hold a password, and is never printed whole."""
    heartbeat_file: Path | None = Field(default=None, validation_alias=AliasChoices("TOCSIN_HEARTBEAT_FILE"))
    """Written each minute in which the alerter found everything in order; page where it grows old."""
    heartbeat_url: SecretStr | None = Field(default=None, validation_alias=AliasChoices("TOCSIN_HEARTBEAT_URL"))
    """Asked for (GET) at the same times, for a service that pages when it is not."""
    canary_minutes: int = Field(default=0, ge=0, le=1440, validation_alias=AliasChoices("TOCSIN_CANARY_MINUTES"))
    """How often the alerter sends an article that it made up through the whole stream, to subscriptions with the test
    flag; 0 sends none."""
    canary_late_seconds: int = Field(
        default=300, ge=1, le=86_400, validation_alias=AliasChoices("TOCSIN_CANARY_LATE_SECONDS")
    )
    """How long one may be on its way before something is taken to be wrong."""
    secret_key: SecretStr | None = Field(default=None, validation_alias=AliasChoices("TOCSIN_SECRET_KEY"))
    """Keys for the secrets that the store keeps, parted by spaces, the one in use first; `tocsin secrets key` makes
    one."""
    secret_key_file: Path | None = Field(default=None, validation_alias=AliasChoices("TOCSIN_SECRET_KEY_FILE"))
    """A file that holds them instead."""
    allowed_destinations: str = Field(default="", validation_alias=AliasChoices("TOCSIN_ALLOWED_DESTINATIONS"))
    """Networks, addresses, host names and `*.domains`, separated by commas, that every channel may deliver to although
    they are not public."""
    state: Path = Field(default=Path(".tocsin/state"), validation_alias=AliasChoices("TOCSIN_STATE"))
    """Folder for what the services keep on disk besides the store."""
    log: Literal["console", "json"] = Field(default="console", validation_alias=AliasChoices("TOCSIN_LOG"))
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", validation_alias=AliasChoices("TOCSIN_LOG_LEVEL")
    )
    topic_prefix: str = Field(
        default="", pattern=r"^[A-Za-z0-9._-]{0,100}$", validation_alias=AliasChoices("TOCSIN_TOPIC_PREFIX")
    )
    """Put before every topic and consumer group, so that several installations can share a cluster."""
    embedded: bool = Field(default=False, validation_alias=AliasChoices("TOCSIN_EMBEDDED"))
    """The broker is the embedded one of `tocsin run`: every topic has four partitions, and none can be declared."""

    fetch_wait_ms: int = Field(default=20, ge=1, le=5000, validation_alias=AliasChoices("TOCSIN_FETCH_WAIT_MS"))
    """Milliseconds that a broker may hold a fetch which finds nothing. A held fetch holds up the broker's other
    partitions whenever there is a backlog."""
    batch_size: int = Field(default=500, ge=1, le=10_000, validation_alias=AliasChoices("TOCSIN_BATCH_SIZE"))
    """Messages whose outputs may be in flight before their acknowledgements are awaited."""
    commit_interval_seconds: float = Field(
        default=1.0, gt=0, le=60, validation_alias=AliasChoices("TOCSIN_COMMIT_INTERVAL_SECONDS")
    )
    transient_attempts: int = Field(default=5, ge=1, le=100, validation_alias=AliasChoices("TOCSIN_TRANSIENT_ATTEMPTS"))
    """How often a message is tried while it fails in a way that may pass, before it goes to the dead letters."""
    stop_timeout_seconds: float = Field(
        default=20.0, gt=0, le=600, validation_alias=AliasChoices("TOCSIN_STOP_TIMEOUT_SECONDS")
    )
    """How long a service may take to finish what it holds after SIGTERM; what is not finished is read again."""
    stuck_seconds: float = Field(default=120.0, gt=0, validation_alias=AliasChoices("TOCSIN_STUCK_SECONDS"))
    """A service that has work and has not progressed for so long says that it is not healthy."""

    http_host: str = Field(default="127.0.0.1", validation_alias=AliasChoices("TOCSIN_HTTP_HOST"))
    """Address for the console and for /healthz, /readyz and /metrics. Beyond loopback, `http_token` must be set."""
    http_token: SecretStr | None = Field(default=None, validation_alias=AliasChoices("TOCSIN_HTTP_TOKEN"))
    """Bearer token that every request must carry, where set."""
    processor_port: int = Field(default=8701, ge=0, le=65535, validation_alias=AliasChoices("TOCSIN_PROCESSOR_PORT"))
    """0 takes any free port, which is logged."""
    alerter_port: int = Field(default=8702, ge=0, le=65535, validation_alias=AliasChoices("TOCSIN_ALERTER_PORT"))
    console_port: int = Field(default=8700, ge=0, le=65535, validation_alias=AliasChoices("TOCSIN_CONSOLE_PORT"))
    """Where the web page and the HTTP API are."""


@dataclass(frozen=True, slots=True)
class SettingInForce:
    """One setting as `tocsin settings` shows it."""

    name: str
    """The environment variable."""
    value: str
    """As text, secrets masked."""
    origin: Origin


def load_settings(**options: Any) -> Settings:
    """The settings in force; `options` (None means not given) are stronger than all else.

    Raises UserError, naming each variable that is wrong.
    """
    given = {name: value for name, value in options.items() if value is not None}
    try:
        settings = Settings(**given)
    except ValidationError as error:
        raise UserError(_explain(error)) from error
    if settings.http_host not in LOOPBACK_HOSTS and not settings.http_token:
        raise UserError(
            f"TOCSIN_HTTP_HOST is {settings.http_host}, which others can reach: set TOCSIN_HTTP_TOKEN to a secret that "
            "they must send, or leave the host at 127.0.0.1."
        )
    if settings.kafka_security_protocol.startswith("SASL") and not (
        settings.kafka_sasl_username and settings.kafka_sasl_password
    ):
        raise UserError(
            f"KAFKA_SECURITY_PROTOCOL is {settings.kafka_security_protocol}: set KAFKA_SASL_USERNAME and "
            "KAFKA_SASL_PASSWORD."
        )
    return settings


def variable_of(field: str) -> str:
    """The environment variable that sets `field`."""
    alias = Settings.model_fields[field].validation_alias
    if isinstance(alias, AliasChoices):
        return str(alias.choices[0])
    return field.upper()


def settings_in_force(settings: Settings, environment: Mapping[str, str], **options: Any) -> list[SettingInForce]:
    """Every setting with its origin, in the order of their declaration; secrets are masked."""
    dotenv = {name.upper() for name, value in dotenv_values(".env").items() if value}
    present = {name.upper() for name, value in environment.items() if value}
    rows = []
    for field in Settings.model_fields:
        variable = variable_of(field)
        origin: Origin = "default"
        if options.get(field) is not None:
            origin = "option"
        elif variable in present:
            origin = "environment"
        elif variable in dotenv:
            origin = ".env"
        rows.append(SettingInForce(variable, _shown(field, getattr(settings, field)), origin))
    return rows


def environment_of(settings: Settings) -> dict[str, str]:
    """This process's environment with `settings` laid over it, for a child process that must see the same."""
    environment = dict(os.environ)
    for field in Settings.model_fields:
        value = getattr(settings, field)
        if value is not None:
            environment[variable_of(field)] = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    return environment


def _shown(field: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return _masked_url(value.get_secret_value()) if field == "store" else MASK
    return str(value)


def _masked_url(secret: str) -> str:
    """A URL with its user information masked and its query left out; masked whole where it is no URL."""
    scheme, separator, rest = secret.partition("://")
    if not separator:
        return MASK
    credentials, at, host = rest.rpartition("@")
    shown = f"{scheme}://{MASK + '@' if at and credentials else ''}{host}"
    return shown.partition("?")[0]


def _explain(error: ValidationError) -> str:
    lines = []
    for problem in error.errors():
        name = str(problem["loc"][0]) if problem["loc"] else "settings"
        variable = variable_of(name) if name in Settings.model_fields else name
        lines.append(f"{variable}: {problem['msg']}")
    return "Settings are wrong. " + "; ".join(lines)
