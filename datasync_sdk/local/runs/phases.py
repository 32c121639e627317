"""The phases of an execution, as its `Result` tells them while it runs and when it has ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from attrs import evolve

from datasync_sdk import models as m
from datasync_sdk.local.transfer.job import PhaseEnd

__all__ = ["NOT_BEGUN", "broken_off", "detail", "from_json", "pending", "to_json"]

NOT_BEGUN: Final = (PhaseEnd(status=m.PhaseStatus.PENDING, milliseconds=0),) * 3
"""Preparing, transferring, verifying."""


def detail(phases: Sequence[PhaseEnd], **more: Any) -> m.TaskExecutionResultDetail:
    """What is told of the three phases; `more` are further members."""
    prepare, transfer, verify = phases
    return m.TaskExecutionResultDetail(
        prepare_status=prepare.status,
        prepare_duration=prepare.milliseconds,
        transfer_status=transfer.status,
        transfer_duration=transfer.milliseconds,
        verify_status=verify.status,
        verify_duration=verify.milliseconds,
        **more,
    )


def pending(phases: Sequence[PhaseEnd]) -> list[PhaseEnd]:
    """What is told while an execution runs: durations move, and all is PENDING, also what is over.

    AWS was seen to do so: https://github.com/skyplane-project/skyplane/pull/137
    """
    return [evolve(phase, status=m.PhaseStatus.PENDING) for phase in phases]


def broken_off(phases: Sequence[PhaseEnd], *, is_enhanced: bool) -> list[PhaseEnd]:
    """What becomes of the phases of an execution that does not come to its end.

    The one at hand is an error, those before have ended as they have, and those after never begin. In
    Enhanced mode all are one stream.
    """
    count = sum(phase.status != m.PhaseStatus.PENDING for phase in phases)
    at_hand = range(len(phases)) if is_enhanced else [count]
    return [
        evolve(phase, status=m.PhaseStatus.ERROR) if index in at_hand else phase
        for index, phase in enumerate(phases)
    ]


def to_json(phases: Sequence[PhaseEnd]) -> list[list[Any]]:
    """Phases as the store keeps them."""
    return [[phase.status.value, phase.milliseconds] for phase in phases]


def from_json(kept: Sequence[Sequence[Any]] | None) -> Sequence[PhaseEnd]:
    """What was kept; before the first phase nothing was."""
    if not kept:
        return NOT_BEGUN
    return [PhaseEnd(status=m.PhaseStatus(status), milliseconds=number) for status, number in kept]
