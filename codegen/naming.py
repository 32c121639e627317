"""All naming. A name depends on what it names alone, never on its neighbours, so additions move nothing."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from botocore import xform_name

from codegen.errors import SpecError

# What the body of a generated class itself uses: a member of that name would hide it.
CLASS_BODY_NAMES = frozenset({"bool", "bytes", "datetime", "field", "float", "int", "str", "tuple"})
# What a generated method uses beside its arguments.
ARGUMENT_NAMES = frozenset({"models", "self"})
# What the modules use that have a class for each shape.
CLASS_NAMES = frozenset(
    "Literal OpenEnum TYPE_CHECKING TypeAlias annotations c converters enums frozen models w".split()
)
CLIENT_NAMES = frozenset({"check", "close", "send", "service"})
MODULE_NAMES = frozenset({"converters", "enums"})

OPERATION_SUFFIXES = ("Request", "Response", "Input", "Output", "Result")


def snake(name: str) -> str:
    """snake_case as boto3 makes it."""
    return str(xform_name(name)).strip("_")


def function(class_name: str) -> str:
    """How functions speak of a class: `create_task_request`."""
    return snake(class_name).lower()


def member(name: str) -> str:
    """The attribute and argument for a member."""
    return safe(snake(name), CLASS_BODY_NAMES | ARGUMENT_NAMES)


def method(operation: str) -> str:
    """The client's method for an operation."""
    return safe(snake(operation), CLIENT_NAMES)


def class_name(shape: str) -> str:
    """AWS's name, unless Python forbids it."""
    return safe(shape, CLASS_NAMES)


def constant(value: str) -> str:
    """The enum member for a value: UPPER_SNAKE of it."""
    words = "_".join(re.findall(r"[A-Za-z0-9]+", value))
    if not words:
        words = "_".join(unicodedata.name(char, "CHARACTER") for char in value) or "EMPTY"
        words = re.sub(r"\W+", "_", words)
    name = words.upper() if words.isupper() or "_" in words else snake(words).upper()
    return f"V{name}" if name[0].isdigit() else name


def constants(values: Iterable[str]) -> list[tuple[str, str]]:
    """The members of an enum, sorted by name.

    Of values that would share a name, the one that is the name has it, or else the first one in the model;
    the others keep their own spelling, and where even that is taken they are numbered.
    """
    unique = list(dict.fromkeys(values))
    taken = {value: value for value in unique if constant(value) == value}
    for value in unique:
        if constant(value) != value:
            numbered = (f"{constant(value)}_{number}" for number in range(2, len(unique) + 2))
            names = (constant(value), own_spelling(value), *numbered)
            taken[next(name for name in names if name not in taken)] = value
    return sorted(taken.items())


def own_spelling(value: str) -> str:
    """A value as an enum member with as little change as Python allows."""
    name = re.sub(r"\W", "_", value, flags=re.ASCII).strip("_") or constant(value)
    name = f"V{name}" if name[0].isdigit() else name
    return safe(name, frozenset({"mro", "name", "value"}))


def module(shape: str, nouns: Mapping[str, str]) -> str:
    """The module for a structure: that of its operation, or of its noun.

    `CreateTaskRequest` is in `create_task`; other structures are in the module that `nouns` gives for
    the longest beginning of their name, or else in that of the name's first word.
    """
    beginnings = [noun for noun in nouns if shape.startswith(noun)]
    if beginnings:
        return nouns[max(beginnings, key=len)]
    for suffix in OPERATION_SUFFIXES:
        if shape.endswith(suffix) and shape != suffix:
            return safe(snake(shape.removesuffix(suffix)), MODULE_NAMES)
    return safe(first_word(shape), MODULE_NAMES)


def operation_module(operation: str, nouns: Mapping[str, str]) -> str:
    """The module for a method: its operation's noun, which is what follows the verb."""
    rest = without_verb(operation)
    beginnings = [noun for noun in nouns if rest.startswith(noun)]
    if beginnings:
        return nouns[max(beginnings, key=len)]
    return safe(singular(first_word(rest)), frozenset())


def without_verb(operation: str) -> str:
    """`Tasks` of `ListTasks`."""
    verb = re.match(r"[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z0-9]*", operation)
    return operation[verb.end() :] or operation if verb else operation


def first_word(name: str) -> str:
    """`task` of `TaskListEntry`."""
    return snake(name).split("_")[0]


def singular(noun: str) -> str:
    """`task` of `tasks`."""
    plural = len(noun) > 1 and noun.endswith("s") and not noun.endswith(("ss", "us", "is"))
    return noun[:-1] if plural else noun


def iterator(operation: str, operations: Iterable[str]) -> str:
    """The iterator over the items of a listing: named after the items.

    Where several of `ListX`, `DescribeX` and `GetX` exist, only the first of them drops its verb.
    """
    rest = without_verb(operation)
    verb = operation.removesuffix(rest)
    plainer = {"List": (), "Describe": ("List",), "Get": ("List", "Describe")}.get(verb)
    if plainer is None or any(f"{other}{rest}" in operations for other in plainer):
        return f"iter_{snake(operation)}"
    return f"iter_{snake(rest)}"


def error_class(shape: str) -> str:
    """`InvalidRequestError` of `InvalidRequestException`."""
    for suffix in ("Exception", "Error", "Fault"):
        if shape.endswith(suffix) and shape != suffix:
            return f"{shape.removesuffix(suffix)}Error"
    return f"{shape}Error"


def error_classes(shapes: Collection[str]) -> dict[str, str]:
    """The exception for each modelled error.

    `FullException` is `FullError`; where the service has several that would be, they keep AWS's names.
    """
    wanted = Counter(map(error_class, shapes))
    return {shape: shape if wanted[error_class(shape)] > 1 else error_class(shape) for shape in shapes}


def safe(name: str, reserved: frozenset[str]) -> str:
    """A Python identifier: with an underscore behind it where the plain name would be something else."""
    if keyword.iskeyword(name) or name in reserved:
        return f"{name}_"
    if not name.isidentifier():
        raise SpecError(name, "cannot be made a Python name")
    return name


def claim(taken: dict[str, str], name: str, source: str, path: str) -> None:
    """Take a name, or stop where another thing has it."""
    if taken.setdefault(name, source) != source:
        raise SpecError(path, f"{taken[name]!r} and {source!r} would both be named {name!r}")
