"""The main job, from nothing to files that have moved, with DataSync on this machine.

    python examples/quickstart.py [FOLDER]

It makes some thousand files in a folder (a temporary one, if none is given), a location for them, another
for their archive, and a task between both; runs it with a progress bar; then changes a few files and runs it
again.
Against AWS it is the same program with `Client(region_name=...)` instead of the client of a `LocalDataSync`.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as Bar

from datasync_sdk import Client
from datasync_sdk.errors import TaskNotFound, ValidationError
from datasync_sdk.execution import Outcome, Poll, Progress
from datasync_sdk.filters import exclude
from datasync_sdk.local import LocalDataSync
from datasync_sdk.models import (
    OnPremConfig,
    Options,
    S3Config,
)

ROLE = "arn:aws:iam::111222333444:role/datasync"
MEGABYTE = 1024 * 1024

console = Console(highlight=False, soft_wrap=True)


def main() -> None:
    """Run the job in the folder that the command line names."""
    parser = argparse.ArgumentParser(description="Move some thousand files with DataSync on this machine.")
    parser.add_argument("folder", nargs="?", type=Path, help="where; default: a temporary one")
    folder = parser.parse_args().folder
    if folder:
        archive(folder)
    else:
        with tempfile.TemporaryDirectory(prefix="datasync-quickstart-") as folder:
            archive(Path(folder))


def archive(root: Path) -> None:
    """Move files from a file server to a bucket, twice."""
    files = make_files(root / "invoices")
    console.print(f"files       {len(files):,} in {root / 'invoices'}")
    with LocalDataSync(root / "datasync") as service, service.client() as client:
        # A location is a folder of its own below the service's root, unless it is told to be another one.
        service.mount("nfs://fileserver/invoices", root / "invoices")
        task_arn = set_up(client)
        show(run(client, task_arn, "first run"))

        change(random.Random(7).sample(files, 5))
        console.print("\nchanged     5 of the files")
        show(run(client, task_arn, "second run"))
        show_mistakes(client, task_arn)


def make_files(folder: Path) -> list[Path]:
    """Some thousand files of all sizes, and some that nobody wants in an archive."""
    random_numbers = random.Random(2018)
    made = []
    for month in range(24):
        below = folder / f"{2024 + month // 12}" / f"{month % 12 + 1:02}"
        below.mkdir(parents=True, exist_ok=True)
        (below / "~lock.tmp").write_bytes(b"excluded")
        for number in range(125):
            size = int(random_numbers.paretovariate(0.9) * 2000)
            path = below / f"invoice-{number:03}.pdf"
            path.write_bytes(random_numbers.randbytes(min(size, 2 * MEGABYTE)))
            made.append(path)
    return made


def set_up(client: Client) -> str:
    """An agent, two locations and a task between them."""
    # A folder that was used before has one: an activation key is for one agent.
    agent = next(client.iter_agents(), None) or client.create_agent(
        activation_key="AAAAA-BBBBB-CCCCC-DDDDD-EEEEE", agent_name="office"
    )
    source = client.create_location_nfs(
        server_hostname="fileserver",
        subdirectory="/invoices",
        on_prem_config=OnPremConfig(agent_arns=[agent.agent_arn]),
    )
    target = client.create_location_s3(
        s3_bucket_arn="arn:aws:s3:::invoices-archive",
        s3_config=S3Config(bucket_access_role_arn=ROLE),
    )
    task = client.create_task(
        name="nightly archive",
        source_location_arn=source.location_arn,
        destination_location_arn=target.location_arn,
        options=Options(verify_mode="ONLY_FILES_TRANSFERRED", bytes_per_second=16 * MEGABYTE),
        excludes=exclude("*.tmp"),
    )
    for location in client.iter_locations():
        console.print(f"location    {location.location_uri}")
    console.print(f"task        {task.task_arn}")
    return task.task_arn


def run(client: Client, task_arn: str, name: str) -> Outcome:
    """Start the task and follow it to its end."""
    columns = (
        TextColumn(f"{name:11}"),
        TextColumn("{task.fields[phase]:12}"),
        BarColumn(),
        TextColumn("{task.fields[files]} files"),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with client.start(task_arn, cancel_on_exit=True) as execution, Bar(*columns, console=console) as bars:
        bar = bars.add_task("", total=None, phase="", files="0")

        def show_progress(progress: Progress) -> None:
            bars.update(
                bar,
                phase=progress.phase,
                files=f"{progress.files.done:,}",
                total=progress.bytes.total,
                completed=progress.bytes.done,
            )

        return execution.wait(on_progress=show_progress, poll=Poll(first=0.05, most=0.1))


def show(outcome: Outcome) -> None:
    """How it ended: a typed object, with None for what the service did not report."""
    execution = outcome.execution
    console.print(f"outcome     {outcome}")
    console.print(
        f"            {execution.files_transferred:,} of {execution.estimated_files_to_transfer:,} files "
        f"and folders transferred, {execution.files_verified:,} verified, "
        f"{execution.bytes_written:,} bytes written"
    )
    if outcome.durations.total:
        console.print(f"            in {outcome.durations.total.total_seconds():.2f} seconds")


def change(files: list[Path]) -> None:
    """Write something else into files."""
    for path in files:
        path.write_bytes(b"paid\n" + path.read_bytes())


def show_mistakes(client: Client, task_arn: str) -> None:
    """What a mistake looks like: found before anything is sent, or told by the service."""
    console.print()
    try:
        # A type checker refuses this line, too.
        client.update_task(task_arn=task_arn, options=Options(verify_mode="NOEN", bytes_per_second=-5))  # type: ignore[arg-type]
    except ValidationError as error:
        console.print(f"not sent    {error}")
    try:
        client.describe_task(task_arn=task_arn[:-17] + 17 * "0")
    except TaskNotFound as error:
        console.print(f"refused     {error}")


if __name__ == "__main__":
    main()
