"""The client that generated clients inherit from: the one place where a request becomes a call."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, Literal, Self, TypeVar, cast

from botocore.exceptions import BotoCoreError, ClientError

from datasync_sdk._runtime.checks import Violation
from datasync_sdk._runtime.errors import ConfigurationError, ValidationError
from datasync_sdk._runtime.paginate import iterate
from datasync_sdk._runtime.rules import completed, rulebook
from datasync_sdk._runtime.session import Service, make_client
from datasync_sdk._runtime.structures import Request, Structure
from datasync_sdk._runtime.translate import translate, translate_crash
from datasync_sdk._runtime.wire import Operation, operation_of, structure_answer, unstructure, wire_of

R = TypeVar("R")
T = TypeVar("T")


def check_service(client: object, service: Service) -> None:
    """Stop where a client is for another service, or is no botocore client at all."""
    model = getattr(getattr(client, "meta", None), "service_model", None)
    name = getattr(model, "service_name", None)
    if name != service.name:
        kind = f"for {name}" if name else f"a {type(client).__name__}"
        raise ConfigurationError(
            f'boto3_client must be what boto3.client("{service.name}") returns; this one is {kind}'
        )


def known_rules(ids: Iterable[str], service: Service) -> frozenset[str]:
    """Ids of rules, each of which must be one."""
    given: object = ids
    listed = list(given) if isinstance(given, Iterable) and not isinstance(given, str) else [given]
    chosen = frozenset(name for name in listed if isinstance(name, str))
    if isinstance(given, str) or any(not isinstance(name, str) for name in listed):
        raise ConfigurationError(f"ignored_rules must be a list of ids, such as ['OPT-03'], not {ids!r:.60}")
    if chosen:
        known = rulebook(service.package) if service.has_rules else {}
        for name in sorted(chosen - known.keys()):
            from difflib import get_close_matches

            near = get_close_matches(name, known, n=3)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise ConfigurationError(f"ignored_rules: there is no rule {name!r} that is checked{hint}")
    return chosen


def find_operation(request: object) -> Operation:
    """The operation of a request; TypeError for what is none."""
    if isinstance(request, Structure):
        return operation_of(request.__class__)
    given = f"the class {request.__name__}" if isinstance(request, type) else f"a {type(request).__name__}"
    raise TypeError(f"this takes the object of a request class, not {given}")


class BaseClient:
    """Sends requests through a botocore client. Safe to share between threads, as that is."""

    service: ClassVar[Service]

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

        Raises:
            ConfigurationError: the arguments contradict each other, or botocore refuses them.
            CredentialsError: the credentials are incomplete.
        """
        if validate not in (True, False, "strict"):
            raise ConfigurationError(f'validate must be True, False or "strict", not {validate!r}')
        given = [region_name, session, endpoint_url, config]
        if boto3_client is not None:
            if any(value is not None for value in given):
                raise ConfigurationError(
                    "boto3_client is used as it is; leave out region_name, session, endpoint_url and config"
                )
            check_service(boto3_client, self.service)
        if region_name == self.service.name:
            raise ConfigurationError(f"{region_name!r} is the service; the first argument is the Region")
        self._validate = validate
        self._ignored = known_rules(ignored_rules, self.service)
        self._warned: set[tuple[type, str, str]] = set()
        self._owned = boto3_client is None
        self._closed = False
        self._client: Any = boto3_client
        if boto3_client is None:
            self._client = self._make_client(region_name, session, endpoint_url, config)

    def _make_client(
        self,
        region_name: str | None,
        session: object | None,
        endpoint_url: str | None,
        config: object | None,
    ) -> Any:
        try:
            return make_client(
                self.service,
                region_name=region_name,
                session=session,
                endpoint_url=endpoint_url,
                config=config,
            )
        except (BotoCoreError, AttributeError, TypeError, ValueError) as error:
            raise translate(error, "Client", self.service.errors) from error

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
        operation = find_operation(request)
        if self._closed:
            raise ConfigurationError(f"{operation.name}: this client is closed; make a new one")
        if self._validate and (found := self._find(request, operation)):
            self._judge(request, found)
        parameters = unstructure(request)
        if not self._owned:
            from datasync_sdk._runtime.outdated import check_knowledge

            check_knowledge(self._client, operation, parameters, self.service)
        call = getattr(self._client, operation.method)
        try:
            answer = call(**parameters)
        except (ClientError, BotoCoreError) as error:
            ours = translate(error, operation.name, self.service.errors)
            raise ours from (error if ours is not error else None)
        except Exception as error:
            if crash := translate_crash(error, operation.name):
                raise crash from error
            raise
        # The response class is the R of the request's class; the generator writes both from one operation.
        if operation.response is None:
            return cast("R", None)
        return cast("R", structure_answer(answer, operation.response, wire_of(operation.response)))

    def check(self, request: Request[Any]) -> tuple[Violation, ...]:
        """What is wrong with a request, without sending it; an empty tuple where nothing is.

        It looks at the form of the values and at the documented rules, as `send` would by this client's
        `validate`; with `validate=False` it looks at what the default looks at. Violations whose `severity`
        is `warning` would not keep `send` from sending.

        Raises:
            TypeError: `request` is not the request of an operation.
        """
        return self._completed(self._find(request, find_operation(request)))

    def _find(self, request: Structure, operation: Operation) -> list[Violation]:
        found: list[Violation] = []
        operation.wire.check(request, (), found, self._validate == "strict")  # type: ignore[misc]  # requests have a check
        # Rules are about values of the right types: of others, they could say anything, or fail.
        if operation.rules and all(violation.rule != "type" for violation in found):
            operation.rules.check(request, found)
        return found

    def _completed(self, found: Iterable[Violation]) -> tuple[Violation, ...]:
        return completed(found, self.service.package, self._ignored)

    def _judge(self, request: Structure, found: Iterable[Violation]) -> None:
        """Raise for errors; tell about warnings, once for each rule and place."""
        cls = request.__class__
        violations = self._completed(found)
        if errors := tuple(v for v in violations if v.severity == "error"):
            raise ValidationError(cls.__name__, errors)
        for warning in violations:
            told = cls, warning.rule, warning.path
            if told not in self._warned:
                self._warned.add(told)
                logging.getLogger(self.service.package.partition(".")[0]).warning(
                    "%s: %s (%s)", cls.__name__, warning, warning.documentation
                )

    def _iterate(
        self,
        request: Request[R],
        items: Callable[[R], Iterable[T] | None],
        token: Callable[[R], str | None],
        token_member: str,
        more: Callable[[R], bool | None] | None = None,
    ) -> Iterator[T]:
        return iterate(self.send, request, items, token, token_member, more)

    def close(self) -> None:
        """Close the connections. A client that the caller handed in stays open: it is the caller's."""
        self._closed = True
        if self._owned:
            self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        meta = self._client.meta
        return f"{type(self).__name__}({meta.region_name!r}, endpoint_url={meta.endpoint_url!r})"
