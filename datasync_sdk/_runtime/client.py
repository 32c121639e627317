"""The client that generated clients inherit from: the one place where a request becomes a call.

`aio/client.py` has its asynchronous twin; what the two share is in `caller.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, Self, TypeVar

from botocore.exceptions import BotoCoreError

from datasync_sdk._runtime.caller import Caller, comes_from
from datasync_sdk._runtime.errors import ConfigurationError
from datasync_sdk._runtime.paginate import Pages, iterate
from datasync_sdk._runtime.renewal import has_ended, in_use
from datasync_sdk._runtime.session import Wanted, make_client
from datasync_sdk._runtime.settling import DEFAULT_SECONDS, Settling
from datasync_sdk._runtime.structures import Request
from datasync_sdk._runtime.translate import translate

R = TypeVar("R")
T = TypeVar("T")


class BaseClient(Caller):
    """Sends requests through a botocore client. Safe to share between threads, as that is."""

    _handed_in_by = "boto3_client"

    def __init__(
        self,
        region_name: str | None = None,
        *,
        session: object | None = None,
        endpoint_url: str | None = None,
        config: object | None = None,
        boto3_client: object | None = None,
        validate: bool | Literal["strict"] = True,
        ignored_rules: Iterable[str] = (),
        settle_seconds: float = DEFAULT_SECONDS,
    ) -> None:
        """Make a client; nothing is sent yet.

        Args:
            region_name: the AWS Region; by default that of the session, profile or environment.
            session: a `boto3.Session` for credentials, profile and configuration; it is not changed.
            endpoint_url: another address than AWS's, such as that of a test server.
            config: a `botocore.config.Config`: retries, time-outs, proxies, connections.
            boto3_client: a client to use as it is, instead of all of the above.
            validate: check requests before they are sent. `"strict"` checks the patterns of strings,
                too; False sends anything.
            ignored_rules: ids of documented rules that are not to be checked, as `["OPT-03"]`.
            settle_seconds: for how long to try again where the service refuses what will settle by itself,
                such as an IAM role that it does not know yet; 0 to never do so. Each try is logged.

        Raises:
            ConfigurationError: the arguments contradict each other, or botocore refuses them.
            CredentialsError: the credentials are incomplete.
        """
        wanted = Wanted(region_name=region_name, session=session, endpoint_url=endpoint_url, config=config)
        self._set_up(
            wanted,
            boto3_client,
            validate=validate,
            ignored_rules=ignored_rules,
            settle_seconds=settle_seconds,
        )
        self._client: Any = self._make_client(wanted) if boto3_client is None else boto3_client

    def _make_client(self, wanted: Wanted) -> Any:
        try:
            return make_client(self.service, wanted)
        except (BotoCoreError, AttributeError, TypeError, ValueError) as error:
            raise translate(error, "Client", self.service.errors) from error

    def _check_service(self, client: object) -> None:
        super()._check_service(client)
        if comes_from("aiobotocore", client):
            raise ConfigurationError("boto3_client is a client of aiobotocore: give it to AsyncClient")

    def _how_to_make_one(self) -> str:
        return f'what boto3.client("{self.service.name}") returns'

    def send(self, request: Request[R]) -> R:
        """Send a request and return the answer, typed by the request's class.

        Raises:
            ValidationError: the request breaks rules; nothing was sent.
            ServiceError: the service refused it.
            TransportError: there was no answer.
            CredentialsError: there are no usable credentials.
            StructureError: the answer lacks a member that is always there.
            ConfigurationError: the client is closed, or is one that the caller handed in and whose botocore
                is too old for the request; nothing was sent.
            TypeError: `request` is not the request of an operation.
        """
        operation, parameters = self._prepared(request)
        settling: Settling | None = None
        while True:
            used = in_use(self._client)
            try:
                answer = getattr(self._client, operation.method)(**parameters)
            except Exception as error:
                ours = self._translated(error, operation.name)
                if has_ended(ours) and self._read_credentials_again(self._client, used):
                    continue
                settling, pause = self._pause(ours, settling)
                if pause is None:
                    if ours is error:
                        raise
                    raise ours from error
            else:
                return self._structured(answer, operation, request)
            self._sleep(pause)
            self._refuse_if_closed(operation.name)

    def _connected(self) -> Any:
        """The client of botocore."""
        return self._client

    def _sleep(self, seconds: float) -> None:
        """Wait, by the time of this client."""
        self._timing.sleep(seconds)

    def _iterate(
        self,
        request: Request[R],
        items: Callable[[R], Iterable[T] | None],
        token: Callable[[R], str | None],
        token_member: str,
        more: Callable[[R], bool | None] | None = None,
    ) -> Iterator[T]:
        return iterate(self.send, Pages(request, items, token, token_member, more))

    def close(self) -> None:
        """Close the connections. A client that the caller handed in stays open: it is the caller's."""
        self._closed = True
        if self._handed_in is None:
            self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        meta = self._client.meta
        return f"{type(self).__name__}({meta.region_name!r}, endpoint_url={meta.endpoint_url!r})"
