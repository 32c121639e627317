"""`python -m codegen`: the command line of the generator."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from codegen.errors import CodegenError
from codegen.jobs import own_job, service_job
from codegen.pipeline import generate


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 where it did its work, 1 where `--check` found a difference, 2 for an error."""
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except CodegenError as error:
        print(f"codegen: {error}", file=sys.stderr)
        return 2


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    top = argparse.ArgumentParser(prog="python -m codegen", description=__doc__)
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("generate", help="write the generated code")
    command.set_defaults(run=run_generate)
    command.add_argument(
        "--check",
        action="store_true",
        help="write nothing; print a diff, and exit with 1 if there is one",
    )
    command.add_argument("--spec", type=Path, help="the service-2.json of any service")
    command.add_argument("--package", help="with --spec: the name of the package to write")
    command.add_argument(
        "--service", help="with --spec: boto3's name of the service, where the folder does not tell"
    )
    command.add_argument("--out", type=Path, help="with --spec: the folder to write the package to")
    return top


def run_generate(options: argparse.Namespace) -> int:
    """`generate`."""
    given = [options.spec, options.package, options.out]
    if any(given) and not all(given):
        raise CodegenError("--spec, --package and --out go together; leave all out for this SDK itself")
    job = (
        service_job(options.spec, options.package, options.out, options.service)
        if options.spec
        else own_job()
    )
    report = generate(job, check=options.check)
    if options.check:
        print(report, end="")
        return 1 if report else 0
    print(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
