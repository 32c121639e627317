"""What each trait of operations and errors does.

Generated from a tiny spec, imported, and used with real botocore.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from datasync_sdk._runtime import errors
from datasync_sdk.errors import ValidationError
from tests.codegen import support
from tests.codegen.support import (
    Answer,
    Json,
    connect,
    enum,
    generate_package,
    listing,
    mapping,
    operation,
    spec,
)
from tests.codegen.traits import errors_of, problems, putting

# Operations


def test_arguments_of_methods(tmp_path: Path) -> None:
    """Keywords only, required ones first, each with its type; lists and enums take what is convenient."""
    members = {"A": "String", "B": "Color", "C": "Strings", "D": "Inners", "E": "Tags", "F": "Integer"}
    shapes = {
        "Color": enum("red"),
        "Strings": listing("String"),
        "Inners": listing("Inner"),
        "Inner": support.structure({}),
        "Tags": mapping("String"),
    }
    package, _ = putting(tmp_path, members, "F", "C", **shapes)
    signature = inspect.signature(package.Client.put_thing)
    parameters = list(signature.parameters.values())[1:]
    assert {parameter.kind for parameter in parameters} == {inspect.Parameter.KEYWORD_ONLY}
    assert {parameter.name: parameter.annotation for parameter in parameters} == {
        "c": "list[str] | tuple[str, ...]",
        "f": "int",
        "a": "str | None",
        "b": "models.enums.ColorLike | None",
        "d": "Iterable[models.Inner] | None",
        "e": "Mapping[str, str] | None",
    }
    assert [parameter.name for parameter in parameters] == ["c", "f", "a", "b", "d", "e"]
    assert [parameter.default for parameter in parameters] == [inspect.Parameter.empty] * 2 + [None] * 4
    assert signature.return_annotation == "models.PutThingResponse"


def test_an_operation_without_input(tmp_path: Path) -> None:
    """It has a request class of its own, is called without arguments, and can be sent."""
    out = support.structure({"Count": "Integer"})
    package = generate_package(
        tmp_path, spec(shapes={"Out": out}, operations={"CountAll": operation(output="Out")})
    )
    client, server = connect(package, [{"Count": 3}, {"Count": 4}])
    assert client.count_all() == package.models.Out(count=3)
    assert client.send(package.models.CountAllRequest()).count == 4
    assert (server.bodies, server.targets) == ([{}, {}], ["CountAll", "CountAll"])


def test_an_operation_without_output(tmp_path: Path) -> None:
    """It gives None, although botocore has its metadata."""
    package = generate_package(
        tmp_path,
        spec(
            shapes={"In": support.structure({"A": "String"})},
            operations={"PutThing": operation("In"), "Stop": {}},
        ),
    )
    client, _ = connect(package, [{}, {}])
    assert client.put_thing(a="a") is None
    assert client.send(package.models.StopRequest()) is None


def test_shared_inputs(tmp_path: Path) -> None:
    """Two operations with one input have a request each, and `send` finds the right one by it."""
    shapes = {"Both": support.structure({"A": "String", "B": "Strings"}, "A"), "Strings": listing("String")}
    package = generate_package(
        tmp_path, spec(shapes=shapes, operations={"OpenIt": operation("Both"), "CloseIt": operation("Both")})
    )
    client, server = connect(package, [{}] * 4)
    client.open_it(a="1")
    client.close_it(a="2", b=["x"])
    client.send(package.models.CloseItRequest(a="3"))
    client.send(package.models.OpenItRequest(a="4"))
    assert server.targets == ["OpenIt", "CloseIt", "CloseIt", "OpenIt"]
    assert [body["A"] for body in server.bodies] == ["1", "2", "3", "4"]
    assert problems(package, package.models.OpenItRequest(a=1)) == ["A type"]
    with pytest.raises(TypeError, match="Both is not the request of an operation"):
        client.send(package.models.Both(a="1"))


def test_a_shared_input_with_the_name_of_a_request(tmp_path: Path) -> None:
    """Where `<Operation>Request` is the shared shape itself, its operation gets `<Operation>Input`."""
    shapes = {"OpenItRequest": support.structure({"A": "String"})}
    package = generate_package(
        tmp_path,
        spec(
            shapes=shapes,
            operations={"OpenIt": operation("OpenItRequest"), "CloseIt": operation("OpenItRequest")},
        ),
    )
    client, server = connect(package, [{}] * 3)
    client.open_it(a="1")
    client.close_it(a="2")
    client.send(package.models.OpenItInput(a="3"))
    assert server.targets == ["OpenIt", "CloseIt", "OpenIt"]


def test_shared_outputs(tmp_path: Path) -> None:
    """Operations share the class of their answer, also where it is part of another answer."""
    shapes = {
        "Bird": support.structure({"Name": "String"}),
        "Birds": listing("Bird"),
        "Flock": support.structure({"Birds": "Birds"}),
    }
    package = generate_package(
        tmp_path,
        spec(
            shapes=shapes,
            operations={
                "GetOld": operation(output="Bird"),
                "GetNew": operation(output="Bird"),
                "GetAll": operation(output="Flock"),
            },
        ),
    )
    client, _ = connect(package, [{"Name": "a"}, {"Name": "a"}, {"Birds": [{"Name": "a"}]}])
    bird = package.models.Bird(name="a")
    assert [client.get_old(), client.get_new()] == [bird, bird]
    assert client.get_all().birds == (bird,)


def test_one_shape_as_input_and_output(tmp_path: Path) -> None:
    """A request that is its own answer."""
    shapes = {"Thing": support.structure({"A": "String"}, "A")}
    package = generate_package(
        tmp_path, spec(shapes=shapes, operations={"PutThing": operation("Thing", "Thing")})
    )
    client, _ = connect(package, [{"A": "b"}])
    assert client.put_thing(a="a") == package.models.Thing(a="b")


def test_host_prefixes(tmp_path: Path) -> None:
    """The member with the label becomes part of the address."""
    shapes = {"In": support.structure({"Account": {"shape": "String", "hostLabel": True}}, "Account")}
    put = operation("In", endpoint={"hostPrefix": "{Account}.data."})
    package = generate_package(tmp_path, spec(shapes=shapes, operations={"PutThing": put}))
    client, server = connect(package)
    client.put_thing(account="abc")
    assert server.requests[0].url == "https://abc.data.tiny.eu-west-1.amazonaws.com/"


def test_requests_are_checked_before_they_are_sent(tmp_path: Path) -> None:
    """Every violation at once; `validate=False` sends anything."""
    package, request = putting(
        tmp_path, {"A": "Short", "B": "Integer"}, "A", Short={"type": "string", "max": 1}
    )
    client, server = connect(package)
    with pytest.raises(ValidationError) as caught:
        client.put_thing(a="ab", b="1")
    assert [(found.path, found.rule) for found in caught.value.violations] == [("A", "max"), ("B", "type")]
    assert server.requests == []
    client, server = connect(package, validate=False)
    client.send(request(a="ab", b="1"))
    assert server.bodies == [{"A": "ab", "B": "1"}]


# Errors


def failing(tmp_path: Path, **shapes: Json) -> ModuleType:
    """A package whose `put_thing` can fail."""
    operations = {"PutThing": operation(errors=[{"shape": name} for name in shapes])}
    return generate_package(tmp_path, spec(shapes=shapes, operations=operations))


def failure(package: ModuleType, code: str, status: int = 400, **body: object) -> errors.ServiceError:
    """What is raised for an error of the service."""
    client, _ = connect(package, [Answer({"__type": f"com.amazon#{code}", **body}, status)])
    with pytest.raises(errors.ServiceError) as caught:
        client.put_thing()
    assert caught.value.__cause__ is not None
    assert (caught.value.operation, caught.value.request_id) == ("PutThing", "request-1")
    return caught.value


def test_modelled_errors(tmp_path: Path) -> None:
    """A class for each, with the members that the service sends, and the base for all others."""
    members = {
        "message": "String",
        "Reason": "String",
        "Limit": "Integer",
        "from": "String",
        "Code": "String",
    }
    package = failing(tmp_path, LoftFullException=support.structure(members, exception=True))
    error: Any = failure(package, "LoftFullException", message="No room.", Reason="full", Limit=3)
    assert type(error) is errors_of(package).LoftFullError
    assert (error.code, error.message) == ("LoftFullException", "No room.")
    assert (error.reason, error.limit, error.from_, error.code_) == ("full", 3, None, None)
    assert not error.retryable
    assert "No room." in str(error)
    assert type(failure(package, "Other")) is errors.ServiceError


@pytest.mark.parametrize(
    ("traits", "status", "retryable"),
    [
        ({}, 400, False),
        ({}, 500, True),
        ({"fault": True}, 400, True),
        ({"retryable": {}}, 400, True),
        ({"retryable": {"throttling": True}}, 400, True),
    ],
)
def test_retryable_errors(tmp_path: Path, traits: Json, status: int, retryable: bool) -> None:
    """An error can be tried again where the model says so, or where it is the service's own."""
    package = failing(tmp_path, Broken=support.structure({}, exception=True, **traits))
    assert failure(package, "Broken", status).retryable is retryable


def test_error_codes(tmp_path: Path) -> None:
    """The code that the model gives an error counts, not the name of its shape."""
    package = failing(tmp_path, GoneFault=support.structure({}, exception=True, error={"code": "Tiny.Gone"}))
    assert type(failure(package, "Tiny.Gone")) is errors_of(package).GoneError


@pytest.mark.parametrize(
    ("shape", "base"),
    [
        ("ThrottlingException", errors.ThrottlingError),
        ("AccessDeniedException", errors.AccessDeniedError),
        ("ValidationException", errors.InvalidInputError),
        ("ConflictException", errors.ServiceError),
    ],
)
def test_errors_that_many_services_share(tmp_path: Path, shape: str, base: type[errors.ServiceError]) -> None:
    """A modelled error with a common code is caught as the common class, too; so is one without a model."""
    package = failing(tmp_path, **{shape: support.structure({"message": "String"}, exception=True)})
    assert type(failure(package, shape)).__bases__ == (base,)
    assert type(failure(failing(tmp_path, Unrelated=support.structure({}, exception=True)), shape)) is base


def test_two_errors_of_one_name(tmp_path: Path) -> None:
    """`Full` and `FullException` are two classes, which keep their own names."""
    package = failing(
        tmp_path,
        Full=support.structure({}, exception=True),
        FullException=support.structure({}, exception=True),
    )
    classes = {type(failure(package, code)) for code in ("Full", "FullException")}
    assert {cls.__name__ for cls in classes} == {"Full", "FullException"}
