"""What blocking and asynchronous clients share: all of a call but the sending of it.

Nothing here waits for anything: arguments, checks, the way from a request to parameters, and the way back
from an answer or an exception.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, ClassVar, Literal, TypeVar, cast

from botocore.exceptions import BotoCoreError, ClientError

from datasync_sdk._runtime.checks import Violation
from datasync_sdk._runtime.errors import ConfigurationError, ServiceError, ValidationError
from datasync_sdk._runtime.renewal import Parts, read_again
from datasync_sdk._runtime.rules import completed, rulebook
from datasync_sdk._runtime.session import Service, Wanted
from datasync_sdk._runtime.settling import Settling, checked_seconds
from datasync_sdk._runtime.structures import Request, Structure
from datasync_sdk._runtime.timing import SYSTEM_TIMING, Timing
from datasync_sdk._runtime.translate import translate, translate_crash
from datasync_sdk._runtime.wire import Operation, operation_of, structure_answer, unstructure, wire_of

R = TypeVar("R")


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


def comes_from(package: str, client: object) -> bool:
    """Whether a client, or a class that its own is made of, is from a package."""
    return any(cls.__module__.partition(".")[0] == package for cls in type(client).__mro__)


class Caller:
    """A client without its connection."""

    service: ClassVar[Service]

    _handed_in_by: ClassVar[str]
    """The argument by which a client of botocore is handed in."""
    _timing: Timing = SYSTEM_TIMING
    """The time by which this client waits."""
    _objects: Any = None
    """Where buckets are, where that is not Amazon S3."""

    def _set_up(
        self,
        wanted: Wanted,
        handed_in: Any,
        *,
        validate: bool | Literal["strict"],
        ignored_rules: Iterable[str],
        settle_seconds: float,
    ) -> None:
        """Keep what a client was told, and refuse what contradicts itself."""
        if validate not in (True, False, "strict"):
            raise ConfigurationError(f'validate must be True, False or "strict", not {validate!r}')
        if handed_in is not None:
            if wanted != Wanted():
                raise ConfigurationError(
                    f"{self._handed_in_by} is used as it is; "
                    "leave out region_name, session, endpoint_url and config"
                )
            self._check_service(handed_in)
        if wanted.region_name == self.service.name:
            raise ConfigurationError(
                f"{wanted.region_name!r} is the service; the first argument is the Region"
            )
        self._validate = validate
        self._ignored = known_rules(ignored_rules, self.service)
        self._settle_seconds = checked_seconds(settle_seconds)
        self._warned: set[tuple[type, str, str]] = set()
        self._wanted = wanted
        self._handed_in = handed_in
        self._closed = False

    def _check_service(self, client: object) -> None:
        """Stop where a client is for another service, or is no botocore client at all."""
        model = getattr(getattr(client, "meta", None), "service_model", None)
        name = getattr(model, "service_name", None)
        if name != self.service.name:
            kind = f"for {name}" if name else f"a {type(client).__name__}"
            raise ConfigurationError(
                f"{self._handed_in_by} must be {self._how_to_make_one()}; this one is {kind}"
            )

    def _how_to_make_one(self) -> str:
        """Where a client comes from that can be handed in."""
        raise NotImplementedError

    def check(self, request: Request[Any]) -> tuple[Violation, ...]:
        """What is wrong with a request, without sending it; an empty tuple where nothing is.

        It looks at the form of the values and at the documented rules, as `send` would by this client's
        `validate`; with `validate=False` it looks at what the default looks at. Violations whose `severity`
        is `warning` would not keep `send` from sending.

        Raises:
            TypeError: `request` is not the request of an operation.
        """
        return self._completed(self._find(request, find_operation(request)))

    def _prepared(self, request: Request[Any]) -> tuple[Operation, dict[str, Any]]:
        """The operation of a request that may be sent, and what to call it with."""
        operation = find_operation(request)
        self._refuse_if_closed(operation.name)
        if self._validate and (found := self._find(request, operation)):
            self._judge(request, found)
        parameters = unstructure(request)
        if self._handed_in is not None:
            from datasync_sdk._runtime.outdated import check_knowledge

            check_knowledge(self._handed_in, operation, parameters, self.service, self._handed_in_by)
        return operation, parameters

    def _refuse_if_closed(self, what: str) -> None:
        if self._closed:
            raise ConfigurationError(f"{what}: this client is closed; make a new one")

    def _structured(self, answer: Any, operation: Operation, request: Request[R]) -> R:  # noqa: ARG002  # its type
        """An answer of botocore as the object of its class."""
        # The response class is the R of the request's class; the generator writes both from one operation.
        if operation.response is None:
            return cast("R", None)
        return cast("R", structure_answer(answer, operation.response, wire_of(operation.response)))

    def _translated(self, error: Exception, what: str) -> Exception:
        """The exception to raise in place of one that a call ended in; that one where it is to be raised."""
        if isinstance(error, ClientError | BotoCoreError):
            return translate(error, what, self.service.errors)
        return translate_crash(error, what) or error

    def _read_credentials_again(self, client: Any, refused: Parts | None) -> bool:
        """Whether somebody has renewed the credentials in their file; this client has them then."""
        return self._handed_in is None and read_again(client, self._wanted.session, refused)

    def _pause(self, error: Exception, settling: Settling | None) -> tuple[Settling | None, float | None]:
        """How long to wait before a refused call is made again; None where it is not."""
        if not isinstance(error, ServiceError) or not error.settles:
            return settling, None
        now = self._monotonic()
        settling = settling or Settling(self._settle_seconds, now, self._log())
        return settling, settling.pause(error, now)

    def _monotonic(self) -> float:
        """Seconds from some moment, by the time that this client waits by."""
        return self._timing.monotonic()

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
                self._log().warning("%s: %s (%s)", cls.__name__, warning, warning.documentation)

    def _log(self) -> logging.Logger:
        return logging.getLogger(self.service.package.partition(".")[0])
