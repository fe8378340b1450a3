"""docs/requirements.md and the tests' marks agree."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| ([A-Z]\d+[a-z]?) \| .+ \| (done|planned) \|$", re.MULTILINE)


def clauses() -> dict[str, str]:
    return dict(ROW.findall((ROOT / "docs/requirements.md").read_text(encoding="utf-8")))


@cache
def marked() -> set[str]:
    ids: set[str] = set()
    for file in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "req":
                ids.update(ast.literal_eval(argument) for argument in node.args)
    return ids


def test_every_row_of_the_table_is_well_formed():
    lines = (ROOT / "docs/requirements.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| ") and not line.startswith(("| clause", "| ---"))]
    assert len(rows) == len(clauses())


def test_every_done_clause_has_a_test():
    assert [clause for clause, state in clauses().items() if state == "done" and clause not in marked()] == []


def test_every_mark_names_a_clause_that_is_done():
    assert sorted(marked() - {clause for clause, state in clauses().items() if state == "done"}) == []


@pytest.mark.parametrize("lock", ["demo.txt", "test.txt"])
def test_lock_pins_hashes_and_names_no_place(lock):
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    pins = re.findall(r"^[a-z0-9].*==", text, re.MULTILINE)
    assert len(pins) > 20
    assert text.count("--hash=sha256:") >= len(pins)
    assert not re.search(r"://|--index|--find-links|file:|^/|@ ", text, re.MULTILINE)
