"""Bandwidth, with a clock that only goes on when somebody sleeps."""

from __future__ import annotations

import os

import pytest

from tests.local.transfer.kit import TestWatch, world


@pytest.mark.parametrize("verify", ["NONE", "ONLY_FILES_TRANSFERRED"])
@pytest.mark.parametrize("mode", ["BASIC", "ENHANCED"])
@pytest.mark.parametrize(("count", "size"), [(1, 10_000_000), (500, 20_000), (10_000, 100)])
def test_bytes_take_their_time(mode: str, verify: str, count: int, size: int) -> None:
    with world() as here:
        for number in range(count):
            (here.source / str(number)).write_bytes(os.urandom(1) * size)
        watch = TestWatch()
        watch.bytes_per_second = 1_000_000
        ran = here.run(mode=mode, verify_mode=verify, watch=watch)
        assert not ran.ended.failed
        assert watch.slept == pytest.approx(count * size / 1_000_000, rel=0.1)
        assert ran.ended.phases[1].milliseconds == (
            0 if mode == "ENHANCED" else pytest.approx(watch.slept * 1000)
        )
        assert ran.ended.total_duration == pytest.approx(watch.slept * 1000, abs=2)


def test_never_more_than_the_limit_in_any_second() -> None:
    with world() as here:
        (here.source / "big").write_bytes(bytes(5_000_000))
        watch = TestWatch()
        watch.bytes_per_second = 1_000_000
        seen: list[tuple[float, int]] = []
        from datasync_sdk.local.transfer.outcome import tally

        class Spy(tally.Tally):
            def moved(self, size: int) -> None:
                seen.append((watch.now, size))

        real, tally.Tally.moved = tally.Tally.moved, Spy.moved  # type: ignore[method-assign]
        try:
            here.run(watch=watch, verify_mode="NONE")
        finally:
            tally.Tally.moved = real  # type: ignore[method-assign]
        for start, _ in seen:
            in_second = sum(size for when, size in seen if start <= when < start + 1)
            assert in_second <= 1_250_000


def test_a_new_limit_counts_within_a_second() -> None:
    with world() as here:
        (here.source / "big").write_bytes(bytes(20_000_000))
        watch = TestWatch()
        watch.bytes_per_second = 100_000
        changed: list[float] = []

        def speed_up() -> None:
            if watch.now > 1010 and not changed:
                changed.append(watch.now)
                watch.bytes_per_second = 10_000_000

        watch.on_sleep = speed_up
        here.run(watch=watch)
        assert watch.now - changed[0] == pytest.approx(1.9, abs=0.5)


def test_lifting_a_limit_and_setting_one_counts_at_once() -> None:
    with world() as here:
        (here.source / "big").write_bytes(bytes(64_000_000))
        watch = TestWatch()
        asked: list[int] = []

        def slow_down(action: str, side: str, path: str) -> None:
            del side, path
            if action != "write":
                return
            asked.append(1)
            if len(asked) == 2:
                watch.bytes_per_second = 40_000_000
            if watch.slept > 0.5:
                watch.bytes_per_second = -1

        watch.hooks.append(slow_down)
        here.run(watch=watch)
        assert 0.5 < watch.slept < 1


def test_one_byte_per_second_is_slow_but_ends() -> None:
    with world() as here:
        (here.source / "small").write_bytes(b"12345")
        watch = TestWatch()
        watch.bytes_per_second = 1
        here.run(watch=watch)
        assert watch.slept == pytest.approx(5, abs=1.5)
        assert (here.destination / "small").read_bytes() == b"12345"
