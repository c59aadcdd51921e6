"""`tocsin channels key`: what a receiver verifies with is shown, and no secret."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from typer.testing import CliRunner

from services.alerter.channels.webhook_signing import signatures
from services.cli.main import app
from tests.alerter.incidents import NOON

ROOT = Path(__file__).resolve().parents[2]
PRIVATE = "whsk_" + base64.b64encode(bytes(range(32))).decode()
SHARED = "whsec_" + base64.b64encode(b"k" * 32).decode()


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "regions.yaml").write_text((ROOT / "rules/regions.yaml").read_text())
    (folder / "subscriptions.yaml").write_text(
        "channels:\n"
        "  - {name: desk, kind: webhook, url: 'https://desk.example/hook', secret_env: DESK_KEY}\n"
        "  - {name: screen, kind: terminal}\n"
        "subscriptions:\n"
        "  - {name: all, channel: desk, killed_at_least: 5}\n"
    )
    return folder


def key(rules: Path, name: str, secret: str) -> Any:
    return CliRunner().invoke(app, ["channels", "key", name, "--rules", str(rules)], env={"DESK_KEY": secret})


@pytest.mark.parametrize("secret", [PRIVATE, f"{SHARED} {PRIVATE}"])
def test_the_key_that_is_shown_verifies_what_the_channel_signs(rules: Path, secret: str) -> None:
    shown = key(rules, "desk", secret)
    assert shown.exit_code == 0, shown.output
    assert PRIVATE not in shown.output
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(shown.stdout.strip().removeprefix("whpk_")))
    signature = signatures([PRIVATE], "alert_1", NOON, b"{}").removeprefix("v1a,")
    public.verify(base64.b64decode(signature), b"alert_1.%d.{}" % int(NOON.timestamp()))


@pytest.mark.parametrize(
    ("name", "secret", "said"),
    [
        ("desk", SHARED, "whsk_"),
        ("screen", PRIVATE, "webhooks alone are signed"),
        ("nowhere", PRIVATE, "There is no channel nowhere"),
    ],
)
def test_a_channel_without_one_is_a_sentence_that_says_what_to_do(
    rules: Path, name: str, secret: str, said: str
) -> None:
    shown = key(rules, name, secret)
    assert shown.exit_code == 1
    assert said in str(shown.exception)
    assert SHARED not in str(shown.exception)
