"""`rules.toml`: what a service's documentation says and its model does not, checked against the spec."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from keyword import iskeyword
from pathlib import Path

from attrs import evolve, field, frozen

from codegen import naming
from codegen.causes.file import Causes
from codegen.errors import SpecError
from codegen.rules.documented import Documented
from codegen.rules.reading import read_documented, text
from codegen.spec import Node, Spec
from codegen.toml import read_toml

SECTIONS = frozenset(
    "always clear client context default documentation families left_out modules requests rule"
    " sensitive".split()
)
SENSITIVE_KEYS = frozenset({"shape", "reason", "quote", "quoted_from"})
ALWAYS_KEYS = frozenset({"reason", "members"})
CLIENT_KEYS = frozenset({"reason", "regional_endpoints"})

MODULE = re.compile(r"[a-z][a-z0-9_]*")


@frozen(kw_only=True)
class Rules:
    """Facts about a service that its model does not say."""

    modules: Mapping[str, str] = field(factory=dict)
    """Beginnings of structures' names, and the module for them."""
    sensitive: frozenset[str] = frozenset()
    """Shapes that hold secrets, beside those that the model marks."""
    always: frozenset[str] = frozenset()
    """Members of answers that are always there: `CreateTaskResponse.TaskArn`."""
    regional_endpoints: bool = False
    """Whether the service has an endpoint of the usual form in every Region, and no global one."""
    documented: Documented = field(factory=Documented)
    """What the documentation asks of requests."""
    causes: Causes = field(factory=Causes)
    """What errors mean; it has a file of its own."""


def load(path: Path, spec: Spec) -> Rules:
    """Read the rules and hold every one against the spec."""
    top = read(path)
    rules = Rules(
        modules=dict(modules(top, spec)),
        sensitive=frozenset(sensitive(entry, spec) for entry in top.nodes("sensitive")),
        always=frozenset(name for entry in top.nodes("always") for name in always(entry)),
        regional_endpoints="client" in top.raw and regional_endpoints(top.node("client")),
        documented=read_documented(top, spec),
    )
    for quotation in quotations(top):
        check_quotation(quotation, spec)
    return rules


def read(path: Path) -> Node:
    """The file."""
    return read_toml(path, SECTIONS)


@frozen(kw_only=True)
class Quotation:
    """A sentence that a rule rests on."""

    text: str
    place: str
    """The shape or member in whose documentation it must stand."""
    path: str
    """Where it is quoted."""


def quotations(top: Node) -> Iterator[Quotation]:
    """Every quotation in the rules."""
    for entry in top.nodes("sensitive"):
        source = "quoted_from" if "quoted_from" in entry.raw else "shape"
        yield Quotation(text=text(entry, "quote"), place=text(entry, source), path=entry.at(source))
    for entry in top.nodes("always"):
        members = entry.node("members")
        for name in members.raw:
            yield Quotation(text=text(members, name), place=name, path=members.path)
    for section in ("rule", "default", "clear"):
        for entry in top.nodes(section):
            if "quote" in entry.raw:
                path = f"{entry.path} ({entry.require('id', str)})"
                yield Quotation(text=text(entry, "quote"), place=text(entry, "quoted_from"), path=path)


def lost(path: Path, spec: Spec) -> tuple[Quotation, ...]:
    """The quotations that no longer stand in a spec."""
    return tuple(quotation for quotation in quotations(read(path)) if not stands(quotation, spec))


def stands(quotation: Quotation, spec: Spec) -> bool:
    """Whether the documentation still has a sentence."""
    return plain(quotation.text) in plain(documentation(quotation.place, spec) or "")


def restricted(rules: Rules, path: Path, spec: Spec, date: str) -> Rules:
    """What of the rules for an API holds for it as it was at the time of a revision."""
    members = {f"{shape.name}.{member.name}" for shape in spec.shapes.values() for member in shape.members}
    return evolve(
        rules,
        sensitive=rules.sensitive & spec.shapes.keys(),
        always=rules.always & members,
        documented=read_documented(read(path), spec, until=date),
    )


def modules(top: Node, spec: Spec) -> Iterator[tuple[str, str]]:
    """The entries of `[modules]`, each of which must be of use and name a module that can be."""
    section = top.node("modules") if "modules" in top.raw else Node({}, "")
    nouns = {name for name, shape in spec.shapes.items() if shape.type == "structure"}
    nouns |= {naming.without_verb(operation.name) for operation in spec.operations}
    for beginning in section.raw:
        module = section.require(beginning, str)
        if not MODULE.fullmatch(module) or iskeyword(module) or module in naming.MODULE_NAMES:
            raise SpecError(section.at(beginning), f"{module!r} cannot be the name of a module")
        if not beginning or not any(noun.startswith(beginning) for noun in nouns):
            raise SpecError(section.at(beginning), "no structure and no operation's noun begins so")
        yield beginning, module


def sensitive(entry: Node, spec: Spec) -> str:
    """The shape of an entry of `[[sensitive]]`."""
    entry.known(SENSITIVE_KEYS)
    text(entry, "reason")
    shape = text(entry, "shape")
    if shape not in spec.shapes:
        raise SpecError(entry.at("shape"), f"the spec has no shape {shape!r}")
    return shape


def always(entry: Node) -> Iterator[str]:
    """The members of an entry of `[[always]]`."""
    entry.known(ALWAYS_KEYS)
    text(entry, "reason")
    members = entry.node("members")
    if not members.raw:
        raise SpecError(members.path, "is empty")
    yield from members.raw


def regional_endpoints(section: Node) -> bool:
    """What `[client]` says."""
    section.known(CLIENT_KEYS)
    text(section, "reason")
    return section.flag("regional_endpoints")


def check_quotation(quotation: Quotation, spec: Spec) -> None:
    """Stop where the documentation of a shape, member or operation has lost a sentence."""
    says = documentation(quotation.place, spec)
    if says is None:
        raise SpecError(quotation.path, f"the spec has no {kind_of_place(quotation.place, spec)}")
    if not stands(quotation, spec):
        raise SpecError(
            quotation.path,
            f"the documentation of {quotation.place} no longer says {quotation.text!r};"
            f" it says {plain(says)!r}",
        )


def kind_of_place(name: str, spec: Spec) -> str:
    """What a name that the spec does not have would be."""
    if name.endswith("()"):
        return f"operation {name!r}"
    shape = name.partition(".")[0]
    return f"member {name!r}" if shape in spec.shapes else f"shape {shape!r}"


def documentation(name: str, spec: Spec) -> str | None:
    """The documentation of a shape, a member or an operation, as `CreateTask()`; None where there is none."""
    if name.endswith("()"):
        operations = {f"{operation.name}()": operation.documentation or "" for operation in spec.operations}
        return operations.get(name)
    shape_name, _, member_name = name.partition(".")
    shape = spec.shapes.get(shape_name)
    if shape is None or not member_name:
        return (shape.documentation or "") if shape else None
    return next((member.documentation or "" for member in shape.members if member.name == member_name), None)


def plain(html: str) -> str:
    """Documentation without markup and with single spaces, as quotations are compared."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())
