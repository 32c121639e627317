"""The project's chores: `nox` runs those that CI runs, `nox -s NAME` any one of them.

Each session has an environment of its own, so that it says what somebody else would see.
"""

from __future__ import annotations

import nox

nox.options.error_on_missing_interpreters = False

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """All tests; arguments go to pytest."""
    session.install("-e", ".[test]")
    session.run("pytest", "-n", "auto", *session.posargs)


@nox.session
def types(session: nox.Session) -> None:
    """Run mypy --strict and pyright over the runtime, the generator and what it generated."""
    session.install("-e", ".[dev]")
    session.run("mypy")
    session.run("pyright")


@nox.session
def lint(session: nox.Session) -> None:
    """Ruff's rules and format, for everything that is written by hand."""
    session.install("-e", ".[codegen]")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session(default=False)
def generate(session: nox.Session) -> None:
    """Write the generated code anew."""
    session.install("-e", ".[codegen]")
    session.run("python", "-m", "codegen", "generate")


@nox.session
def check_generated(session: nox.Session) -> None:
    """Fail, with the difference, where the generated code is not what the generator makes."""
    session.install("-e", ".[codegen]")
    session.run("python", "-m", "codegen", "generate", "--check")


@nox.session(default=False)
def all_services(session: nox.Session) -> None:
    """Generate, compile, import and use every service of botocore; arguments choose some."""
    session.install("-e", ".[codegen]")
    session.run("python", "-m", "codegen.all_services", *session.posargs)


@nox.session(default=False)
def benchmarks(session: nox.Session) -> None:
    """Print the figures, side by side with what they are compared to; arguments choose some."""
    session.install("-e", ".[test]", "build")
    session.run("python", "-m", "benchmarks", *session.posargs, env={"PYTHONDONTWRITEBYTECODE": ""})


@nox.session(default=False)
def demo(session: nox.Session) -> None:
    """Run the example of the README."""
    session.install("-e", ".[demo]")
    session.run("python", "examples/quickstart.py")


@nox.session(default=False)
@nox.parametrize("botocore", ["1.34.0", "1.34.105", "1.35.51", "newest"])
def compat(session: nox.Session, botocore: str) -> None:
    """Prove that clients made by the SDK work on botocores that know less of the API, and on the newest.

    They send and read the whole API over HTTP, against a server on this machine; clients of such a botocore
    that are handed in say what they lack before anything is sent. The pinned releases are the oldest that
    the SDK takes, and the last ones before CANCELLING and before TaskMode. AWS Lambda ships such old ones;
    moto and aiobotocore need newer ones, so their tests are left out, or skipped.
    """
    release = "" if botocore == "newest" else f"=={botocore}"
    session.install("--upgrade", "-e", ".", f"boto3{release}", f"botocore{release}")
    session.install("hypothesis", "pytest", "pytest-xdist")
    # Old releases ask Python for the time in a way that newer Pythons warn of.
    warnings = "ignore::DeprecationWarning:botocore"
    others = ("test_async_client", "test_async_differential")
    without = [f"--ignore=tests/sdk/{name}.py" for name in others]
    session.run("pytest", "-n", "auto", "-W", warnings, *without, "tests/sdk")
