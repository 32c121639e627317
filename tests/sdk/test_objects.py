"""Objects in moto's buckets, in folders, and in the buckets of a local service: all behave the same."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeAlias

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasync_sdk import errors
from datasync_sdk.local import LocalDataSync
from datasync_sdk.local.places.bucket_objects import BucketObjects
from datasync_sdk.objects import FolderObjects, Objects, S3Objects
from tests.sdk import server

moto = server.moto  # fixtures
moto_url = server.moto_url

Maker: TypeAlias = Callable[[], tuple[Objects, str]]
"""Makes an empty bucket; gives what its objects are in, and its name."""

keys = (
    st.lists(st.sampled_from("abAB-. ü"), min_size=1, max_size=3)
    .map("".join)
    .filter(lambda name: name.strip(".") == name)
)
some_keys = st.lists(
    st.lists(keys, min_size=1, max_size=3).map("/".join), min_size=1, max_size=8, unique=True
)


@pytest.fixture
def s3(moto_url: str) -> Iterator[Any]:
    with closing(boto3.client("s3", endpoint_url=moto_url)) as client:
        yield client


@pytest.fixture
def service(tmp_path: Path) -> Iterator[LocalDataSync]:
    with LocalDataSync(tmp_path / "root") as service:
        yield service


def new_name() -> str:
    return f"bucket-{secrets.token_hex(8)}"


@pytest.fixture(params=["s3", "folder", "service", "mounted folder", "mounted bucket"])
def make(
    request: pytest.FixtureRequest, tmp_path: Path, s3: Any, moto_url: str, service: LocalDataSync
) -> Maker:
    def made() -> tuple[Objects, str]:
        name = new_name()
        if "s3" in request.param or request.param == "mounted bucket":
            s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        if request.param == "s3":
            return S3Objects(s3), name
        if request.param == "folder":
            (tmp_path / name).mkdir()
            return FolderObjects(tmp_path.joinpath), name
        if request.param == "service":
            service.folder(f"s3://{name}/")
        elif request.param == "mounted folder":
            (tmp_path / name).mkdir()
            service.mount(f"s3://{name}", tmp_path / name)
        else:
            s3.put_object(Bucket=name, Key="outside", Body=b"")
            service.mount(f"s3://{name}", f"s3://{name}/in/side", endpoint_url=moto_url)
        return service.objects(), name

    return made


def without_conflicts(names: list[str]) -> list[str]:
    """Those that can be files beside each other: none is a folder of another."""
    return [name for name in names if not any(other.startswith(f"{name}/") for other in names)]


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each example has a bucket of its own
)
@given(
    names=some_keys.map(without_conflicts), prefix=st.just("") | keys | st.sampled_from(["a/", "ü/", "a/b"])
)
def test_what_is_written_is_listed_and_read(make: Maker, names: list[str], prefix: str) -> None:
    objects, bucket = make()
    for name in names:
        objects.write(bucket, name, b"old")
        objects.write(bucket, name, name.encode())
    expected = sorted((name for name in names if name.startswith(prefix)), key=str.encode)
    assert list(objects.list(bucket, prefix)) == expected
    assert list(objects.list(f"arn:aws:s3:::{bucket}", "")) == sorted(names, key=str.encode)
    for name in names:
        assert objects.read(f"arn:aws:s3:::{bucket}", name) == name.encode()


def test_all_are_objects(make: Maker) -> None:
    assert isinstance(make()[0], Objects)


def test_what_is_not_there_has_the_codes_of_s3(make: Maker) -> None:
    objects, bucket = make()
    objects.write(bucket, "a/b", b"")
    with pytest.raises(errors.ServiceError) as caught:
        objects.read(bucket, "a/c")
    assert (caught.value.code, caught.value.operation) == ("NoSuchKey", "GetObject")
    assert "a/c: " in str(caught.value)
    assert f"s3://{bucket}/" in str(caught.value)
    assert caught.value.__cause__ is not None
    assert list(objects.list(bucket, "a/c")) == []


def test_a_bucket_that_is_not_there(tmp_path: Path, s3: Any, service: LocalDataSync) -> None:
    name = new_name()
    for objects in (S3Objects(s3), FolderObjects(tmp_path.joinpath), service.objects()):
        calls: list[Callable[[], object]] = [
            lambda objects=objects: objects.read(name, "a"),  # type: ignore[misc]
            lambda objects=objects: list(objects.list(name, "a")),  # type: ignore[misc]
        ]
        if not isinstance(objects, S3Objects):
            calls.append(lambda: FolderObjects(tmp_path.joinpath).write(name, "a", b""))
        for call in calls:
            with pytest.raises(errors.ServiceError, match=f"s3://{name}/a: ") as caught:
                call()
            assert caught.value.code == "NoSuchBucket"


def test_a_service_makes_the_folder_of_a_bucket_that_is_written_to(tmp_path: Path) -> None:
    with LocalDataSync(tmp_path / "makes") as service:
        service.objects().write("new", "a", b"x")
        assert (service.folder("s3://new/") / "a").read_bytes() == b"x"
    with (
        LocalDataSync(tmp_path / "makes-none", create_folders=False) as service,
        pytest.raises(errors.ServiceError, match="NoSuchBucket"),
    ):
        service.objects().write("new", "a", b"x")


@pytest.mark.parametrize(
    "key", ["../secret", "a/../../secret", "/etc/passwd", "", "a/", "link", "away/secret", "."]
)
def test_no_key_leads_out_of_a_folder(tmp_path: Path, key: str) -> None:
    (tmp_path / "bucket").mkdir()
    (tmp_path / "secret").write_text("s")
    (tmp_path / "bucket" / "link").symlink_to(tmp_path / "secret")
    (tmp_path / "bucket" / "away").symlink_to(tmp_path)
    objects = FolderObjects(tmp_path.joinpath)
    with pytest.raises(errors.ServiceError):
        objects.read("bucket", key)
    if key != "link":  # A link is replaced, as any other name.
        with pytest.raises(errors.ServiceError):
            objects.write("bucket", key, b"")
    assert list(objects.list("bucket", "")) == []
    assert (tmp_path / "secret").read_text() == "s"


def test_a_service_that_is_closed_has_closed_its_connections(tmp_path: Path, s3: Any, moto_url: str) -> None:
    name = new_name()
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    with LocalDataSync(tmp_path / "root") as service:
        service.mount("s3://mine", f"s3://{name}", endpoint_url=moto_url)
        objects = service.objects()
        objects.write("mine", "a", b"x")
        assert isinstance(objects, BucketObjects)
        (client,) = objects._clients.values()
        pools = client._endpoint.http_session._manager.pools
        assert len(pools) == 1
    assert len(pools) == 0


@pytest.mark.parametrize("prefix", ["", "a", "a/", "a/b", "a/b/", "a/b/c", "a/b/c/d", "a/bb", "b"])
def test_prefixes_may_end_anywhere(tmp_path: Path, prefix: str) -> None:
    names = ["a-b", "a/bb/c", "a/b-/c", "a/b/c/d", "ab/c", "b"]
    for name in names:
        FolderObjects(lambda _: tmp_path).write("any", name, b"")
    found = list(FolderObjects(lambda _: tmp_path).list("any", prefix))
    assert found == sorted(name for name in names if name.startswith(prefix))


def test_a_folder_that_cannot_be_listed_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "locked").chmod(0)
    if os.access(tmp_path / "locked", os.R_OK):
        pytest.skip("whoever runs this may read everything")
    with pytest.raises(errors.AccessDeniedError):
        list(FolderObjects(lambda _: tmp_path).list("any", ""))


def test_errors_are_those_of_the_sdk(s3: Any) -> None:
    objects = S3Objects(s3)
    with pytest.raises(errors.ValidationError, match=r"(?s)GetObject s3://no bucket/a: .*Bucket name must"):
        objects.read("no bucket", "a")
    once = Config(retries={"total_max_attempts": 1})
    with (
        closing(boto3.client("s3", endpoint_url="http://127.0.0.1:1", config=once)) as lost,
        pytest.raises(errors.TransportError, match=r"ListObjectsV2 s3://bucket/a: .*Check the R") as caught,
    ):
        list(S3Objects(lost).list("bucket", "a"))
    assert isinstance(caught.value.__cause__, BotoCoreError)


class Refuses(BaseHTTPRequestHandler):
    """An S3 that refuses everything: moto never does."""

    def do_GET(self) -> None:
        body = b"<Error><Code>AccessDenied</Code><Message>No way</Message><RequestId>R1</RequestId></Error>"
        self.send_response(403)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("x-amz-request-id", "R1")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_denied_access_is_an_error_of_its_own() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Refuses) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        try:
            url = f"http://127.0.0.1:{listening.server_port}"
            with (
                closing(boto3.client("s3", endpoint_url=url)) as client,
                pytest.raises(errors.AccessDeniedError) as caught,
            ):
                S3Objects(client).read("bucket", "a")
        finally:
            listening.shutdown()
            thread.join()
    assert str(caught.value) == "GetObject: AccessDenied: s3://bucket/a: No way (request R1)"
    assert caught.value.http_status == 403
    assert isinstance(caught.value.__cause__, ClientError)


def test_more_than_a_page_is_listed_and_asked_for_when_it_is_needed(s3: Any) -> None:
    name = new_name()
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    for number in range(7):
        s3.put_object(Bucket=name, Key=str(number), Body=b"")
    asked = []

    def few(params: dict[str, Any], **_: object) -> dict[str, Any]:
        asked.append(params)
        return {**params, "MaxKeys": 3}

    s3.meta.events.register("provide-client-params.s3.ListObjectsV2", few)
    listing = S3Objects(s3).list(name, "")
    assert [next(listing) for _ in range(3)] == ["0", "1", "2"]
    assert len(asked) == 1
    assert list(listing) == ["3", "4", "5", "6"]
    assert len(asked) == 3
