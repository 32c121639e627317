"""`python -m codegen`: the command line of the generator."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from codegen.errors import CodegenError
from codegen.evolution import api
from codegen.evolution.diff import Diff
from codegen.evolution.report import FORMATS
from codegen.evolution.timeline import life, table, timeline
from codegen.jobs import own_job, revision_job, service_job
from codegen.pipeline import SPECS, Job, generate
from codegen.revisions import load_all
from codegen.update.run import carry_out, plan, report


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 where it did its work, 1 where `--check` found a difference, 2 for an error."""
    options = parser().parse_args(arguments)
    try:
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # Who reads has seen enough, as in `history | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except CodegenError as error:
        print(f"codegen: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"codegen: {error.filename or 'the disk'}: {error.strerror or error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("codegen: interrupted; nothing was changed", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    top = argparse.ArgumentParser(
        prog="python -m codegen", description="The generator of this SDK, and what tells how the API changes."
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    add_generate(commands.add_parser("generate", help="write the generated code"))
    add_diff(commands.add_parser("diff", help="what changed between two revisions, or two models"))
    add_update(commands.add_parser("update", help="take a newer botocore's model, and all that follows"))
    add_history(commands.add_parser("history", help="all revisions, or the life of one thing"))
    return top


def add_generate(command: argparse.ArgumentParser) -> None:
    """The arguments of `generate`."""
    command.set_defaults(run=run_generate)
    command.add_argument(
        "--check",
        action="store_true",
        help="write nothing; print a diff, and exit with 1 if there is one",
    )
    command.add_argument("--spec", type=Path, help="the service-2.json of any service")
    command.add_argument("--revision", metavar="DATE", help="this service as it was at one of its revisions")
    command.add_argument("--package", help="with --spec or --revision: the name of the package to write")
    command.add_argument(
        "--service", help="with --spec: boto3's name of the service, where the folder does not tell"
    )
    command.add_argument("--out", type=Path, help="with --spec or --revision: the folder to write to")


def add_diff(command: argparse.ArgumentParser) -> None:
    """The arguments of `diff`."""
    command.set_defaults(run=run_diff)
    command.add_argument(
        "old", metavar="OLD", help="the date of a revision (YYYY-MM-DD), or a service-2.json"
    )
    command.add_argument("new", metavar="NEW", help="likewise")
    command.add_argument("--format", choices=sorted(FORMATS), default="text", help="by default text")


def add_update(command: argparse.ArgumentParser) -> None:
    """The arguments of `update`."""
    command.set_defaults(run=run_update)
    command.add_argument("--botocore", metavar="VERSION", help="which one; by default the newest")
    command.add_argument(
        "--history", action="store_true", help="look at the releases of all years again, too: 120 wheels"
    )
    command.add_argument("--dry-run", action="store_true", help="say what changed, and write nothing")
    command.add_argument("--format", choices=("markdown", "text"), default="text", help="by default text")


def add_history(command: argparse.ArgumentParser) -> None:
    """The arguments of `history`."""
    command.set_defaults(run=run_history)
    command.add_argument(
        "thing",
        nargs="?",
        metavar="SHAPE[.MEMBER]",
        help="a shape, a member, a value of an enum (TaskMode.BASIC) or an operation",
    )
    command.add_argument("--plot", type=Path, metavar="FILE.svg", help="draw the timeline into a file")


def run_generate(options: argparse.Namespace) -> int:
    """`generate`."""
    report = generate(job(options), check=options.check)
    if options.check:
        print(report, end="")
        return 1 if report else 0
    print(report)
    return 0


def job(options: argparse.Namespace) -> Job:
    """What `generate` is to do."""
    if options.spec and options.revision is not None:
        raise CodegenError("--spec and --revision exclude each other")
    given = [
        options.spec or options.revision is not None,
        options.package is not None,
        options.out is not None,
    ]
    if any(given) and not all(given):
        raise CodegenError(
            "--package and --out go together, with --spec or --revision; leave all out for this SDK itself"
        )
    if options.service and not options.spec:
        raise CodegenError("--service goes with --spec")
    if options.spec:
        return service_job(options.spec, options.package, options.out, options.service)
    if options.revision is not None:
        return revision_job(options.revision, options.package, options.out)
    return own_job()


def run_diff(options: argparse.Namespace) -> int:
    """`diff`."""
    old, new = api.comparable(*(api.find(name, SPECS / "revisions") for name in (options.old, options.new)))
    print(FORMATS[options.format](Diff(old=old, new=new)))
    return 0


def run_update(options: argparse.Namespace) -> int:
    """`update`."""
    own = own_job()
    update = plan(own, options.botocore, whole_history=options.history)
    print(report(update, FORMATS[options.format]))
    if options.dry_run:
        print("\ndry run: nothing was written")
    elif update.new or options.history:
        print(f"\n{carry_out(own, update)}")
    return 0


def run_history(options: argparse.Namespace) -> int:
    """`history`."""
    revisions = load_all(SPECS / "revisions")
    if options.thing and options.plot:
        raise CodegenError("--plot draws all revisions, not the life of one thing; leave one of them out")
    if options.plot:
        from codegen.evolution.plot import plot  # matplotlib takes half a second

        title = revisions[-1].service["metadata"]["serviceFullName"]
        print(plot(timeline(revisions), title, options.plot))
    else:
        print(life(options.thing, revisions) if options.thing else table(timeline(revisions)))
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # An end that was asked for: clean up.
    sys.exit(main())
