"""A newer botocore -> spec, lock, revisions, generated code and change log, as one step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path, PurePosixPath

from attrs import evolve, frozen

from codegen import revisions
from codegen.errors import CodegenError
from codegen.evolution.api import Api, of_revisions
from codegen.evolution.diff import Diff
from codegen.history import check_newest, history
from codegen.lock import check_lock, lock_text
from codegen.pipeline import Job, files_of, load_rules, twins_of
from codegen.revisions import Revision
from codegen.rules.file import Quotation, lost
from codegen.update.changelog import with_entries
from codegen.update.quotations import side_by_side
from codegen.update.releases import Releases, numbers
from codegen.update.wheels import Release
from codegen.write import read, write

CHANGELOG = PurePosixPath("CHANGELOG.md")
SERVICE, PAGINATORS, LOCK = "service-2.json", "paginators-1.json", "lock.toml"


@frozen(kw_only=True)
class Plan:
    """What an update is going to do."""

    here: Release
    """That which the spec is of."""
    there: Release
    """That which it will be of."""
    revisions: tuple[Revision, ...]
    """All of them, the new ones, too."""
    new: tuple[tuple[Diff, str], ...]
    """What changed in each step, and the botocore that brought it."""
    lost: tuple[Quotation, ...]
    """The quotations that no longer stand."""
    anew: tuple[str, ...]
    """The dates of the revisions whose files are missing or are others."""


def plan(job: Job, version: str | None, *, whole_history: bool) -> Plan:
    """Find out what changed between the botocore that the spec is of and another one, by default the newest.

    With `whole_history`, the releases before are looked at again, too.
    """
    files = needed(job)
    here = locked(job)
    releases = Releases(job.target.service, here, again=whole_history)
    start, end = releases.place(here.botocore), releases.place(version) if version else releases.newest
    if end < start:
        raise CodegenError(
            f"botocore {version} is older than {here.botocore}, which the spec is of;"
            " `python -m codegen generate --revision` makes the SDK of an older API"
        )
    there = releases.release(end)
    if there is None:
        raise CodegenError(f"botocore {releases.versions[end]} has no {job.target.service} any more")
    past = revisions.load_all(files.revisions)
    if not whole_history:
        check_newest(past, here.spec, files.revisions)
    every = look_back(releases, past, end) if whole_history else look_ahead(releases, past, start, end)
    return Plan(
        here=here,
        there=there,
        revisions=every,
        new=tuple(steps(every, here, there)),
        lost=lost(files.rules, there.spec),
        anew=tuple(r.date for r in every if read(files.revisions / f"{r.date}.json") != revisions.text(r)),
    )


def look_ahead(releases: Releases, past: Sequence[Revision], start: int, end: int) -> tuple[Revision, ...]:
    """The revisions that are known, and those that came since."""
    found = revisions_of(releases, [*releases.changes((start, end))], end)
    if found and found[0].date <= past[-1].date:
        raise CodegenError(
            f"botocore {found[0].botocore} is of {found[0].date}, and the newest revision of {past[-1].date};"
            " revisions are named after days: `python -m codegen update --history` makes one of both"
        )
    last = releases.last_before(found[0].botocore) if found else releases.release(end)
    paginators = last.content[1] if last else past[-1].paginators
    return (*past[:-1], evolve(past[-1], paginators=paginators), *found)


def look_back(releases: Releases, past: Sequence[Revision], end: int) -> tuple[Revision, ...]:
    """All revisions, found anew. Those that are known only tell where to look first."""
    places = releases.around((revision.botocore for revision in past), end)
    releases.fetch(places)
    first = [releases.release(0)]  # It has none before it to differ from.
    found = [*filter(None, first), *releases.changes(places)]
    return revisions_of(releases, found, end)


def revisions_of(releases: Releases, found: Sequence[Release], end: int) -> tuple[Revision, ...]:
    """The revisions that releases brought.

    How to ask for pages was sometimes added a few releases later: each has what was known last.
    """
    for release in found:
        _ = release.spec  # Reading it says where it is none.
    found = [*{release.date: release for release in found}.values()]  # Of two on one day, the later one.
    lasts = [*(releases.last_before(release.botocore) for release in found[1:]), releases.release(end)]
    return tuple(
        Revision(
            date=release.date,
            botocore=release.botocore,
            service=release.content[0],
            paginators=(last or release).content[1],
        )
        for release, last in zip(found, lasts, strict=False)
    )


def steps(every: Sequence[Revision], here: Release, there: Release) -> Iterator[tuple[Diff, str]]:
    """What changed in each revision since; or else in how pages are asked for, which makes none."""
    since = {r.date: r.botocore for r in every if numbers(r.botocore) > numbers(here.botocore)}
    for old, new in pairwise(of_revisions(every)):
        if new.label in since:
            yield Diff(old=old, new=new), since[new.label]
    if not since and here.content != there.content:
        yield Diff(old=api_of(here), new=api_of(there)), there.botocore


def api_of(release: Release) -> Api:
    """The API of a release."""
    service, paginators = release.content
    label = f"botocore {release.botocore}"
    return Api(label=label, service=service, paginators=paginators, documented=True)


def locked(job: Job) -> Release:
    """The release that the spec is of."""
    botocore = check_lock(needed(job).lock)
    service, paginators = (job.spec.with_name(name).read_bytes() for name in (SERVICE, PAGINATORS))
    return Release(botocore=botocore, date="", service=service, paginators=paginators)


@frozen
class Needed:
    """The files of a job that can be updated."""

    rules: Path
    lock: Path
    revisions: Path


def needed(job: Job) -> Needed:
    """The files that a job must have to be updated: the SDK's own job has them."""
    if not (job.rules and job.lock and job.revisions):
        raise CodegenError(
            f"{job.target.package}: has no rules, no lock or no revisions; it cannot be updated"
        )
    return Needed(job.rules, job.lock, job.revisions)


def report(plan: Plan, form: Callable[[Diff], str]) -> str:
    """What changed, for people."""
    here, there = plan.here.botocore, plan.there.botocore
    if not plan.new:
        return f"botocore {there}: its model is that of botocore {here}; {told(plan)}"
    parts = [f"botocore {here} -> {there}", *(form(diff) for diff, _ in plan.new)]
    if plan.lost:
        parts.append(f"Rules whose quotation was lost:\n\n{side_by_side(plan.lost, plan.there.spec)}")
    return "\n\n".join(parts)


def told(plan: Plan) -> str:
    """What there is to do for the revisions alone."""
    if not plan.anew:
        return "there is nothing to do"
    return f"of {len(plan.revisions)} revisions, these are to be written: {', '.join(plan.anew)}"


def carry_out(job: Job, plan: Plan) -> str:
    """Write everything that follows from a plan, or nothing."""
    if plan.lost:
        raise CodegenError(
            f"nothing was written: {len(plan.lost)} of the quotations in {job.rules} no longer stand. Correct"
            " them and their rules by what the new model says, and run the update again"
        )
    specs = PurePosixPath(job.spec.parent.relative_to(job.out).as_posix())
    rules = load_rules(job, plan.there.spec)
    files = {specs / name: text for name, text in spec_files(plan).items()}
    files |= files_of(plan.there.spec, rules, history(plan.revisions), job.target) | twins_of(job)
    if plan.new:
        files[CHANGELOG] = with_entries(read_text(job.out / CHANGELOG), plan.new)
    changed, deleted = write(files, job.out, (*job.owned, specs / "revisions"))
    return f"{changed} files changed, {deleted} deleted"


def read_text(path: Path) -> str:
    """What people wrote, which must be UTF-8 to be kept; nothing where there is no such file."""
    text = read(path) or ""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise CodegenError(f"{path}: is not UTF-8") from error
    return text


def spec_files(plan: Plan) -> dict[str, str]:
    """The files of the spec: the model, its lock, and the API at each of its revisions."""
    files = {f"revisions/{revision.date}.json": revisions.text(revision) for revision in plan.revisions}
    if not plan.new:
        return files
    both = {SERVICE: plan.there.service, PAGINATORS: plan.there.paginators}
    files[LOCK] = lock_text(plan.there.botocore, plan.there.content[0]["metadata"]["apiVersion"], both)
    return files | {name: data.decode("utf-8") for name, data in both.items()}
