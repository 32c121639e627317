"""Reports that are read by those who wait for executions, and what failed, tried again."""

from __future__ import annotations

import asyncio
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import boto3
import pytest

from datasync_sdk import Client
from datasync_sdk import models as m
from datasync_sdk.aio.client import AsyncClient
from datasync_sdk.errors import ConfigurationError, ServiceError
from datasync_sdk.execution import Poll, Verdict
from datasync_sdk.local import LocalDataSync
from datasync_sdk.reports import ReportError
from tests.layer.worlds import both
from tests.local.world import BUCKET, ROLE, World, modes, world
from tests.sdk.server import moto, moto_url

__all__ = ["moto", "moto_url", "world"]

QUICK = Poll(first=0.05, most=0.2)


def report_config(level: str = "ERRORS_ONLY", output: str = "STANDARD") -> m.TaskReportConfig:
    s3 = m.ReportDestinationS3(
        subdirectory="reports", s3_bucket_arn="arn:aws:s3:::reports", bucket_access_role_arn=ROLE
    )
    return m.TaskReportConfig(
        destination=m.ReportDestination(s3=s3),
        output_type=output,  # type: ignore[arg-type]
        report_level=level,  # type: ignore[arg-type]
    )


def filled(world: World, mode: str, **members: object) -> str:
    for folder in ("", "a", "b"):
        (world.source / folder).mkdir(exist_ok=True)
        for number in range(5):
            (world.source / folder / f"{number},x.txt").write_text(f"{folder}{number}")
    return world.task(mode, **{"task_report_config": report_config(), **members})


class Watched(bytes):
    """Bytes that tell in which thread they are made a text."""

    threads: ClassVar[list[threading.Thread]] = []

    def decode(self, *arguments: str) -> str:
        self.threads.append(threading.current_thread())
        return super().decode(*arguments)


def test_a_report_keeps_no_event_loop_busy(world: World) -> None:
    """A part has up to 5 MB; to take it apart is a matter of a second."""

    class Bucket:
        def __init__(self) -> None:
            self.list, self.write = world.service.objects().list, world.service.objects().write

        def read(self, bucket: str, key: str) -> bytes:
            return Watched(world.service.objects().read(bucket, key))

    async def program() -> int:
        async with world.service.async_client() as client:
            config = report_config("SUCCESSES_AND_ERRORS")
            execution = await client.start(filled(world, "BASIC", task_report_config=config))
            await execution.wait()
            return len([each async for each in client.read_report(execution.arn, objects=Bucket())])

    Watched.threads.clear()
    assert asyncio.run(program()) >= 15
    assert Watched.threads
    assert threading.main_thread() not in Watched.threads


@both
@modes
async def test_a_report_is_read(client: AsyncClient, world: World, mode: str) -> None:
    world.service.faults.unreadable("/a/3*")
    execution = await client.start(
        filled(world, mode, task_report_config=report_config("SUCCESSES_AND_ERRORS"))
    )
    outcome = await execution.wait()
    assert outcome.report is not None
    assert (outcome.report.bucket, outcome.report.prefix) == ("arn:aws:s3:::reports", "reports/")
    with pytest.raises(ValueError, match="no list 'transfered'"):
        [entry async for entry in client.read_report(execution.arn, "transfered")]
    entries = [entry async for entry in client.read_report(execution.arn, "transferred")]
    files = {entry.path for entry in entries if not entry.is_folder}
    assert files >= {"1,x.txt", "a/3,x.txt", "b/4,x.txt"}
    assert [entry.path for entry in entries if not entry.succeeded] == ["a/3,x.txt"]
    kinds = {str(entry.kind) async for entry in client.read_report(execution.arn)}
    assert kinds >= {"transferred", "verified"}
    summary = await client.report_summary(execution.arn)
    assert summary.execution_id == execution.arn.rpartition("/")[2]
    assert summary.status == outcome.execution.status


@both
@modes
async def test_what_failed_is_run_again_and_nothing_else(
    client: AsyncClient, world: World, mode: str
) -> None:
    world.service.faults.unreadable("/a/3*|/b/4*")
    execution = await client.start(filled(world, mode))
    assert (await execution.wait()).verdict is Verdict.COMPLETED_WITH_FAILURES
    world.service.faults.clear()
    (world.source / "0,x.txt").write_text("changed, and not among what failed")
    again = await client.retry_failed(execution.arn)
    assert again is not None
    assert again.arn != execution.arn
    assert (await again.wait()).is_success
    assert (world.target / "a" / "3,x.txt").read_text() == "a3"
    assert (world.target / "b" / "4,x.txt").read_text() == "b4"
    assert (world.target / "0,x.txt").read_text() == "0"
    (manifest,) = (world.service.folder("s3://reports/") / "reports" / "Manifests").rglob("*.csv")
    assert manifest.name == f"{execution.arn.rpartition('/')[2]}.failed.csv"
    assert sorted(manifest.read_text().splitlines()) == ['"a/3,x.txt"', '"b/4,x.txt"']


@both
async def test_what_failed_its_verification_is_transferred_again(client: AsyncClient, world: World) -> None:
    world.service.faults.corrupt("/a/3*")
    execution = await client.start(filled(world, "BASIC"))
    assert (await execution.wait()).verdict is Verdict.COMPLETED_WITH_FAILURES
    assert (world.target / "a" / "3,x.txt").read_bytes() != b"a3"
    world.service.faults.clear()
    again = await client.retry_failed(execution.arn)
    assert again is not None
    assert (await again.wait()).is_success
    assert (world.target / "a" / "3,x.txt").read_text() == "a3"


@both
async def test_filters_of_the_task_do_not_stand_beside_the_manifest(
    client: AsyncClient, world: World
) -> None:
    world.service.faults.unreadable("/a/3*")
    filters = [m.FilterRule(filter_type="SIMPLE_PATTERN", value="/b*")]
    execution = await client.start(filled(world, "BASIC", excludes=filters))
    await execution.wait()
    world.service.faults.clear()
    again = await client.retry_failed(execution.arn)
    assert again is not None
    assert (await again.wait()).is_success
    assert (world.target / "a" / "3,x.txt").exists()
    assert not (world.target / "b").exists()


@both
async def test_the_manifest_can_be_elsewhere(client: AsyncClient, world: World) -> None:
    world.client.create_location_s3(s3_bucket_arn="arn:aws:s3:::lists", s3_config=BUCKET)
    world.service.faults.unreadable("/a/3*")
    execution = await client.start(filled(world, "BASIC"))
    await execution.wait()
    again = await client.retry_failed(
        execution.arn,
        bucket_arn="arn:aws:s3:::lists",
        key="again.csv",
        bucket_access_role_arn=f"{ROLE}2",
        override_options=m.Options(verify_mode="NONE", log_level="OFF"),
    )
    assert again is not None
    answer = await again.refresh()
    assert (world.service.folder("s3://lists/") / "again.csv").read_text() == '"a/3,x.txt"\n'
    assert answer.options is not None
    assert answer.options.verify_mode == "NONE"
    source = answer.manifest_config.source.s3  # type: ignore[union-attr]
    assert source is not None
    assert source.bucket_access_role_arn == f"{ROLE}2"
    assert (await again.wait()).verdict is Verdict.COMPLETED_WITH_FAILURES


@both
async def test_where_nothing_failed_there_is_nothing_to_run(client: AsyncClient, world: World) -> None:
    execution = await client.start(filled(world, "BASIC"))
    assert (await execution.wait()).is_success
    assert await client.retry_failed(execution.arn) is None


@both
async def test_a_report_that_cannot_be_is_told(client: AsyncClient, world: World) -> None:
    limit = m.Options(bytes_per_second=1)
    running = await client.start(filled(world, "BASIC", options=limit))
    with pytest.raises(ConfigurationError, match="has not ended, and has no report yet"):
        await client.retry_failed(running.arn)
    await running.cancel()
    await running.wait()
    without = await client.start(filled(world, "BASIC", task_report_config=None))
    await without.wait()
    with pytest.raises(ConfigurationError, match="was to have no report"):
        await client.report_summary(without.arn)
    summary = await client.start(
        filled(world, "BASIC", task_report_config=report_config(output="SUMMARY_ONLY"))
    )
    await summary.wait()
    with pytest.raises(ConfigurationError, match="needs the OutputType STANDARD"):
        [entry async for entry in client.read_report(summary.arn)]
    assert (await client.report_summary(summary.arn)).counts


@both
async def test_a_report_that_is_gone_is_told(client: AsyncClient, world: World) -> None:
    execution = await client.start(filled(world, "BASIC"))
    await execution.wait()
    folder = world.service.folder("s3://reports/")
    for path in folder.rglob("*.json"):
        path.unlink()
    with pytest.raises((ReportError, ServiceError)):
        await client.retry_failed(execution.arn)
    assert world.clock.monotonic() < timedelta(hours=1).total_seconds()


@pytest.fixture
def s3(moto_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of moto's Amazon S3, which the environment leads to; there is a bucket for reports."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "any")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", moto_url)
    with closing(boto3.client("s3", "us-east-1")) as client:
        client.create_bucket(Bucket="reports")
    return moto_url


@pytest.mark.parametrize("kind", ["blocking", "async"])
def test_reports_are_in_amazon_s3_where_nothing_else_is_said(kind: str, tmp_path: Path, s3: str) -> None:
    """A client over HTTP finds the bucket with its own credentials, and so does the service."""
    with LocalDataSync(tmp_path / "root") as service, service.serve() as url:
        service.mount("s3://reports", "s3://reports", endpoint_url=s3)
        made = service.client()
        source, target = (
            made.create_location_s3(s3_bucket_arn=f"arn:aws:s3:::{name}", s3_config=BUCKET).location_arn
            for name in ("from", "to")
        )
        (service.folder(source) / "bad").write_text("bad")
        task = made.create_task(
            source_location_arn=source, destination_location_arn=target, task_report_config=report_config()
        ).task_arn
        service.faults.unreadable("/bad")
        execution = made.start(task)
        assert not execution.wait(poll=QUICK).is_success
        service.faults.clear()
        assert retried(kind, url, execution.arn)
        assert (service.folder(target) / "bad").read_text() == "bad"


@pytest.mark.parametrize("kind", ["blocking", "async"])
def test_a_service_on_this_machine_sends_nobody_to_aws(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "any")
    monkeypatch.delenv("AWS_ENDPOINT_URL_S3", raising=False)
    with LocalDataSync(tmp_path / "root") as service, service.serve() as url:
        made = service.client()
        source, target = (
            made.create_location_s3(s3_bucket_arn=f"arn:aws:s3:::{name}", s3_config=BUCKET).location_arn
            for name in ("from", "to")
        )
        task = made.create_task(
            source_location_arn=source, destination_location_arn=target, task_report_config=report_config()
        ).task_arn
        execution = made.start(task)
        execution.wait(poll=QUICK)
        with pytest.raises(ConfigurationError, match="the buckets would be those of AWS: give objects="):
            retried(kind, url, execution.arn)


def retried(kind: str, url: str, arn: str) -> bool:
    """Run again what failed, by a client of a kind; tells whether it is there then."""
    if kind == "blocking":
        with Client("us-east-1", endpoint_url=url) as client:
            again = client.retry_failed(arn)
            return again is not None and again.wait(poll=QUICK).is_success

    async def program() -> bool:
        async with AsyncClient("us-east-1", endpoint_url=url) as client:
            again = await client.retry_failed(arn)
            return again is not None and (await again.wait(poll=QUICK)).is_success

    return asyncio.run(program())
