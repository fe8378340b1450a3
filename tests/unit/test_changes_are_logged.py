"""Every change by a person reaches the audit log: all pages and services that change something are walked.

A page that takes what somebody sends names who it is to a service; a service that is told hands it on, or to the log;
and what the log is told has words by which people read it.
"""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[2] / "src" / "tagsmith"
WRITERS = {"record": (1, 2), "record_all": (1, 2)}  # which arguments are action and subject
CHANGES_NOTHING = {  # pages that take what is sent, and leave the library as it was
    "language.language": "whose language is in a cookie",
    "sign_in.sign_in": "a session begins",
    "sign_in.sign_out": "a session ends",
    "selection.download": "a zip",
    "metadata.sheet.export": "a file",
    "by_image.by_image": "a search",
    "training.groups.look": "a search for groups is asked for",
}
ELSEWHERE = {"setup.setup": "nobody is there yet: the first person adds themselves, which `operations.people` logs"}
pytestmark = pytest.mark.req("T5b")


def modules(*below: str) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCES.rglob("*.py")):
        name = ".".join(path.relative_to(SOURCES).with_suffix("").parts)
        if name.startswith(below or "") and "migrations" not in name:
            yield name.removesuffix(".__init__"), ast.parse(path.read_text(encoding="utf-8"))


def takes_changes(function: ast.FunctionDef) -> bool:
    marks = " ".join(map(ast.unparse, function.decorator_list))
    return "require_POST" in marks or "'POST'" in marks


def names_in(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def reached(start: ast.AST, module: ast.Module) -> set[str]:
    """Every name that a function uses, and what is used by what it names of its module."""
    own = {one.name: one for one in module.body if isinstance(one, ast.FunctionDef | ast.ClassDef)}
    for one in module.body:
        if isinstance(one, ast.Assign | ast.AnnAssign):
            targets = one.targets if isinstance(one, ast.Assign) else [one.target]
            own |= {target.id: one for target in targets if isinstance(target, ast.Name)}
    found, waiting = set(), [start]
    while waiting:
        new = names_in(waiting.pop()) - found
        found |= new
        waiting += [own[name] for name in new if name in own]
    return found


def test_every_page_that_takes_changes_says_whose_they_are():
    silent, seen = [], set()
    for name, module in modules("web.views."):
        for function in module.body:
            if isinstance(function, ast.FunctionDef) and takes_changes(function):
                page = f"{name.removeprefix('web.views.')}.{function.name}"
                seen.add(page)
                if not {"actor_of", "person_of"} & reached(function, module):
                    silent.append(page)
    assert len(seen) > 40
    assert sorted(set(silent) - CHANGES_NOTHING.keys() - ELSEWHERE.keys()) == []
    assert sorted((CHANGES_NOTHING.keys() | ELSEWHERE.keys()) - seen) == []


def test_every_service_that_knows_who_it_is_hands_it_on():
    silent, seen = [], 0
    for name, module in modules():
        if name.startswith(("web.", "cli.")):
            continue
        for function in ast.walk(module):
            if isinstance(function, ast.FunctionDef) and any(one.arg == "actor" for one in all_arguments(function)):
                seen += 1
                handed = {ast.unparse(one) for call in calls_in(function) for one in arguments(call)}
                kept = {ast.unparse(one.value) for one in ast.walk(function) if isinstance(one, ast.Assign)}
                if not any("actor" in one.split(".")[0] or "actor" in one for one in handed | kept):
                    silent.append(f"{name}.{function.name}")
    assert seen > 60
    assert silent == []


def all_arguments(function: ast.FunctionDef) -> list[ast.arg]:
    return [*function.args.args, *function.args.kwonlyargs]


def calls_in(node: ast.AST) -> list[ast.Call]:
    return [one for one in ast.walk(node) if isinstance(one, ast.Call)]


def arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(one.value for one in call.keywords)]


def kinds_that_are_logged() -> Iterator[tuple[str, str]]:
    """Subject and action of every entry that the sources name."""
    for name, module in modules():
        for call in calls_in(module):
            places = WRITERS.get(call.func.id) if isinstance(call.func, ast.Name) else None
            if places and len(call.args) > max(places) and name != "audit.services":
                actions, subjects = (values(name, call.args[place]) for place in places)
                yield from ((subject, action) for subject in subjects for action in actions)


def values(module: str, node: ast.expr) -> list[str]:
    """The texts that an expression may be; none where only running it tells."""
    if isinstance(node, ast.Constant):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return [*values(module, node.body), *values(module, node.orelse)]
    if isinstance(node, ast.Name):
        value = getattr(importlib.import_module(f"tagsmith.{module}"), node.id, None)
        return [value] if isinstance(value, str) else []
    return []


def test_every_kind_of_change_has_words():
    from tagsmith.operations.change_words import SUBJECTS, WORDS

    logged = set(kinds_that_are_logged())
    assert len(logged) > 45
    assert sorted(logged - WORDS.keys()) == []
    assert {subject for subject, _ in WORDS} == SUBJECTS.keys()


def test_kinds_that_only_running_tells_have_words():
    from tagsmith.assets.services.bulk_edit import EDITED, REVERTED
    from tagsmith.collecting import picking, services, undoing
    from tagsmith.operations.change_words import WORDS
    from tagsmith.tagging import moderation
    from tagsmith.taxonomy.services import blocking

    kept = (services.CREATED, services.CHANGED, services.DELETED, undoing.UNDONE)
    expected = {("asset", one) for one in (*moderation.UNDONE, moderation.KEEP, moderation.UNDO, EDITED, REVERTED)}
    expected |= {(subject, f"{subject}.{one}") for subject in services.SUBJECTS.values() for one in kept}
    expected |= {("collection", f"collection.{one}") for one in (picking.ADDED, picking.REMOVED)}
    expected |= {("tag", one) for one in (blocking.BLOCK, blocking.UNBLOCK)}
    assert sorted(expected - WORDS.keys()) == []
