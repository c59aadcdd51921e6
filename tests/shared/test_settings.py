"""Settings: what wins, what is shown, and what is refused with a sentence that says what to do."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from services.shared.errors import UserError
from services.shared.settings import (
    LOOPBACK_HOSTS,
    SettingInForce,
    Settings,
    environment_of,
    load_settings,
    settings_in_force,
    variable_of,
)

SECRET_FIELDS = [name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)]
SASL = {"KAFKA_SASL_USERNAME": "tocsin", "KAFKA_SASL_PASSWORD": "hush"}


@pytest.fixture(autouse=True)
def _nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty working folder, and no setting in the environment."""
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(variable_of(field), raising=False)


def row(name: str, **options: Any) -> SettingInForce:
    settings = load_settings(**options)
    (found,) = [row for row in settings_in_force(settings, os.environ, **options) if row.name == name]
    return found


def refusal(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    """The sentence with which settings in the environment are refused."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(UserError) as error:
        load_settings()
    return str(error.value)


def test_an_option_is_stronger_than_the_environment_that_than_dotenv_and_that_than_the_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = "TOCSIN_BATCH_SIZE"
    assert row(name) == SettingInForce(name, "500", "default")
    Path(".env").write_text(f"{name}=10\n")
    assert row(name) == SettingInForce(name, "10", ".env")
    monkeypatch.setenv(name, "20")
    assert row(name) == SettingInForce(name, "20", "environment")
    assert row(name, batch_size=30) == SettingInForce(name, "30", "option")
    assert row(name, batch_size=None) == SettingInForce(name, "20", "environment")


def test_kafka_settings_have_the_usual_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "one:9092,two:9092")
    assert load_settings().kafka_bootstrap_servers == "one:9092,two:9092"


def test_every_setting_of_ours_begins_with_tocsin_and_has_a_variable_of_its_own() -> None:
    variables = [variable_of(field) for field in Settings.model_fields]
    assert all(variable.startswith(("KAFKA_", "TOCSIN_")) for variable in variables)
    assert len(set(variables)) == len(variables)


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_is_read_from_its_variable(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "kafka_security_protocol": "SSL",
        "kafka_sasl_mechanism": "SCRAM-SHA-512",
        "log": "json",
        "log_level": "debug",
        "embedded": "true",
        "http_host": "localhost",
    }
    value = values.get(field, "7")
    monkeypatch.setenv(variable_of(field), value)
    read = getattr(load_settings(), field)
    shown = read.get_secret_value() if isinstance(read, SecretStr) else str(read)
    assert shown.lower() in {value, f"{value}.0"} or shown == value


def test_all_settings_are_shown_in_the_order_of_their_declaration() -> None:
    names = [row.name for row in settings_in_force(load_settings(), os.environ)]
    assert names == [variable_of(field) for field in Settings.model_fields]


def test_settings_never_change() -> None:
    settings = load_settings()
    for field in Settings.model_fields:
        with pytest.raises(ValueError, match="frozen"):
            setattr(settings, field, None)


@pytest.mark.parametrize("field", SECRET_FIELDS)
def test_no_secret_is_shown_anywhere(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "correct-horse-battery"
    value = f"postgresql+psycopg://desk:{secret}@db.example/tocsin?sslpassword={secret}" if field == "store" else secret
    monkeypatch.setenv(variable_of(field), value)
    settings = load_settings()
    shown = "\n".join(row.value for row in settings_in_force(settings, os.environ))
    assert secret not in shown
    assert secret not in repr(settings)
    assert secret not in str(settings)
    assert "********" in shown


@given(
    user=st.text(min_size=1, max_size=8),
    password=st.text(min_size=6, max_size=12).filter(lambda text: text.strip("*/:@?") == text),
)
def test_the_store_is_shown_without_its_password_and_with_its_host(user: str, password: str) -> None:
    settings = load_settings(store=f"postgresql+psycopg://{user}:{password}@db.example/tocsin")
    (shown,) = [row.value for row in settings_in_force(settings, {}) if row.name == "TOCSIN_STORE"]
    assert password not in shown.replace("db.example/tocsin", "").replace("postgresql+psycopg", "")
    assert shown.endswith("db.example/tocsin")


def test_a_store_in_a_file_is_shown_whole() -> None:
    assert row("TOCSIN_STORE").value == "sqlite:///.tocsin/alerter.db"


def test_a_secret_that_looks_like_an_address_is_masked_whole() -> None:
    assert row("TOCSIN_HTTP_TOKEN", http_token="https://correct-horse").value == "********"


@pytest.mark.parametrize("field", Settings.model_fields)
def test_a_variable_that_is_empty_counts_as_not_set(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    default = row(variable_of(field))
    monkeypatch.setenv(variable_of(field), "")
    assert row(variable_of(field)) == default
    Path(".env").write_text(f"{variable_of(field)}=\n")
    assert row(variable_of(field)) == default


def test_an_empty_token_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "set TOCSIN_HTTP_TOKEN" in refusal(monkeypatch, TOCSIN_HTTP_HOST="0.0.0.0", TOCSIN_HTTP_TOKEN="")  # noqa: S104
    with pytest.raises(UserError, match="set TOCSIN_HTTP_TOKEN"):
        load_settings(http_token="")


def test_a_secret_that_is_not_set_is_shown_as_nothing() -> None:
    assert row("TOCSIN_HTTP_TOKEN").value == ""


def test_wrong_values_are_named_by_their_variables_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(
        monkeypatch, TOCSIN_BATCH_SIZE="many", TOCSIN_LOG="xml", KAFKA_REPLICATION_FACTOR="0", TOCSIN_TOPIC_PREFIX="a b"
    )
    assert said.startswith("Settings are wrong. ")
    assert "TOCSIN_BATCH_SIZE: Input should be a valid integer" in said
    assert "TOCSIN_LOG: Input should be 'console' or 'json'" in said
    assert "KAFKA_REPLICATION_FACTOR: Input should be greater than or equal to 1" in said
    assert "TOCSIN_TOPIC_PREFIX: String should match pattern" in said


def test_a_wrong_option_is_named_by_its_variable() -> None:
    with pytest.raises(UserError, match="TOCSIN_PROCESSOR_PORT: Input should be less than or equal to 65535"):
        load_settings(processor_port=70000)


def test_a_wrong_value_is_not_repeated_lest_it_be_a_secret_in_the_wrong_place(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "hush-hush" not in refusal(monkeypatch, TOCSIN_BATCH_SIZE="hush-hush")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "tocsin.example"])  # noqa: S104
def test_a_host_that_others_can_reach_needs_a_token(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(monkeypatch, TOCSIN_HTTP_HOST=host)
    assert said == (
        f"TOCSIN_HTTP_HOST is {host}, which others can reach: set TOCSIN_HTTP_TOKEN to a secret that they must send, "
        "or leave the host at 127.0.0.1."
    )
    monkeypatch.setenv("TOCSIN_HTTP_TOKEN", "hush")
    assert load_settings().http_host == host


@pytest.mark.parametrize("host", sorted(LOOPBACK_HOSTS))
def test_a_host_that_only_this_machine_can_reach_needs_none(host: str) -> None:
    assert load_settings(http_host=host).http_token is None


@pytest.mark.parametrize("protocol", ["SASL_PLAINTEXT", "SASL_SSL"])
@pytest.mark.parametrize("missing", [*SASL, "both"])
def test_sasl_needs_a_user_and_a_password(protocol: str, missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {name: value for name, value in SASL.items() if missing not in (name, "both")}
    said = refusal(monkeypatch, KAFKA_SECURITY_PROTOCOL=protocol, **given)
    assert said == f"KAFKA_SECURITY_PROTOCOL is {protocol}: set KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD."
    for name, value in SASL.items():
        monkeypatch.setenv(name, value)
    assert load_settings().kafka_security_protocol == protocol


def test_a_child_process_sees_what_its_parent_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "sqlite:////var/lib/tocsin/alerter.db?key=hush"
    settings = load_settings(topic_prefix="north-", embedded=True, store=secret, batch_size=7)
    for name, value in environment_of(settings).items():
        monkeypatch.setenv(name, value)
    assert load_settings() == settings
    assert environment_of(settings)["PATH"] == os.environ["PATH"]
