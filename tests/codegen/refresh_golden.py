"""Writes `golden/expected` again: `python -m tests.codegen.refresh_golden`.

Do so after a change of the generator that is meant to change its output; then read the difference of
`golden/expected` as closely as that of the generator, and commit both together.
"""

from __future__ import annotations

from pathlib import Path

from attrs import evolve

from codegen.jobs import service_job
from codegen.pipeline import Job, generate

GOLDEN = Path(__file__).parent / "golden"
EXPECTED = GOLDEN / "expected"
PACKAGE = "pigeon"


def golden_job(out: Path = EXPECTED) -> Job:
    """The made-up service, which has one of each case."""
    job = service_job(GOLDEN / "spec" / "service-2.json", PACKAGE, out)
    return evolve(job, rules=GOLDEN / "spec" / "rules.toml", causes=GOLDEN / "spec" / "causes.toml")


def main() -> None:
    """Write the package."""
    print(generate(golden_job()))  # noqa: T201  # a command prints


if __name__ == "__main__":
    main()
