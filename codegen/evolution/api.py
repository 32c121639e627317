"""One side of a comparison: a revision, or the model in a file."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from attrs import evolve, field, frozen

from codegen import revisions
from codegen.context import Context, Target
from codegen.errors import CodegenError, SpecError
from codegen.history import NO_HISTORY
from codegen.normalize import normalized
from codegen.revisions import Revision
from codegen.rules.file import Rules
from codegen.spec import Json, Spec, beside, parse, read_json


@frozen(kw_only=True, slots=False)
class Api:
    """The model of a service, and what to call it."""

    label: str
    """A revision's date, or the path of a file."""
    service: Json = field(repr=False)
    paginators: Json | None = field(repr=False)
    """None where nobody knows them."""
    documented: bool = False
    """Whether the model has its documentation, which revisions have not."""
    before: Api | None = field(default=None, repr=False)
    """The revision before it, where all of them are looked at."""

    @cached_property
    def shapes(self) -> Json:
        """The shapes, as in the file."""
        shapes: Json = self.service.get("shapes", {})
        return shapes

    @cached_property
    def operations(self) -> Json:
        """The operations, as in the file."""
        operations: Json = self.service.get("operations", {})
        return operations

    @cached_property
    def spec(self) -> Spec:
        """The model as the generator reads it."""
        return parse(self.service, self.paginators or None, self.before.spec if self.before else None)

    @cached_property
    def called(self) -> frozenset[str]:
        """The shapes of requests and answers, those that they hold, and so on; and the operations."""
        tops = [reference for op in self.spec.operations for reference in (op.input, op.output) if reference]
        return self.context.reached_from(tops) | self.operations.keys()

    @cached_property
    def context(self) -> Context:
        """What the generator would make of it; the target matters to nobody here."""
        target = Target(package="api", service="api", source="", command="", standalone=True)
        return Context(spec=normalized(self.spec), rules=Rules(), history=NO_HISTORY, target=target)


def of_revision(revision: Revision, before: Api | None = None) -> Api:
    """The API of a revision."""
    return Api(label=revision.date, service=revision.service, paginators=revision.paginators, before=before)


def of_revisions(revisions: Iterable[Revision]) -> tuple[Api, ...]:
    """The APIs of all revisions."""
    found: list[Api] = []
    for revision in revisions:
        found.append(of_revision(revision, found[-1] if found else None))
    return tuple(found)


def of_file(path: Path) -> Api:
    """The API in a `service-2.json`, with the paginators beside it; or in the file of a revision.

    Without paginators nobody knows how its pages are asked for: they are None.
    """
    raw = read_json(path)
    if raw.keys() == revisions.KEYS:
        return Api(label=str(path), service=raw["service"], paginators=raw["paginators"])
    paginators = beside(path)
    return Api(
        label=str(path),
        service=raw,
        paginators=read_json(paginators) if paginators else None,
        documented=True,
    )


def find(name: str, folder: Path) -> Api:
    """The API that a command line names: by a revision's date, or by a path."""
    is_date = revisions.DATE.fullmatch(name)
    if not is_date and not Path(name).exists():
        raise CodegenError(
            f"{name}: is neither a file nor the date of a revision (`python -m codegen history` lists them)"
        )
    api = of_revision(revisions.find(folder, name)) if is_date else of_file(Path(name))
    try:
        _ = api.spec  # Reading it says where a model is none, before anything is compared.
    except SpecError as error:
        raise CodegenError(f"{name}: {error}") from error
    return api


def comparable(old: Api, new: Api) -> tuple[Api, Api]:
    """Two APIs of one service; their pages are left out where one side does not know them."""
    if old.spec.service_id != new.spec.service_id:
        raise CodegenError(
            f"{old.label} and {new.label} are of two services: {old.spec.full_name} and {new.spec.full_name}"
        )
    if old.paginators is None or new.paginators is None:
        return evolve(old, paginators=None), evolve(new, paginators=None)
    return old, new
