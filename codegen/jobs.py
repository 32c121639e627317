"""What there is to generate: this SDK itself, or a package for another service."""

from __future__ import annotations

from pathlib import Path

from attrs import evolve

from codegen.context import Target
from codegen.pipeline import REPOSITORY, SPECS, Job
from codegen.spec import read_json

COMMAND = "python -m codegen generate"


def own_job(out: Path = REPOSITORY, specs: Path = SPECS) -> Job:
    """The SDK itself: specs, rules and lock as they are in the repository."""
    target = Target(
        package="datasync_sdk",
        service="datasync",
        source="specs/datasync",
        command=COMMAND,
        standalone=False,
    )
    return Job(
        spec=specs / "service-2.json",
        rules=specs / "rules.toml",
        causes=specs / "causes.toml",
        lock=specs / "lock.toml",
        revisions=specs / "revisions",
        out=out,
        target=target,
    )


def revision_job(date: str, package: str, out: Path) -> Job:
    """A package for this service as it was at one of its revisions."""
    command = f"{COMMAND} --revision {date} --package {package}"
    own = own_job(out)
    target = evolve(own.target, package=package, source=f"API {date}", command=command, standalone=True)
    return evolve(own, lock=None, revision=date, target=target)


def service_job(spec: Path, package: str, out: Path, service: str | None = None) -> Job:
    """A package for the service of any `service-2.json`."""
    target = Target(
        package=package,
        service=service or service_name(spec),
        source=spec.name,
        command=f"{COMMAND} --spec {spec.name} --package {package}",
        standalone=True,
    )
    return Job(spec=spec, out=out, target=target)


def service_name(spec: Path) -> str:
    """boto3's name of a service: that of its folder in botocore's data, or else its endpoint's prefix."""
    folder = spec.resolve().parent
    metadata = read_json(spec).get("metadata")
    if not isinstance(metadata, dict):
        return spec.stem  # Reading the spec as a whole will say what is wrong with it.
    if folder.name == metadata.get("apiVersion"):
        return folder.parent.name
    return str(metadata.get("endpointPrefix", spec.stem))
