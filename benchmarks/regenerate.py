"""What a maintainer waits for: all code generated anew and formatted."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from botocore.model import OperationModel

from benchmarks.data import environment, service, shape
from benchmarks.processes import compiled, installed, seconds
from benchmarks.table import Benchmarks, Row, Target, show

ROUNDS = 5

OURS = """\
import sys
from pathlib import Path

from codegen.jobs import own_job
from codegen.pipeline import generate

generate(own_job(Path(sys.argv[1])))
"""
SCALARS = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "long": {"type": "integer", "format": "int64"},
    "float": {"type": "number", "format": "float"},
    "double": {"type": "number", "format": "double"},
    "boolean": {"type": "boolean"},
    "timestamp": {"type": "string", "format": "date-time"},
    "blob": {"type": "string", "format": "binary"},
}


def generate_rows() -> Iterator[Row]:
    """Fill an empty folder, beside openapi-python-client with as large a document."""
    document = json.dumps(openapi())
    with (
        installed("openapi-python-client") as python,
        TemporaryDirectory(prefix="benchmarks-") as folder,
        compiled((sys.executable, "-c", OURS, folder)) as env,
    ):
        pairs = [(ours(env), theirs(python, document)) for _ in range(ROUNDS)]
    target = Target(0.2, seconds=3)
    yield Row("generate: everything, formatted", "openapi-python-client", pairs, target)


def ours(env: Mapping[str, str]) -> float:
    """How long our generator takes."""
    with TemporaryDirectory(prefix="benchmarks-") as folder:
        taken = seconds((sys.executable, "-c", OURS, folder), env, Path(folder))
        assert any(Path(folder).rglob("describe_task_execution.py"))
    return taken


def theirs(python: Path, document: str) -> float:
    """How long openapi-python-client takes; its formatter is looked up in PATH."""
    with TemporaryDirectory(prefix="benchmarks-") as folder:
        file, out = Path(folder) / "openapi.json", Path(folder) / "client"
        file.write_text(document, encoding="utf-8")
        env = environment()
        env["PATH"] = os.pathsep.join([str(python.parent), env["PATH"]])
        options = ("generate", "--path", file, "--output-path", out, "--fail-on-warning")
        taken = seconds((python, "-m", "openapi_python_client", *options), env, Path(folder))
        assert any(out.rglob("describe_task_execution*.py"))
    return taken


def openapi() -> dict[str, Any]:
    """An OpenAPI document with as many operations, schemas and properties as the service model."""
    model = service()
    schemas = {name: schema(name) for name in model.shape_names if is_named(name)}
    return {
        "openapi": "3.0.3",
        "info": {"title": "AWS DataSync", "version": model.api_version},
        "paths": {f"/{name}": path(model.operation_model(name)) for name in model.operation_names},
        "components": {"schemas": schemas},
    }


def is_named(name: str) -> bool:
    """Whether a shape becomes a schema of its own: a structure or an enum."""
    of = shape(name)
    return of.type_name == "structure" or bool(of.type_name == "string" and of.enum)


def path(operation: OperationModel) -> dict[str, Any]:
    """An operation."""
    answers = {"200": response(operation.output_shape.name)}
    if operation.error_shapes:
        answers["400"] = response(operation.error_shapes[0].name)
    post = {
        "operationId": operation.name,
        "description": operation.documentation,
        "requestBody": {"required": True, "content": content(operation.input_shape.name)},
        "responses": answers,
    }
    return {"post": post}


def response(name: str) -> dict[str, Any]:
    """An answer that is a structure."""
    return {"description": name, "content": content(name)}


def content(name: str) -> dict[str, Any]:
    """A body that is a structure."""
    return {"application/json": {"schema": reference(name)}}


def schema(name: str) -> dict[str, Any]:
    """A structure or an enum."""
    of = shape(name)
    if of.type_name == "string":
        return {"type": "string", "enum": of.enum, "description": of.documentation}
    members = {key: member(value) for key, value in of.members.items()}
    made = {"type": "object", "description": of.documentation, "properties": members}
    return made | ({"required": of.required_members} if of.required_members else {})


def member(of: Any) -> dict[str, Any]:
    """A property of a structure."""
    if is_named(of.name):
        return reference(of.name)
    if of.type_name == "list":
        return {"type": "array", "items": member(of.member), "description": of.documentation}
    if of.type_name == "map":
        return {"type": "object", "additionalProperties": member(of.value)}
    return SCALARS[of.type_name] | {"description": of.documentation}


def reference(name: str) -> dict[str, str]:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


BENCHMARKS: Benchmarks = {"generate": generate_rows}

if __name__ == "__main__":
    show(BENCHMARKS)
