"""One use of the command: what its global options said, and the client that it works with."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from datasync_sdk.client import Client

__all__ = ["Invocation", "pass_invocation"]


class Invocation:
    """What all commands know.

    Attributes:
        region, profile, endpoint_url: as on the command line; None where boto3 is to find out.
        as_json: whether programs read what the command writes.
        verbosity: how often `--verbose` was said.
    """

    def __init__(self, make_client: Callable[[Invocation], Client] | None = None) -> None:
        """Begin with no options.

        Args:
            make_client: makes the client, instead of boto3's configuration.
        """
        self.region: str | None = None
        self.profile: str | None = None
        self.endpoint_url: str | None = None
        self.as_json = False
        self.verbosity = 0
        self._make_client = make_client or connected

    @cached_property
    def client(self) -> Client:
        """The client, made when it is first asked for.

        Raises:
            ConfigurationError: there is no Region, no such profile, or an endpoint that is none.
            CredentialsError: the credentials are incomplete.
        """
        return self._make_client(self)

    def command(self, *words: str) -> str:
        """A `datasync` command for a person to copy, with what this one said of AWS."""
        options = {"--region": self.region, "--profile": self.profile, "--endpoint-url": self.endpoint_url}
        said = [word for name, value in options.items() if value for word in (name, value)]
        return shlex.join(["datasync", *words, *said])


def connected(invocation: Invocation) -> Client:
    """A client by the options, and by boto3's configuration for what they do not say."""
    from datasync_sdk.client import Client

    session = profiled(invocation.profile) if invocation.profile else None
    return Client(invocation.region, session=session, endpoint_url=invocation.endpoint_url)


def profiled(profile: str) -> object:
    """A session of boto3 with a profile."""
    import boto3
    from botocore.exceptions import BotoCoreError

    from datasync_sdk.errors import ConfigurationError

    try:
        return boto3.Session(profile_name=profile)
    except BotoCoreError as error:
        raise ConfigurationError(f"--profile: {error}; `aws configure list-profiles` lists yours") from error


pass_invocation = click.make_pass_decorator(Invocation, ensure=True)
"""For the functions of commands: gives them the invocation as their first argument."""
