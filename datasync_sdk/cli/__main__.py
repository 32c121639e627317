"""The way into the `datasync` command, also as `python -m datasync_sdk.cli`."""

from __future__ import annotations

import sys

__all__ = ["main"]

MISSING = "datasync: the command needs more than the SDK itself: pip install 'datasync-sdk[cli]'"
EXTRA = frozenset({"click", "rich"})
"""The packages of the extra `cli`."""


def main() -> None:
    """Run the command with the arguments of this process."""
    try:
        from datasync_sdk.cli.app import datasync

        datasync(prog_name="datasync")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in EXTRA:
            raise
        sys.stderr.write(f"{MISSING}\n")
        raise SystemExit(1) from None
    except KeyboardInterrupt:  # While Python still imports.
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
