"""`python -m datasync_sdk.local --root DIR`: DataSync on this machine, over HTTP."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from ipaddress import ip_address
from typing import Final, NoReturn, TextIO

from datasync_sdk._runtime.version import VERSION
from datasync_sdk.local.clock import ManualClock
from datasync_sdk.local.refusals import Refusal, RootError
from datasync_sdk.local.service import LocalDataSync

NAME: Final = "python -m datasync_sdk.local"
LOOPBACK: Final = "127.0.0.1"
PORT: Final = 8787
LARGEST_PORT: Final = 65535
UNUSABLE: Final = 2
"""The exit status where the service cannot start, as of a wrong command line."""

LONGEST_LAUNCH: Final = 24 * 3600

USE: Final = (
    "export AWS_ENDPOINT_URL_DATASYNC={url} AWS_DEFAULT_REGION={region}\n"
    "export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any NO_PROXY=127.0.0.1,localhost"
)
UNPROTECTED: Final = (
    "warning: {host} is not a loopback address, and there is no authentication: whoever reaches it can read "
    "and write the files of this service"
)


def main(arguments: Sequence[str] | None = None, *, name: str = NAME) -> None:
    """Serve until SIGINT or SIGTERM.

    Args:
        arguments: those of the command line; by default those of this process.
        name: by which the program was called, for its help.
    """
    options = make_parser(name).parse_args(arguments)
    try:
        from datasync_sdk.local.serving import http
    except ImportError as error:
        stop(str(error))
    # First of all: what the service was doing when it stopped goes on as soon as it is open.
    try:
        listening = http.open_socket(options.host, options.port)
    except OSError as error:
        stop(f"cannot listen at {options.host}, port {options.port}: {error}")
    with listening, open_service(options) as service:
        ready = partial(announce, http.url_of(listening), listening.getsockname()[0], options.region)
        asyncio.run(http.serve_until_signal(service, listening, ready))


def open_service(options: argparse.Namespace) -> LocalDataSync:
    """The service, with its mounts."""
    try:
        service = LocalDataSync(
            options.root,
            region_name=options.region,
            account_id=options.account,
            clock=options.manual_clock and ManualClock(options.manual_clock),
            launch_time=timedelta(seconds=options.launch_time),
            create_folders=not options.no_create_folders,
        )
    except (RootError, OSError, ValueError) as error:
        stop(f"--root {options.root}: {error}")
    for uri, target in options.mount:
        bucket = {"endpoint_url": options.s3_endpoint_url, "profile": options.s3_profile}
        try:
            service.mount(uri, target, **(bucket if target.startswith("s3://") else {}))
        except (Refusal, OSError, ValueError) as error:
            service.close()
            stop(f"--mount {uri}={target}: {error}")
    return service


def make_parser(name: str = NAME) -> argparse.ArgumentParser:
    """The command line of a program of this name."""
    parser = argparse.ArgumentParser(prog=name, description="DataSync on this machine, over HTTP.")
    parser.add_argument(
        "--root", required=True, metavar="DIR", help="the folder of the service: state, files"
    )
    parser.add_argument("--port", type=port, default=PORT, help="0 is any that is free; default: %(default)s")
    parser.add_argument("--host", default=LOOPBACK, help="the address to listen at; default: %(default)s")
    parser.add_argument("--region", default="us-east-1", help="the Region to play; default: %(default)s")
    parser.add_argument("--account", default="123456789012", help="the account to play; default: %(default)s")
    parser.add_argument(
        "--mount",
        type=mount,
        action="append",
        default=[],
        metavar="URI=TARGET",
        help="let a location be this folder, as in nfs://server/export=data/src, which must be there, or "
        "this real bucket, as in s3://invoices=s3://test-bucket/2024; may be repeated",
    )
    parser.add_argument(
        "--s3-endpoint-url", metavar="URL", help="where the buckets of --mount are; default: as boto3 says"
    )
    parser.add_argument(
        "--s3-profile", metavar="NAME", help="credentials for the buckets of --mount; default: as boto3 says"
    )
    parser.add_argument(
        "--launch-time",
        type=seconds,
        default=0.0,
        metavar="SECONDS",
        help="how long an execution is LAUNCHING; default: %(default)g",
    )
    parser.add_argument(
        "--no-create-folders",
        action="store_true",
        help="refuse a location whose folder is not there, instead of making it",
    )
    parser.add_argument(
        "--manual-clock",
        type=moment,
        metavar="TIME",
        help="live by a clock that stands still, from this time on, until POST /_local/clock turns it",
    )
    parser.add_argument("--version", action="version", version=VERSION)
    return parser


def port(text: str) -> int:
    """The number of a port; where it is too large, `getaddrinfo` would take the rest of a division."""
    if not text.isdecimal() or int(text) > LARGEST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to {LARGEST_PORT}")
    return int(text)


def mount(text: str) -> tuple[str, str]:
    """A location and its folder or bucket. Only a folder may have a `=` in its name."""
    uri, _, target = text.partition("=")
    if not uri or not target:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form URI=TARGET")
    return uri, target


def moment(text: str) -> datetime:
    """A time with a time zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 2026-01-01T00:00:00Z")
    return found


def seconds(text: str) -> float:
    """A time to wait."""
    try:
        found = float(text)
    except ValueError:
        found = -1
    if not 0 <= found <= LONGEST_LAUNCH:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to {LONGEST_LAUNCH}")
    return found


def announce(url: str, host: str, region: str) -> None:
    """Say that requests are answered, where, and how to send some."""
    if not ip_address(host).is_loopback:
        say(UNPROTECTED.format(host=host), sys.stderr)
    say(f"ready: {url}\n{USE.format(url=url, region=region)}", sys.stdout)


def stop(problem: str) -> NoReturn:
    """End with a message."""
    say(f"python -m datasync_sdk.local: error: {problem}", sys.stderr)
    raise SystemExit(UNUSABLE)


def say(line: str, where: TextIO) -> None:
    """Write at once: somebody may be waiting for it at the other end of a pipe."""
    print(line, file=where, flush=True)


if __name__ == "__main__":
    main()
