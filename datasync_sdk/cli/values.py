"""Values on the command line: sizes, rates, times, options of DataSync."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from datasync_sdk.cli.sizes import parse_rate
from datasync_sdk.cli.wording import parse_seconds

if TYPE_CHECKING:
    from datasync_sdk import models as m

__all__ = ["RATE", "SECONDS", "interval_option", "parse_options", "timeout_option"]

F = TypeVar("F", bound=Callable[..., Any])

UNLIMITED: Final = -1

if TYPE_CHECKING:
    Type = click.ParamType[object]
else:  # It is generic since click 8.4 only.
    Type = click.ParamType


class Parsed(Type):
    """A value that a function makes of a text."""

    def __init__(self, name: str, parse: Callable[[str], object]) -> None:
        """A type of values.

        Args:
            name: how the help calls it.
            parse: makes the value, or raises a ValueError that says what is wrong.
        """
        self.name = name
        self._parse = parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """The value of a text."""
        try:
            return self._parse(value) if isinstance(value, str) else value
        except ValueError as error:
            self.fail(str(error), param, ctx)


def bytes_per_second(text: str) -> int:
    """A bandwidth as DataSync has it."""
    limit = parse_rate(text)
    return UNLIMITED if limit is None else limit


RATE: Final = Parsed("rate", bytes_per_second)
"""`10MB`, `10MiB/s`, `unlimited`, as DataSync has it."""
SECONDS: Final = Parsed("time", parse_seconds)
"""`90`, `90s`, `15m`, `2h`, as seconds."""


def looking_often(text: str) -> float:
    """A pause between looks."""
    seconds = parse_seconds(text)
    if not seconds:
        raise ValueError("looking without a pause gets a caller throttled: say for how long to pause, as 10s")
    return seconds


def interval_option(function: F) -> F:
    """Give a command `--interval`."""
    return click.option(
        "--interval",
        type=Parsed("time", looking_often),
        metavar="TIME",
        help="Look every 10s, or 2m; by default ever more seldom, and every 30 s at last.",
    )(function)


def timeout_option(function: F) -> F:
    """Give a command `--timeout`."""
    return click.option(
        "--timeout",
        type=SECONDS,
        metavar="TIME",
        help="Watch for 15m, or 2h, and exit with status 124; the execution goes on.",
    )(function)


def parse_options(given: tuple[str, ...], limit: int | None) -> m.Options | None:
    """The options that override those of a task; None where there are none.

    Args:
        given: texts such as `verify_mode=NONE` or `VerifyMode=none`.
        limit: the bandwidth, by an option of its own.

    Raises:
        click.UsageError: there is no such option, or it is not a value of its type. Which values go
            together, the client checks.
    """
    import attrs

    from datasync_sdk import models as m

    names = {name.replace("_", ""): name for name in (each.name for each in attrs.fields(m.Options))}
    values: dict[str, Any] = {} if limit is None else {"bytes_per_second": limit}
    for text in given:
        name, separator, value = text.partition("=")
        known = names.get(name.strip().replace("_", "").replace("-", "").lower())
        if not separator or known is None:
            raise click.UsageError(
                f"--option {text!r:.80} is not NAME=VALUE with one of {', '.join(names.values())}"
            )
        if known in values:
            raise click.UsageError(f"{known} is said twice")
        values[known] = option_value(known, value.strip())
    return m.Options(**values) if values else None


def option_value(name: str, text: str) -> int | str:
    """The value of one option: a bandwidth, or a word, which may be in lower case."""
    if name != "bytes_per_second":
        return text.upper()
    try:
        return UNLIMITED if text == str(UNLIMITED) else bytes_per_second(text)
    except ValueError as error:
        raise click.UsageError(f"--option {name}: {error}") from error
