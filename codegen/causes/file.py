"""`causes.toml`: what the codes and messages of a service's errors mean, checked against the spec.

A cause is a class of its own below that of a modelled error, or below another cause. It is recognized by what
the members of the error say that hold codes, by its message, by the operation, or by several of these.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from keyword import iskeyword
from pathlib import Path

from attrs import field, frozen

from codegen import naming
from codegen.errors import SpecError
from codegen.rules.reading import text
from codegen.spec import Node, Spec
from codegen.toml import read_toml
from datasync_sdk._runtime.errors import __all__ as runtime_errors

TOP_KEYS = frozenset({"code_members", "cause"})
CAUSE_KEYS = frozenset("name under documentation advice settles recognized".split())
RECOGNITION_KEYS = frozenset("error_codes message operations seen".split())
NAME = re.compile(r"[A-Z][A-Za-z0-9]*")
OWN_NAMES = frozenset({"Any", "Cause", "ERRORS", "base", "SdkError", "Violation"})
"""Names that the generated module has already."""


@frozen(kw_only=True)
class Operations:
    """Some operations."""

    written: tuple[str, ...] = ()
    """As the file has them: `CreateLocation*`."""
    names: tuple[str, ...] = ()
    """All of them."""


@frozen(kw_only=True)
class Recognition:
    """One way to know a cause; all that it says must hold."""

    error_codes: tuple[str, ...]
    """Values of the members that hold codes, any of which will do."""
    message: str
    """A regular expression that is found in the message, in any case; empty where any message will do."""
    operations: Operations
    """The operations that can fail so; none where any can."""
    seen: str
    """Where such an error was seen, or that it is a guess."""


@frozen(kw_only=True)
class Cause:
    """What an error means."""

    name: str
    """The name of its class."""
    under: str
    """The modelled error that it is one of, or another cause, as the file names it."""
    documentation: str
    advice: str
    """What to do about it."""
    settles: Operations
    """The operations of which it may go away by itself within minutes."""
    recognized: tuple[Recognition, ...]


@frozen(kw_only=True)
class Causes:
    """All that the file says."""

    code_members: tuple[str, ...] = ()
    """The members of modelled errors that hold codes."""
    known: tuple[Cause, ...] = ()
    """In the order of the file, in which a parent stands before its children."""
    parents: Mapping[str, tuple[str, ...]] = field(factory=dict)
    """What stands above each cause, from its parent up to the modelled error."""

    def of(self, shape: str) -> tuple[Cause, ...]:
        """The causes of a modelled error, the more special ones first: in this order, the first one fits."""
        own = [cause for cause in self.known if self.parents[cause.name][-1] == shape]
        return tuple(sorted(own, key=lambda cause: -len(self.parents[cause.name])))


def load(path: Path, spec: Spec, *, lenient: bool = False) -> Causes:
    """Read the causes and hold every one against the spec.

    With `lenient`, what an old revision of the API did not have is left out, instead of refused.
    """
    top = read_toml(path, TOP_KEYS)
    errors = {name: shape for name, shape in spec.shapes.items() if shape.exception}
    codes = [name for name in top.texts("code_members") if not lenient or has_member(errors, spec, name)]
    for name in codes:
        if not has_member(errors, spec, name):
            raise SpecError(top.at("code_members"), f"no modelled error has a member {name!r} that is a text")
    taken = dict.fromkeys((*OWN_NAMES, *runtime_errors, *dir(builtins)), "what every SDK has")
    taken |= {name: f"the error {shape}" for shape, name in naming.error_classes(list(errors)).items()}
    known: list[Cause] = []
    parents: dict[str, tuple[str, ...]] = dict.fromkeys(errors, ())
    for entry in top.nodes("cause"):
        cause = read_cause(entry, spec, lenient=lenient)
        check_name(entry, cause.name, taken)
        if cause.under not in parents:
            if lenient:
                continue
            problem = "is no modelled error of the spec, and no cause that stands before this one"
            raise SpecError(entry.at("under"), f"{cause.under!r} {problem}")
        parents[cause.name] = (cause.under, *parents[cause.under])
        known.append(cause)
    if not lenient:
        check_codes(top, codes, known)
    return Causes(code_members=tuple(codes), known=tuple(known), parents=parents)


def has_member(errors: Iterable[str], spec: Spec, name: str) -> bool:
    """Whether a modelled error has a member of this name that is a text."""
    members = [member for error in errors for member in spec.shapes[error].members]
    return any(member.name == name and spec.shapes[member.shape].type == "string" for member in members)


def read_cause(entry: Node, spec: Spec, *, lenient: bool) -> Cause:
    """An entry of `[[cause]]`."""
    entry.known(CAUSE_KEYS)
    ways = tuple(recognition(each, spec, lenient=lenient) for each in entry.nodes("recognized"))
    if not ways:
        raise SpecError(entry.at("recognized"), "says no way to recognize it")
    return Cause(
        name=text(entry, "name"),
        under=text(entry, "under"),
        documentation=text(entry, "documentation"),
        advice=text(entry, "advice"),
        settles=operations(entry, "settles", spec, lenient=lenient),
        # A way whose operations are all newer than the API is none, and not one for any operation.
        recognized=tuple(way for way in ways if way.operations.names or not way.operations.written),
    )


def recognition(entry: Node, spec: Spec, *, lenient: bool) -> Recognition:
    """An entry of `[[cause.recognized]]`."""
    entry.known(RECOGNITION_KEYS)
    way = Recognition(
        error_codes=entry.texts("error_codes"),
        message=text(entry, "message") if "message" in entry.raw else "",
        operations=operations(entry, "operations", spec, lenient=lenient),
        seen=text(entry, "seen"),
    )
    if not way.error_codes and not way.message:
        raise SpecError(entry.path, "needs error_codes or a message: the operation alone says nothing")
    check_pattern(entry, way.message)
    return way


def check_pattern(entry: Node, pattern: str) -> None:
    """Stop at a regular expression that is none, or that any message has."""
    try:
        always = re.compile(pattern, re.IGNORECASE).search("") is not None
    except re.error as error:
        raise SpecError(entry.at("message"), f"is no regular expression: {error}") from error
    if pattern and always:
        raise SpecError(entry.at("message"), "is found in an empty text, so in any")


def operations(entry: Node, key: str, spec: Spec, *, lenient: bool) -> Operations:
    """The operations that names such as `Create*` stand for."""
    found: set[str] = set()
    for name in entry.texts(key):
        named = {each.name for each in spec.operations if fnmatchcase(each.name, name)}
        if not named and not lenient:
            raise SpecError(entry.at(key), f"the spec has no operation {name!r}")
        found |= named
    return Operations(written=entry.texts(key), names=tuple(sorted(found)))


def check_name(entry: Node, name: str, taken: dict[str, str]) -> None:
    """Take the name of a class, which nothing else may have."""
    if not NAME.fullmatch(name) or iskeyword(name):
        raise SpecError(entry.at("name"), f"{name!r} cannot be the name of a class")
    if name in taken:
        raise SpecError(entry.at("name"), f"{name!r} is taken by {taken[name]}")
    taken[name] = "another cause"


def check_codes(top: Node, members: Iterable[str], known: Iterable[Cause]) -> None:
    """Stop where a cause is known by codes, and nothing says where they stand."""
    used = [cause.name for cause in known for way in cause.recognized if way.error_codes]
    if used and not list(members):
        raise SpecError(top.at("code_members"), f"is empty, and {used[0]} has error_codes")
