"""What an endpoint answers is quoted in logs, the ledger and the console: without the channel's secrets, if it repeats
them. Proxies quote the path that they do not know, and APIs the token that they do not take."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from pydantic import SecretStr

HIDDEN = "[hidden]"
LEAST_PART = 8
"""Characters from which on a part of a secret URL or token is hidden by itself; shorter ones are words like `api`."""


class Redaction:
    """The texts of a channel that are not to be repeated."""

    def __init__(self, secrets: Iterable[SecretStr] = ()) -> None:
        parts = {part for secret in secrets for part in _parts(secret.get_secret_value())}
        spelt = {spelling for part in parts for spelling in (part, quote(part), quote(part, safe=""), unquote(part))}
        self._words = sorted(filter(None, spelt), key=lambda word: (-len(word), word))

    def __call__(self, text: str, *, cut: bool = False) -> str:
        """`text` without the secrets; `cut` where it ends in the middle, so that half a secret may be its end."""
        for word in self._words:
            text = text.replace(word, HIDDEN)
        if cut:
            for word in self._words:
                half = next((n for n in range(len(word) - 1, LEAST_PART - 1, -1) if text.endswith(word[:n])), 0)
                text = text[: len(text) - half] + HIDDEN if half else text
        return text


def _parts(secret: str) -> set[str]:
    """`secret`, each key of several, and what is secret by itself: path and values of a URL, the token behind an id."""
    found = {secret, *secret.split()}
    within: list[str | None] = [*secret.split(":")[1:]]
    if "://" in secret:
        within = [secret.partition("://")[2].partition("/")[2]]
        try:
            url = urlsplit(secret)
        except ValueError:
            return found
        within += [url.username, url.password, *url.path.split("/"), *(value for _, value in parse_qsl(url.query))]
    return found | {part for part in within if part is not None and len(part) >= LEAST_PART}
