"""The generated files are what the models say, and `--check` sees when they are not."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from schemas.vocabulary import Modifier
from tools.generate_schemas import BEGIN, END, MESSAGES_PAGE, ROOT, generated_files, main
from tools.schema_files.json_schema import PUBLISHED, VOCABULARIES, json_schema, meanings_of, unwrapped_text

GENERATED = sorted(generated_files(ROOT))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of what is generated, to spoil."""
    for path in GENERATED:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    return tmp_path


def definitions(name: str) -> dict[str, Mapping[str, Any]]:
    """The message and every structure within it, by title."""
    schema = json_schema(name)
    return {schema["title"]: schema, **schema.get("$defs", {})}


def test_the_checked_in_files_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().out


@pytest.mark.parametrize("path", GENERATED, ids=str)
def test_a_file_that_differs_or_is_missing_fails_the_check_and_is_named(
    root: Path, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = root / path
    text = file.read_text(encoding="utf-8")
    spoilt = text.replace(END, f"| `extra` |\n{END}") if path == MESSAGES_PAGE else text + "\n"
    file.write_text(spoilt, encoding="utf-8")
    assert main(["--check"], root) == 1
    assert str(path) in capsys.readouterr().out
    assert file.read_text(encoding="utf-8") == spoilt
    if path != MESSAGES_PAGE:
        file.unlink()
        assert main(["--check"], root) == 1
    assert main([], root) == 0
    assert file.read_text(encoding="utf-8") == text
    assert main(["--check"], root) == 0


def test_a_schema_of_a_message_that_is_no_more_fails_the_check(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "schemas/json/rumour.json").write_text("{}")
    assert main(["--check"], root) == 1
    assert "schemas/json/rumour.json" in capsys.readouterr().out


def test_what_people_write_on_the_page_of_messages_is_kept(root: Path) -> None:
    page = root / MESSAGES_PAGE
    page.write_text(f"Our own words.\n\n{BEGIN}\nold tables\n{END}\n\nMore words.\n", encoding="utf-8")
    assert main([], root) == 0
    text = page.read_text(encoding="utf-8")
    assert text.startswith("Our own words.\n")
    assert text.endswith("\nMore words.\n")
    assert "old tables" not in text
    assert "### Incident" in text


def test_a_page_without_markers_is_refused_by_name(root: Path) -> None:
    (root / MESSAGES_PAGE).write_text("Nothing here.", encoding="utf-8")
    with pytest.raises(ValueError, match=str(MESSAGES_PAGE)):
        main([], root)


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_schema_is_json_schema_2020_12_with_an_id_of_its_own(name: str) -> None:
    schema = json_schema(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"tocsin:schema:{name}:1"


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_field_says_what_it_holds(name: str) -> None:
    for title, definition in definitions(name).items():
        assert definition["description"], title
        for field, schema in definition.get("properties", {}).items():
            explained = schema.get("description") or "#/$defs/" in str(schema)
            assert explained, f"{title}.{field} needs a docstring below it"


@pytest.mark.parametrize("name", PUBLISHED)
def test_what_the_stream_carries_tolerates_unknown_fields_and_what_people_write_does_not(name: str) -> None:
    written_by_people = name == "subscriptions"
    for title, definition in definitions(name).items():
        if "properties" in definition:
            assert (definition.get("additionalProperties") is False) == written_by_people, title


def test_the_meaning_of_each_word_of_a_vocabulary_stands_in_the_schema() -> None:
    described = definitions("report")["Modifier"]["description"]
    assert "- `at_least`: At least, more than, no fewer than: `low` stands, `high` is open." in described
    assert meanings_of(Modifier).keys() < {modifier.value for modifier in Modifier}


def test_every_vocabulary_is_found() -> None:
    assert {"Modifier", "IncidentType", "SeverityLevel", "DeliveryOutcome"} <= VOCABULARIES.keys()


def test_lines_are_joined_and_paragraphs_and_lists_are_not() -> None:
    assert unwrapped_text("One\n    line.\n\n    Another:\n\n    - a\n    - b") == "One line.\n\nAnother:\n\n- a\n- b"
