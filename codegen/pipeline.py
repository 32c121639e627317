"""The whole generator on one screen: load -> build -> render -> write."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from attrs import frozen

from codegen import rules as rules_file
from codegen import spec as spec_file
from codegen.build import build
from codegen.context import Target
from codegen.guard import check_folder, check_name
from codegen.lock import check_lock
from codegen.render import render
from codegen.rules import Rules
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
    lock: Path | None = None

    @property
    def owned(self) -> tuple[PurePosixPath, ...]:
        """The folders in which everything is generated."""
        root = PurePosixPath(self.target.package)
        return (root,) if self.target.standalone else (root / "models", root / "_generated")


def generate(job: Job, *, check: bool = False) -> str:
    """Generate a package and say what was done; with `check`, write nothing and give the difference."""
    check_name(job.target)
    files = formatted(render(build(*load(job), job.target)))
    if check:
        return difference(files, job.out, job.owned)
    check_folder(job.target, job.out)
    changed, deleted = write(files, job.out, job.owned)
    return f"{job.target.package}: {len(files)} files, {changed} changed, {deleted} deleted"


def load(job: Job) -> tuple[spec_file.Spec, Rules]:
    """Read the spec, with the paginators beside it and the rules."""
    if job.lock:
        check_lock(job.lock)
    beside = (job.spec.with_name(name) for name in ("paginators-1.json", "paginators-1.json.gz"))
    spec = spec_file.load(job.spec, next(filter(Path.exists, beside), None))
    rules = rules_file.load(job.rules, spec) if job.rules else Rules()
    return spec, rules
