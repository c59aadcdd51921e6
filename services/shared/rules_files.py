"""Reading the YAML files that operators write by hand: a mistake in one is named by file, line and field.

Files are YAML 1.2 as ruamel.yaml reads it, so `NO` is the word and not false. Values are never turned into what a
field wants: `"50"` is refused where a number is meant, since the same laxity would take `true` for 1.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import BaseConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.main import CParser  # type: ignore[attr-defined]
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from services.shared.errors import UserError
from services.shared.rules_messages import Location, describe

M = TypeVar("M", bound=BaseModel)

MAX_BYTES = 5_000_000
"""A larger file is refused unread: rules are written by people, and reading such a file would take minutes."""
MAX_VALUES = 1_000_000
"""Values in a file once its aliases are written out. Nine lines of nested aliases can stand for a billion."""

LARGE = 100_000
"""Characters from which on a file is read by libyaml, which takes a third of the time of ruamel's own parser: half a
minute less for ten thousand channels."""
_READ_OTHERWISE = re.compile("[\t\x85\u2028\u2029]|(?s:.)\ufeff|^%", re.MULTILINE)
"""What libyaml, which is of YAML 1.1, takes for something else: tabs, ends of line, marks of byte order, directives."""

MAX_TEXT = 20_000
"""Characters, and values, of a part that somebody writes into a form."""

_STR, _MERGE = "tag:yaml.org,2002:str", "tag:yaml.org,2002:merge"
_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge")
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in one file, and what to do about it."""

    file: str
    line: int | None
    """Counted from 1; None where the file as a whole is at fault."""
    field: str
    """Such as `subscriptions[2].regions[0]`, counted from 0; empty for the whole file."""
    message: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {self.field}: {self.message}" if self.field else f"{where}: {self.message}"


class RulesError(UserError):
    """A rules file cannot be used. `problems` names every mistake found, in the order of the file."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


@dataclass(frozen=True, slots=True)
class RulesFile(Generic[M]):
    """What a file holds, with the lines on which it says so."""

    path: Path
    value: M
    root: Node

    def problem_at(self, loc: Location, message: str) -> Problem:
        """A mistake that only a later check can see, such as a region that does not exist, with its line.

        `loc` leads to the value at fault as pydantic gives it: `("subscriptions", 2, "regions", 0)`. Where the file
        does not hold the last of it, the line is that of what should.
        """
        return _problem(self.path, self.root, loc, message)


def load_yaml(path: Path, model: type[M]) -> M:
    """What the file holds, as `model`, whose fields are all that the file may say.

    Raises RulesError naming every mistake: file missing or unreadable, over 5 MB, not UTF-8, not YAML, empty, a field
    unknown, missing or of the wrong kind.
    """
    return read_rules(path, model).value


def read_rules(path: Path, model: type[M]) -> RulesFile[M]:
    """As `load_yaml`, with the lines kept, so that later checks can name them too."""
    root, data = _parse(path, _read(path))
    if root is None:
        fields = ", ".join(model.model_fields)
        raise RulesError(Problem(str(path), None, "", f"the file is empty; it can hold: {fields}"))
    try:
        value = model.model_validate_json(json.dumps(data, default=_as_json), strict=True)
    except ValidationError as error:
        raise RulesError(*_problems(path, root, model, error)) from None
    return RulesFile(path, value, root)


def values_of_text(text: str, name: str) -> dict[str, Any]:
    """The fields that `text` gives, as YAML that a rules file could hold; none where it is empty. `name` stands for the
    file in what is said of it.

    Raises RulesError as `read_rules` does, and where it is no set of fields.
    """
    if len(text) > MAX_TEXT:
        raise RulesError(Problem(name, None, "", f"it has {len(text):,} characters and at most {MAX_TEXT:,} are read"))
    root, data = _parse(Path(name), text, MAX_TEXT)
    if root is None:
        return {}
    if not isinstance(root, MappingNode):
        raise RulesError(Problem(name, _start(root), "", "write `field: value`, one to a line"))
    values: dict[str, Any] = json.loads(json.dumps(data, default=_as_json))
    return values


def text_of_values(values: Mapping[str, Any]) -> str:
    """`values` as YAML that `values_of_text` reads; empty where there are none."""
    if not values:
        return ""
    out = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = None
    yaml.dump(dict(values), out)
    return out.getvalue()


def _read(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            message = f"the file has {size:,} bytes and at most {MAX_BYTES:,} are read; take out what is not rules"
            raise RulesError(Problem(str(path), None, "", message))
        content = path.read_bytes()
    except FileNotFoundError:
        message = "there is no such file; create it, name another, or set TOCSIN_RULES to the folder of rules"
        raise RulesError(Problem(str(path), None, "", message)) from None
    except IsADirectoryError:
        raise RulesError(Problem(str(path), None, "", "this is a folder; name a file in it")) from None
    except OSError as error:
        raise RulesError(Problem(str(path), None, "", f"cannot be read: {error.strerror}")) from None
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = f"0x{content[error.start]:02x}"
        raise RulesError(Problem(str(path), line, "", f"byte {byte} is not UTF-8; save the file as UTF-8")) from None


def _parse(path: Path, text: str, most_values: int = MAX_VALUES) -> tuple[Node | None, Any]:
    try:
        yaml, root = _composed(text)
        if root is None:
            return None, None
        problems = _check_nodes(path, root, yaml.constructor, most_values)
        if problems:
            raise RulesError(*problems)
        return root, yaml.constructor.construct_document(root)
    except RecursionError:
        message = "lists or fields are nested too deeply; rules need a few levels only"
        raise RulesError(Problem(str(path), None, "", message)) from None
    except MarkedYAMLError as error:
        raise RulesError(Problem(str(path), _line_of(error), "", f"not YAML: {_reworded(error)}")) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        message = f"not YAML: control character U+{ord(text[error.position]):04X} stands here; remove it"
        raise RulesError(Problem(str(path), line, "", message)) from None


def _composed(text: str) -> tuple[YAML, Node | None]:
    """What `text` holds, and what constructs values of it. Raises as ruamel's own parser does."""
    yaml = YAML(typ="safe", pure=True)
    if len(text) >= LARGE and CParser is not None and not _READ_OTHERWISE.search(text):
        # Its events are put together by ruamel's own composer, which ends where they are nested without end.
        vars(yaml)["_parser"] = CParser(text)
        try:
            return yaml, yaml.composer.get_single_node()
        except YAMLError:
            # Said below, in the words and with the lines of the parser that reads small files.
            yaml = YAML(typ="safe", pure=True)
    root: Node | None = yaml.compose(text)
    return yaml, root


def _check_nodes(path: Path, root: Node, constructor: BaseConstructor, most_values: int) -> list[Problem]:
    """Mistakes that YAML's grammar allows: aliases without end, odd tags, keys that are not words, 2025-99-99."""
    problems: list[Problem] = []
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()

    def size_of(node: Node) -> int:
        if id(node) in sizes:
            return sizes[id(node)]
        if id(node) in open_nodes:
            raise RulesError(Problem(str(path), _start(node), "", "an alias (*) stands for something that holds it"))
        open_nodes.add(id(node))
        if node.tag not in _TAGS:
            problems.append(Problem(str(path), _start(node), "", f"the tag {node.tag} has no use in rules; remove it"))
        size = 1
        if isinstance(node, MappingNode):
            for key, value in node.value:
                if not (isinstance(key, ScalarNode) and key.tag in (_STR, _MERGE)):
                    shown = key.value[:60] if isinstance(key, ScalarNode) else "here"
                    message = f"the name {shown} is not text; write it in quotes"
                    problems.append(Problem(str(path), _start(key), "", message))
                size += size_of(value)
        elif isinstance(node, SequenceNode):
            size += sum(size_of(item) for item in node.value)
        elif node.tag in _TAGS and node.tag not in (_STR, _MERGE):
            try:
                constructor.construct_object(node)
            except ValueError:
                message = f"{node.value[:60]} cannot be read as {node.tag.rpartition(':')[2]}; write text in quotes"
                problems.append(Problem(str(path), _start(node), "", message))
        open_nodes.discard(id(node))
        if size > most_values:
            message = f"aliases (*) make over {most_values:,} values of this; write out what is meant"
            raise RulesError(Problem(str(path), _start(node), "", message))
        sizes[id(node)] = size
        return size

    size_of(root)
    return problems


def _start(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _line_of(error: MarkedYAMLError) -> int | None:
    mark = error.problem_mark or error.context_mark
    return None if mark is None else int(mark.line) + 1


def _reworded(error: MarkedYAMLError) -> str:
    """ruamel's message with what to do, for the mistakes that people make."""
    said = " ".join(str(error.problem or error.context).split())
    if r"'\t'" in said:
        return "a tab stands here; indent with spaces"
    if said.startswith("found duplicate key"):
        return f"{said.removeprefix('found ').split(' with value')[0]}; keep one of them"
    if said == "mapping values are not allowed here":
        return "a colon that YAML cannot place; put text that holds ': ' in quotes, and check the indentation"
    if "another document" in said:
        return "a second document begins here; take out the line ---"
    return f"{said} ({error.context})" if error.context and error.context != error.problem else said


def _as_json(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be in a rules file")


def _problems(path: Path, root: Node, model: type[BaseModel], error: ValidationError) -> list[Problem]:
    """One problem for each value at fault: the members of a union each complain, and are put together."""
    messages: dict[tuple[int, str], list[str]] = {}
    for detail in error.errors(include_url=False):
        if detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]:
            continue  # pydantic counts only the items that are right; those that are wrong are told by themselves
        loc, message = describe(model, detail)
        problem = _problem(path, root, loc, message)
        said = messages.setdefault((problem.line or 0, problem.field), [])
        if message not in said:
            said.append(message)
    return [Problem(str(path), line, field, "; or it ".join(said)) for (line, field), said in sorted(messages.items())]


def _problem(path: Path, root: Node, loc: Location, message: str) -> Problem:
    node, line, field = root, _start(root), ""
    lost = False
    for step in loc:
        field += f"[{step}]" if isinstance(step, int) else f".{step}" if field else step
        found = None if lost else _descend(node, step)
        if found is None:
            lost = True
        else:
            line, node = found
    return Problem(str(path), line, field, message)


def _descend(node: Node, step: int | str) -> tuple[int, Node] | None:
    """The line and the value of one field or item, or None where the file does not hold it."""
    if isinstance(node, SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
        item = node.value[step]
        return _start(item), item
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == step:
                return _start(key), value
    return None
