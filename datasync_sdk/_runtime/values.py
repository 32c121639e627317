"""Values as boto3 has them, and how arguments become the immutable values of a structure.

Converters never raise: a value of a wrong type is kept as it is, so that `check` can report it with its
path beside everything else that is wrong.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any, NoReturn, Protocol, TypeAlias, TypeVar, overload

T = TypeVar("T")
V = TypeVar("V")

if TYPE_CHECKING:
    JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
else:  # What resolves annotations at run time cannot follow a type into itself.
    JsonValue = Any
"""A document: any JSON value, as botocore takes and returns it."""

StreamingInput: TypeAlias = bytes | bytearray | IO[bytes]
"""A body that botocore sends: bytes, or an open binary file."""


class StreamingBody(Protocol):
    """A body that botocore hands over unread: its `botocore.response.StreamingBody`."""

    def read(self, amt: int | None = None) -> bytes:
        """Read at most `amt` bytes, or all that is left."""
        ...

    def iter_chunks(self, chunk_size: int = 1024) -> Iterator[bytes]:
        """Yield the body in pieces."""
        ...

    def iter_lines(self, chunk_size: int = 1024, keepends: bool = False) -> Iterator[bytes]:
        """Yield the body line by line."""
        ...

    def close(self) -> None:
        """Give the connection back."""


class EventStream(Protocol):
    """Events that botocore hands over as they arrive: its `botocore.eventstream.EventStream`."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield each event as a mapping from the event's name to its members."""
        ...

    def close(self) -> None:
        """Stop listening."""


def refuse_change(*_: object, **__: object) -> NoReturn:
    """Stands in for every method that would change a mapping."""
    raise TypeError("this mapping belongs to a frozen structure; evolve the structure instead")


_no_change: Any = refuse_change


class FrozenMap(dict[str, V]):
    """A mapping that can be compared and hashed, and not changed.

    It is a dict, so that everything that reads dicts (json, botocore, `==`) reads it too.
    """

    __slots__ = ()

    __setitem__ = __delitem__ = __ior__ = _no_change
    clear = pop = popitem = setdefault = update = _no_change

    def __hash__(self) -> int:  # type: ignore[override]  # a dict has none
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[FrozenMap[V]], tuple[dict[str, V]]]:
        return FrozenMap, (dict(self),)

    def __deepcopy__(self, memo: dict[int, Any]) -> FrozenMap[V]:
        return self


def is_collection(value: object) -> bool:
    """Whether a value can stand for a list. Texts and mappings can be iterated, but nobody means that."""
    return isinstance(value, Iterable) and not isinstance(value, str | bytes | bytearray | Mapping)


@overload
def to_tuple(value: None) -> None: ...
@overload
def to_tuple(value: Iterable[T]) -> tuple[T, ...]: ...
@overload
def to_tuple(value: Iterable[Any], item: Callable[[Any], T]) -> tuple[T, ...]: ...
@overload
def to_tuple(value: Iterable[Any] | None, item: Callable[[Any], T]) -> tuple[T, ...] | None: ...
def to_tuple(value: Any, item: Callable[[Any], Any] | None = None) -> Any:
    """A tuple of what was given, if that is a collection and not a text; `item` converts its elements."""
    if not is_collection(value):
        return value
    return tuple(value if item is None else map(item, value))


@overload
def to_map(value: None) -> None: ...
@overload
def to_map(value: Mapping[str, T]) -> Mapping[str, T]: ...
@overload
def to_map(value: Mapping[str, Any], item: Callable[[Any], T]) -> Mapping[str, T]: ...
@overload
def to_map(value: Mapping[str, Any] | None, item: Callable[[Any], T]) -> Mapping[str, T] | None: ...
def to_map(value: Any, item: Callable[[Any], Any] | None = None) -> Any:
    """A frozen mapping of what was given, if that is a mapping; `item` converts its values."""
    if not isinstance(value, Mapping) or (item is None and value.__class__ is FrozenMap):
        return value
    return FrozenMap(value if item is None else {key: item(held) for key, held in value.items()})


def to_utc(value: Any) -> datetime:
    """An aware UTC datetime from what botocore's parser gives, or from what AWS writes in JSON."""
    if value.__class__ is datetime:
        if value.tzinfo is UTC:
            return value
        if value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value.astimezone(UTC)
    return parse_timestamp(value)


def parse_timestamp(value: Any) -> datetime:
    """A point in time from epoch seconds or from text, in UTC.

    The quick form of what botocore does: it would go through dateutil and the local time zone.
    """
    if isinstance(value, datetime):
        return to_utc(datetime.fromisoformat(value.isoformat()))
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    if not isinstance(value, str):
        raise TypeError(f"a timestamp is a datetime, a number or text, not {type(value).__name__}")
    try:
        return datetime.fromtimestamp(float(value), UTC)
    except ValueError:
        return parse_text_timestamp(value)


def parse_text_timestamp(value: str) -> datetime:
    """ISO 8601, or the date of an HTTP header."""
    try:
        return to_utc(datetime.fromisoformat(value))
    except ValueError:
        from botocore.utils import parse_timestamp as theirs

        return to_utc(theirs(value))


def to_items(value: Any) -> tuple[Any, ...]:
    """A tuple from a list of an answer; a text is no list, although Python would iterate it."""
    if not is_collection(value):
        raise TypeError(f"expected a list, got {type(value).__name__}")
    return tuple(value)


def to_bytes(value: Any) -> Any:
    """Bytes from the base64 text that AWS writes in JSON; what botocore has decoded stays as it is."""
    return b64decode(value, validate=True) if isinstance(value, str) else value
