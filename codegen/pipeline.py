"""The whole generator on one screen: load -> build -> render -> write.

Beside what comes from the spec, hand-written code for asynchronous programs gets its blocking twin here.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from attrs import evolve, frozen

from codegen import spec as spec_file
from codegen.build import build
from codegen.causes import file as causes_file
from codegen.context import Target
from codegen.guard import check_folder, check_name
from codegen.history import NO_HISTORY, History, check_newest, history
from codegen.lock import check_lock
from codegen.mirror import mirror, read_layer
from codegen.render import REFERENCE, render
from codegen.revisions import find, load_all, spec_of
from codegen.rules import file as rules_file
from codegen.rules.file import Rules
from codegen.spec import Spec
from codegen.write import difference, formatted, write

REPOSITORY = Path(__file__).resolve().parents[1]
SPECS = REPOSITORY / "specs" / "datasync"


@frozen(kw_only=True)
class Job:
    """What to generate from what, and where to."""

    spec: Path
    out: Path
    target: Target
    rules: Path | None = None
    causes: Path | None = None
    """What errors mean."""
    lock: Path | None = None
    revisions: Path | None = None
    """The folder of the API's revisions."""
    revision: str | None = None
    """The date of the one to generate, instead of the spec."""

    @property
    def owned(self) -> tuple[PurePosixPath, ...]:
        """The folders in which everything is generated."""
        root = PurePosixPath(self.target.package)
        return (root,) if self.target.standalone else (root / "models", root / "_generated", REFERENCE)


def generate(job: Job, *, check: bool = False) -> str:
    """Generate a package and say what was done; with `check`, write nothing and give the difference."""
    check_name(job.target)
    files = files_of(*load(job), job.target) | twins_of(job)
    if check:
        return difference(files, job.out, job.owned)
    check_folder(job.target, job.out)
    changed, deleted = write(files, job.out, job.owned)
    return f"{job.target.package}: {len(files)} files, {changed} changed, {deleted} deleted"


def files_of(spec: Spec, rules: Rules, past: History, target: Target) -> dict[PurePosixPath, str]:
    """Every file of a package, as it is to be written."""
    return formatted(render(build(spec, rules, past, target)))


def twins_of(job: Job) -> dict[PurePosixPath, str]:
    """The blocking twins of what is written by hand beside the generated code, where something is."""
    if job.target.standalone:
        return {}
    return formatted(mirror(read_layer(job.target.package, job.out), job.target.command))


def load(job: Job) -> tuple[Spec, Rules, History]:
    """Read the spec, with the paginators beside it, the rules, and what the API was before."""
    if job.lock:
        check_lock(job.lock)
    spec = spec_file.load(job.spec)
    rules = load_rules(job, spec)
    if job.revisions is None:
        return spec, rules, NO_HISTORY
    past = load_all(job.revisions, until=job.revision)
    if job.revision is None:
        check_newest(past, spec, job.revisions)
        return spec, rules, history(past)
    old = spec_of(find(job.revisions, job.revision))
    if job.rules:
        rules = rules_file.restricted(rules, job.rules, old, job.revision)
    if job.causes:
        rules = evolve(rules, causes=causes_file.load(job.causes, old, lenient=True))
    return old, rules, history(past)


def load_rules(job: Job, spec: Spec) -> Rules:
    """Read what a job knows of a service beside its spec."""
    rules = rules_file.load(job.rules, spec) if job.rules else Rules()
    return evolve(rules, causes=causes_file.load(job.causes, spec)) if job.causes else rules
