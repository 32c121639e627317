"""What the descriptions of tasks, locations and agents tell of the requests that would create them.

It is what `recovering` and `comparing` have in common. A description has members of the same names, or a URI
that tells them; some members no description has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from attrs import evolve, field, fields, frozen

from datasync_sdk import models as m
from datasync_sdk._runtime.wire import wire_of
from datasync_sdk.location_uris import LocationUri
from datasync_sdk.locations import DESCRIBE_BY_TYPE

__all__ = [
    "TAGS",
    "UNTOLD",
    "Untold",
    "aws_path",
    "create_class",
    "names_of",
    "none_if_empty",
    "told_members",
]


def _always(_: Any) -> bool:
    return True


@frozen
class Untold:
    """A member of a request that descriptions never have."""

    member: str
    """The attribute; of the protocol of FSx for ONTAP the whole path."""
    reason: str
    is_used: Callable[[Any], bool] = field(default=_always)
    """Whether what is described has it."""


SECRET: Final = "AWS never tells secrets"  # noqa: S105  # it is none
ARN: Final = "the URI tells the file system's Region and id, but no account"
TAGS: Final = Untold("tags", "Describe does not tell tags: ListTagsForResource does")


def _is_kept_by_datasync(described: Any) -> bool:
    """Whether the caller gave the credentials, and no secret of his own that holds them."""
    custom = described.custom_secret_config
    return custom is None or not custom.secret_arn


def _has_keys(described: m.DescribeLocationObjectStorageResponse) -> bool:
    return any((described.access_key, described.managed_secret_config, described.cmk_secret_config))


def _is_kerberos(described: Any) -> bool:
    # Locations that are older than Kerberos may have no type at all.
    return described.authentication_type not in {None, "NTLM", "SIMPLE"}


_KEYTAB: Final = Untold("kerberos_keytab", SECRET, lambda d: _is_kerberos(d) and _is_kept_by_datasync(d))
_KRB5: Final = Untold("kerberos_krb5_conf", "Describe does not tell it", _is_kerberos)

UNTOLD: Final[Mapping[type, tuple[Untold, ...]]] = {
    m.DescribeAgentResponse: (Untold("activation_key", "each activation key is for one agent, once"),),
    m.DescribeLocationAzureBlobResponse: (
        Untold(
            "sas_configuration",
            SECRET,
            lambda d: d.authentication_type not in {"NONE", "OIDC"} and _is_kept_by_datasync(d),
        ),
    ),
    m.DescribeLocationEfsResponse: (Untold("efs_filesystem_arn", ARN),),
    m.DescribeLocationFsxLustreResponse: (Untold("fsx_filesystem_arn", ARN),),
    m.DescribeLocationFsxOntapResponse: (
        Untold(
            "protocol.smb.password",
            SECRET,
            lambda d: d.protocol and d.protocol.smb and _is_kept_by_datasync(d.protocol.smb),
        ),
    ),
    m.DescribeLocationFsxOpenZfsResponse: (Untold("fsx_filesystem_arn", ARN),),
    m.DescribeLocationFsxWindowsResponse: (
        Untold("fsx_filesystem_arn", ARN),
        Untold("password", SECRET, _is_kept_by_datasync),
    ),
    m.DescribeLocationHdfsResponse: (_KEYTAB, _KRB5),
    m.DescribeLocationObjectStorageResponse: (
        Untold("secret_key", SECRET, lambda d: _has_keys(d) and _is_kept_by_datasync(d)),
    ),
    m.DescribeLocationSmbResponse: (
        Untold("password", SECRET, lambda d: d.authentication_type != "KERBEROS" and _is_kept_by_datasync(d)),
        _KEYTAB,
        _KRB5,
    ),
}
"""What each description lacks, beside tags."""


def _created(describe: str) -> Any:
    return getattr(m, describe.replace("Describe", "Create").replace("Response", "Request"))


DESCRIBES: Final[tuple[Any, ...]] = tuple(dict.fromkeys(DESCRIBE_BY_TYPE.values()))

CREATE_OF: Final[Mapping[type, Any]] = {
    m.DescribeTaskResponse: m.CreateTaskRequest,
    m.DescribeAgentResponse: m.CreateAgentRequest,
} | {
    getattr(m, name): _created(name)
    for name in (cls.__name__.replace("Request", "Response") for cls in DESCRIBES)
}
"""The class of the request that creates what a class describes."""


def create_class(described: Any) -> Any:
    """The class of the request that creates what is described."""
    found = CREATE_OF.get(type(described))
    if found is None:
        raise TypeError(
            f"{type(described).__name__} does not describe what a request can create: give the answer of "
            "describe_task, describe_agent, or of one of the describe_location operations"
        )
    return found


def names_of(cls: Any) -> dict[str, str]:
    """The members of a structure: attributes, and AWS's names."""
    attributes = (attribute.name for attribute in fields(cls))
    return dict(zip(attributes, wire_of(cls).names, strict=True))


def aws_path(cls: Any, member: str) -> str:
    """A member in AWS's names."""
    return "Protocol.SMB.Password" if member == "protocol.smb.password" else names_of(cls)[member]


def told_members(described: Any) -> dict[str, Any]:
    """The members of the request that a description tells; None, or nothing, for those that it does not."""
    told = {
        name: none_if_empty(without_service_secrets(getattr(described, name, None)))
        for name in names_of(create_class(described))
    }
    if isinstance(described, m.DescribeAgentResponse):
        network = described.private_link_config or m.PrivateLinkConfig()
        told["agent_name"] = described.name
        for name in ("vpc_endpoint_id", "subnet_arns", "security_group_arns"):
            told[name] = none_if_empty(getattr(network, name))
    elif uri := getattr(described, "location_uri", None):
        named = LocationUri.parse(uri).create_members(described.location_arn.split(":")[1])
        told |= {name: none_if_empty(value) for name, value in named.items()}
    return told


def none_if_empty(value: Any) -> Any:
    """The service tells some of what is not set as empty."""
    return None if value in ("", b"", ()) else value


def without_service_secrets(value: Any) -> Any:
    """What a request may have of a description: not the secrets that DataSync made."""
    match value:
        case m.CmkSecretConfig():
            return evolve(value, secret_arn=None) if value.kms_key_arn else None
        case m.FsxProtocol(smb=smb) if smb is not None:
            cmk = without_service_secrets(smb.cmk_secret_config)
            return evolve(value, smb=evolve(smb, managed_secret_config=None, cmk_secret_config=cmk))
        case _:
            return value
