"""`datasync completion`."""

from __future__ import annotations

import click

from datasync_sdk.cli.framework import Command

__all__ = ["completion"]


@click.command(cls=Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what makes a shell complete this command.

    \b
    bash: datasync completion bash > ~/.local/share/bash-completion/completions/datasync
    zsh:  datasync completion zsh > a file that your ~/.zshrc sources
    fish: datasync completion fish > ~/.config/fish/completions/datasync.fish
    """  # noqa: D301  # click's sign for lines that stay as they are
    from click.shell_completion import get_completion_class

    from datasync_sdk.cli.app import datasync

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101  # click has all three
    click.echo(kind(datasync, {}, "datasync", "_DATASYNC_COMPLETE").source())
