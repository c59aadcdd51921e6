"""Who may import whom, and what a pure package must not touch, read off the source by its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import resolve_name

OURS = ("schemas", "services", "tools", "tests", "bench")
COMMON_PURE = ("services.conditions", "services.regions")
"""Pure packages that belong to no service."""
PURE = (
    "schemas",
    *COMMON_PURE,
    "services.processor.extraction",
    "services.processor.tracking",
    "services.processor.scoring",
    "services.alerter.policy",
)
"""Packages without clock, network, environment or randomness: what goes in decides what comes out."""

IMPURE_MODULES = (
    *("asyncio", "concurrent", "multiprocessing", "select", "signal", "subprocess", "threading"),
    *("aiohttp", "ftplib", "http", "httpx", "requests", "smtplib", "socket", "ssl", "urllib.error", "urllib.request"),
    *("aiokafka", "confluent_kafka", "faust", "mode"),
    *("aiosqlite", "alembic", "psycopg", "sqlalchemy", "sqlite3"),
    *("dotenv", "getpass", "os", "platform", "pydantic_settings", "tempfile"),
    *("random", "secrets", "time", "uuid"),
    *("logging", "prometheus_client", "structlog"),
)
"""Modules with which a pure package could reach beyond its arguments."""
IMPURE_NAMES = {
    "datetime.date.today": "reads the clock",
    "datetime.datetime.now": "reads the clock",
    "datetime.datetime.today": "reads the clock",
    "datetime.datetime.utcnow": "reads the clock",
    "sys.argv": "reads the command line",
    "sys.stderr": "writes to the terminal",
    "sys.stdin": "reads from the terminal",
    "sys.stdout": "writes to the terminal",
}
IMPURE_BUILTINS = {
    "__import__": "imports by name",
    "hash": "differs from process to process",
    "input": "reads from the terminal",
    "open": "reads or writes files",
    "print": "writes to the terminal",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """One line that breaks a rule."""

    module: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.what}"


def violations(module: str, source: str, *, package: bool = False) -> list[Violation]:
    """What `source`, the text of `module`, does that it must not; `package` where it is an `__init__.py`."""
    tree = ast.parse(source)
    imported = list(_imports(tree, module if package else module.rpartition(".")[0]))
    found = [
        Violation(
            module, line, f"imports {name}, and may import of ours only {', '.join(may_import(module)) or 'nothing'}"
        )
        for name, line in imported
        if _within(name, OURS) and not _within(name, may_import(module))
    ]
    if not _within(module, ("services.cli",)):
        found += [
            Violation(module, line, f"uses {name}, which hides what it imports")
            for name, line in _names(tree)
            if name == "importlib.import_module"
        ]
    if _within(module, PURE):
        found += _impure(module, tree, imported)
    return sorted(set(found), key=lambda violation: (violation.line, violation.what))


def may_import(module: str) -> tuple[str, ...]:
    """The packages of ours that `module` may import."""
    own = next((package for package in PURE if _within(module, (package,))), None)
    if own == "schemas":
        return ("schemas",)
    if own is not None:
        return tuple(dict.fromkeys((own, "schemas", *COMMON_PURE)))
    service = ".".join(module.split(".")[:2])
    if service == "services.cli":
        return ("schemas", "services")
    if module == service and any(package.startswith(service + ".") for package in PURE):
        # Whoever imports the pure package within runs this file first.
        return ()
    return tuple(dict.fromkeys((service, "services.shared", "schemas", *COMMON_PURE)))


def _impure(module: str, tree: ast.Module, imported: list[tuple[str, int]]) -> Iterator[Violation]:
    for name, line in imported:
        if _within(name, IMPURE_MODULES):
            yield Violation(module, line, f"imports {name}, which is not for a pure package")
    for name, line in _names(tree):
        for impure, why in IMPURE_NAMES.items():
            if _within(name, (impure,)):
                yield Violation(module, line, f"uses {impure}, which {why}")
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IMPURE_BUILTINS:
            yield Violation(module, node.lineno, f"calls {node.func.id}, which {IMPURE_BUILTINS[node.func.id]}")


def _imports(tree: ast.Module, package: str) -> Iterator[tuple[str, int]]:
    """Every name that is imported anywhere in the file, whole: `from a import b` is `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            source = resolve_name("." * node.level + (node.module or ""), package) if node.level else node.module
            for alias in node.names:
                yield f"{source}.{alias.name}", node.lineno


def _names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every dotted name that is used, in full: `dt.now` is `datetime.datetime.now` after `from datetime import
    datetime as dt`."""
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                known[alias.asname or alias.name.partition(".")[0]] = alias.name if alias.asname else None
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                known[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            first, _, rest = ast.unparse(node).partition(".")
            if first in known:
                start = known[first] or first
                yield (f"{start}.{rest}" if rest else start), node.lineno


def _within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)
