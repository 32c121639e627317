"""What the model of a client that the caller handed in does not know, found before anything is sent.

Such a client comes with the API of its botocore, or with that of a folder in AWS_DATA_PATH. Left to itself,
botocore says of a newer member that it is unknown, or fails with a KeyError where its parameter validation is
off; in neither case does it say what to do. Clients that the SDK made know all that the SDK knows: for them,
this module is not even imported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import botocore
from botocore.model import ServiceModel, StructureShape

from datasync_sdk._runtime.checks import Path, render_path
from datasync_sdk._runtime.errors import ConfigurationError
from datasync_sdk._runtime.session import Service, service_model
from datasync_sdk._runtime.wire import Operation, import_if_there

NO_INPUT = StructureShape("NoInput", {"type": "structure"})
"""The input of operations that take none."""

LIBRARIES = {"boto3_client": "boto3 and botocore", "aiobotocore_client": "aiobotocore and botocore"}
"""What brings the model of a client that is handed in so."""


def check_knowledge(
    client: Any,
    operation: Operation,
    parameters: Mapping[str, Any],
    service: Service,
    argument: str = "boto3_client",
) -> None:
    """Stop where the model of a client lacks the operation, or members that a request uses.

    `argument` is how the client was handed in.

    Raises:
        ConfigurationError: it does; the message has all that it lacks.
    """
    lacking: dict[tuple[str, ...], Path] = {}
    for at in find_unknown(client, operation, parameters):
        # What one entry of a list has, a hundred others may have, too: the first stands for all.
        lacking.setdefault(tuple(step for step in steps(at) if isinstance(step, str)), at)
    if lacking:
        raise ConfigurationError(describe(operation.name, lacking.values(), service, argument))


def find_unknown(client: Any, operation: Operation, parameters: Mapping[str, Any]) -> Iterator[Path]:
    """Where parameters have what the model of a client lacks; the empty path is the operation itself."""
    model = client.meta.service_model
    # A double that a test of the caller's made has methods, and no shapes.
    if not isinstance(client.meta.service_model, ServiceModel):
        if not hasattr(client, operation.method):
            yield ()
    elif operation.name not in model.operation_names:
        yield ()
    else:
        shape = model.operation_model(operation.name).input_shape
        yield from unknown_members(shape or NO_INPUT, parameters, ())


def unknown_members(shape: Any, value: Any, at: Path) -> Iterator[Path]:
    """The members in a value that its shape lacks; values of another type are botocore's to refuse."""
    if shape.type_name == "structure" and isinstance(value, Mapping) and has_fixed_members(shape):
        for name, item in value.items():
            if name in shape.members:
                yield from unknown_members(shape.members[name], item, (at, name))
            else:
                yield at, name
    elif shape.type_name == "list" and isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from unknown_members(shape.member, item, (at, index))
    elif shape.type_name == "map" and isinstance(value, Mapping):
        for key, item in value.items():
            yield from unknown_members(shape.value, item, (at, key))


def has_fixed_members(shape: Any) -> bool:
    """Whether all that may be in a structure is in the model; documents and event streams hold anything."""
    return not shape.is_document_type and not shape.serialization.get("eventstream")


def describe(operation: str, lacking: Iterable[Path], service: Service, argument: str) -> str:
    """What a client lacks, since when there is that, and what to do."""
    installed = botocore.__version__
    model = service_model(service.package)
    history = import_if_there(f"{service.package}.history")
    parts, needed = [], []
    helped = False
    for at in lacking:
        what = render_path(at) or "the operation"
        name = aws_name(model, operation, at)
        helped = helped or name is not None
        if name and history:
            revision = history.HISTORY.find(name)
            needed.append(revision.botocore)
            parts.append(f"{what} needs botocore {revision.botocore} (API {revision.date})")
        else:
            neither = "" if name else ", nor to this SDK"
            parts.append(f"{what} is not known to the model of this client (botocore {installed}){neither}")
    remedy = f"Update {LIBRARIES[argument]}"
    if needed:
        parts.append(f"this client has {installed}")
        # Such a botocore knows it: the model of this client is not the one that came with it.
        known = [release(version) <= release(installed) for version in needed]
        if any(known):
            parts[-1] += ", but a model that lacks this: another one, or a newer one without it"
            look = "at AWS_DATA_PATH and api_version"
            remedy = f"Look {look}" if all(known) else f"{remedy}, and look {look}"
    advice = f". {remedy}, or leave out {argument}: the SDK's own client knows all of this API"
    return f"{operation}: {'; '.join(parts)}{advice if helped else ''}"


def aws_name(model: Mapping[str, Any], operation: str, at: Path) -> str | None:
    """What the SDK's own model calls what is at a path: `Options.Gid`; None where it has no such thing.

    The model of the client is not asked: another revision may have called the structure otherwise.
    """
    name = f"{operation}()"
    reference = model["operations"][operation].get("input")
    for step in steps(at):
        if reference is None:
            return None
        name = f"{reference['shape']}.{step}"
        shape = model["shapes"][reference["shape"]]
        # Only structures have members, only lists a member, only maps a value.
        reference = shape.get("members", {}).get(step) or shape.get("member") or shape.get("value")
    return name if reference or not at else None


def steps(at: Path) -> list[str | int]:
    """The steps of a path, from the outermost on."""
    found: list[str | int] = []
    while at:
        at, step = at
        found.append(step)
    return found[::-1]


def release(version: str) -> tuple[int, ...]:
    """A version as numbers that can be compared; one without any is older than all others."""
    return tuple(map(int, re.findall(r"\d+", version)))
