"""`datasync local`."""

from __future__ import annotations

import click

from datasync_sdk.cli.framework import LazyGroup

__all__ = ["local"]


@click.group(
    cls=LazyGroup,
    summaries={"serve": "Serve DataSync on this machine, over HTTP."},
    package="datasync_sdk.cli.commands.local_commands",
)
def local() -> None:
    """DataSync on this machine.

    The same API, moving real files between folders: for tests and development, without an AWS account.
    """
