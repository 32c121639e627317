"""Moves files: list, compare, transfer, delete, verify. This is the flow; each step has a file of its own.

    listing (tree, manifest; judge, compare)  ->  records  ->  copying, deleting  ->  rows  ->  verify

Basic mode does one step after the other, with what is to be done on disk in between. Enhanced mode hands
each batch of files from step to step. In both, folders get their metadata at the very end, when nothing in
them will change any more, and deletions come after copies.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain
from typing import Self, TypeAlias

from attrs import evolve

from datasync_sdk import models as m
from datasync_sdk.local.transfer.job import Counters, Ended, Job, Results, TransferError, Watch
from datasync_sdk.local.transfer.listing.listed import Listed
from datasync_sdk.local.transfer.listing.tree import Tree
from datasync_sdk.local.transfer.making.bucket_copying import copier_of
from datasync_sdk.local.transfer.making.copying import Arrived, Copier
from datasync_sdk.local.transfer.making.deleting import delete
from datasync_sdk.local.transfer.outcome.ending import Stopwatch, ended
from datasync_sdk.local.transfer.outcome.outcomes import ItemResult, Outcome
from datasync_sdk.local.transfer.outcome.tally import Tally
from datasync_sdk.local.transfer.plan import Spool, SpoolError
from datasync_sdk.local.transfer.records import Doomed, Finish, Item, Record
from datasync_sdk.local.transfer.sides import Sides, open_sides
from datasync_sdk.local.transfer.verifying.bucket_verifier import verifier_of
from datasync_sdk.local.transfer.verifying.verifier import Recheck, Verifier

__all__ = ["run"]

PREPARING = m.TaskExecutionStatus.PREPARING
TRANSFERRING = m.TaskExecutionStatus.TRANSFERRING
VERIFYING = m.TaskExecutionStatus.VERIFYING

Items: TypeAlias = tuple[str, list[Item]]
DoomedItems: TypeAlias = tuple[str, list[Doomed]]
Finishes: TypeAlias = tuple[str, list[Finish]]


def run(job: Job, watch: Watch, counters: Counters, results: Results | None = None) -> Ended:
    """Make a transfer.

    Items that fail are counted and handed to `results`, and the rest goes on.

    Raises:
        Cancelled: somebody wanted it to end. A further run does what is left.
        TransferError: it cannot go on.

    """
    tally = Tally(job.mode, counters, NoResults() if results is None else results)
    stopwatch = Stopwatch(watch, tally)
    stopwatch.enter(PREPARING)
    try:
        with open_sides(job, watch, tally) as sides, Plan(job, sides) as plan:
            if tally.is_enhanced:
                stream(job, sides, plan, stopwatch)
            else:
                step_by_step(job, sides, plan, stopwatch)
    except SpoolError as error:
        said = f"DataSync could not keep what it is to do: {error}"
        raise TransferError("InternalError", said) from error
    return ended(tally, stopwatch)


def step_by_step(job: Job, sides: Sides, plan: Plan, stopwatch: Stopwatch) -> None:
    """Basic mode."""
    for record in listing(job, sides, sides.tally):
        plan.add(record)

    stopwatch.enter(TRANSFERRING)
    copier = copier_of(sides)
    for folder, items in plan.copies:
        plan.note(copier.copy(folder, items))
    plan.complete(copier)

    if plan.verifies:
        stopwatch.enter(VERIFYING)
        verifier = verifier_of(sides)
        if sides.verifies_transferred:
            plan.verify(verifier)
        else:
            sides.destination.lock_again()
            options = evolve(sides.options, transfer_mode=m.TransferMode.CHANGED)
            again = evolve(sides, options=options)
            records = listing(job, again, Recheck(sides.tally), tells_same=True)
            verifier.everything(records, chain(plan.copies, plan.late))


def stream(job: Job, sides: Sides, plan: Plan, stopwatch: Stopwatch) -> None:
    """Enhanced mode."""
    copier, verifier = copier_of(sides), verifier_of(sides)
    for record in listing(job, sides, sides.tally):
        stopwatch.enter(TRANSFERRING)
        if record[0] != "copy":
            plan.add(record)
        else:
            for folder, rows in copier.copy(record[1], record[2]):
                verifier.transferred(folder, rows)
    stopwatch.enter(TRANSFERRING)
    verifier.rest()
    plan.complete(copier)
    if plan.verifies:
        stopwatch.enter(VERIFYING)
        plan.verify(verifier)


def listing(job: Job, sides: Sides, tally: Tally, *, tells_same: bool = False) -> Iterator[Record]:
    """Find what there is to do."""
    if job.manifest is None:
        return Tree(sides, tally, tells_same=tells_same).records()
    return Listed(sides, tally, job.manifest, tells_same=tells_same).records()


class Plan:
    """What is to be done later, on disk, in the order in which it is done. All raises SpoolError."""

    def __init__(self, job: Job, sides: Sides) -> None:
        self._sides = sides
        self.verifies = sides.options.verify_mode != m.VerifyMode.NONE
        with ExitStack() as stack:
            self.copies: Spool[Items] = Spool(job.workdir / "copies", stack)
            self.deletions: Spool[DoomedItems] = Spool(job.workdir / "deletions", stack)
            self.late: Spool[Items] = Spool(job.workdir / "late", stack)
            self.finishes: Spool[Finishes] = Spool(job.workdir / "finishes", stack)
            self.rows: Spool[Arrived] = Spool(job.workdir / "rows", stack)
            self.finished: Spool[Finishes] = Spool(job.workdir / "finished", stack)
            self._stack = stack.pop_all()

    def add(self, record: Record) -> None:
        """Remember something to do."""
        if record[0] == "copy":
            self.copies.append(record[1:])
        elif record[0] == "late":
            self.late.append(record[1:])
        elif record[0] == "delete":
            self.deletions.append(record[1:])
        elif record[0] == "finish":
            self.finishes.append(record[1:])

    def note(self, arrived: list[Arrived]) -> None:
        """Remember what was transferred, if it is to be verified."""
        for rows in arrived:
            self.rows.append(rows)

    def complete(self, copier: Copier) -> None:
        """Do what comes after the copies: deletions, what had to wait for them, and the folders."""
        self.note(copier.rest())
        for folder, doomed in self.deletions:
            delete(self._sides, folder, doomed)
        for folder, items in self.late:
            self.note(copier.copy(folder, items))
        self.note(copier.rest())
        for folder, finishes in self.finishes:
            if done := copier.finish(finishes):
                self.finished.append((folder, done))

    def verify(self, verifier: Verifier) -> None:
        """Verify what has arrived, then the folders that were transferred."""
        for folder, rows in self.rows:
            verifier.transferred(folder, rows)
        verifier.rest()
        for _, finishes in self.finished:
            verifier.folders(finishes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()


class NoResults:
    """Where nobody wants a task report."""

    def wants(self, outcome: Outcome) -> bool:
        """Nothing is of interest."""
        del outcome
        return False

    def add(self, result: ItemResult) -> None:
        """Failures are counted; that is all."""
