from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, Field
from ruamel.yaml import YAML

from schemas.channel import Written
from schemas.subscription import Subscriptions
from schemas.vocabulary import SeverityLevel
from services.shared.errors import UserError
from services.shared.rules_files import MAX_BYTES, Problem, RulesError, load_yaml, read_rules


class Bell(Written):
    kind: Literal["bell"]
    weight: float = 1.0


class Siren(Written):
    kind: Literal["siren"]
    bell: str = ""


def _even(number: int) -> int:
    if number % 2:
        raise ValueError(f"{number} is odd; write an even number")
    return number


class House(Written):
    name: str = Field(min_length=2)
    level: SeverityLevel = SeverityLevel.MINOR
    floors: int | None = Field(default=None, ge=1)
    open: bool = False
    steps: Annotated[int, AfterValidator(_even)] = 2
    built: date | None = None
    seen: datetime | None = None
    rooms: tuple[str, ...] = ()
    alarms: tuple[Annotated[Bell | Siren, Field(discriminator="kind")], ...] = ()
    sizes: dict[str, tuple[int, int]] | None = None
    number: int | str = 0
    guest: House | None = None


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "house.yaml"


def problems(file: Path, text: str | bytes) -> tuple[Problem, ...]:
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(RulesError) as raised:
        load_yaml(file, House)
    assert str(raised.value) == "\n".join(map(str, raised.value.problems))
    return raised.value.problems


def test_a_file_is_read_as_the_model_that_it_is_meant_to_be(file: Path) -> None:
    file.write_text(
        "# a comment\nname: Ågård\n"
        "level: severe\nfloors: 3\nopen: true\nbuilt: 1999-12-31\nseen: 2025-06-02T09:00:00Z\n"
        "rooms: [NO, hall]\nalarms:\n  - {kind: bell, weight: 2}\n  - kind: siren\nsizes: {hall: [2, 3]}\nnumber: x\n"
    )
    house = load_yaml(file, House)
    assert house.name == "Ågård"
    assert house.level is SeverityLevel.SEVERE
    assert (house.floors, house.open, house.built) == (3, True, date(1999, 12, 31))
    assert house.seen is not None
    assert house.seen.utcoffset() is not None
    assert house.rooms == ("NO", "hall")
    assert [alarm.kind for alarm in house.alarms] == ["bell", "siren"]
    assert house.sizes == {"hall": (2, 3)}


def test_a_byte_order_mark_and_windows_line_ends_are_read(file: Path) -> None:
    file.write_bytes("\ufeffname: hall\r\nfloors: 2\r\n".encode())
    assert load_yaml(file, House).floors == 2


def test_aliases_and_merged_fields_are_read(file: Path) -> None:
    file.write_text("name: main\nguest: &base\n  name: annex\n  floors: 2\n  guest:\n    <<: {name: shed, floors: 1}\n")
    house = load_yaml(file, House)
    assert house.guest is not None
    assert house.guest.guest is not None
    assert house.guest.guest.name == "shed"


@pytest.mark.parametrize(
    ("text", "line", "field", "said"),
    [
        ("", None, "", "the file is empty; it can hold: name, level"),
        ("# nothing\n\n", None, "", "the file is empty"),
        ("- a\n", 1, "", "must be a group of fields, each `name: value`, not a list"),
        ("hello", 1, "", 'must be a group of fields, each `name: value`, not "hello"'),
        ("name: hall\n\tfloors: 2\n", 2, "", "not YAML: a tab stands here; indent with spaces"),
        ("name: hall\nfloors: 2\nname: again\n", 3, "", 'duplicate key "name"; keep one of them'),
        ("name: a: b\n", 1, "", "a colon that YAML cannot place"),
        ("name: [a\nfloors: 2\n", 2, "", "not YAML: "),
        ("name: hall\n---\nname: shed\n", 2, "", "a second document begins here; take out the line ---"),
        ("name: hall\nrooms: *unknown\n", 2, "", "undefined alias"),
        ("name: 'hall\n", 2, "", "not YAML: "),
        ("name: hall\n\nrooms: [\x07]\n", 3, "", "control character U+0007 stands here; remove it"),
        ("name: !!python/object:os.system x\n", 1, "", "the tag tag:yaml.org,2002:python/object:os.system has no use"),
        ("name: hall\nrooms: !!set {a}\n", 2, "", "has no use in rules; remove it"),
        ("name: hall\nbuilt: 1999-99-99\n", 2, "", "1999-99-99 cannot be read as timestamp; write text in quotes"),
        ("name: hall\nfloors: " + "9" * 5000, 2, "", "cannot be read as int"),
        ("name: hall\n7: x\n", 2, "", "the name 7 is not text; write it in quotes"),
        ("name: hall\n? [a]\n: x\n", 2, "", "is not text; write it in quotes"),
        ("name: &n [*n]\n", 1, "", "an alias (*) stands for something that holds it"),
        ("[" * 3000, None, "", "nested too deeply"),
        ("floors: 2\n", 1, "name", "is missing; add it"),
        ("name: hall\nguest:\n  floors: 2\n", 2, "guest.name", "is missing; add it"),
        ("name: h\n", 1, "name", 'must have at least 2 characters, not "h"'),
        ("name: 5\n", 1, "name", "must be text, not 5; write it in quotes"),
        ("name:\n", 1, "name", "is empty; give it a value, or leave the field out"),
        ("name: hall\nfloor: 2\n", 2, "floor", "there is no such field; did you mean floors? Allowed: name, level"),
        ("name: hall\nzzz: 2\n", 2, "zzz", "there is no such field; allowed: name, level"),
        ("name: hall\nguest: {name: shed, rooom: 1}\n", 2, "guest.rooom", "did you mean rooms?"),
        ("name: hall\nlevel: sever\n", 2, "level", '"sever" is not allowed here; did you mean severe? Allowed: minor'),
        ("name: hall\nfloors: 0\n", 2, "floors", "must be greater than or equal to 1, not 0"),
        ('name: hall\nfloors: "2"\n', 2, "floors", 'must be a whole number, not "2"; write figures, without quotes'),
        ("name: hall\nfloors: true\n", 2, "floors", "must be a whole number, not true"),
        ("name: hall\nfloors: 2.5\n", 2, "floors", "must be a whole number, not 2.5"),
        ("name: hall\nopen: yes\n", 2, "open", 'must be true or false, not "yes"'),
        ("name: hall\nsteps: 3\n", 2, "steps", "3 is odd; write an even number"),
        ("name: hall\nrooms: attic\n", 2, "rooms", 'must be a list, not "attic"; write [attic]'),
        ("name: hall\nrooms:\n  - a\n  - {b: c}\n", 4, "rooms[1]", "must be text, not a group of fields"),
        ("name: hall\nrooms:\n  - a\n  - [b]\n", 4, "rooms[1]", "must be text, not a list"),
        ("name: hall\nsizes: {hall: [2]}\n", 2, "sizes.hall[1]", "is missing; add it"),
        ("name: hall\nsizes: {hall: [2, 3, 4]}\n", 2, "sizes.hall", "must have at most 2 items"),
        ("name: hall\nalarms:\n  - kind: bel\n", 3, "alarms[0].kind", '"bel" is not allowed here; did you mean bell?'),
        ("name: hall\nalarms:\n  -\n    weight: 1\n", 4, "alarms[0].kind", "is missing; add it"),
        ("name: hall\nalarms:\n  - kind: bell\n    weight: x\n", 4, "alarms[0].weight", "must be a number"),
        ("name: hall\nalarms:\n  - kind: siren\n    bell: 3\n", 4, "alarms[0].bell", "must be text, not 3"),
        ("name: hall\nalarms:\n  - kind: bell\n    wight: 1\n", 4, "alarms[0].wight", "did you mean weight?"),
        ("name: hall\nalarms:\n  - kind: siren\n    bel: x\n", 4, "alarms[0].bel", "did you mean bell?"),
        ("name: hall\nalarms: [5]\n", 2, "alarms[0]", "must be a group of fields, each `name: value`, not 5"),
        (
            "name: hall\nnumber: [1]\n",
            2,
            "number",
            "must be a whole number, not a list; or it must be text, not a list",
        ),
        ("name: hall\nlevel: " + "x" * 500, 2, "level", "x..."),
        (b"name: hall\nrooms: [caf\xe9]\n", 2, "", "byte 0xe9 is not UTF-8; save the file as UTF-8"),
    ],
)
def test_a_mistake_is_named_by_line_and_field_with_what_to_do(
    file: Path, text: str | bytes, line: int | None, field: str, said: str
) -> None:
    (problem,) = problems(file, text)
    assert (problem.file, problem.line, problem.field) == (str(file), line, field)
    assert said in problem.message
    assert len(problem.message) < 500


def test_all_mistakes_of_a_file_are_named_in_its_order(file: Path) -> None:
    found = problems(file, "rooms: 3\nfloors: 0\nname: x\nguest:\n  open: 1\n  name: ok\n")
    assert [(problem.line, problem.field) for problem in found] == [
        (1, "rooms"),
        (2, "floors"),
        (3, "name"),
        (5, "guest.open"),
    ]


def test_a_problem_reads_as_file_line_field_and_message() -> None:
    assert str(Problem("rules/a.yaml", 3, "rooms[1]", "is wrong")) == "rules/a.yaml:3: rooms[1]: is wrong"
    assert str(Problem("rules/a.yaml", None, "", "is not there")) == "rules/a.yaml: is not there"


def test_a_rules_error_is_a_mistake_of_the_user(file: Path) -> None:
    with pytest.raises(UserError, match=r"house.yaml: there is no such file"):
        load_yaml(file, House)


def test_a_folder_is_not_read_as_a_file(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="this is a folder; name a file in it"):
        load_yaml(tmp_path, House)


def test_a_file_that_cannot_be_opened_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(RulesError, match=r"rules.yaml: cannot be read: Not a directory"):
        load_yaml(tmp_path / "file" / "rules.yaml", House)


def test_a_file_over_the_limit_is_refused_unread(file: Path) -> None:
    file.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(RulesError, match=r"5,000,001 bytes and at most 5,000,000"):
        load_yaml(file, House)


def test_aliases_that_stand_for_a_billion_values_are_refused(file: Path) -> None:
    names = "abcdefghij"
    lines = ["name: hall", "sizes:", f"  a: &a [{', '.join('1' * 10)}]"]
    lines += [f"  {name}: &{name} [{', '.join([f'*{before}'] * 10)}]" for before, name in pairwise(names)]
    (problem,) = problems(file, "\n".join(lines))
    assert problem.line is not None
    assert "aliases (*) make over 1,000,000 values" in problem.message


@pytest.mark.parametrize(
    ("loc", "line", "field"),
    [
        (("rooms", 1), 4, "rooms[1]"),
        (("guest", "rooms", 0), 8, "guest.rooms[0]"),
        (("guest", "name"), 6, "guest.name"),
        (("guest", "floors"), 5, "guest.floors"),
        (("rooms", 9), 2, "rooms[9]"),
        ((), 1, ""),
    ],
)
def test_a_later_check_can_name_the_line_of_a_value(
    file: Path, loc: tuple[int | str, ...], line: int, field: str
) -> None:
    file.write_text("name: main\nrooms:\n  - hall\n  - attic\nguest:\n  name: shed\n  rooms:\n    - loft\n")
    assert read_rules(file, House).problem_at(loc, "is wrong") == Problem(str(file), line, field, "is wrong")


def test_a_mistake_in_subscriptions_names_the_nearest_channel_kind_and_type(file: Path) -> None:
    file.write_text(
        "channels:\n  - name: desk\n    kind: webhok\nsubscriptions:\n"
        "  - name: sahel\n    channel: desk\n    types: [bombin]\n    killed_atleast: 50\n"
    )
    with pytest.raises(RulesError) as raised:
        load_yaml(file, Subscriptions)
    assert [problem.message.split("?")[0].split("; ")[-1] for problem in raised.value.problems] == [
        "did you mean webhook",
        "did you mean bombing",
        "did you mean killed_at_least",
    ]


_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text(max_size=8) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*House.model_fields, "kind", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(_PLAIN)
def test_whatever_a_file_holds_it_is_a_house_or_problems_with_lines(
    tmp_path_factory: pytest.TempPathFactory, value: object
) -> None:
    file = tmp_path_factory.mktemp("any") / "house.yaml"
    with file.open("w", encoding="utf-8") as stream:
        YAML(typ="safe", pure=True).dump(value, stream)
    _is_a_house_or_problems(file)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_whatever_bytes_a_file_has_it_is_a_house_or_problems(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.mktemp("any") / "house.yaml"
    file.write_bytes(content)
    _is_a_house_or_problems(file)


def _is_a_house_or_problems(file: Path) -> None:
    lines = len(file.read_bytes().splitlines()) + 1
    try:
        load_yaml(file, House)
    except RulesError as error:
        raised = error
    else:
        return
    assert raised.problems
    assert all(problem.line is None or 1 <= problem.line <= lines for problem in raised.problems)
    assert all(problem.message for problem in raised.problems)
