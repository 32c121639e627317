"""A client of aiobotocore that knows the API that this SDK was generated from.

As `session.py` does it with botocore: the caller's session stays as it is, and a shallow copy of it gets the
SDK's service model, and the components that are quicker. What is aiobotocore's own stays aiobotocore's: how
it finds credentials and tokens, resolves endpoints, retries and sends.

A session of boto3 or botocore can do none of this without blocking the event loop. From such a one come the
configuration, the profile, the Region and the credentials, which are renewed in a thread where they have to
be; its event handlers are left out, since they may block, too.
"""

from __future__ import annotations

import asyncio
from functools import cache
from typing import Any

from datasync_sdk._runtime.aio.library import aiobotocore
from datasync_sdk._runtime.components import timestamp_or_theirs
from datasync_sdk._runtime.session import (
    Overlay,
    Service,
    Wanted,
    botocore_session,
    default_session,
    own_config,
    private_session,
    service_model,
)


async def make_async_client(service: Service, wanted: Wanted) -> Any:
    """A client of aiobotocore for a service, from the caller's session or from the default one.

    Raises:
        ConfigurationError: aiobotocore is not installed.
    """
    # Importing it, and reading models, takes long enough to be noticed by others on the event loop.
    private = await asyncio.to_thread(prepared_session, service, wanted.session)
    made = private.create_client(
        service.name,
        region_name=wanted.region_name,
        endpoint_url=wanted.endpoint_url,
        config=own_config(wanted.config),
    )
    return await made.__aenter__()


def prepared_session(service: Service, session: object | None) -> Any:
    """A private session of aiobotocore, with all read that can be read before it makes a client."""
    service_model(service.package)
    return private_session(service, aio_session(session), async_parsers(service.plain_json))


def aio_session(session: object | None) -> Any:
    """The session of aiobotocore to use for one of the caller's, or for the default one of boto3."""
    kind = aiobotocore("session").AioSession
    given = default_session() if session is None else session
    theirs = kind() if given is None else botocore_session(given)
    return theirs if isinstance(theirs, kind) else borrowing_session(theirs, kind)


def borrowing_session(theirs: Any, kind: Any) -> Any:
    """A session of aiobotocore with the configuration and the credentials of a blocking one."""
    session = kind(profile=theirs.profile)
    own = {name: theirs.get_component(name) for name in ("config_store", "data_loader")}
    session._components = Overlay(session._components, own)  # noqa: SLF001  # as in `private_session`
    session.user_agent_extra = theirs.user_agent_extra or session.user_agent_extra
    session.set_default_client_config(theirs.get_default_client_config())

    async def get_credentials() -> Any:
        found = await asyncio.to_thread(theirs.get_credentials)
        return None if found is None else BorrowedCredentials(found)

    session.get_credentials = get_credentials
    return session


class BorrowedCredentials:
    """Credentials of botocore as aiobotocore asks for them: those that need renewing get it in a thread."""

    def __init__(self, theirs: Any) -> None:
        self._theirs = theirs

    async def get_frozen_credentials(self) -> Any:
        """Credentials for one request."""
        must_renew = getattr(self._theirs, "refresh_needed", None)
        if must_renew is None or not must_renew():
            return self._theirs.get_frozen_credentials()
        return await asyncio.to_thread(self._theirs.get_frozen_credentials)

    async def get_account_id(self) -> Any:
        """The account that they belong to, where that is known."""
        return (await self.get_frozen_credentials()).account_id

    def __getattr__(self, name: str) -> Any:
        return getattr(self._theirs, name)


@cache
def async_parsers(plain_json: bool) -> Any:
    """Response parsers of aiobotocore, with quick timestamps; plain JSON is not even looked at."""
    from aiobotocore.parsers import AioJSONParser, AioResponseParserFactory

    class PlainJSONParser(AioJSONParser):  # type: ignore[misc]  # aiobotocore has no types
        def _handle_json_body(self, raw_body: Any, shape: Any) -> Any:
            body = self._parse_body_as_json(raw_body)
            return body if isinstance(body, dict) else super()._handle_json_body(raw_body, shape)

    class Factory(AioResponseParserFactory):  # type: ignore[misc]  # nor here
        def create_parser(self, protocol_name: str) -> Any:
            if plain_json and protocol_name == "json":
                return PlainJSONParser(timestamp_parser=timestamp_or_theirs)
            return super().create_parser(protocol_name)

    factory = Factory()
    factory.set_parser_defaults(timestamp_parser=timestamp_or_theirs)
    return factory
