"""`rules.toml`: what a service's documentation says and its model does not, checked against the spec."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from keyword import iskeyword
from pathlib import Path

from attrs import evolve, field, frozen

from codegen import naming
from codegen.errors import CodegenError, SpecError
from codegen.spec import Node, Spec

SECTIONS = frozenset({"modules", "sensitive", "always", "client"})
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


def load(path: Path, spec: Spec) -> Rules:
    """Read the rules and hold every one against the spec."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CodegenError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise CodegenError(f"{path}: is not valid TOML: {error}") from error
    top = Node(raw, f"{path}: $")
    top.known(SECTIONS)
    return Rules(
        modules=dict(modules(top, spec)),
        sensitive=frozenset(sensitive(entry, spec) for entry in top.nodes("sensitive")),
        always=frozenset(name for entry in top.nodes("always") for name in always(entry, spec)),
        regional_endpoints="client" in raw and regional_endpoints(top.node("client")),
    )


def restricted(rules: Rules, spec: Spec) -> Rules:
    """What of the rules for one API holds for another one of the same service."""
    members = {f"{shape.name}.{member.name}" for shape in spec.shapes.values() for member in shape.members}
    return evolve(rules, sensitive=rules.sensitive & spec.shapes.keys(), always=rules.always & members)


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
    find_documentation(shape, spec, entry.at("shape"))
    source = "quoted_from" if "quoted_from" in entry.raw else "shape"
    check_quotation(text(entry, source), text(entry, "quote"), spec, entry.at(source))
    return shape


def always(entry: Node, spec: Spec) -> Iterator[str]:
    """The members of an entry of `[[always]]`."""
    entry.known(ALWAYS_KEYS)
    text(entry, "reason")
    members = entry.node("members")
    if not members.raw:
        raise SpecError(members.path, "is empty")
    for name in members.raw:
        check_quotation(name, text(members, name), spec, members.path)
        yield name


def regional_endpoints(section: Node) -> bool:
    """What `[client]` says."""
    section.known(CLIENT_KEYS)
    text(section, "reason")
    return section.flag("regional_endpoints")


def text(node: Node, key: str) -> str:
    """A text that must be there and say something."""
    value = node.require(key, str)
    if not value.strip():
        raise SpecError(node.at(key), "is empty")
    return value


def check_quotation(place: str, quotation: str, spec: Spec, path: str) -> None:
    """Stop where the documentation of a shape or member has lost a sentence."""
    says = plain(find_documentation(place, spec, path))
    if plain(quotation) not in says:
        raise SpecError(path, f"the documentation of {place} no longer says {quotation!r}; it says {says!r}")


def find_documentation(name: str, spec: Spec, path: str) -> str:
    """The documentation of a shape, or of one of its members."""
    shape_name, _, member_name = name.partition(".")
    shape = spec.shapes.get(shape_name)
    if shape is None:
        raise SpecError(path, f"the spec has no shape {shape_name!r}")
    if not member_name:
        return shape.documentation or ""
    for member in shape.members:
        if member.name == member_name:
            return member.documentation or ""
    raise SpecError(path, f"the spec has no member {name!r}")


def plain(html: str) -> str:
    """Documentation without markup and with single spaces, as quotations are compared."""
    return " ".join(re.sub(r"<[^>]+>", "", html).split())
