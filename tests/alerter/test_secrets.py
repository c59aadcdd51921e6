"""Secrets of channels: kept encrypted, found by name, and never shown."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from services.alerter.outbox.engine import Store, open_store
from services.alerter.outbox.secrets import forget_secret, keep_secret, kept_names, read_secrets, rotate_secrets
from services.alerter.outbox.tables import secrets
from services.alerter.secret_box import SecretBox, SecretEnvironment, keys_of, new_key, new_signing_secret
from services.cli.main import app
from services.shared.errors import UserError
from tests.alerter.incidents import NOON

SECRET = SecretStr("xoxb-do-not-print-me")


def box(*keys: str) -> SecretBox:
    return SecretBox.with_keys(SecretStr(" ".join(keys)))


async def test_a_secret_is_kept_encrypted_and_found_by_its_name(store: Store) -> None:
    key = box(new_key())
    async with store.transaction() as connection:
        await keep_secret(connection, key, "SLACK_TOKEN", SECRET, NOON)
        token = (await connection.execute(secrets.select())).one().token
        assert SECRET.get_secret_value() not in token
        assert (await read_secrets(connection, key))["SLACK_TOKEN"] == SECRET
        assert await kept_names(connection) == {"SLACK_TOKEN": NOON}
        await keep_secret(connection, key, "SLACK_TOKEN", SecretStr("another"), NOON)
        assert (await read_secrets(connection, key))["SLACK_TOKEN"].get_secret_value() == "another"
        assert await forget_secret(connection, "SLACK_TOKEN")
        assert not await forget_secret(connection, "SLACK_TOKEN")


async def test_keys_are_changed_without_a_moment_in_which_nothing_opens(sqlite_store: Store) -> None:
    old, new = new_key(), new_key()
    async with sqlite_store.transaction() as connection:
        await keep_secret(connection, box(old), "A", SECRET, NOON)
        with pytest.raises(UserError, match="No key of TOCSIN_SECRET_KEY opens the stored secret A") as wrong:
            await read_secrets(connection, box(new))
        assert SECRET.get_secret_value() not in str(wrong.value)
        both = box(new, old)
        assert await read_secrets(connection, both) == {"A": SECRET}
        assert await rotate_secrets(connection, both) == 1
        assert await read_secrets(connection, box(new)) == {"A": SECRET}
        with pytest.raises(UserError):
            await read_secrets(connection, box(old))


def test_keys_come_from_the_setting_or_its_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{new_key()}\n")
    assert keys_of(None, None) is None
    found = keys_of(None, file)
    assert found is not None
    SecretBox.with_keys(found)
    assert keys_of(SecretStr("given"), file) == SecretStr("given")
    with pytest.raises(UserError, match="cannot be read"):
        keys_of(None, tmp_path / "none")
    for wrong in ("", "short"):
        with pytest.raises(UserError) as error:
            SecretBox.with_keys(SecretStr(wrong))
        assert "tocsin secrets key" in str(error.value)


def test_a_name_is_found_in_the_environment_before_a_file_before_the_store(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("of the file\n")
    stored = {"A": SecretStr("of the store"), "B": SecretStr("of the store"), "C": SecretStr("of the store")}
    environment = {
        "A": "of the environment",
        "A_FILE": str(file),
        "B_FILE": str(file),
        "D_FILE": str(tmp_path / "none"),
    }
    found = SecretEnvironment(environment, stored)
    assert [found.get(name) for name in "ABCD"] == ["of the environment", "of the file", "of the store", None]
    assert "of the" not in repr(found)


def test_a_new_signing_secret_is_one_for_standard_webhooks() -> None:
    first, second = new_signing_secret(), new_signing_secret()
    assert first != second
    assert first.get_secret_value().startswith("whsec_")


async def _make(path: Path) -> None:
    store = await open_store(f"sqlite:///{path}")
    await store.close()


def test_no_command_and_no_log_shows_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asyncio.run(_make(tmp_path / "alerter.db"))
    key = new_key()
    monkeypatch.setenv("TOCSIN_STORE", f"sqlite:///{tmp_path}/alerter.db")
    monkeypatch.setenv("TOCSIN_SECRET_KEY", key)
    monkeypatch.setenv("TOCSIN_RULES", str(tmp_path))
    monkeypatch.setenv("TEAMS_URL", "https://teams.example/secret-address")
    (tmp_path / "regions.yaml").write_text((Path(__file__).parents[2] / "rules/regions.yaml").read_text())
    (tmp_path / "subscriptions.yaml").write_text(
        """\
channels:
  - {name: slack, kind: slack, token_env: SLACK_TOKEN, conversation: C0123456789, api_url: "http://127.0.0.1:9/"}
  - {name: teams, kind: teams, url_env: TEAMS_URL}
subscriptions:
  - {name: one, channel: slack, killed_at_least: 1}
  - {name: two, channel: teams, killed_at_least: 1}
"""
    )
    caplog.set_level(logging.DEBUG)
    said = []

    def tocsin(*arguments: str, given: str = "") -> str:
        result = CliRunner().invoke(app, arguments, input=given)
        said.append(result.output + str(result.exception or ""))
        return result.output

    tocsin("secrets", "set", "SLACK_TOKEN", given=SECRET.get_secret_value())
    # What a signing secret is made for is to be handed on, once.
    signing = CliRunner().invoke(app, ["secrets", "new", "HOOK"]).output.strip()
    for command in (
        ("secrets", "list"),
        ("secrets", "list", "--json"),
        ("secrets", "rotate"),
        ("settings",),
        ("settings", "--json"),
        ("subscriptions", "check"),
        ("subscriptions", "list", "--json"),
        ("subscriptions", "test", "one"),
        ("subscriptions", "test", "two", "--json"),
        ("channels", "list", "--json"),
    ):
        tocsin(*command)
    everything = "\n".join([*said, caplog.text])
    for secret in (SECRET.get_secret_value(), signing, key, "secret-address"):
        assert secret not in everything
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("alerter.db*"))
    assert SECRET.get_secret_value().encode() not in raw
    assert json.loads(said[2].splitlines()[0])["name"] == "HOOK"
    assert datetime.fromisoformat(json.loads(said[2].splitlines()[0])["kept_at"]) <= datetime.now(UTC)
