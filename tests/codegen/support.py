"""Tiny specs, the packages that are generated from them, and a service that answers what a test says."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module, invalidate_caches
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import pytest
from attrs import Factory, define
from botocore.awsrequest import AWSPreparedRequest, AWSResponse, HeadersDict
from botocore.config import Config
from botocore.session import Session, get_session

from codegen.__main__ import main
from codegen.errors import CodegenError
from codegen.jobs import service_job
from codegen.pipeline import Job, generate

Json: TypeAlias = "dict[str, Any]"

METADATA = {
    "apiVersion": "2020-01-01",
    "endpointPrefix": "tiny",
    "jsonVersion": "1.1",
    "protocol": "json",
    "protocols": ["json"],
    "serviceFullName": "Tiny Service",
    "serviceId": "Tiny",
    "signatureVersion": "v4",
    "targetPrefix": "Tiny",
    "uid": "tiny-2020-01-01",
}
SCALARS = "String Integer Long Float Double Boolean Timestamp Blob".split()

_numbers = itertools.count()
_roots: set[str] = set()


def spec(
    *, shapes: Mapping[str, Json] | None = None, operations: Mapping[str, Json] | None = None, **top: Any
) -> Json:
    """A valid service model around what is given; `String`, `Integer` and their like are always there.

    An operation is what the model has, without its name and its HTTP part, which are filled in; `metadata`
    is put over the usual one.
    """
    metadata = METADATA | top.pop("metadata", {})
    complete = {
        name: {"name": name, "http": {"method": "POST", "requestUri": "/"}} | operation
        for name, operation in (operations or {}).items()
    }
    scalars = {name: {"type": name.lower()} for name in SCALARS}
    return {
        "version": "2.0",
        "metadata": metadata,
        "operations": complete,
        "shapes": scalars | dict(shapes or {}),
        **top,
    }


def structure(members: Mapping[str, str | Json], *required: str, **traits: Any) -> Json:
    """A structure shape; a member is the name of its shape, or all that the model says of it."""
    said = {name: {"shape": it} if isinstance(it, str) else it for name, it in members.items()}
    return {"type": "structure", "members": said, **({"required": [*required]} if required else {}), **traits}


def listing(shape: str, **traits: Any) -> Json:
    """A list shape."""
    return {"type": "list", "member": {"shape": shape}, **traits}


def mapping(shape: str, **traits: Any) -> Json:
    """A map shape, from strings."""
    return {"type": "map", "key": {"shape": "String"}, "value": {"shape": shape}, **traits}


def enum(*values: str, **traits: Any) -> Json:
    """A string shape with an enum."""
    return {"type": "string", "enum": [*values], **traits}


def operation(input: str | None = None, output: str | None = None, **traits: Any) -> Json:  # noqa: A002
    """An operation, by the names of its shapes."""
    roles = {"input": input, "output": output}
    return {role: {"shape": name} for role, name in roles.items() if name} | traits


def write_spec(folder: Path, model: object, paginators: Mapping[str, Json] | None = None) -> Path:
    """Write a model, and the paginators of operations, as botocore has them; gives the model's path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "service-2.json"
    path.write_text(json.dumps(model), encoding="utf-8")
    if paginators is not None:
        (folder / "paginators-1.json").write_text(json.dumps({"pagination": paginators}), encoding="utf-8")
    return path


def model(**shapes: Json) -> Json:
    """A model with one operation, whose input has a member of each given shape."""
    request = structure({name: name for name in shapes})
    shapes = {"PutThingRequest": request, "Bad": structure({}, exception=True), **shapes}
    put = operation("PutThingRequest", errors=[{"shape": "Bad"}])
    return spec(shapes=shapes, operations={"PutThing": put})


def arguments(path: Path, out: Path, package: str = "pkg") -> list[str]:
    """The command line for a spec."""
    return ["generate", "--spec", str(path), "--package", package, "--out", str(out)]


def failure(command: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that a command fails with."""
    code = main(command)
    captured = capsys.readouterr()
    assert (code, captured.out) == (2, "")
    assert captured.err.startswith("codegen: ")
    assert captured.err.endswith("\n")
    assert captured.err.count("\n") == 1
    return captured.err.removeprefix("codegen: ").removesuffix("\n")


def refused(job: Job) -> str:
    """The line with which a job is refused, before anything is written."""
    with pytest.raises(CodegenError) as caught:
        generate(job)
    assert not job.out.exists()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def generate_package(
    tmp_path: Path, model: Json, name: str | None = None, paginators: Mapping[str, Json] | None = None
) -> ModuleType:
    """Generate a package below a folder and import it, by a name that no other test has."""
    name = name or f"tiny_{next(_numbers)}"
    path = write_spec(tmp_path / "specs" / name, model, paginators)
    generate(service_job(path, name, tmp_path / "out"))
    return import_package(tmp_path / "out", name)


def import_package(folder: Path, name: str) -> ModuleType:
    """Import a package from a folder; its modules find each other without `sys.path`."""
    _roots.add(name)
    invalidate_caches()
    sys.path.insert(0, str(folder))
    try:
        import_module(f"{name}.models")
        return import_module(name)
    finally:
        sys.path.remove(str(folder))


def forget_packages() -> None:
    """Take out of `sys.modules` what `import_package` and the tests brought in."""
    for module in [module for module in sys.modules if module.split(".")[0] in _roots]:
        del sys.modules[module]
    _roots.clear()


class Raw(BytesIO):
    """The body of an answer, as urllib3 gives it to botocore."""

    def stream(self, amt: int = 1024, **_: object) -> Iterator[bytes]:
        """Yield the body in pieces."""
        while piece := self.read(amt):
            yield piece


@define
class Answer:
    """One answer of a service."""

    body: Json | str | bytes = b""
    status: int = 200
    headers: Mapping[str, str] = Factory(dict)

    def response(self, url: str) -> AWSResponse:
        """The answer as botocore's HTTP session gives it."""
        body = json.dumps(self.body) if isinstance(self.body, dict) else self.body
        content = body.encode() if isinstance(body, str) else body
        headers = HeadersDict({"x-amzn-RequestId": "request-1", **self.headers})
        return AWSResponse(url, self.status, headers, Raw(content))


@define
class Server:
    """Keeps what a client sends, and answers it with one answer after the other."""

    answers: Iterator[Answer]
    requests: list[AWSPreparedRequest] = Factory(list)

    def __call__(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        """Stand in for the network."""
        self.requests.append(request)
        return next(self.answers).response(request.url)

    @property
    def bodies(self) -> list[Any]:
        """The JSON that was sent."""
        return [json.loads(request.body) for request in self.requests]

    @property
    def targets(self) -> list[str]:
        """The operations that were called, by the header of the JSON protocol."""
        return [text(request.headers["X-Amz-Target"]).rpartition(".")[2] for request in self.requests]


def text(value: str | bytes) -> str:
    """A header or body, which botocore has in either form."""
    return value.decode() if isinstance(value, bytes) else value


@cache
def session() -> Session:
    """One session for all clients: each reads botocore's files anew, which is most of a test's time."""
    return get_session()


def connect(
    package: ModuleType, answers: Iterable[Answer | Json] = ({},), **options: Any
) -> tuple[Any, Server]:
    """A client of a generated package, and the server it talks to. It never tries twice."""
    given = (answer if isinstance(answer, Answer) else Answer(answer) for answer in answers)
    server = Server(given)
    client = package.Client(
        region_name="eu-west-1",
        session=session(),
        config=Config(retries={"total_max_attempts": 1}),
        settle_seconds=0,
        **options,
    )
    meta = client._client.meta
    meta.events.register(f"before-send.{meta.service_model.service_id.hyphenize()}", server)
    return client, server
