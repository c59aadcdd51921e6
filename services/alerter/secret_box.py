"""Secrets at rest: encrypted with Fernet under keys that stand in the environment or in a file, never in the store."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from services.shared.errors import UserError

SIGNING_BYTES = 32
"""Of a new signing secret; Standard Webhooks asks for 24 to 64."""


@dataclass(frozen=True, slots=True)
class SecretBox:
    """Encrypts with the first of its keys, and decrypts with any."""

    _fernet: MultiFernet

    @classmethod
    def with_keys(cls, keys: SecretStr) -> SecretBox:
        """The box of `keys`, parted by spaces or commas, the one in use first. Raises UserError where one is none."""
        written = keys.get_secret_value().replace(",", " ").split()
        if not written:
            raise UserError("There is no key for secrets: set TOCSIN_SECRET_KEY to what `tocsin secrets key` prints.")
        try:
            return cls(MultiFernet([Fernet(key) for key in written]))
        except ValueError as error:
            raise UserError(
                "TOCSIN_SECRET_KEY holds something that is no key: each is 32 bytes as URL-safe base64, as "
                "`tocsin secrets key` prints one."
            ) from error

    def seal(self, secret: SecretStr) -> str:
        """`secret` as it may be stored."""
        return self._fernet.encrypt(secret.get_secret_value().encode()).decode()

    def open(self, name: str, token: str) -> SecretStr:
        """What `seal` made `token` of. Raises UserError, naming the secret, where no key opens it."""
        try:
            return SecretStr(self._fernet.decrypt(token.encode()).decode())
        except InvalidToken as error:
            raise UserError(
                f"No key of TOCSIN_SECRET_KEY opens the stored secret {name}: add the key that it was stored under."
            ) from error

    def rotate(self, name: str, token: str) -> str:
        """`token` under the key in use. Raises UserError as `open` does."""
        return self.seal(self.open(name, token))


def new_key() -> str:
    """A new key for secrets at rest."""
    return Fernet.generate_key().decode()


def new_signing_secret() -> SecretStr:
    """A new signing secret for a webhook, as Standard Webhooks 1.0 writes it."""
    return SecretStr("whsec_" + base64.b64encode(os.urandom(SIGNING_BYTES)).decode())


def keys_of(key: SecretStr | None, file: Path | None) -> SecretStr | None:
    """The keys that the settings name: those given, or those in `file`. Raises UserError where that cannot be read."""
    if key is not None or file is None:
        return key
    try:
        return SecretStr(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"TOCSIN_SECRET_KEY_FILE names {file}, which cannot be read ({error.strerror}).") from error


class SecretEnvironment(dict[str, str]):
    """Secrets by the name that a channel's `*_env` gives: the environment variable NAME, else the file that NAME_FILE
    names, else what is stored under NAME."""

    def __init__(self, environment: Mapping[str, str], stored: Mapping[str, SecretStr]) -> None:
        super().__init__({name: secret.get_secret_value() for name, secret in stored.items()})
        for name, path in environment.items():
            if name.endswith("_FILE") and path and not name.startswith(("TOCSIN_", "KAFKA_")):
                found = _first_line(Path(path))
                if found is not None:
                    self[name.removesuffix("_FILE")] = found
        self.update({name: value for name, value in environment.items() if value})

    def __repr__(self) -> str:
        return f"SecretEnvironment({len(self)} names)"


def _first_line(path: Path) -> str | None:
    """The text of a small file without the end of its line; None where it cannot be read: then it is not set."""
    try:
        if not path.is_file() or path.stat().st_size > 64 * 1024:
            return None
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
