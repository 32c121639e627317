"""The main job, from nothing to a finished transfer, against moto's DataSync server on this machine.

    python examples/quickstart.py

Against AWS it is the same program with `Client(region_name=...)` and nothing else.
"""

from __future__ import annotations

import logging
import os
import time

from moto.server import ThreadedMotoServer

from datasync_sdk import Client
from datasync_sdk.errors import InvalidRequestError, ValidationError
from datasync_sdk.models import Options, S3Config, TaskExecutionStatus

ROLE = "arn:aws:iam::111222333444:role/datasync"
FINISHED = (TaskExecutionStatus.SUCCESS, TaskExecutionStatus.ERROR)


def main() -> None:
    """Run the job on a server that ends with the program."""
    # Nothing here may reach AWS, whatever this machine is set up for.
    os.environ.update(AWS_ACCESS_KEY_ID="demo", AWS_SECRET_ACCESS_KEY="demo")  # noqa: S106
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # Not a line for every HTTP request.
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        with Client(region_name="eu-west-1", endpoint_url=f"http://{host}:{port}") as client:
            task_arn = set_up(client)
            run(client, task_arn)
            show(client)
            show_mistakes(client, task_arn)
    finally:
        server.stop()


def set_up(client: Client) -> str:
    """Two locations and a task between them."""
    arns = [
        client.create_location_s3(
            s3_bucket_arn=f"arn:aws:s3:::{bucket}", s3_config=S3Config(bucket_access_role_arn=ROLE)
        ).location_arn
        for bucket in ("invoices", "invoices-archive")
    ]
    task = client.create_task(
        name="nightly archive",
        source_location_arn=arns[0],
        destination_location_arn=arns[1],
        options=Options(verify_mode="ONLY_FILES_TRANSFERRED", preserve_deleted_files="PRESERVE"),
    )
    print(f"created    {task.task_arn}")
    return task.task_arn


def run(client: Client, task_arn: str) -> None:
    """Start the task and poll it to its end."""
    execution_arn = client.start_task_execution(task_arn=task_arn).task_execution_arn
    while True:
        execution = client.describe_task_execution(task_execution_arn=execution_arn)
        status = execution.status
        note = "" if status is None or status.is_known else "  (not in AWS's model; kept as it came)"
        print(f"status     {status}{note}")
        if status in FINISHED:
            return
        time.sleep(0.1)


def show(client: Client) -> None:
    """What is there now, as typed objects."""
    for location in client.iter_locations():
        print(f"location   {location.location_uri}")
    for task in client.iter_tasks():
        options = client.describe_task(task_arn=task.task_arn).options
        print(f"task       {task.name!r}, {task.status!r}, verifies {options and options.verify_mode!r}")


def show_mistakes(client: Client, task_arn: str) -> None:
    """What a mistake looks like: found before anything is sent, or told by the service."""
    try:
        # A type checker refuses this line, too.
        client.update_task(task_arn=task_arn, options=Options(verify_mode="NOEN", bytes_per_second=-5))  # type: ignore[arg-type]
    except ValidationError as error:
        print(f"not sent   {error}")
    try:
        client.describe_task(task_arn=task_arn[:-1] + "f")
    except InvalidRequestError as error:
        print(f"refused    {error.code}: {error.message}")


if __name__ == "__main__":
    main()
