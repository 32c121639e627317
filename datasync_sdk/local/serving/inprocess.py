"""The service without sockets: clients of botocore whose requests are answered in the same process.

`inprocess_async.py` has those of aiobotocore.

Everything else of botocore really happens: it writes the request, signs it, tries again, reads the answer.
Only where it would send, at its event `before-send`, the service answers. Nothing of the user's is looked at:
no environment variable, profile, configuration file, credential, nor model in `~/.aws`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from time import sleep
from typing import Any, Final

from botocore.awsrequest import AWSResponse, HeadersDict
from botocore.config import Config
from botocore.configprovider import ConfigValueStore, ConstantProvider
from botocore.exceptions import ConnectionClosedError
from botocore.loaders import Loader
from botocore.session import Session

from datasync_sdk._generated.service import SERVICE
from datasync_sdk._runtime.caller import Caller
from datasync_sdk.client import Client
from datasync_sdk.local.clock import ManualClock
from datasync_sdk.local.serving.protocol import Answer, Handles, answer

ENDPOINT: Final = "https://datasync.local.invalid"
"""Where the clients believe that they send. The name cannot exist, so nothing can ever get there."""

WITHOUT_PROXIES: Final = {"config": Config(proxies={})}
"""Options of a client that does not even look for proxies."""

THEIRS: Final = frozenset({"config_file", "credentials_file", "profile", "region", "data_path", "ca_bundle"})
"""Settings whose defaults would lead to what is the user's."""


def typed_client(service: Handles, **options: Any) -> Client:
    """A client of the SDK; `options` are those of `Client`: `config`, `validate` and so on."""
    client = Client(session=local_session(service), endpoint_url=ENDPOINT, **{**WITHOUT_PROXIES, **options})
    live_in(service, client)
    return client


def live_in(service: Handles, client: Caller) -> None:
    """Let a client find its buckets in a service, and wait by its clock where that is turned: in no time."""
    # Nobody but this package gives clients another world.
    client._objects = service.objects()  # noqa: SLF001
    if isinstance(service.clock, ManualClock):
        client._timing = service.clock  # noqa: SLF001


def boto3_client(service: Handles, **options: Any) -> Any:
    """A plain client of boto3; `options` are those of `boto3.Session.client`, such as `config`."""
    import boto3

    session = boto3.Session(botocore_session=local_session(service))
    return session.client(SERVICE.name, endpoint_url=ENDPOINT, **{**WITHOUT_PROXIES, **options})


def local_session(service: Handles) -> Session:
    """A botocore session of its own, in which the service answers."""
    return answered_by(service, Session(), answering(service))


def answered_by(service: Handles, session: Session, handler: Callable[..., Any]) -> Session:
    """A session that is given all it could look for elsewhere, and a handler in the place of the network."""
    session.register_component("config_store", settings(service.region_name))
    session.register_component("data_loader", own_models())
    session.register_component("token_provider", NoToken())
    session.set_credentials("local", "local")
    # First, because others may answer, too: moto, where it is active.
    emitter = session.get_component("event_emitter")
    emitter.register_first(f"before-send.{SERVICE.name}", handler)
    return session


def settings(region_name: str) -> ConfigValueStore:
    """The defaults of botocore, whatever the environment says."""
    defaults = {
        name: None if name in THEIRS else default
        for name, (_, _, default, _) in Session.SESSION_VARIABLES.items()
    }
    values = {**defaults, "region": region_name}
    return ConfigValueStore(mapping={name: ConstantProvider(value) for name, value in values.items()})


def own_models() -> Loader:
    """A loader of the models that come with botocore."""
    return Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)


class NoToken:
    """A provider of bearer tokens that has none."""

    def load_token(self, **_: object) -> None:
        """There is none."""


def answering(service: Handles) -> Callable[..., AWSResponse]:
    """A handler of `before-send`, which takes the place of the network.

    Faults strike here as they do over HTTP: what is dropped becomes the exception that botocore raises where
    a server closes the connection.
    """

    def handler(request: Any, **_: object) -> AWSResponse:
        found = answer_to(service, request)
        sleep(found.delay)
        return AWSResponse(request.url, found.status, headers_of(found, request), Raw(found.body))

    return handler


def answer_to(service: Handles, request: Any) -> Answer:
    """What the service answers to a signed request of botocore."""
    return answer(service, request.method, plain_headers(request.headers), body_of(request.body))


def headers_of(found: Answer, request: Any) -> dict[str, str]:
    """The headers of an answer.

    Raises:
        ConnectionClosedError: there is to be none: the connection drops.
    """
    if found.is_dropped:
        raise ConnectionClosedError(endpoint_url=request.url, request=request)
    return {**found.headers, "Content-Length": str(len(found.body))}


class Raw:
    """As much of an answer from urllib3 as botocore reads."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> Iterator[bytes]:
        """The body, in one piece."""
        yield self._body


def plain_headers(headers: Mapping[str, str | bytes]) -> Mapping[str, str]:
    """The headers of a signed request, some of which botocore has made bytes."""
    texts: Mapping[str, str] = HeadersDict(
        (name, value.decode("latin-1") if isinstance(value, bytes) else value)
        for name, value in headers.items()
    )
    return texts


def body_of(body: bytes | str | None) -> bytes:
    """The body of a signed request."""
    return body.encode() if isinstance(body, str) else body or b""
