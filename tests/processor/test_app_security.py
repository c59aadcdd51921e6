"""What the settings say of security reaches Faust's clients as it reaches our own."""

from __future__ import annotations

import ssl
from typing import Any

import pytest
from faust.transport.drivers.aiokafka import credentials_to_aiokafka_auth

from services.processor.app import broker_credentials
from services.shared.kafka import client_options
from services.shared.settings import load_settings

SASL = {"kafka_sasl_username": "desk", "kafka_sasl_password": "secret", "kafka_sasl_mechanism": "SCRAM-SHA-512"}


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"kafka_security_protocol": "SSL"},
        {"kafka_security_protocol": "SASL_PLAINTEXT", **SASL},
        {"kafka_security_protocol": "SASL_SSL", **SASL},
    ],
    ids=["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"],
)
def test_faust_connects_as_every_other_client_does(options: dict[str, Any]) -> None:
    settings = load_settings(**options)
    ours = {name: value for name, value in client_options(settings).items() if name != "bootstrap_servers"}
    theirs = dict(credentials_to_aiokafka_auth(broker_credentials(settings)))
    contexts = [auth.pop("ssl_context", None) for auth in (ours, theirs)]
    assert theirs == ours
    assert {isinstance(context, ssl.SSLContext) for context in contexts} == {
        settings.kafka_security_protocol.endswith("SSL")
    }
