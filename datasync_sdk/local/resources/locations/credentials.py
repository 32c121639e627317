"""Credentials of locations, which the service never keeps: only where they would be in Secrets Manager.

A location has one of three: a secret that DataSync manages (ManagedSecretConfig), the same with a key of the
customer (CmkSecretConfig), or a secret of the customer (CustomSecretConfig).
"""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar

from attrs import evolve

from datasync_sdk import models as m
from datasync_sdk.local.state import Names

__all__ = ["secret_arn", "with_credentials", "without_credentials"]

D = TypeVar("D")
"""A description that has the three members."""


def secret_arn(names: Names, location: str) -> str:
    """The ARN of the secret that DataSync would make for a location. In AWS, its end is random."""
    name = location.rpartition("/")[2]
    end = hashlib.sha256(location.encode()).hexdigest()[:6]
    partition = names.arn("").split(":")[1]
    return f"arn:{partition}:secretsmanager:{names.region}:{names.account}:secret:aws-datasync!{name}-{end}"


def with_credentials(described: D, request: Any, members: tuple[str, ...], arn: str) -> D:
    """A description after a request that may hold credentials.

    Args:
        described: what there was before, in a new location nothing.
        request: what has CmkSecretConfig and CustomSecretConfig.
        members: its members that are credentials, such as `password`.
        arn: the ARN that a secret of DataSync has.
    """
    now: Any = described
    cmk, custom = request.cmk_secret_config, request.custom_secret_config
    given = [getattr(request, member) for member in members]
    if custom is not None and custom.secret_arn:
        return _evolve(described, custom_secret_config=custom)
    if cmk is not None and cmk.kms_key_arn:
        return _evolve(described, cmk_secret_config=evolve(cmk, secret_arn=arn))
    if any(given):
        if now.cmk_secret_config is not None and cmk is None:
            return described  # The new secret is encrypted with the key of the old one.
        return _evolve(described, managed_secret_config=m.ManagedSecretConfig(secret_arn=arn))
    if cmk is not None and now.cmk_secret_config is not None:
        # Without a key of the customer, the secret is encrypted with that of AWS.
        return _evolve(described, managed_secret_config=m.ManagedSecretConfig(secret_arn=arn))
    is_dropped = (custom is not None and now.custom_secret_config is not None) or any(
        credential is not None for credential in given
    )
    return without_credentials(described) if is_dropped else described


def without_credentials(described: D) -> D:
    """A description of something that needs no credentials."""
    return _evolve(described)


def _evolve(described: D, **kept: Any) -> D:
    """Keep one of the three, at most."""
    none = dict.fromkeys(("managed_secret_config", "cmk_secret_config", "custom_secret_config"))
    changed: D = evolve(described, **none | kept)  # type: ignore[misc]  # `D` is an attrs class
    return changed
