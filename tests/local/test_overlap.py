"""A source and a destination that are one folder by a mount, which no path tells: nothing is touched."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from datasync_sdk import models as m
from datasync_sdk.local import LocalDataSync, ManualClock

PRIVATE = ["unshare", "--mount", "--propagation", "private"]
"""What is mounted there is seen by nobody else, and gone when the process is."""

MOUNTED = """
import subprocess, sys
from pathlib import Path
from tests.local.test_overlap import moved

top, source, destination, folder, at = Path(sys.argv[1]), *sys.argv[2:]
subprocess.run(["mount", "--bind", top / folder, top / at], check=True)
print(*(moved(top, source, destination, mode) for mode in ("BASIC", "ENHANCED")))
"""

TREE = ["source/file", "source/sub/deep/file", "source/keep/file", "other/old", "other/at/old"]


def moved(top: Path, source: str, destination: str, mode: str) -> str | None:
    """Move all files, and delete what the source has not; gives the error of that."""
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    with LocalDataSync(top / "root", clock=clock) as service, service.client() as client:
        service.mount("s3://from", top / source)
        service.mount("s3://to", top / destination)
        config = m.S3Config(bucket_access_role_arn="arn:aws:iam::111222333444:role/datasync")
        locations = [
            client.create_location_s3(s3_bucket_arn=f"arn:aws:s3:::{name}", s3_config=config).location_arn
            for name in ("from", "to")
        ]
        task = client.create_task(
            source_location_arn=locations[0],
            destination_location_arn=locations[1],
            task_mode=mode,  # type: ignore[arg-type]
            options=m.Options(preserve_deleted_files="REMOVE"),
        ).task_arn
        execution = client.start_task_execution(task_arn=task).task_execution_arn
        clock.settle()
        result = client.describe_task_execution(task_execution_arn=execution).result
        assert result
        return result.error_code


def can_mount() -> bool:
    """Whether this process may mount something where nobody else sees it."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    tried = subprocess.run(
        [*PRIVATE, "mount", "--bind", "/tmp", "/tmp"],  # noqa: S108  # nothing is put there
        check=False,
        capture_output=True,
    )
    return tried.returncode == 0


@pytest.mark.skipif(not can_mount(), reason="only root may mount, and not everywhere")
@pytest.mark.parametrize(
    ("source", "destination", "folder", "at"),
    [
        pytest.param("source", "other", "source", "other", id="the destination is the source"),
        pytest.param("source", "other", "source/sub", "other", id="the destination is in the source"),
        pytest.param("source", "other/sub", "source", "other", id="the destination is below a mount"),
        pytest.param("source", "other", "source", "other/at", id="the source is in the destination"),
        pytest.param("source/sub/deep", "other", "source", "other", id="the destination is above"),
        pytest.param("other/sub", "source", "source", "other", id="the source is below a mount"),
    ],
)
def test_what_a_mount_makes_one_folder_is_left_alone(
    tmp_path: Path, source: str, destination: str, folder: str, at: str
) -> None:
    for name in TREE:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    ran = subprocess.run(
        [*PRIVATE, sys.executable, "-c", MOUNTED, tmp_path, source, destination, folder, at],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert ran.stdout.strip() == "LocationsOverlap LocationsOverlap"
    found = {str(path.relative_to(tmp_path)) for path in tmp_path.glob("[so]*/**/*") if path.is_file()}
    assert found >= set(TREE)
