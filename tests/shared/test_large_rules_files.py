"""Large files are read by another parser, and mean the same."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from schemas.subscription import Subscriptions
from services.shared import rules_files
from services.shared.rules_files import LARGE, RulesError, read_rules

RULES = Path(__file__).parents[2] / "rules"
TOKENS = st.sampled_from(
    [
        *("a", "b: ", "name: ", "- ", "  ", "\n", "\n  ", "\n- ", ": ", ":", ",", ", ", "[", "]", "{", "}", "'", '"'),
        "#",
        *(" # said", "|\n  x\n", ">-\n  x\n  y\n", "&a ", "*a", "<<: *a", "!!str ", "!x ", "? ", "---\n", "...\n", "~"),
        "no",
        *("NO", "on", "1", "1.5", "0o17", "017", "1_000", "2031-01-01", "12:30", "22:00", ".inf", "true", "é", "\\"),
        '\\"',
        *("\t", "\r\n", "\x85", "\u2028", "\x07", "%YAML 1.1\n"),
        *("@", "`", "http://a.example/b?c=d#e", '"a":1', "{a:1}", "=", "-", "\ufeff"),
    ]
)  # fmt: skip
TEXTS = st.lists(TOKENS, max_size=16).map("".join)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


def parsed(text: str, large: int, patch: pytest.MonkeyPatch) -> Any:
    """What `text` holds, with each line, where files are large from so many characters on; or what is wrong with it."""
    patch.setattr(rules_files, "LARGE", large)
    try:
        root, data = rules_files._parse(Path("x"), text)
    except RulesError as error:
        return error.problems
    return repr(data), [] if root is None else lines(root)


def lines(node: Any) -> list[Any]:
    if isinstance(node.value, str):
        # What is left out stands nowhere, and each parser has its own place for it.
        return [node.start_mark.line] if node.value else []
    inner = [part for item in node.value for part in (item if isinstance(item, tuple) else (item,))]
    return [node.start_mark.line, *(lines(one) for one in inner)]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS)
@example(text="a:\t1")
@example(text="%YAML 1.1\n---\na: no")
@example(text="a: 1\na: 2")
@example(text="a: 'x\x85 y'")
def test_whatever_a_text_holds_both_parsers_read_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert parsed(text, 0, monkeypatch) == parsed(text, sys.maxsize, monkeypatch)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=PLAIN, flow=st.sampled_from([None, True, False]))
def test_whatever_is_written_both_parsers_read_the_same(
    value: object, flow: bool | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = flow
    with (tmp_path / "x.yaml").open("w", encoding="utf-8") as stream:
        yaml.dump(value, stream)
    text = (tmp_path / "x.yaml").read_text(encoding="utf-8")
    assert parsed(text, 0, monkeypatch) == parsed(text, sys.maxsize, monkeypatch)


@pytest.mark.parametrize("name", ["linking.yaml", "regions.yaml", "severity.yaml", "subscriptions.yaml"])
def test_our_own_rules_are_the_same_by_both(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (RULES / name).read_text(encoding="utf-8")
    assert parsed(text, 0, monkeypatch) == parsed(text, sys.maxsize, monkeypatch)


def test_a_mistake_in_a_large_file_is_named_by_its_line_in_the_same_words(tmp_path: Path) -> None:
    file = tmp_path / "subscriptions.yaml"
    rows = [f"  - {{name: c{number}, kind: terminal}}\n" for number in range(LARGE // 30)]
    for wrong, said in (
        ("  - {name: x, kind: terminal\n", "not YAML"),
        ("  - {name: x, kind: terminl}\n", "terminl"),
        ("  - {name: x, name: y, kind: terminal}\n", "duplicate key"),
        ("  - name: x: y\n", "a colon that YAML cannot place"),
    ):
        file.write_text("channels:\n" + "".join(rows) + wrong + "subscriptions: []\n")
        assert file.stat().st_size > LARGE
        with pytest.raises(RulesError) as caught:
            read_rules(file, Subscriptions)
        assert said in str(caught.value)
        assert caught.value.problems[0].line in {len(rows) + 2, len(rows) + 3}


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_a_large_file_that_is_nested_without_end_is_refused(tmp_path: Path, opening: str) -> None:
    file = tmp_path / "subscriptions.yaml"
    file.write_text(opening * LARGE)
    with pytest.raises(RulesError, match="nested too deeply"):
        read_rules(file, Subscriptions)
