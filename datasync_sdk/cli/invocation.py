"""One use of the command: what its global options said, and the client that it works with."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from datasync_sdk.client import Client
    from datasync_sdk.objects import Objects

__all__ = ["Invocation", "pass_invocation"]


class Invocation:
    """What all commands know.

    Attributes:
        region, profile, endpoint_url: as on the command line; None where boto3 is to find out.
        as_json: whether programs read what the command writes.
        verbosity: how often `--verbose` was said.
    """

    def __init__(
        self,
        make_client: Callable[[Invocation], Client] | None = None,
        make_objects: Callable[[Invocation], Objects] | None = None,
    ) -> None:
        """Begin with no options.

        Args:
            make_client: makes the client, instead of boto3's configuration.
            make_objects: gives the buckets, likewise.
        """
        self.region: str | None = None
        self.profile: str | None = None
        self.endpoint_url: str | None = None
        self.as_json = False
        self.verbosity = 0
        self._make_client = make_client or connected
        self._make_objects = make_objects or buckets

    @cached_property
    def client(self) -> Client:
        """The client, made when it is first asked for.

        Raises:
            ConfigurationError: there is no Region, no such profile, or an endpoint that is none.
            CredentialsError: the credentials are incomplete.
        """
        return self._make_client(self)

    @cached_property
    def objects(self) -> Objects:
        """The buckets of Amazon S3, by the same Region and profile.

        Raises:
            ConfigurationError: there is no such profile, or an endpoint that is none.
            CredentialsError: the credentials are incomplete.
        """
        return self._make_objects(self)

    def command(self, *words: str) -> str:
        """A `datasync` command for a person to copy, with what this one said of AWS."""
        options = {"--region": self.region, "--profile": self.profile, "--endpoint-url": self.endpoint_url}
        said = [word for name, value in options.items() if value for word in (name, value)]
        return shlex.join(["datasync", *words, *said])


def connected(invocation: Invocation) -> Client:
    """A client by the options, and by boto3's configuration for what they do not say."""
    from datasync_sdk.client import Client

    session = session_of(invocation) if invocation.profile else None
    return Client(invocation.region, session=session, endpoint_url=invocation.endpoint_url)


def session_of(invocation: Invocation) -> Any:
    """A session of boto3 with the profile and the Region."""
    import boto3
    from botocore.exceptions import BotoCoreError

    from datasync_sdk.errors import ConfigurationError

    try:
        return boto3.Session(profile_name=invocation.profile, region_name=invocation.region)
    except BotoCoreError as error:
        raise ConfigurationError(f"--profile: {error}; `aws configure list-profiles` lists yours") from error


def buckets(invocation: Invocation) -> Objects:
    """The buckets of Amazon S3; `--endpoint-url` is not for it."""
    from botocore.exceptions import BotoCoreError

    from datasync_sdk._generated.service import SERVICE
    from datasync_sdk._runtime.translate import translate
    from datasync_sdk.objects import S3Objects, kept_here

    try:
        made = S3Objects(session_of(invocation).client("s3"))
        return kept_here(made, invocation.client._connected().meta.endpoint_url)  # noqa: SLF001  # one package
    except (BotoCoreError, ValueError) as error:
        raise translate(error, "S3", SERVICE.errors) from error


pass_invocation = click.make_pass_decorator(Invocation, ensure=True)
"""For the functions of commands: gives them the invocation as their first argument."""
