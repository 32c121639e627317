"""What all tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "default",
    deadline=None,  # The machines that run this are shared: a slow example says nothing.
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("default")


@pytest.fixture(autouse=True, scope="session")
def no_aws() -> Iterator[None]:
    """Nothing here may reach AWS or depend on the credentials and configuration of whoever runs it."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(
        kept,
        AWS_ACCESS_KEY_ID="testing",
        AWS_SECRET_ACCESS_KEY="testing",
        AWS_DEFAULT_REGION="eu-west-1",
        AWS_EC2_METADATA_DISABLED="true",
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
    )
    yield
    os.environ.clear()
    os.environ.update(before)
