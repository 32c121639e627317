"""How executions end, whatever is told of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from datasync_sdk import models as m
from datasync_sdk.execution import Verdict
from datasync_sdk.execution.outcome import outcome_of

ARN = "arn:aws:datasync:us-east-1:123456789012:task/task-0123456789abcdef0/execution/exec-0123456789abcdef0"
numbers = st.none() | st.integers(-(2**63), 2**63 - 1)
results = st.builds(
    m.TaskExecutionResultDetail,
    prepare_duration=numbers,
    transfer_duration=numbers,
    verify_duration=numbers,
    total_duration=numbers,
    verify_status=st.none() | st.sampled_from(m.PhaseStatus),
    error_code=st.none() | st.text(max_size=9),
)


@given(
    st.sampled_from(["SUCCESS", "ERROR"]),
    st.none() | st.sampled_from(m.TaskMode),
    st.none() | results,
    st.none() | st.builds(m.TaskExecutionFilesFailedDetail, transfer=numbers, verify=numbers),
)
def test_every_end_has_an_outcome(
    status: str,
    mode: m.TaskMode | None,
    result: m.TaskExecutionResultDetail | None,
    failed: m.TaskExecutionFilesFailedDetail | None,
) -> None:
    outcome = outcome_of(
        m.DescribeTaskExecutionResponse(
            task_execution_arn=ARN,
            status=status,  # type: ignore[arg-type]  # one of both
            task_mode=mode,
            result=result,
            files_failed=failed,
        )
    )
    assert str(outcome)
    assert outcome.is_success == (outcome.verdict is Verdict.SUCCESS)
    assert not (outcome.is_success and status == "ERROR")
