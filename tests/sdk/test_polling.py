"""How often an execution is looked at, and what is borne meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasync_sdk._runtime.errors import SdkError, ServiceError
from datasync_sdk.errors import (
    AccessDeniedError,
    ConfigurationError,
    CredentialsError,
    InternalError,
    InvalidRequestError,
    StructureError,
    ThrottlingError,
    TransportError,
)
from datasync_sdk.execution.polling import LONGEST_AFTER_THROTTLING, Pace, Poll, seconds_of

seconds = st.floats(0.01, 1000)
polls = st.builds(
    lambda first, more, factor, jitter: Poll(first=first, most=first + more, factor=factor, jitter=jitter),
    seconds,
    st.floats(0, 1000),
    st.floats(1, 10),
    st.floats(0, 1),
)


def answer(cls: type[ServiceError], code: str, status: int = 400) -> ServiceError:
    response = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return cls("DescribeTaskExecution", response)


PASSES = [
    answer(ThrottlingError, "ThrottlingException"),
    answer(InternalError, "InternalException", 500),
    answer(ServiceError, "ServiceUnavailable", 503),
    answer(ServiceError, "TooMany", 429),
]
PASSES_WHERE_IT_WORKED = [
    TransportError("lost"),
    CredentialsError("cannot be renewed"),
    answer(AccessDeniedError, "ExpiredTokenException"),
    answer(AccessDeniedError, "ExpiredToken"),
]
STAYS = [
    answer(InvalidRequestError, "InvalidRequestException"),
    answer(AccessDeniedError, "AccessDeniedException"),
    ConfigurationError("closed"),
    StructureError("no ARN"),
]


def not_retryable() -> TransportError:
    error = TransportError("there is no such endpoint")
    error.retryable = False
    return error


@given(polls)
def test_pauses_grow_and_stay_between_their_bounds(poll: Poll) -> None:
    pace = Pace(poll, has_worked=True)
    expected = poll.first
    for _ in range(30):
        pause = pace.next()
        assert expected * (1 - poll.jitter) * 0.999 <= pause <= expected * 1.001
        expected = min(expected * poll.factor, poll.most)


def test_pauses_of_two_programs_differ() -> None:
    one, other = (
        [pace.next() for _ in range(9)] for pace in (Pace(Poll(), has_worked=True) for _ in range(2))
    )
    assert one != other


@pytest.mark.parametrize("error", PASSES)
@pytest.mark.parametrize("has_worked", [True, False])
def test_what_is_a_matter_of_time_is_borne(error: SdkError, has_worked: bool) -> None:
    assert Pace(Poll(), has_worked=has_worked).bears(error, 0.0)


@pytest.mark.parametrize("error", PASSES_WHERE_IT_WORKED)
def test_what_worked_before_may_fail_for_a_while(error: SdkError) -> None:
    assert not Pace(Poll(), has_worked=False).bears(error, 0.0)
    assert Pace(Poll(), has_worked=True).bears(error, 0.0)
    answered = Pace(Poll(), has_worked=False)
    answered.answered()
    assert answered.bears(error, 0.0)


@pytest.mark.parametrize("error", [*STAYS, not_retryable()])
def test_what_no_time_mends_is_not_borne(error: SdkError) -> None:
    assert not Pace(Poll(), has_worked=True).bears(error, 0.0)


def test_patience_ends_and_begins_anew_with_an_answer() -> None:
    pace = Pace(Poll(patience=timedelta(seconds=60)), has_worked=True)
    lost = TransportError("lost")
    assert pace.bears(lost, 1000.0)
    assert pace.bears(lost, 1059.9)
    assert not pace.bears(lost, 1060.0)
    pace.answered()
    assert pace.bears(lost, 1060.0)


def test_one_without_patience_bears_nothing() -> None:
    assert not Pace(Poll(patience=0), has_worked=True).bears(TransportError("lost"), 5.0)


def test_who_is_throttled_goes_back_further_and_comes_again() -> None:
    pace = Pace(Poll(first=20, most=30, jitter=0), has_worked=True)
    for _ in range(9):
        pace.bears(PASSES[0], 0.0)
    assert pace.next() == LONGEST_AFTER_THROTTLING
    pace.answered()
    assert pace.next() == 30


@pytest.mark.parametrize(
    ("members", "error", "message"),
    [
        ({"first": 0}, ValueError, "first must be more than no time"),
        ({"first": 10, "most": 5}, ValueError, "most, 5 s, is less than first, 10 s"),
        ({"first": float("inf"), "most": float("inf")}, ValueError, "would never look a second time"),
        ({"factor": 0.5}, ValueError, "factor must be at least 1"),
        ({"factor": float("inf")}, ValueError, "factor must be at least 1"),
        ({"jitter": 1.5}, ValueError, "jitter must be from 0 to 1"),
        ({"first": -1}, ValueError, "must not be negative"),
        ({"patience": float("nan")}, ValueError, "must not be negative"),
        ({"first": "5"}, TypeError, "must be seconds or a timedelta, not '5'"),
        ({"first": True}, TypeError, "must be seconds or a timedelta, not True"),
    ],
)
def test_a_poll_that_makes_no_sense_is_refused(
    members: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        Poll(**members)  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize("wrong", [1, 0.5, timedelta(seconds=5), {"first": 5}])
def test_what_is_no_poll_is_told_and_what_one_looks_like(wrong: object) -> None:
    with pytest.raises(TypeError, match=r"poll must be a Poll, such as Poll\(first=5, most=60\), not "):
        Pace(wrong, has_worked=True)  # type: ignore[arg-type]  # on purpose


def test_times_are_seconds_or_timedeltas() -> None:
    assert Poll(first=timedelta(seconds=2), most=timedelta(minutes=1)) == Poll(first=2, most=60)


def test_a_time_that_no_clock_shows_has_no_end() -> None:
    assert seconds_of(10**400, "timeout") == float("inf")
