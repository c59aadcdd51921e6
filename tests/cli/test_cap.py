"""`tocsin cap check`: each finding by file and line, and an exit code that a script can go by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.alerter.cap.signing import sign
from services.cli.cap import cap_app
from services.shared.errors import UserError
from tests.alerter.cap.test_checking import SOUND
from tests.alerter.cap.test_signing import CURVE, OTHER, certificate, pem


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    file = tmp_path / "sound.xml"
    file.write_text(SOUND, encoding="utf-8")
    return file


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    file = tmp_path / "broken.xml"
    file.write_text(SOUND.replace("14.0,-3.0 5", "14.0,-3.0 0"), encoding="utf-8")
    return file


def test_a_sound_message_is_said_to_be_sound(sound: Path) -> None:
    result = CliRunner().invoke(cap_app, ["check", str(sound)])
    assert (result.exit_code, result.output) == (0, f"{sound}: sound.\n")


def test_an_error_is_named_by_file_and_line_and_fails(sound: Path, broken: Path) -> None:
    result = CliRunner().invoke(cap_app, ["check", str(sound), str(broken)])
    assert result.exit_code == 1
    assert f"{broken}:24: error: circle: a radius of 0 km" in result.output


def test_findings_come_as_json(broken: Path) -> None:
    result = CliRunner().invoke(cap_app, ["check", "--json", str(broken)])
    (line,) = result.output.splitlines()
    assert json.loads(line)["element"] == "circle"
    assert json.loads(line)["level"] == "error"


def test_a_signature_is_held_to_the_certificate_that_the_reader_brings(tmp_path: Path) -> None:
    signed, own, other = tmp_path / "signed.xml", tmp_path / "own.pem", tmp_path / "other.pem"
    signed.write_bytes(sign(SOUND.encode(), pem(CURVE), certificate(CURVE)))
    own.write_bytes(certificate(CURVE))
    other.write_bytes(certificate(OTHER))
    assert CliRunner().invoke(cap_app, ["check", str(signed), "--certificate", str(own)]).exit_code == 0
    forged = CliRunner().invoke(cap_app, ["check", str(signed), "--certificate", str(other)])
    assert forged.exit_code == 1
    assert "The signature does not hold" in forged.output
    assert "name --certificate" in CliRunner().invoke(cap_app, ["check", str(signed)]).output


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(cap_app, ["check", str(tmp_path / "none.xml")])
    assert isinstance(result.exception, UserError)
    assert "none.xml: cannot be read" in str(result.exception)
