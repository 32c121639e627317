"""`rules.toml`: what a service's documentation says and its model does not, checked against the spec."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from codegen.errors import CodegenError
from codegen.spec import Spec

SECTIONS = frozenset({"modules", "sensitive", "always"})


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
    except ValueError as error:
        raise CodegenError(f"{path}: is not valid TOML: {error}") from error
    for section in raw.keys() - SECTIONS:
        raise CodegenError(f"{path}: the section {section!r} is not known")
    rules = Rules(
        modules=raw.get("modules", {}),
        sensitive=frozenset(entry["shape"] for entry in raw.get("sensitive", ())),
        always=frozenset(name for entry in raw.get("always", ()) for name in entry["members"]),
    )
    for entry in [*raw.get("sensitive", ()), *raw.get("always", ())]:
        check_entry(entry, spec, path)
    return rules


def check_entry(entry: Mapping[str, Any], spec: Spec, path: Path) -> None:
    """Stop where a rule gives no reason, speaks of something that is gone, or quotes a lost sentence."""
    quotations = dict(entry.get("members", {}))
    if "shape" in entry:
        find_documentation(entry["shape"], spec, path)
        quotations[entry.get("quoted_from", entry["shape"])] = entry.get("quote", "")
    if not entry.get("reason"):
        raise CodegenError(f"{path}: {', '.join(quotations) or 'an entry'}: gives no reason")
    for place, quotation in quotations.items():
        says = plain(find_documentation(place, spec, path))
        if plain(quotation) not in says:
            raise CodegenError(
                f"{path}: the documentation of {place} no longer says {quotation!r}; it says {says!r}"
            )


def find_documentation(name: str, spec: Spec, path: Path) -> str:
    """The documentation of a shape, or of one of its members."""
    shape_name, _, member_name = name.partition(".")
    shape = spec.shapes.get(shape_name)
    if shape is None:
        raise CodegenError(f"{path}: the spec has no shape {shape_name!r}")
    if not member_name:
        return shape.documentation or ""
    for member in shape.members:
        if member.name == member_name:
            return member.documentation or ""
    raise CodegenError(f"{path}: the spec has no member {name!r}")


def plain(html: str) -> str:
    """Documentation without markup and with single spaces, as quotations are compared."""
    return " ".join(re.sub(r"<[^>]+>", "", html).split())
