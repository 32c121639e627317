"""Reading, writing and checking structures, without a call: `python -m benchmarks.wire`."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from importlib import import_module
from typing import Any, get_args

import attrs
from botocore.validate import ParamValidator
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from benchmarks import data
from benchmarks.calls import answer_of
from benchmarks.table import Benchmarks, Row, Target, in_turns, show
from datasync_sdk import structure, unstructure
from datasync_sdk._runtime.enums import OpenEnum
from datasync_sdk._runtime.structures import Structure
from datasync_sdk._runtime.values import to_utc
from datasync_sdk._runtime.wire import operation_of, wire_of
from datasync_sdk.models import CreateTaskRequest, DescribeTaskExecutionResponse

ROUNDS = 200
CALLS = 50
WIRE_CODE = "datasync_sdk._generated.wire"


def structure_rows() -> Iterator[Row]:
    """Read an answer, beside cattrs with generated hooks and renames, as its users have it."""
    answer = answer_of("DescribeTaskExecution", data.execution())
    converter = cattrs_for(DescribeTaskExecutionResponse)

    def ours() -> Any:
        return structure(answer, DescribeTaskExecutionResponse)

    def theirs() -> Any:
        return converter.structure(answer, DescribeTaskExecutionResponse)

    assert ours() == theirs()
    assert all(getattr(ours(), field.name) is not None for field in fields(ours().__class__))
    pairs = in_turns(ours, theirs, rounds=ROUNDS, calls=CALLS)
    yield Row("structure: DescribeTaskExecution", "cattrs, hooks made once", pairs, Target(0.2))


def unstructure_rows() -> Iterator[Row]:
    """Write a request, beside the same cattrs."""
    request = structure(data.create_task(), CreateTaskRequest)
    converter = cattrs_for(CreateTaskRequest)

    def ours() -> Any:
        return unstructure(request)

    def theirs() -> Any:
        return converter.unstructure(request)

    assert ours() == theirs() == data.create_task()
    pairs = in_turns(ours, theirs, rounds=ROUNDS, calls=CALLS)
    yield Row("unstructure: CreateTask", "cattrs, hooks made once", pairs, Target(0.5))


def check_rows() -> Iterator[Row]:
    """Check a request, beside botocore's validation of the same parameters."""
    request = structure(data.create_task(), CreateTaskRequest)
    parameters, shape = data.create_task(), data.shape("CreateTaskRequest")
    operation = operation_of(CreateTaskRequest)
    check, rules, validator = operation.wire.check, operation.rules, ParamValidator()
    assert check is not None
    assert rules is not None

    def form() -> Any:
        found: list[Any] = []
        check(request, (), found, False)
        return found

    def ours() -> Any:
        found = form()
        rules.check(request, found)
        return found

    def theirs() -> Any:
        return validator.validate(parameters, shape)

    assert not ours()
    assert not theirs().has_errors()
    pairs = in_turns(form, theirs, rounds=ROUNDS, calls=CALLS)
    yield Row("check: form of a CreateTask", "botocore's ParamValidator", pairs, Target(0.1))
    pairs = in_turns(ours, theirs, rounds=ROUNDS, calls=CALLS)
    yield Row("check: form and all rules of a CreateTask", "botocore's ParamValidator", pairs, Target(0.15))


def fill_rows() -> Iterator[Row]:
    """Fill objects through twins, beside the same code with `__init__` (see _runtime/fill.py)."""
    answer = answer_of("DescribeTaskExecution", data.execution())
    ours = wire_of(DescribeTaskExecutionResponse).structure
    theirs = through_init(DescribeTaskExecutionResponse)
    assert ours(answer) == theirs(answer)
    pairs = in_turns(lambda: ours(answer), lambda: theirs(answer), rounds=ROUNDS, calls=CALLS)
    yield Row("fill: DescribeTaskExecution through twins", "the same code with __init__", pairs)


def cattrs_for(cls: type[Structure]) -> Converter:
    """A cattrs converter for a class and what is in it, with AWS's names and nothing of ours."""
    converter = Converter()
    converter.register_structure_hook(datetime, lambda value, _: to_utc(value))
    converter.register_structure_hook_func(is_open_enum, lambda value, enum: enum(value))
    converter.register_unstructure_hook_func(
        lambda kind: getattr(kind, "__origin__", None) is tuple,
        lambda items: [converter.unstructure(item) for item in items],
    )
    for part in parts(cls):
        names = zip(fields(part), wire_of(part).names, strict=True)
        renames = {field.name: override(rename=name) for field, name in names}
        read: Any = make_dict_structure_fn(part, converter, **renames)  # type: ignore[arg-type]
        write: Any = make_dict_unstructure_fn(
            part,
            converter,
            _cattrs_omit_if_default=True,
            **renames,  # type: ignore[arg-type]
        )
        converter.register_structure_hook(part, read)
        converter.register_unstructure_hook(part, write)
    return converter


def is_open_enum(cls: object) -> bool:
    """Whether a class is one of the SDK's enums."""
    return isinstance(cls, type) and issubclass(cls, OpenEnum)


def fields(cls: type) -> tuple[Any, ...]:
    """The attributes of a class, their types resolved."""
    attributes: tuple[Any, ...] = attrs.fields(attrs.resolve_types(cls))
    return attributes


def parts(cls: type) -> list[type]:
    """The classes that a class has in it, itself last."""
    inner = [part for field in fields(cls) for kind in kinds(field.type) for part in parts(kind)]
    return list(dict.fromkeys([*inner, cls]))


def kinds(annotation: object) -> list[type]:
    """The structures in a type annotation."""
    if isinstance(annotation, type) and issubclass(annotation, Structure):
        return [annotation]
    return [kind for argument in get_args(annotation) for kind in kinds(argument)]


def through_init(cls: type) -> Callable[[Mapping[str, Any]], Any]:
    """The generated function that reads a class, rewritten to call the `__init__` methods."""
    names: dict[str, Any] = {}
    for name in dict.fromkeys(part.__module__.rpartition(".")[2] for part in parts(cls)):
        module = import_module(f"{WIRE_CODE}.{name}")
        tree = Construct().visit(ast.parse(inspect.getsource(module)))
        exec(compile(ast.fix_missing_locations(tree), name, "exec"), names)  # noqa: S102
    function: Callable[[Mapping[str, Any]], Any] = names[wire_of(cls).structure.__name__]
    return function


class Construct(ast.NodeTransformer):
    """Makes `new.a = x; new.__class__ = C; return new` into `set_a = x; return C(a=set_a)`.

    Of a module it keeps the functions that read, and what they need.
    """

    def __init__(self) -> None:
        """Begin with no function."""
        self.keywords: dict[str, ast.expr] = {}

    def visit_Module(self, node: ast.Module) -> ast.Module:
        """Leave out what imports other wire code, and the tables."""
        body = [self.visit(statement) for statement in node.body if self.is_needed(statement)]
        return ast.Module(body=body, type_ignores=[])

    @staticmethod
    def is_needed(statement: ast.stmt) -> bool:
        """Whether the functions that read need a statement."""
        match statement:
            case ast.ImportFrom(module=str(module)):
                return not module.startswith(f"{WIRE_CODE}.")
            case ast.FunctionDef(name=name):
                return name.startswith("structure_")
        return isinstance(statement, ast.Assign)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """One function that reads."""
        self.keywords = {}
        self.generic_visit(node)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.Assign | None:
        """`new.a = x`, and `new = new_c()`, which is no longer needed."""
        match node.targets[0]:
            case ast.Attribute(value=ast.Name(id="new"), attr="__class__"):
                self.keywords["__class__"] = node.value
                return None
            case ast.Attribute(value=ast.Name(id="new"), attr=name):
                self.keywords[name] = ast.Name(f"set_{name}", ast.Load())
                return ast.Assign([ast.Name(f"set_{name}", ast.Store())], node.value)
            case ast.Name(id="new"):
                return None
        return node

    def visit_Return(self, _: ast.Return) -> ast.Return:
        """`return new`."""
        cls = self.keywords.pop("__class__")
        arguments = [ast.keyword(name, value) for name, value in self.keywords.items()]
        return ast.Return(ast.Call(cls, [], arguments))


BENCHMARKS: Benchmarks = {
    "structure": structure_rows,
    "unstructure": unstructure_rows,
    "check": check_rows,
    "fill": fill_rows,
}

if __name__ == "__main__":
    show(BENCHMARKS)
