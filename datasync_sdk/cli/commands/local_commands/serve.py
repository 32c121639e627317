"""`datasync local serve`."""

from __future__ import annotations

import click

from datasync_sdk.cli import statuses

__all__ = ["serve"]


@click.command(
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def serve(context: click.Context, /, arguments: tuple[str, ...]) -> int:
    """Serve DataSync on this machine, over HTTP.

    The arguments are those of `python -m datasync_sdk.local`: --help lists them.
    """
    from datasync_sdk.local.__main__ import main

    try:
        main(arguments, name=context.command_path)
    except SystemExit as ended:
        # There, 2 stands for what cannot start; here, it is kept for executions.
        return statuses.ERROR if ended.code else statuses.SUCCESS
    return statuses.SUCCESS
