"""From the body of a request to a request object, with all that is wrong with it in one message."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from types import NoneType, UnionType
from typing import Any, Final, NoReturn, Union, get_args, get_origin

from datasync_sdk._generated.service import SERVICE
from datasync_sdk._runtime.checks import STRUCTURAL, Found, Violation
from datasync_sdk._runtime.diagnose import cached_hints
from datasync_sdk._runtime.enums import OpenEnum
from datasync_sdk._runtime.rules import completed
from datasync_sdk._runtime.structures import Request, Structure
from datasync_sdk._runtime.values import to_bytes
from datasync_sdk._runtime.wire import wire_of
from datasync_sdk.local.operations import Known
from datasync_sdk.local.refusals import Refusal

LARGEST_BODY: Final = 4 * 2**20
"""How many bytes a request may have. The largest that AWS allows has two filters of 102,400 characters, each
of 12 bytes where it is an escaped surrogate pair: 2.5 MB."""

SMALL_BODY: Final = 8192
"""Up to so many bytes, patterns are matched whatever else is wrong. The time of some grows with the square of
a text's length, so texts in larger bodies must first be as short as the model wants them."""

LONG: Final = 2**63
DIGITS: Final = 20
"""How many characters a 64-bit number has at most."""

LONGEST_LIST: Final = 1000
"""How many elements a list has at most, even where the model sets no limit."""

SHOWN: Final = 20
"""How many things that are wrong a message tells."""


class UnreadableError(ValueError):
    """The text is JSON, but not such JSON as a request is made of."""


def read_request(body: bytes, operation: Known) -> Request[Any]:
    """The request in a body. Unknown members are ignored, and members that are null are not there.

    Raises:
        Refusal: the body is no JSON object, or the request breaks rules: of the model or documented ones.
    """
    data = read_object(body)
    try:
        request: Request[Any] = operation.generated.wire.structure(data)
    except Exception:  # noqa: BLE001  # the generated code does not ask; what is wrong is found below
        request = loosely(data, operation.request)
    found = violations(request, operation, is_small=len(body) <= SMALL_BODY)
    errors = [v for v in completed(found, SERVICE.package, frozenset()) if v.severity == "error"]
    if errors:
        raise Refusal(message=summary(errors))
    return request


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object in a body; nothing at all stands for an empty one.

    Raises:
        Refusal: there is something else.
    """
    try:
        data = DECODER.decode(body.decode()) if body else {}
        # Only an escape can bring in a NUL or a surrogate: JSON has no bare one, nor has UTF-8.
        if b"\\u" in body or len(body) > SMALL_BODY:
            look_through(data)
    except UnicodeDecodeError as error:
        raise unreadable(f"byte {error.start} is not valid UTF-8") from None
    except json.JSONDecodeError as error:
        raise unreadable(f"{error.msg} at character {error.pos}") from None
    except UnreadableError as error:
        raise unreadable(str(error)) from None
    except RecursionError:
        raise unreadable("it is nested too deeply") from None
    if not isinstance(data, dict):
        raise unreadable(f"it is {JSON_TYPES[type(data).__name__]}")
    return data


def unreadable(why: str) -> Refusal:
    """The refusal of a body that cannot be read."""
    return Refusal(message=f"The body of the request must be a JSON object: {why}.")


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. Of members with the same name one would silently be lost, and nobody knows which."""
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise UnreadableError(f"an object has the member {ascii(twice)[:60]} more than once")
    return made


def whole_number(text: str) -> int:
    """A number that fits into 64 bits."""
    if len(text) > DIGITS or not -LONG <= (number := int(text)) < LONG:
        raise UnreadableError("a number is too large")
    return number


def fraction(text: str) -> float:
    """A number with a fraction or an exponent."""
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise UnreadableError("a number is too large")
    return number


def no_constant(text: str) -> NoReturn:
    """NaN and Infinity: Python reads them, JSON has none."""
    raise UnreadableError(f"{text} is no JSON")


DECODER: Final = json.JSONDecoder(
    object_pairs_hook=unique, parse_int=whole_number, parse_float=fraction, parse_constant=no_constant
)


def look_through(data: Any) -> None:
    """Refuse what does harm wherever it stands; a list of a million mistakes would take minutes to check."""
    waiting = [data]
    while waiting:  # No recursion: the data may be nested as deeply as Python allows.
        value = waiting.pop()
        if isinstance(value, str):
            check_text(value)
        elif isinstance(value, dict):
            waiting.extend(value)
            waiting.extend(value.values())
        elif isinstance(value, list):
            if len(value) > LONGEST_LIST:
                raise UnreadableError(f"a list has {len(value)} elements, which no list of DataSync's has")
            waiting.extend(value)


def check_text(text: str) -> None:
    """Refuse what no path, name or secret of a file system can have, and what cannot be written as UTF-8."""
    if "\0" in text:
        raise UnreadableError("a text has a NUL character")
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise UnreadableError("a text has half of a surrogate pair")


def loosely(data: Mapping[str, Any], cls: type[Any]) -> Any:
    """An object of a class from data that does not fit it: what is wrong stays as it is, for the check."""
    made = object.__new__(cls)
    hashable: Any = cls
    hints = cached_hints(hashable)
    for name, attribute in zip(wire_of(cls).names, cls.__attrs_attrs__, strict=True):
        object.__setattr__(made, attribute.name, loose_value(data.get(name), hints[attribute.name]))
    return made


def loose_value(value: Any, kind: Any) -> Any:
    """A value of a type, or what was given where it cannot become one."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return loose_value(value, next(argument for argument in arguments if argument is not NoneType))
    if origin is tuple and isinstance(value, list):
        return tuple(loose_value(item, arguments[0]) for item in value)
    if isinstance(kind, type) and issubclass(kind, Structure) and isinstance(value, dict):
        return loosely(value, kind)
    if isinstance(kind, type) and issubclass(kind, OpenEnum) and isinstance(value, str):
        return kind(value)
    if kind is bytes and isinstance(value, str):
        with suppress(ValueError):
            return to_bytes(value)
    return value


def violations(request: Request[Any], operation: Known, *, is_small: bool) -> Found:
    """All that is wrong with a request: with its form, by the model, and by the documented rules."""
    found: Found = []
    check: Any = operation.generated.wire.check  # Every request has one.
    check(request, (), found, is_small)
    if not is_small and not found:
        check(request, (), found, True)
    rules = operation.generated.rules
    # Rules are about values of the right types: of others, they could say anything, or fail.
    if rules and all(violation.rule not in ("type", "required") for violation in found):
        rules.check(request, found)
        # What a rule says of a text in words, its pattern says once more, at length.
        told = {violation.path for violation in found if violation.rule not in STRUCTURAL}
        found = [v for v in found if v.rule != "pattern" or v.path not in told]
    return found


def summary(errors: list[Violation]) -> str:
    """All that is wrong, in the way in which AWS begins to tell it."""
    told = [f"{error.path}: {in_words_of_json(error)}" if error.path else error.message for error in errors]
    more = f"; and {len(told) - SHOWN} more" if len(told) > SHOWN else ""
    count = f"{len(told)} validation error{'s' if len(told) > 1 else ''} detected"
    return f"{count}: {'; '.join(told[:SHOWN])}{more}"


JSON_TYPES: Final = {
    "dict": "an object",
    "list": "a list",
    "tuple": "a list",
    "str": "a string",
    "int": "a number",
    "float": "a number with a fraction",
    "bool": "a boolean",
    "NoneType": "null",
}
"""What Python calls the types of JSON."""

EXPECTED: Final = {
    "bytes or a file open for reading bytes, not str": "valid base64",
    "bytes or a file open for reading bytes": "a string in base64",
    "a list or tuple": "a list",
    "a str": "a string",
    "an int": "an integer",
    "a float": "a number",
    "a bool": "a boolean",
}
"""What the SDK asks of its callers, and what that is in JSON."""

PYTHON_WORDS: Final = re.compile(rf"\b({'|'.join(EXPECTED)})\b|(?<=, not )({'|'.join(JSON_TYPES)})\b")


def in_words_of_json(error: Violation) -> str:
    """A message of the SDK's check to somebody who has sent JSON, and perhaps not from Python."""
    if error.rule not in ("type", "required"):
        return error.message
    return PYTHON_WORDS.sub(lambda found: EXPECTED.get(found[0]) or JSON_TYPES[found[0]], error.message)
