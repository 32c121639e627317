"""A botocore client that knows the API that this SDK was generated from, whatever botocore is installed.

Nothing of the caller's session is changed: the client is made by a shallow copy of it, in which some
components are replaced. The copy shares credentials, profile, configuration and event handlers.

- the loader answers with the SDK's own service model, so that an old botocore (AWS Lambda ships one)
  sends members that it has never heard of, and needs not search its 400 services for this one;
- answers are not walked over twice: the generated code reads AWS's JSON itself, where nothing in the
  model speaks against it. That is a third of the time of a call that lists 100 tasks;
- the User-Agent is composed once a client instead of twice a call, a fifth of the time of a call;
- endpoints of a regional service come from its rule set and from `partitions.json`, without the 1.2 MB of
  `endpoints.json`, a tenth of the time of a cold start;
- botocore's parameter validation is off, because the generated check did the same work.

Where another botocore has no such component, its own is used, and only the gain is lost. The figures are
those of `python -m benchmarks`. The components themselves are in `components.py`; `aio/session.py` does the
same with a session of aiobotocore.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from datasync_sdk._runtime.components import parsers, regional_endpoints, user_agent
from datasync_sdk._runtime.errors import ConfigurationError
from datasync_sdk._runtime.resources import read_json
from datasync_sdk._runtime.version import VERSION

if TYPE_CHECKING:
    from datasync_sdk._runtime.translate import ServiceErrors


@frozen(kw_only=True)
class Service:
    """What the runtime has to know of the service that a package was generated for."""

    package: str
    """The package whose resources hold `service-2.json`, the model for botocore."""
    name: str
    """The service as boto3 names it: `datasync`."""
    errors: ServiceErrors = field(repr=False)
    """The modelled error codes and their classes."""
    plain_json: bool = False
    """Whether the generated code reads all answers just as they are in AWS's JSON."""
    regional: bool = False
    """Whether the service has an endpoint of the usual form in every Region, and no global one."""
    has_rules: bool = False
    """Whether the package's resources hold `rules.json`: what the documentation asks of requests."""


@frozen(kw_only=True)
class Wanted:
    """What the client of botocore is to be made of; whatever is None comes from the session or AWS."""

    region_name: str | None = None
    session: object | None = None
    endpoint_url: str | None = None
    config: object | None = None


def make_client(service: Service, wanted: Wanted) -> Any:
    """A botocore client for a service, from the caller's session or from the default one."""
    private = private_session(service, botocore_session(wanted.session), parsers(service.plain_json))
    return private.create_client(
        service.name,
        region_name=wanted.region_name,
        endpoint_url=wanted.endpoint_url,
        config=own_config(wanted.config),
    )


def own_config(config: Any) -> Any:
    """The caller's configuration with that of the SDK in it."""
    from botocore.config import Config

    if config is not None and not isinstance(config, Config):
        raise ConfigurationError(f"config must be a botocore.config.Config, not {type(config).__name__}")
    own = Config(parameter_validation=False)
    # A copy, because botocore fills in defaults inside the caller's object.
    return copy.deepcopy(config).merge(own) if config else own


def botocore_session(session: object | None) -> Any:
    """The botocore session in a boto3 session, or in the default one, or a new one."""
    if session is None:
        session = default_session()
    if session is None:
        from botocore.session import get_session

        return get_session()
    inner = getattr(session, "_session", session)
    if not hasattr(inner, "get_component"):
        kind = type(session).__name__
        raise ConfigurationError(f"session must be a boto3.Session, not {kind}")
    return inner


def default_session() -> Any:
    """The session of `boto3.setup_default_session`, if the program called that.

    boto3 itself is not imported for this: it would add a tenth to the start of a program and nothing else.
    """
    return getattr(sys.modules.get("boto3"), "DEFAULT_SESSION", None)


def private_session(service: Service, session: Any, parser_factory: Any) -> Any:
    """A copy of a session in which some components are replaced."""
    private = copy.copy(session)
    private._components = Overlay(  # noqa: SLF001  # there is no public way to a session like another
        session,
        {
            "data_loader": ModelLoader(service, session.get_component("data_loader")),
            "response_parser_factory": parser_factory,
            "user_agent_creator": user_agent(),
        },
    )
    if service.regional and not session.get_config_variable("data_path"):
        internal = {"endpoint_resolver": regional_endpoints(session)}
        private._internal_components = Overlay(session._internal_components, internal)  # noqa: SLF001  # as above
    # Credentials are resolved, cached and renewed by the caller's session, so that nobody is asked
    # for a second MFA code.
    private.get_credentials = session.get_credentials
    extra = (session.user_agent_extra, f"datasync-sdk/{VERSION}")
    private.user_agent_extra = " ".join(filter(None, extra))
    return private


class Overlay:
    """The components of a session, with some of them replaced."""

    def __init__(self, session: Any, own: dict[str, Any]) -> None:
        self._session = session
        self._own = own

    def get_component(self, name: str) -> Any:
        """A component by its name, as botocore asks for it."""
        if name in self._own:
            return self._own[name]
        return self._session.get_component(name)

    def register_component(self, name: str, component: Any) -> None:
        """Keep a component here, and not in the caller's session."""
        self._own[name] = component


class ModelLoader:
    """The loader of a session, except that it answers with the SDK's model for its service."""

    def __init__(self, service: Service, loader: Any) -> None:
        self._service = service
        self._loader = loader

    def load_service_model(self, service_name: str, type_name: str, api_version: str | None = None) -> Any:
        """A model file of a service; the SDK's own without a look at botocore's data."""
        if service_name != self._service.name:
            return self._loader.load_service_model(service_name, type_name, api_version)
        if type_name == "service-2":
            return service_model(self._service.package)
        return self._load_beside(type_name, api_version)

    def _load_beside(self, type_name: str, api_version: str | None) -> Any:
        from botocore.exceptions import DataNotFoundError

        metadata = service_model(self._service.package)["metadata"]
        try:
            return self._loader.load_data(f"{self._service.name}/{metadata['apiVersion']}/{type_name}")
        except DataNotFoundError:
            return self._loader.load_service_model(self._service.name, type_name, api_version)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


@cache
def service_model(package: str) -> Mapping[str, Any]:
    """The model for botocore that a package carries."""
    return read_json(package, "service-2.json")
