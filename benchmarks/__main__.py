"""`python -m benchmarks [NAME ...]`: the benchmarks of these names, or all, as one table."""

from __future__ import annotations

import argparse

from benchmarks import (
    buckets,
    calls,
    cli,
    cold,
    evolution,
    imports,
    local_calls,
    regenerate,
    transfer,
    typecheck,
    watching,
    wire,
)
from benchmarks.table import Benchmarks, show

BENCHMARKS: Benchmarks = {
    **imports.BENCHMARKS,
    **wire.BENCHMARKS,
    **calls.BENCHMARKS,
    **cold.BENCHMARKS,
    **cli.BENCHMARKS,
    **typecheck.BENCHMARKS,
    **regenerate.BENCHMARKS,
    **evolution.BENCHMARKS,
    **local_calls.BENCHMARKS,
    **transfer.BENCHMARKS,
    **buckets.BENCHMARKS,
    **watching.BENCHMARKS,
}


def main() -> None:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}")
    names = parser.parse_args().names or list(BENCHMARKS)
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark is called {unknown[0]}; there are {', '.join(BENCHMARKS)}")
    show({name: BENCHMARKS[name] for name in names})


if __name__ == "__main__":
    main()
