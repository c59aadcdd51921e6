"""Secrets that an endpoint repeats."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from services.alerter.channels.redaction import HIDDEN, Redaction

URL = "https://flows.example/run/9f8e7d6c5b4a/call?api-version=1&sig=Zm9v%2Fbar0123456789"
SECRETS = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=8, max_size=60)


@pytest.mark.parametrize(
    ("secret", "said", "shown"),
    [
        ("xoxb-12-abcdef", "token xoxb-12-abcdef is revoked", "token [hidden] is revoked"),
        ("123456:AAEhBOweik", "no route /bot123456%3AAAEhBOweik/sendMessage", "no route /bot[hidden]/sendMessage"),
        ("123456:AAEhBOweik", "AAEhBOweik", "[hidden]"),
        (URL, f"Cannot POST {URL}", "Cannot POST [hidden]"),
        (URL, "Cannot POST /run/9f8e7d6c5b4a/call", "Cannot POST /run/[hidden]/call"),
        (URL, "sig=Zm9v%2Fbar0123456789", "sig=[hidden]"),
        (URL, "bad signature Zm9v/bar0123456789", "bad signature [hidden]"),
        ("whsec_first11 whsec_second2", "whsec_second2", "[hidden]"),
    ],
)
def test_what_an_endpoint_repeats_of_a_secret_is_hidden(secret: str, said: str, shown: str) -> None:
    assert Redaction([SecretStr(secret)])(said) == shown


def test_what_is_no_secret_stays() -> None:
    said = "Cannot POST /run/call?api-version=1 at flows.example"
    assert Redaction([SecretStr(URL)])(said) == said
    assert Redaction()(said) == said


@given(SECRETS, st.text(max_size=40), st.text(max_size=40))
def test_a_secret_is_in_no_text_however_it_stands_in_it(secret: str, before: str, after: str) -> None:
    redacted = Redaction([SecretStr(secret)])
    for spelt in (secret, quote(secret), json.dumps(secret)):
        assert secret not in redacted(before + spelt + after)


@given(SECRETS, st.integers(8, 60))
def test_half_a_secret_where_the_answer_is_cut_is_hidden(secret: str, kept: int) -> None:
    half = secret[:kept]
    assert Redaction([SecretStr(secret)])(f"you sent {half}", cut=True) == f"you sent {HIDDEN}"
