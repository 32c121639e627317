"""A botocore service model as frozen objects, in AWS's words.

Reading is strict: a key or a shape type that this file does not name, or a value of another JSON type, stops
the generator with its path, because a trait that is ignored in silence is a wrong SDK that nobody notices.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from attrs import field, frozen

from codegen.errors import CodegenError, SpecError

Json = Mapping[str, Any]
T = TypeVar("T")

JSON_TYPES: Mapping[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    type(None): "null",
}

# In the order in which to prefer them: JSON 1.x is what every botocore since 1.34 speaks.
PROTOCOLS = ("json", "rest-json", "rest-xml", "query", "ec2", "smithy-rpc-v2-cbor")

GZIP = b"\x1f\x8b"

SCALAR_TYPES = frozenset({"string", "integer", "long", "float", "double", "boolean", "timestamp", "blob"})
SHAPE_TYPES = SCALAR_TYPES | {"structure", "list", "map"}
ELEMENTS = {"list": "member", "map": "value"}
"""Under which key a list or a map has the shape of what it holds."""

TOP_KEYS = frozenset(
    "version metadata operations shapes documentation clientContextParams deprecated deprecatedMessage"
    " examples".split()
)
OPERATION_KEYS = frozenset(
    "auth authtype deprecated deprecatedMessage deprecatedSince documentation endpoint endpointdiscovery"
    " endpointoperation errors http httpChecksum httpChecksumRequired idempotent input name"
    " operationContextParams output readonly requestcompression staticContextParams"
    " unsignedPayload".split()
)
SHAPE_KEYS = frozenset(
    "box deprecated deprecatedMessage deprecatedSince document documentation enum error event eventstream"
    " exception fault flattened key locationName max member members min pattern payload required"
    " requiresLength retryable sensitive sparse streaming synthetic timestampFormat type union value wrapper"
    " xmlNamespace xmlOrder".split()
)
MEMBER_KEYS = frozenset(
    "box contextParam deprecated deprecatedMessage deprecatedSince documentation enum eventpayload flattened"
    " hostLabel idempotencyToken jsonvalue location locationName queryName shape streaming xmlAttribute"
    " xmlNamespace".split()
)
REFERENCE_KEYS = frozenset("shape documentation locationName resultWrapper xmlNamespace".split())
ERROR_REFERENCE_KEYS = frozenset("shape documentation exception error fault".split())
PAGINATORS_KEYS = frozenset({"pagination", "version"})
PAGINATOR_KEYS = frozenset(
    "input_token limit_key more_results non_aggregate_keys output_token result_key".split()
)

NAME = re.compile(r"_*[A-Za-z][A-Za-z0-9_]*")
SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
DEEPEST = 8
"""How many lists and maps may be inside of each other; no service has more than four."""


@frozen(kw_only=True)
class Member:
    """A member of a structure: a reference to a shape, with traits of its own."""

    name: str
    shape: str
    documentation: str | None = None
    enum: tuple[str, ...] = ()
    """The values of a member whose shape is a plain string."""
    deprecated: str | None = None
    """Why it is deprecated; empty where the model gives no reason; None where it is not."""
    idempotency_token: bool = False
    json_value: bool = False
    streaming: bool = False


@frozen(kw_only=True)
class Shape:
    """One shape. Which attributes mean something depends on `type`, as in the model."""

    name: str
    type: str
    documentation: str | None = None
    deprecated: str | None = None
    enum: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None
    pattern: str | None = None
    sensitive: bool = False
    streaming: bool = False
    document: bool = False
    event_stream: bool = False
    sparse: bool = False
    union: bool = False
    exception: bool = False
    fault: bool = False
    retryable: bool = False
    error_code: str | None = None
    members: tuple[Member, ...] = ()
    required: frozenset[str] = frozenset()
    key: str | None = None
    """The shape of a map's keys."""
    element: str | None = None
    """The shape of a list's elements or of a map's values."""


@frozen(kw_only=True)
class Operation:
    """One operation of the service."""

    name: str
    input: str | None = None
    output: str | None = None
    errors: tuple[str, ...] = ()
    documentation: str | None = None
    deprecated: str | None = None


@frozen(kw_only=True)
class Paginator:
    """How an operation is asked for its next page."""

    operation: str
    input_tokens: tuple[str, ...]
    output_tokens: tuple[str, ...]
    result_keys: tuple[str, ...]
    limit_key: str | None = None
    more_results: str | None = None


@frozen(kw_only=True)
class Spec:
    """A service: its operations and shapes in the order of the model."""

    uid: str
    service_id: str
    full_name: str
    abbreviation: str
    protocol: str
    operations: tuple[Operation, ...]
    shapes: Mapping[str, Shape] = field(repr=False)
    paginators: tuple[Paginator, ...] = ()
    raw: Mapping[str, Any] = field(repr=False, eq=False)


@frozen
class Node:
    """A JSON object and where it stands; what is read from it has the type that it must have."""

    raw: Json
    path: str
    """As `shapes.Thing.members`; that of the outermost object ends with `$`."""

    def at(self, key: str) -> str:
        """The path of the value at a key."""
        shown = key if key.isprintable() else repr(key)
        return f"{self.path[:-1]}{shown}" if self.path.endswith("$") else f"{self.path}.{shown}"

    def known(self, keys: frozenset[str]) -> None:
        """Stop at the first key that nobody has taught the generator."""
        for key in self.raw:
            if key not in keys:
                raise SpecError(self.at(key), "this key is not known to the generator")

    def require(self, key: str, kind: type[T]) -> T:
        """The value at a key that must be there."""
        if key not in self.raw:
            raise SpecError(self.path, f"{key!r} is missing")
        return typed(self.raw[key], kind, self.at(key))

    def optional(self, key: str, kind: type[T]) -> T | None:
        """The value at a key; None where there is none."""
        return self.require(key, kind) if key in self.raw else None

    def flag(self, key: str) -> bool:
        """Whether a trait is there and true."""
        return self.optional(key, bool) or False

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts in a list; none where there is no list."""
        values = self.optional(key, list) or []
        return tuple(typed(value, str, f"{self.at(key)}[{index}]") for index, value in enumerate(values))

    def node(self, key: str) -> Node:
        """The object at a key that must be there."""
        return Node(self.require(key, dict), self.at(key))

    def nodes(self, key: str) -> Iterator[Node]:
        """The objects in a list; none where there is no list."""
        for index, value in enumerate(self.optional(key, list) or ()):
            path = f"{self.at(key)}[{index}]"
            yield Node(typed(value, dict, path), path)

    def named(self, key: str) -> Iterator[tuple[str, Node]]:
        """The objects in an object, with their names, which Python must be able to use."""
        objects = self.node(key)
        for name in objects.raw:
            if not NAME.fullmatch(name):
                raise SpecError(objects.path, f"{name!r} cannot be made a Python name")
            yield name, objects.node(name)


def typed(value: Any, kind: type[T], path: str) -> T:
    """A value of the JSON type that it must have; a whole number is a number too, but `true` is none."""
    given = type(value)
    if given is not kind and (given, kind) != (int, float):
        raise SpecError(path, f"holds {JSON_TYPES.get(given, given.__name__)}, not {JSON_TYPES[kind]}")
    checked: T = value
    return checked


def load(service: Path) -> Spec:
    """Read a `service-2.json`, and the `paginators-1.json` beside it where there is one."""
    paginators = beside(service)
    return parse(read_json(service), read_json(paginators) if paginators else None)


def beside(service: Path) -> Path | None:
    """The paginators of a service, packed as botocore ships them or not."""
    names = ("paginators-1.json", "paginators-1.json.gz")
    return next(filter(Path.exists, map(service.with_name, names)), None)


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in a file, packed as botocore ships it or not."""
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if data.startswith(GZIP) else data
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise CodegenError(f"{path}: is not a whole gzip file: {error}") from error
    except OSError as error:
        raise CodegenError(f"{path}: cannot be read: {error.strerror}") from error
    return json_object(data, str(path))


def json_object(data: bytes, source: str) -> dict[str, Any]:
    """The JSON object in the bytes of a file."""
    try:
        text = data.decode("utf-8-sig")
        value = json.loads(text, parse_float=finite, parse_constant=finite)
    except (ValueError, RecursionError) as error:
        raise CodegenError(f"{source}: is not whole JSON: {error}") from error
    if not isinstance(value, dict):
        raise CodegenError(f"{source}: holds {JSON_TYPES[type(value)]}, not a JSON object")
    if SURROGATE.search(text):
        check_texts(value, "$")
    return value


def without_texts(node: Any, keys: frozenset[str]) -> Any:
    """A copy of a model without the texts at some keys. A *member* of such a name is an object, and stays."""
    if isinstance(node, dict):
        kept = ((key, value) for key, value in node.items() if key not in keys or not isinstance(value, str))
        return {key: without_texts(value, keys) for key, value in kept}
    return [without_texts(value, keys) for value in node] if isinstance(node, list) else node


def finite(text: str) -> float:
    """A number that Python can write down again."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is not a finite number")
    return value


def check_texts(value: object, path: str) -> None:
    """Stop at a text that no file can hold: with half of a character that is escaped as two."""
    if isinstance(value, str) and not value.isascii() and re.search("[\ud800-\udfff]", value):
        raise SpecError(path, f"holds half a character: {value[:60]!a}")
    if isinstance(value, Mapping):
        for key, inner in value.items():
            check_texts(key, path)
            check_texts(inner, Node({}, path).at(key))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            check_texts(inner, f"{path}[{index}]")


def parse(raw: Json, paginators: Json | None = None, like: Spec | None = None) -> Spec:
    """Turn a model into objects; every name that it refers to exists afterwards.

    Shapes that are the same in a spec which it is `like` are taken from there: of two revisions of an API,
    nearly all are, and reading a shape takes 40 times as long as comparing it.
    """
    top = Node(raw, "$")
    top.known(TOP_KEYS)
    metadata = top.node("metadata")
    for needed in ("serviceId", "apiVersion", "endpointPrefix"):  # by botocore, which gets the model, too
        metadata.require(needed, str)
    top.optional("documentation", str)
    full_name = metadata.require("serviceFullName", str)
    spec = Spec(
        uid=metadata.require("uid", str),
        service_id=metadata.require("serviceId", str),
        full_name=full_name,
        abbreviation=metadata.optional("serviceAbbreviation", str) or full_name,
        protocol=choose_protocol(metadata),
        shapes={
            name: unchanged(name, shape, like) or parse_shape(name, shape)
            for name, shape in top.named("shapes")
        },
        operations=tuple(parse_operation(name, entry) for name, entry in top.named("operations")),
        paginators=parse_paginators(paginators),
        raw=raw,
    )
    check_references(spec)
    check_nesting(spec.shapes)
    return spec


def unchanged(name: str, raw: Node, like: Spec | None) -> Shape | None:
    """A shape of another spec, where its model is the same."""
    return like.shapes[name] if like and like.raw["shapes"].get(name) == raw.raw else None


def choose_protocol(metadata: Node) -> str:
    """The protocol that most botocores speak.

    `metadata.protocol` counts only where there is no `protocols`: newer models name one there that
    older botocores do not know.
    """
    offered = metadata.texts("protocols") or (metadata.require("protocol", str),)
    for protocol in PROTOCOLS:
        if protocol in offered:
            return protocol
    raise SpecError("metadata.protocols", f"none of {', '.join(map(repr, offered))} is known")


def parse_operation(name: str, raw: Node) -> Operation:
    """One entry of `operations`."""
    raw.known(OPERATION_KEYS)
    return Operation(
        name=name,
        input=reference(raw.node("input"), REFERENCE_KEYS) if "input" in raw.raw else None,
        output=reference(raw.node("output"), REFERENCE_KEYS) if "output" in raw.raw else None,
        errors=tuple(reference(error, ERROR_REFERENCE_KEYS) for error in raw.nodes("errors")),
        documentation=raw.optional("documentation", str),
        deprecated=deprecation(raw),
    )


def reference(raw: Node, keys: frozenset[str]) -> str:
    """The name of the shape that is referred to."""
    raw.known(keys)
    return raw.require("shape", str)


def parse_shape(name: str, raw: Node) -> Shape:
    """One entry of `shapes`."""
    raw.known(SHAPE_KEYS)
    kind = raw.require("type", str)
    if kind not in SHAPE_TYPES:
        raise SpecError(raw.at("type"), f"the shape type {kind!r} is not known")
    error = raw.node("error") if "error" in raw.raw else Node({}, raw.path)
    return Shape(
        name=name,
        type=kind,
        documentation=raw.optional("documentation", str),
        deprecated=deprecation(raw),
        enum=raw.texts("enum"),
        min=raw.optional("min", float),
        max=raw.optional("max", float),
        pattern=raw.optional("pattern", str),
        sensitive=raw.flag("sensitive"),
        streaming=raw.flag("streaming"),
        document=raw.flag("document"),
        event_stream=raw.flag("eventstream"),
        sparse=raw.flag("sparse"),
        union=raw.flag("union"),
        exception=raw.flag("exception"),
        fault=raw.flag("fault"),
        retryable=raw.optional("retryable", dict) is not None,
        error_code=error.optional("code", str),
        members=parse_members(raw) if kind == "structure" else (),
        required=frozenset(raw.texts("required")),
        key=reference(raw.node("key"), MEMBER_KEYS) if kind == "map" else None,
        element=reference(raw.node(ELEMENTS[kind]), MEMBER_KEYS) if kind in ELEMENTS else None,
    )


def parse_members(raw: Node) -> tuple[Member, ...]:
    """The members of a structure."""
    return tuple(
        Member(
            name=name,
            shape=reference(member, MEMBER_KEYS),
            documentation=member.optional("documentation", str),
            enum=member.texts("enum"),
            deprecated=deprecation(member),
            idempotency_token=member.flag("idempotencyToken"),
            json_value=member.flag("jsonvalue"),
            streaming=member.flag("streaming"),
        )
        for name, member in raw.named("members")
    )


def parse_paginators(raw: Json | None) -> tuple[Paginator, ...]:
    """The entries of `paginators-1.json`; none where there is no such file."""
    if raw is None:
        return ()
    top = Node(raw, "paginators-1.json: $")
    top.known(PAGINATORS_KEYS)
    return tuple(parse_paginator(operation, entry) for operation, entry in top.named("pagination"))


def parse_paginator(operation: str, raw: Node) -> Paginator:
    """One entry of `pagination`."""
    raw.known(PAGINATOR_KEYS)
    raw.texts("non_aggregate_keys")
    return Paginator(
        operation=operation,
        input_tokens=listed(raw, "input_token"),
        output_tokens=listed(raw, "output_token"),
        result_keys=listed(raw, "result_key"),
        limit_key=raw.optional("limit_key", str),
        more_results=raw.optional("more_results", str),
    )


def listed(raw: Node, key: str) -> tuple[str, ...]:
    """Botocore writes one name plain and several as a list."""
    return raw.texts(key) if isinstance(raw.raw.get(key), list) else (raw.require(key, str),)


def deprecation(raw: Node) -> str | None:
    """What the model says of a deprecation."""
    if not raw.flag("deprecated"):
        return None
    since = raw.optional("deprecatedSince", str)
    message = raw.optional("deprecatedMessage", str) or ""
    return f"{message} (since {since})".strip() if since else message


def check_references(spec: Spec) -> None:
    """Every shape and operation that is referred to exists, and `required` names members."""
    for operation in spec.operations:
        path = f"operations.{operation.name}"
        check_reference(spec, operation.input, f"{path}.input", "structure")
        check_reference(spec, operation.output, f"{path}.output", "structure")
        for index, error in enumerate(operation.errors):
            check_reference(spec, error, f"{path}.errors[{index}]", "structure")
    for name, shape in spec.shapes.items():
        path = f"shapes.{name}"
        check_reference(spec, shape.key, f"{path}.key", "string")
        check_reference(spec, shape.element, f"{path}.{ELEMENTS.get(shape.type)}")
        for member in shape.members:
            check_reference(spec, member.shape, f"{path}.members.{member.name}")
        for missing in sorted(shape.required - {member.name for member in shape.members}):
            raise SpecError(f"{path}.required", f"{missing!r} is not a member")
    operations = {operation.name for operation in spec.operations}
    for paginator in spec.paginators:
        if paginator.operation not in operations:
            path = f"paginators-1.json: pagination.{paginator.operation}"
            raise SpecError(path, "the service has no such operation")


def check_reference(spec: Spec, name: str | None, path: str, kind: str | None = None) -> None:
    """Stop where a shape is named that does not exist, or is of the wrong type."""
    if name is None:
        return
    if name not in spec.shapes:
        raise SpecError(path, f"refers to the shape {name!r}, which does not exist")
    if kind and spec.shapes[name].type != kind:
        raise SpecError(path, f"refers to {name!r}, whose type is {spec.shapes[name].type}, not {kind}")


def check_nesting(shapes: Mapping[str, Shape]) -> None:
    """Stop where lists and maps contain themselves, without a structure between, or go too deep."""
    for name, shape in shapes.items():
        around, inner = [name], shape
        while inner.element:
            if inner.element in around:
                raise SpecError(f"shapes.{name}", f"contains itself: {' > '.join([*around, inner.element])}")
            if len(around) > DEEPEST:
                raise SpecError(f"shapes.{name}", f"is more than {DEEPEST} lists and maps deep")
            around.append(inner.element)
            inner = shapes[inner.element]
