"""House rules that no linter sees, read from the syntax tree."""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from qianli.settings import ROOT

LONGEST_FILE, LONGEST_FUNCTION = 350, 60
STATES = {"state", "stage", "tracking"}
STATEMENTS = {"select", "update", "insert", "delete"}
SQL_LIBRARIES = {"sa", "sqlalchemy", "sqlmodel"}
MIGRATIONS = "qianli/store/migrations/"
#: Every source file but what Alembic wrote; tests are free to look and to meddle.
FILES = [
    name
    for room in ("examples", "flows", "models", "qianli")
    for path in sorted((ROOT / room).rglob("*.py"))
    if not (name := path.relative_to(ROOT).as_posix()).startswith(MIGRATIONS)
]


TAKEN = {f"{library}.{one}" for library in SQL_LIBRARIES for one in STATEMENTS}


@cache
def nodes(name: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))))


def found(wrong: Callable[[ast.AST], bool], *, but: str | tuple[str, ...] = ()) -> list[str]:
    """`file:line` of every node that is wrong, in all files but those that may."""
    return [
        f"{name}:{getattr(node, 'lineno', 0)}"
        for name in FILES
        if not name.startswith(but)
        for node in nodes(name)
        if wrong(node)
    ]


def called(node: ast.AST) -> tuple[str, str]:
    """What a call calls, as (owner, name): `sa.update(…)` is ("sa", "update"), `select(…)` is ("", "select")."""
    if not isinstance(node, ast.Call):
        return "", ""
    if isinstance(node.func, ast.Attribute):
        return ast.unparse(node.func.value), node.func.attr
    return "", ast.unparse(node.func)


def imported(node: ast.AST) -> Iterator[str]:
    """Dotted names that an import brings in: modules, and what is taken out of them."""
    if isinstance(node, ast.Import):
        yield from (one.name for one in node.names)
    if isinstance(node, ast.ImportFrom):
        yield from (f"{'.' * node.level}{node.module or ''}.{one.name}" for one in node.names)


def is_sql(node: ast.AST) -> bool:
    owner, name = called(node)
    return (owner in SQL_LIBRARIES and name in STATEMENTS) or name == "select" or not TAKEN.isdisjoint(imported(node))


def writes_a_state(node: ast.AST) -> bool:
    """`row.state = …`, `setattr(row, "state", …)`, `.values(state=…)` and `.values({"state": …})`."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        written = [one for target in targets for one in ast.walk(target)]
        return any(isinstance(one, ast.Attribute) and one.attr in STATES for one in written)
    if isinstance(node, ast.Call) and called(node)[1] in ("values", "setattr"):
        keys = [key for one in node.args if isinstance(one, ast.Dict) for key in one.keys]
        said = {one.value for one in [*node.args, *keys] if isinstance(one, ast.Constant)}
        return not STATES.isdisjoint(said | {one.arg for one in node.keywords})
    return False


def test_sql_stands_in_the_store() -> None:
    assert found(is_sql, but=("qianli/store/", "qianli/testing")) == []


def test_one_place_commits() -> None:
    assert found(lambda node: called(node)[1] == "commit", but="qianli/store/session.py") == []


def test_one_place_writes_states() -> None:
    assert found(writes_a_state, but=("qianli/store/transitions.py", "qianli/testing")) == []


def test_only_tests_arm_faults() -> None:
    def arms(node: ast.AST) -> bool:
        return called(node)[1] == "arm" or "qianli.faults.arm" in imported(node)

    assert found(arms, but="qianli/testing.py") == []


def test_models_import_nothing_of_ours() -> None:
    def is_ours(node: ast.AST) -> bool:
        return any(name.startswith((".", "flows", "qianli")) for name in imported(node))

    assert [place for place in found(is_ours) if place.startswith("models/")] == []


def test_files_and_functions_stay_small() -> None:
    def is_long(node: ast.AST) -> bool:
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        return is_function and (node.end_lineno or node.lineno) - node.lineno >= LONGEST_FUNCTION

    lines = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in FILES}
    assert {name: count for name, count in lines.items() if count > LONGEST_FILE} == {}
    assert found(is_long) == []


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("select(Member)", is_sql),
        ("sa.update(Member)", is_sql),
        ("from sqlalchemy import delete", is_sql),
        ("parcel.stage = 1", writes_a_state),
        ("one.version, one.state = 1, 2", writes_a_state),
        ("query.values(tracking=1)", writes_a_state),
        ("query.values({'state': 1})", writes_a_state),
        ("setattr(row, 'state', 1)", writes_a_state),
    ],
)
def test_the_rules_see_what_they_are_for(source: str, rule: Callable[[ast.AST], bool]) -> None:
    assert any(rule(node) for node in ast.walk(ast.parse(source)))


def test_there_is_something_to_read() -> None:
    assert len(FILES) > 100
    assert all(Path(ROOT / name).is_file() for name in FILES)
