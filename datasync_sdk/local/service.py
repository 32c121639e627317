"""DataSync on this machine: the parts of the service, put together."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar, cast

from datasync_sdk import models as m
from datasync_sdk._generated.errors import InvalidRequestError
from datasync_sdk._generated.service import SERVICE
from datasync_sdk._runtime.rules import completed
from datasync_sdk._runtime.structures import Request
from datasync_sdk.local.arns import kind_of, told
from datasync_sdk.local.clock import EXAMPLE, Clock, SystemClock
from datasync_sdk.local.faults.faults import Faults
from datasync_sdk.local.places.bucket_objects import BucketObjects
from datasync_sdk.local.places.folders import Folders
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.resources import agents, executions, locations, tags, tasks
from datasync_sdk.local.root import open_root
from datasync_sdk.local.runs import history, running
from datasync_sdk.local.runs.agenda import Agenda
from datasync_sdk.local.runs.queue import Queue, Run
from datasync_sdk.local.state import Handlers, Kind, Names, State
from datasync_sdk.local.store.store import OWN
from datasync_sdk.local.transfer.job import FolderPlace
from datasync_sdk.preflight import COULD_NOT_CHECK, steps

if TYPE_CHECKING:
    from datasync_sdk.aio.client import AsyncClient
    from datasync_sdk.client import Client
    from datasync_sdk.objects import Objects

R = TypeVar("R")

HANDLERS: Final[Handlers] = {
    **agents.HANDLERS,
    **locations.HANDLERS,
    **tasks.HANDLERS,
    **executions.HANDLERS,
    **tags.HANDLERS,
}
"""All operations, by their requests."""


class LocalDataSync:
    """A DataSync service whose locations are folders and whose executions move real files.

        with LocalDataSync("data") as service:
            service.mount("nfs://server/export", "my/files")
            client = service.client()
            ...

    Attributes:
        root: its folder.
        region_name: the Region that it plays.
        clock: the time by which it lives.
        faults: what is to go wrong, as `service.faults.throttle(calls=3)`; see `Faults`.

    What it knows is kept below its root and is there again when it is opened the next time; an execution that
    was running when it stopped is then in ERROR. One process at a time can have a root open.
    """

    def __init__(  # noqa: PLR0913  # what a service can be told, all but the root by name
        self,
        root: str | os.PathLike[str],
        *,
        region_name: str = "us-east-1",
        account_id: str = "123456789012",
        clock: Clock | None = None,
        launch_time: timedelta = timedelta(0),
        create_folders: bool = True,
    ) -> None:
        """Open the service.

        Args:
            root: the folder of the service; it is made if need be.
            region_name: the Region of its ARNs.
            account_id: the account of its ARNs, 12 digits.
            clock: the time by which it lives, such as a `ManualClock`; the real one by default.
            launch_time: how long an execution is LAUNCHING. In AWS that takes minutes.
            create_folders: make the folder of a new location that is not mounted anywhere. Otherwise such a
                location is refused, as AWS refuses one that it cannot reach.

        Raises:
            RootError: the root cannot be used: another service has it open, or it is of another account,
                Region or release, or no folder.
            TypeError: the clock is none, or the launch time is no timedelta.
            ValueError: no ARN can have such a Region or account; the root has no name; or the launch time is
                negative.
        """
        refuse_arguments(root, clock, launch_time)
        names = Names(region=region_name, account=account_id)
        self.root: Final = Path(root).absolute()
        self.region_name: Final = region_name
        self.clock: Final = SystemClock() if clock is None else clock
        self.faults: Final = Faults()
        self._launch_seconds = launch_time.total_seconds()
        self._closing = threading.RLock()
        with ExitStack() as opened:
            store = opened.enter_context(open_root(self.root, names))
            self._state = State(
                names=names,
                store=store,
                clock=self.clock,
                folders=Folders(self.root, store, create=create_folders),
                faults=self.faults,
                queue=Queue(store, self.clock, self._work),
                agenda=Agenda(store, self.clock, self._start_scheduled),
                work=self.root / OWN / "work",
            )
            resume(self._state)
            self._objects = BucketObjects(self._state.folders)
            opened.callback(self._objects.close)
            self._opened = opened.pop_all()
        self.faults.on_change(self._state.queue.wake)
        self._state.queue.dispatch()
        self._state.agenda.open()

    def handle(self, request: Request[R]) -> R:
        """Answer a request, which must be valid in its form.

        Raises:
            Refusal: the service refuses it.
        """
        handler = HANDLERS[type(request)]
        if type(request).__name__.startswith(("Describe", "List")):
            with self._state.store.lock:
                return cast("R", handler(self._state, request))
        with self._state.store.transaction():
            refuse_by_rules(self._state, request)
            answer = handler(self._state, request)
        self._state.queue.dispatch()
        return cast("R", answer)

    def mount(
        self,
        uri: str,
        target: str | os.PathLike[str],
        *,
        endpoint_url: str | None = None,
        profile: str | None = None,
    ) -> None:
        """Say where the locations really are whose `LocationUri` is `uri` or begins with it.

            service.mount("nfs://server/export", "data/src")
            service.mount("s3://invoices", "s3://test-bucket/2024", endpoint_url="http://127.0.0.1:9000")

        Args:
            uri: the URI of a location, or its beginning up to a slash.
            target: a folder of this machine that is there. Or the S3 URL of a real bucket of AWS, or of any
                service that is like Amazon S3, for `s3` and `object-storage` locations.
            endpoint_url: where the bucket is; None stands for AWS, or what the configuration of boto3 says.
            profile: that of boto3's configuration with the credentials for the bucket. Otherwise boto3 finds
                some as it always does, in the environment for instance. None are kept.

        Raises:
            ValueError: `uri` is not the URI of a location, or its files cannot be there.
            TypeError: `uri` is no text.
            FileNotFoundError: the folder is not there. It is not made: what is mistyped would be an empty
                source, and an empty source empties a destination.
            OSError: it is no folder, or cannot be looked at.
        """
        self._state.folders.mount(uri, target, endpoint_url=endpoint_url, profile=profile)

    def unmount(self, uri: str) -> bool:
        """Forget what was mounted at `uri`; tells whether there was anything. No files are touched.

        Raises:
            ValueError: `uri` is not the URI of a location.
        """
        return self._state.folders.unmount(uri)

    def mounts(self) -> dict[str, str]:
        """What is mounted: by the URI, the folder or the S3 URL of the bucket."""
        return {uri: str(target) for uri, target in self._state.folders.mounts().items()}

    def folder(self, location: str) -> Path:
        """The folder in which the files of a location are, by its ARN or its `LocationUri`.

        A location that is only a URI yet gets its folder, so that files can be put there before it is made.
        That of a location which has an ARN is never made anew: an empty source can empty a destination.

        Raises:
            Refusal: there is no such location, or its files are not in a folder.
            TypeError: it is no text.
        """
        with self._state.store.lock:
            uri = uri_of(self._state, location)
            make = self._state.folders.create and not location.startswith("arn:")
            place = self._state.folders.place(uri, make=make, asks=False)
        if not isinstance(place, FolderPlace):
            raise Refusal(message=f"{uri} is in the bucket {place.bucket}, and in no folder.")
        return place.folder

    def objects(self) -> Objects:
        """The objects in its buckets, by the names of these or their ARNs: manifests and task reports.

            service.objects().write("lists", "manifest.csv", manifest_bytes(["a.txt"]))

        They are where the service looks for them itself: in `folder("s3://lists/")`, or in the real bucket
        that is mounted at `s3://lists`. Writing makes the folder of a bucket, where the service makes those
        of locations.
        """
        return self._objects

    def client(self, **options: Any) -> Client:
        """A typed client of this service, without sockets; `options` are those of `Client`.

        Where the clock of the service is a `ManualClock`, the client waits by it, and so in no time.
        """
        from datasync_sdk.local.serving.inprocess import typed_client

        return typed_client(self, **options)

    def async_client(self, **options: Any) -> AsyncClient:
        """An asynchronous client of this service, without sockets; `options` are those of `AsyncClient`.

        Raises:
            ConfigurationError: aiobotocore is not installed: `pip install 'datasync-sdk[async]'`.
        """
        from datasync_sdk.local.serving.inprocess_async import async_client

        return async_client(self, **options)

    def boto3_client(self, **options: Any) -> Any:
        """A plain boto3 client of this service, without sockets; `options` are those of boto3."""
        from datasync_sdk.local.serving.inprocess import boto3_client

        return boto3_client(self, **options)

    @contextmanager
    def serve(self, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
        """Answer over HTTP, in a thread, while the block lasts; gives the URL. Port 0 is any that is free.

        There is no authentication: whoever reaches the address can read and write the files of this service.

        Raises:
            ImportError: aiohttp is not installed: `pip install 'datasync-sdk[local]'`.
            OSError: the address is in use, or not this machine's.
        """
        from datasync_sdk.local.serving.http import start_server

        with start_server(self, host, port) as url:
            yield url

    def close(self) -> None:
        """Stop what runs, keep what is known, and let others open the root. It may be called again."""
        # Whoever comes second waits. What was interrupted, as by Ctrl-C, is gone through once more.
        with self._closing:
            self._state.agenda.close()
            self._state.queue.close()
            self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.root)!r}, region_name={self.region_name!r})"

    def _work(self, run: Run) -> None:
        running.work(self._state, run, self._launch_seconds)

    def _start_scheduled(self, task: str) -> None:
        with self._state.store.transaction():
            request = m.StartTaskExecutionRequest(task_arn=task)
            refuse_by_rules(self._state, request)
            executions.start(self._state, request, scheduled=True)
        self._state.queue.dispatch()


def refuse_arguments(root: object, clock: object, launch_time: object) -> None:
    """Refuse what would be an error far from here, or none.

    Raises:
        TypeError: an argument is of another type than it must be.
        ValueError: it has a value that it cannot have.
    """
    if isinstance(root, str) and not root:
        raise ValueError("the root is empty: name a folder; '.' is the current one")
    # A class has the methods of its instances, too.
    if clock is not None and (isinstance(clock, type) or not isinstance(clock, Clock)):
        raise TypeError(f"clock must be a clock, {EXAMPLE}, not {clock!r:.60}")
    if not isinstance(launch_time, timedelta):
        raise TypeError(f"launch_time must be a timedelta, as timedelta(seconds=5), not {launch_time!r:.60}")
    if launch_time < timedelta(0):
        raise ValueError(f"launch_time must not be negative, as {launch_time!r} is")


def uri_of(state: State, location: object) -> str:
    """The URI of a location that somebody names by its ARN or by that URI.

    Raises:
        TypeError: it is no text.
        Refusal: there is no location of this ARN.
    """
    if not isinstance(location, str):
        given = type(location).__name__
        raise TypeError(f"give the ARN of a location, or its LocationUri, as a text, not a {given}")
    if not location.startswith("arn:"):
        return location
    found = state.store.get(location)
    if found is None or found.kind is not Kind.LOCATION:
        if kind_of(location) == "location":
            raise Refusal(
                message=f"Location {location} is not found: list_locations tells which there are.",
                error_code="NotFound",
            )
        raise Refusal(
            message=f"{location} is {told(location)}, and not that of a location. Give one of a location, "
            "or a LocationUri such as nfs://server/export/."
        )
    uri: str = found.described.location_uri
    return uri


def resume(state: State) -> None:
    """Go on where the service stopped: what waited waits, and what ran has ended in an error."""
    shutil.rmtree(state.work, ignore_errors=True)
    with state.store.transaction():
        for execution in state.store.list(Kind.EXECUTION):
            if execution.described.status == m.TaskExecutionStatus.QUEUED:
                task = tasks.find_task(state, str(execution.parent)).described
                executions.enqueue(state, execution, tasks.agents_of(state, task))
            elif execution.described.end_time is None:
                cancelled = execution.described.status == m.TaskExecutionStatus.CANCELLING
                why = history.CANCELLED if cancelled else history.INTERRUPTED
                described = history.stopped(execution, why, state.clock.now())
                state.store.replace(execution.changed(described))


def refuse_by_rules(state: State, request: Request[Any]) -> None:
    """Refuse a request that breaks documented rules about its task and its locations.

    Raises:
        Refusal: it does, and which.
    """
    asking = steps(request)
    try:
        asked = next(asking)
        while True:
            asked = asking.send(answered(state, asked))
    except StopIteration as end:
        found = [violation for violation in end.value if violation.rule != COULD_NOT_CHECK]
        errors = [str(v) for v in completed(found, SERVICE.package, frozenset()) if v.severity == "error"]
        if errors:
            raise Refusal(message="; ".join(errors)) from None


def answered(state: State, request: Request[Any]) -> Any:
    """What the rules are told of a resource: its description, or that it is not there."""
    try:
        return HANDLERS[type(request)](state, request)
    except Refusal as refusal:
        error = {"Error": {"Code": refusal.code, "Message": refusal.message}}
        return InvalidRequestError(type(request).__name__, error)
