"""A botocore service model as frozen objects, in AWS's words.

Reading is strict: a key or a shape type that this file does not name stops the generator with its path,
because a trait that is ignored in silence is a wrong SDK that nobody notices.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from codegen.errors import CodegenError, SpecError

Json = Mapping[str, Any]

# In the order in which to prefer them: JSON 1.x is what every botocore since 1.34 speaks.
PROTOCOLS = ("json", "rest-json", "rest-xml", "query", "ec2", "smithy-rpc-v2-cbor")

SCALAR_TYPES = frozenset({"string", "integer", "long", "float", "double", "boolean", "timestamp", "blob"})
SHAPE_TYPES = SCALAR_TYPES | {"structure", "list", "map"}

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


@frozen(kw_only=True)
class Member:
    """A member of a structure: a reference to a shape, with traits of its own."""

    name: str
    shape: str
    documentation: str | None = None
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
    status: int | None = None
    members: tuple[Member, ...] = ()
    required: frozenset[str] = frozenset()
    element: str | None = None
    """The shape of a list's elements or of a map's values."""


@frozen(kw_only=True)
class Operation:
    """One operation of the service."""

    name: str
    input: str | None = None
    output: str | None = None
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
    api_version: str
    endpoint_prefix: str
    protocol: str
    documentation: str | None
    operations: tuple[Operation, ...]
    shapes: Mapping[str, Shape] = field(repr=False)
    paginators: tuple[Paginator, ...] = ()
    raw: Mapping[str, Any] = field(repr=False, eq=False)


def load(service: Path, paginators: Path | None = None) -> Spec:
    """Read a `service-2.json`, and its `paginators-1.json` where there is one."""
    return parse(read_json(service), read_json(paginators) if paginators else {})


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in a file; a `CodegenError` where the file or the JSON is not whole."""
    try:
        value = json.loads(path.read_bytes())
    except OSError as error:
        raise CodegenError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise CodegenError(f"{path}: is not whole JSON: {error}") from error
    if not isinstance(value, dict):
        raise CodegenError(f"{path}: holds a {type(value).__name__}, not a JSON object")
    return value


def parse(raw: Json, paginators: Json | None = None) -> Spec:
    """Turn a model into objects; every name that it refers to exists afterwards."""
    known(raw, TOP_KEYS, "$")
    metadata = require(raw, "metadata", "$")
    shapes = {
        name: parse_shape(name, shape, f"shapes.{name}")
        for name, shape in require(raw, "shapes", "$").items()
    }
    operations = tuple(
        parse_operation(name, operation, f"operations.{name}")
        for name, operation in require(raw, "operations", "$").items()
    )
    full_name = require(metadata, "serviceFullName", "metadata")
    spec = Spec(
        uid=require(metadata, "uid", "metadata"),
        service_id=require(metadata, "serviceId", "metadata"),
        full_name=full_name,
        abbreviation=metadata.get("serviceAbbreviation", full_name),
        api_version=require(metadata, "apiVersion", "metadata"),
        endpoint_prefix=require(metadata, "endpointPrefix", "metadata"),
        protocol=choose_protocol(metadata),
        documentation=raw.get("documentation"),
        operations=operations,
        shapes=shapes,
        paginators=tuple(parse_paginators(paginators or {})),
        raw=raw,
    )
    check_references(spec)
    return spec


def choose_protocol(metadata: Json) -> str:
    """The protocol that most botocores speak.

    `metadata.protocol` counts only where there is no `protocols`: newer models name one there that
    older botocores do not know.
    """
    offered = metadata.get("protocols") or [require(metadata, "protocol", "metadata")]
    for protocol in PROTOCOLS:
        if protocol in offered:
            return protocol
    raise SpecError("metadata.protocols", f"none of {', '.join(offered)} is known")


def parse_operation(name: str, raw: Json, path: str) -> Operation:
    """One entry of `operations`."""
    known(raw, OPERATION_KEYS, path)
    for error in raw.get("errors", ()):
        known(error, ERROR_REFERENCE_KEYS, f"{path}.errors")
    return Operation(
        name=name,
        input=reference(raw, "input", path),
        output=reference(raw, "output", path),
        documentation=raw.get("documentation"),
        deprecated=deprecation(raw),
    )


def reference(raw: Json, key: str, path: str) -> str | None:
    """The shape that `input` or `output` names."""
    if key not in raw:
        return None
    known(raw[key], REFERENCE_KEYS, f"{path}.{key}")
    shape: str = require(raw[key], "shape", f"{path}.{key}")
    return shape


def parse_shape(name: str, raw: Json, path: str) -> Shape:
    """One entry of `shapes`."""
    known(raw, SHAPE_KEYS, path)
    kind = require(raw, "type", path)
    if kind not in SHAPE_TYPES:
        raise SpecError(f"{path}.type", f"the shape type {kind!r} is not known")
    error = raw.get("error", {})
    return Shape(
        name=name,
        type=kind,
        documentation=raw.get("documentation"),
        deprecated=deprecation(raw),
        enum=tuple(raw.get("enum", ())),
        min=raw.get("min"),
        max=raw.get("max"),
        pattern=raw.get("pattern"),
        sensitive=raw.get("sensitive", False),
        streaming=raw.get("streaming", False),
        document=raw.get("document", False),
        event_stream=raw.get("eventstream", False),
        sparse=raw.get("sparse", False),
        union=raw.get("union", False),
        exception=raw.get("exception", False),
        fault=raw.get("fault", False),
        retryable="retryable" in raw,
        error_code=error.get("code"),
        status=error.get("httpStatusCode"),
        members=parse_members(raw, kind, path),
        required=frozenset(raw.get("required", ())),
        element=parse_element(raw, kind, path),
    )


def parse_members(raw: Json, kind: str, path: str) -> tuple[Member, ...]:
    """The members of a structure."""
    if kind != "structure":
        return ()
    return tuple(
        parse_member(name, member, f"{path}.members.{name}")
        for name, member in require(raw, "members", path).items()
    )


def parse_member(name: str, raw: Json, path: str) -> Member:
    """One member of a structure."""
    known(raw, MEMBER_KEYS, path)
    return Member(
        name=name,
        shape=require(raw, "shape", path),
        documentation=raw.get("documentation"),
        deprecated=deprecation(raw),
        idempotency_token=raw.get("idempotencyToken", False),
        json_value=raw.get("jsonvalue", False),
        streaming=raw.get("streaming", False),
    )


def parse_element(raw: Json, kind: str, path: str) -> str | None:
    """The shape that a list or a map holds; the keys of maps are strings in every protocol."""
    if kind == "list":
        known(require(raw, "member", path), MEMBER_KEYS, f"{path}.member")
        element: str = require(raw["member"], "shape", f"{path}.member")
        return element
    if kind == "map":
        known(require(raw, "key", path), MEMBER_KEYS, f"{path}.key")
        known(require(raw, "value", path), MEMBER_KEYS, f"{path}.value")
        value: str = require(raw["value"], "shape", f"{path}.value")
        return value
    return None


def parse_paginators(raw: Json) -> list[Paginator]:
    """The entries of `paginators-1.json`."""
    return [
        Paginator(
            operation=operation,
            input_tokens=listed(entry.get("input_token")),
            output_tokens=listed(entry.get("output_token")),
            result_keys=listed(entry.get("result_key")),
            limit_key=entry.get("limit_key"),
            more_results=entry.get("more_results"),
        )
        for operation, entry in raw.get("pagination", {}).items()
    ]


def listed(value: str | list[str] | None) -> tuple[str, ...]:
    """Botocore writes one name plain and several as a list."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def deprecation(raw: Json) -> str | None:
    """What the model says of a deprecation."""
    if not raw.get("deprecated"):
        return None
    since = raw.get("deprecatedSince")
    message: str = raw.get("deprecatedMessage", "")
    return f"{message} (since {since})".strip() if since else message


def known(raw: Json, keys: frozenset[str], path: str) -> None:
    """Stop at the first key that nobody has taught the generator."""
    if not isinstance(raw, Mapping):
        raise SpecError(path, f"holds a {type(raw).__name__}, not an object")
    for key in raw:
        if key not in keys:
            raise SpecError(f"{path}.{key}", "this key is not known to the generator")


def require(raw: Json, key: str, path: str) -> Any:
    """The value at a key that must be there."""
    if key not in raw:
        raise SpecError(path, f"{key!r} is missing")
    return raw[key]


def check_references(spec: Spec) -> None:
    """Every shape that is referred to exists, and `required` names members."""
    for operation in spec.operations:
        for role in (operation.input, operation.output):
            check_reference(spec, role, f"operations.{operation.name}")
    for name, shape in spec.shapes.items():
        check_reference(spec, shape.element, f"shapes.{name}")
        names = set()
        for member in shape.members:
            names.add(member.name)
            check_reference(spec, member.shape, f"shapes.{name}.members.{member.name}")
        for missing in sorted(shape.required - names):
            raise SpecError(f"shapes.{name}.required", f"{missing!r} is not a member")


def check_reference(spec: Spec, shape: str | None, path: str) -> None:
    """Stop where a shape is named that does not exist."""
    if shape is not None and shape not in spec.shapes:
        raise SpecError(path, f"refers to the shape {shape!r}, which does not exist")
