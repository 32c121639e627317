"""The statements of the generated wire code, a member at a time.

Reading and writing ask nothing of the data: where they fail, the runtime looks for the reason. Checks
test inline what nearly always holds, and call a constraint only where it does not.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from codegen import naming
from codegen.model import Constraint, Type
from codegen.spec import Shape

# The variables for the value of a member, for its elements, for theirs, and so on; and for where they stand.
LETTERS = "vxyzabdegh"
INDICES = "ijlmnopqr"
KEYS = "kstuIJKLM"
FACTORIES = {
    "str": "Text",
    "int": "Number",
    "float": "Number",
    "bytes": "Blob",
    "upload": "Blob",
    "list": "Items",
}
SAME = frozenset({"str", "int", "float", "bool", "json", "upload", "download", "events"})


def read(wire: str, name: str, type_: Type, *, required: bool) -> tuple[str, ...]:
    """The statements that read a member from `data`."""
    if required:
        return (
            f'if (v := get("{wire}")) is None:',
            f'    raise KeyError("{wire}")',
            f"new.{name} = {reading(type_, 0)}",
        )
    if type_.kind in SAME:
        return (f'new.{name} = get("{wire}")',)
    return (f'v = get("{wire}")', f"new.{name} = None if v is None else {reading(type_, 0)}")


def reading(type_: Type, depth: int) -> str:
    """The expression that makes a value of a type from the variable of this depth."""
    var = LETTERS[depth]
    if type_.kind in SAME:
        return var
    if type_.kind == "datetime":
        return f"w.to_utc({var})"
    if type_.kind == "bytes":
        return f"w.to_bytes({var})"
    if type_.kind == "enum":
        return f"{lookup(type_)}({var}) or {type_.name}({var})"
    if type_.kind == "structure":
        return f"structure_{naming.function(type_.name)}({var})"
    return reading_elements(type_, depth)


def reading_elements(type_: Type, depth: int) -> str:
    """The expression that makes a tuple or a frozen mapping."""
    var, inner = LETTERS[depth], LETTERS[depth + 1]
    assert type_.element
    element = unless_none(type_, inner, reading(type_.element, depth + 1))
    if type_.kind == "map":
        same = element == inner
        return (
            f"w.FrozenMap({var})"
            if same
            else f"w.FrozenMap({{k: {element} for k, {inner} in {var}.items()}})"
        )
    if element == inner:
        return f"tuple({var}) if {var}.__class__ is list else w.to_items({var})"
    return f"tuple([{element} for {inner} in ({var} if {var}.__class__ is list else w.to_items({var}))])"


def unless_none(type_: Type, var: str, expression: str) -> str:
    """What becomes of an element that may be None, where its list or map is sparse."""
    return f"None if {var} is None else {expression}" if type_.sparse and expression != var else expression


def lookup(type_: Type) -> str:
    """The constant that finds an enum's members by their values."""
    return f"get_{naming.function(type_.name)}"


def write(wire: str, name: str, type_: Type) -> tuple[str, ...]:
    """The statements that write a member to `data`, unless it is None."""
    return (
        f"if (v := value.{name}) is not None:",
        f'    data["{wire}"] = {writing(type_, 0)}',
    )


def writing(type_: Type, depth: int) -> str:
    """The expression that makes what boto3 takes from the variable of this depth."""
    var, inner = LETTERS[depth], LETTERS[depth + 1]
    if type_.kind in SAME or type_.kind in ("datetime", "bytes"):
        return var
    if type_.kind == "enum":
        return f"{var}._value_"
    if type_.kind == "structure":
        return f"unstructure_{naming.function(type_.name)}({var})"
    assert type_.element
    element = unless_none(type_, inner, writing(type_.element, depth + 1))
    if type_.kind == "map":
        same = element == inner
        return f"dict({var})" if same else f"{{k: {element} for k, {inner} in {var}.items()}}"
    if element == inner:
        return f"list({var}) if {var}.__class__ is tuple else {var}"
    return f"[{element} for {inner} in {var}]"


def check(
    wire: str, name: str, type_: Type, shapes: Mapping[str, Shape], *, required: bool
) -> tuple[str, ...]:
    """The statements that check a member of `value`."""
    at = f'(at, "{wire}")'
    lines = checking(type_, shapes, "v", at, 0)
    if not lines:
        return ()
    if required:
        return (f"v = value.{name}", *lines)
    guard = f"if (v := value.{name}) is not None"
    first, *rest = lines
    if first.startswith("if ") and "else:" not in rest:
        condition = first.removeprefix("if ").removesuffix(":")
        condition = f"({condition})" if " or " in condition else condition
        return (f"{guard} and {condition}:", *rest)
    return (f"{guard}:", *indented(lines))


def checking(type_: Type, shapes: Mapping[str, Shape], var: str, at: str, depth: int) -> tuple[str, ...]:
    """The statements that check the value in a variable."""
    constraint = f"c.{naming.class_name(type_.shape)}"
    call = f"{constraint}.check({var}, {at}, found, strict)"
    if type_.kind in ("json", "events", "download"):
        return ()
    if type_.kind in ("str", "int", "float"):
        return f"if {suspicion(type_.kind, shapes[type_.shape], var)}:", f"    {call}"
    if type_.kind == "enum":
        known = f"known_{naming.function(type_.name)}"
        rule = [f'"{type_.rule}"'] if type_.rule else []
        return (
            f"if {var}.__class__ is not {type_.name} or {var} not in {known}:",
            f"    w.check_member({', '.join([var, type_.name, at, 'found', *rule])})",
        )
    if type_.kind == "structure":
        return (
            f"if {var}.__class__ is {type_.name}:",
            f"    check_{naming.function(type_.name)}({var}, {at}, found, strict)",
            "else:",
            f"    w.check_structure({var}, {type_.name}, {at}, found)",
        )
    if type_.element is None:
        return (call,)
    return checking_elements(type_, shapes, f"{constraint}.of({var}, {at}, found, strict)", at, depth)


def checking_elements(
    type_: Type, shapes: Mapping[str, Shape], elements: str, at: str, depth: int
) -> tuple[str, ...]:
    """The statements that check a list or map and what it holds."""
    assert type_.element
    inner = LETTERS[depth + 1]
    key = (INDICES if type_.kind == "list" else KEYS)[depth]
    step = '"*"' if type_.secret_keys else key
    lines = checking(type_.element, shapes, inner, f"({at}, {step})", depth + 1)
    if not lines:
        return (elements,)
    if type_.sparse:
        lines = (f"if {inner} is not None:", *indented(lines))
    pairs = f"enumerate({elements})" if type_.kind == "list" else f"{elements}.items()"
    return (f"for {key}, {inner} in {pairs}:", *indented(lines))


def indented(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Statements inside another one."""
    return tuple(f"    {line}" for line in lines)


def suspicion(kind: str, shape: Shape, var: str) -> str:
    """A condition that is false for nearly every good value: then the constraint need not be asked."""
    strict = "strict or " if shape.pattern and kind == "str" else ""
    size = f"len({var})" if kind == "str" else var
    limits = ""
    low = shape.min if kind != "str" or shape.min else None
    if low is not None and shape.max is not None:
        limits = f" or not {low} <= {size} <= {shape.max}"
    elif low is not None:
        limits = f" or {size} < {low}"
    elif shape.max is not None:
        limits = f" or {size} > {shape.max}"
    return f"{strict}{var}.__class__ is not {kind}{limits}"


def constraint(
    type_: Type, shapes: Mapping[str, Shape], secret: Container[str], rules: Mapping[str, Mapping[str, str]]
) -> Constraint | None:
    """The constant for the shape of a type; None for types that need none.

    `rules` has the documented rules that the traits of some shapes check.
    """
    shape = shapes[type_.shape]
    named = [f"rules={dict(rules[shape.name])!r}"] if shape.name in rules and type_.kind != "enum" else []
    expression = constraint_expression(type_.kind, shape, named, sensitive=shape.name in secret)
    if type_.kind == "map" and type_.key:
        key = constraint_expression("str", shapes[type_.key], [], sensitive=type_.key in secret)
        expression = f"_checks.Entries({', '.join([f'key={key}', *limits(shape), *named])})"
    return Constraint(shape=naming.class_name(shape.name), expression=expression) if expression else None


def constraint_expression(kind: str, shape: Shape, named: list[str], *, sensitive: bool) -> str:
    """The constant for a shape, unless that is a map; empty for kinds that need none."""
    arguments = limits(shape)
    if kind == "str":
        arguments += [f"pattern={shape.pattern!r}"] if shape.pattern else []
        arguments += ["sensitive=True"] if sensitive else []
    if kind in ("int", "float"):
        arguments = [f"integral={kind == 'int'}", *arguments]
    if kind in ("bool", "datetime"):
        return f"_checks.{'BOOLEAN' if kind == 'bool' else 'TIMESTAMP'}"
    factory = FACTORIES.get(kind)
    return f"_checks.{factory}({', '.join([*arguments, *named])})" if factory else ""


def limits(shape: Shape) -> list[str]:
    """The arguments for a shape's `min` and `max`."""
    return [f"{key}={value}" for key, value in (("min", shape.min), ("max", shape.max)) if value is not None]
