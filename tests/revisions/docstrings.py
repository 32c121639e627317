"""What the docstrings of a generated package say of when things came."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from botocore import xform_name

from tests.revisions.packages import FIRST, Package, since

SAID = re.compile(r"New in API (\S+?)\.(?=\s|$)")
ARGUMENT = re.compile(r"^ {4}(\w+)(?:: |$)", re.MULTILINE)

Said: TypeAlias = tuple[str, str]
"""A thing, and what is said of it: `("TaskMode", "2024-10-30")`."""


def dates_in(text: str | None) -> Iterator[str]:
    """The dates in a docstring, wherever its lines are broken."""
    yield from SAID.findall(" ".join((text or "").split()))


def said(package: Package) -> Iterator[Said]:
    """What the docstrings of a package say; a method is `create_task()`, its argument `create_task(name)`."""
    for path in sorted((package.folder / "models").glob("*.py")):
        for cls in classes(path):
            yield from said_of_class(cls, package)
    for path in sorted((package.folder / "_generated" / "operations").glob("*.py")):
        for cls in classes(path):
            for method in cls.body:
                if isinstance(method, ast.FunctionDef):
                    yield from said_of_method(method)
    for cls in classes(package.folder / "_generated" / "errors.py"):
        yield from ((cls.name, date) for date in dates_in(ast.get_docstring(cls)))
        for member in cls.body:
            if isinstance(member, ast.FunctionDef):
                thing = f"{cls.name}.{member.name}"
                yield from ((thing, date) for date in dates_in(ast.get_docstring(member)))


def classes(path: Path) -> list[ast.ClassDef]:
    """The classes of a module."""
    return [node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.ClassDef)]


def said_of_class(cls: ast.ClassDef, package: Package) -> Iterator[Said]:
    """What the docstrings of a class of models and of its attributes say."""
    yield from ((cls.name, date) for date in dates_in(ast.get_docstring(cls)))
    for node, after in zip(cls.body, cls.body[1:], strict=False):
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            thing = f"{cls.name}.{part_of(node, cls, package)}"
            yield from ((thing, date) for date in dates_in(str(after.value.value)))


def part_of(node: ast.stmt, cls: ast.ClassDef, package: Package) -> str:
    """The member or the value that a statement of a class is about."""
    if isinstance(node, ast.Assign):
        return str(ast.literal_eval(node.value))
    assert isinstance(node, ast.AnnAssign)
    assert isinstance(node.target, ast.Name)
    members = package.api.members_of(package.api.class_of(cls.name))
    names = {member.attribute: member.name for member in members}
    return names[node.target.id]


def said_of_method(method: ast.FunctionDef) -> Iterator[Said]:
    """What the docstring of a method says of itself and of its arguments."""
    text, _, rest = (ast.get_docstring(method) or "").partition("\nArgs:\n")
    yield from ((f"{method.name}()", date) for date in dates_in(text))
    arguments = rest.partition("\n\n")[0]
    starts = [found.start() for found in ARGUMENT.finditer(arguments)]
    for start, end in zip(starts, [*starts[1:], len(arguments)], strict=True):
        entry = arguments[start:end]
        name = entry.strip().partition(":")[0]
        yield from ((f"{method.name}({name})", date) for date in dates_in(entry))


def to_say(package: Package) -> Iterator[Said]:
    """All that they should say: nothing of what was there from the first day on.

    A value is not told to be as old as its enum, nor an argument to be as old as its request.
    """
    dates = since(package.date)
    for thing, date in dates.items():
        owner, _, part = thing.partition(".")
        value = bool(part) and package.api.shapes[owner]["type"] == "string"
        if date != FIRST and not thing.endswith("()") and not (value and date == dates[owner]):
            yield thing, date
    for name, shape in package.api.shapes.items():
        if not shape.get("exception"):
            continue
        parts = {member: xform_name(member) for member in shape["members"] if member != "message"}
        told = {error_name(name): dates[name]}
        told |= {f"{error_name(name)}.{part}": dates[f"{name}.{member}"] for member, part in parts.items()}
        yield from ((thing, date) for thing, date in told.items() if date != FIRST)
    for name, operation in package.api.operations.items():
        date, request = dates[f"{name}()"], operation["input"]["shape"]
        paginator = package.revision["paginators"].get("pagination", {}).get(name)
        own = {paginator["input_token"], paginator["limit_key"]} if paginator else set()
        for method in filter(None, (xform_name(name), paginator and iterator_name(name))):
            if date != FIRST:
                yield f"{method}()", date
            for member in package.api.shapes[request]["members"]:
                newer = dates[f"{request}.{member}"]
                if newer not in (FIRST, dates[request]) and (member not in own or method == xform_name(name)):
                    yield f"{method}({xform_name(member)})", newer


def iterator_name(operation: str) -> str:
    """The method that goes over all pages of an operation: `iter_tasks` for `ListTasks`."""
    return f"iter_{xform_name(operation).partition('_')[2]}"


def error_name(shape: str) -> str:
    """The exception for a shape: `InvalidRequestError` for `InvalidRequestException`."""
    return shape.replace("Exception", "Error")
