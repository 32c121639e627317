"""Sizes, times and texts, as people write and read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasync_sdk.cli.sizes import UNITS, parse_rate, parse_size, size
from datasync_sdk.cli.wording import duration, one_line, parse_seconds, plain, timestamp

WORDS = {
    "B": 1,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "KIB": 2**10,
    "MIB": 2**20,
    "GIB": 2**30,
}


@given(st.integers(0, 10**9), st.sampled_from(sorted(WORDS)), st.sampled_from(["", " "]), st.booleans())
def test_sizes_are_numbers_of_units(number: int, unit: str, space: str, is_lower: bool) -> None:
    text = f"{number}{space}{unit.lower() if is_lower else unit}"
    assert parse_size(text) == number * WORDS[unit]


@given(st.integers(0, 10**12))
def test_a_plain_number_is_bytes(number: int) -> None:
    assert parse_size(str(number)) == number


@given(st.integers(0, 10**18))
def test_sizes_are_shown_so_that_they_can_be_written_again(number: int) -> None:
    back = parse_size(size(number))
    assert abs(back - number) <= max(0.5, number * 0.05)
    shown, unit = size(number).split()
    assert len(shown) <= 4
    assert unit in {"B", "kB", "MB", "GB", "TB", "PB", "EB"}


@given(st.text())
def test_whatever_is_said_is_a_size_or_an_error_that_shows_how(text: str) -> None:
    try:
        assert parse_size(text) >= 0
    except ValueError as error:
        assert "whole number" in str(error) or "10MB is 10,000,000 bytes" in str(error)  # noqa: PT017


@pytest.mark.parametrize(
    "text", ["", "10M", "10Mi", "MB", "-1", "1e6", "10 MB/s x", "1,000", "0.0001kB", "9" * 99]
)
def test_what_could_be_meant_in_two_ways_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match=r"size|whole number"):
        parse_size(text)


def test_fractions_are_exact() -> None:
    assert parse_size("1.5 GiB") == 3 * 2**29
    assert parse_size("0.1MB") == 100_000
    assert len(UNITS) == 14


def test_rates_have_a_word_for_no_limit() -> None:
    assert parse_rate("Unlimited") is None
    assert parse_rate("10MB/s") == parse_rate("10MB") == 10**7
    with pytest.raises(ValueError, match="cancel"):
        parse_rate("0")


def test_a_rate_that_is_none_is_repeated_as_it_was_written() -> None:
    with pytest.raises(ValueError, match="'10M' is no size"):
        parse_rate("10M/s")


@given(st.timedeltas(timedelta(0), timedelta(days=9999)))
def test_durations_are_short_and_near(length: timedelta) -> None:
    shown = duration(length)
    assert len(shown) <= 12
    worth = {"d": 86400, "h": 3600, "min": 60, "s": 1}
    words = shown.split()
    seconds = sum(float(number) * worth[unit] for number, unit in zip(words[::2], words[1::2], strict=True))
    assert abs(seconds - length.total_seconds()) <= max(0.5, length.total_seconds() / 24)


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("1.5m", 90), ("15M", 900), ("2h", 7200), ("1d", 86400)]
)
def test_times_have_units(text: str, seconds: float) -> None:
    assert parse_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "-1", "inf", "nan", "1w", "99999999999d"])
def test_what_is_no_time_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="such as 90s, 15m, 2h or 1d"):
        parse_seconds(text)


@given(st.text() | st.text(st.characters(categories=["Cc", "Cs", "Zl", "Zp"])))
def test_no_text_commands_a_terminal_or_begins_a_line(text: str) -> None:
    for shown in (plain(text), one_line(text)):
        assert all(letter.isprintable() or ord(letter) > 0x9F for letter in shown)
        assert len(shown.splitlines()) <= 1
        shown.encode()


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"])))
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


@given(st.datetimes(timezones=st.timezones()))
def test_times_for_programs_are_iso_in_utc(when: datetime) -> None:
    assert timestamp(when).endswith("Z")
    assert datetime.fromisoformat(timestamp(when)) == when.astimezone(UTC)
