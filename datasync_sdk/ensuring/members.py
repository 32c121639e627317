"""How a request is compared with what a description tells, member by member; `comparing` is the way in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Literal, TypeAlias

from attrs import evolve, fields, frozen

from datasync_sdk import models as m
from datasync_sdk._runtime.structures import Structure
from datasync_sdk.defaults import effective
from datasync_sdk.ensuring.told import create_class, names_of, none_if_empty, told_members
from datasync_sdk.location_uris import LocationUri
from datasync_sdk.locations import authority_of
from datasync_sdk.preflight import is_removal

__all__ = ["Difference", "Secrets", "actual_of", "found_between", "update_of"]

Secrets: TypeAlias = Literal["keep", "update"]
"""What is done about secrets, which cannot be compared: they stay, or all that are given are set anew."""

HIDDEN: Final = "(secret)"
EMPTY: Final = "(no secret)"
UNKNOWN: Final = "(not told)"
KEPT_BACK: Final = "(not shown)"
"""Stands for what can be compared, and is not to be in any log, such as an access key."""

SECRETS: Final = frozenset(
    {"kerberos_keytab", "kerberos_krb5_conf", "password", "sas_configuration", "secret_key"}
)
"""What no description tells. The configuration of Kerberos is no secret, but is not told either."""

CREDENTIALS: Final = frozenset(
    "AccessKey AuthenticationType CmkSecretConfig Domain KerberosPrincipal SimpleUser User".split()
)
"""Whose secrets are used, in AWS's names: where that changes, the secrets do, too."""

ASIDE: Final = frozenset({"activation_key", "managed_secret_config", "tags"})
"""Members that say nothing of what is there, or that others tell."""


@frozen(kw_only=True)
class Difference:
    """A member that is not as it is wanted."""

    path: str
    """In AWS's names: `Options.VerifyMode`."""
    wanted: Any
    """The value that is wanted; of secrets and access keys only that there is one."""
    actual: Any
    """The value that is there, likewise; None if there is none."""
    can_update: bool
    """Whether an update can make it as wanted; if not, it takes a new task, location or agent."""

    def __str__(self) -> str:
        change = "" if self.can_update else ", which no update can change"
        return f"{self.path}: is {shown(self.actual)}, and should be {shown(self.wanted)}{change}"


def shown(value: Any) -> str:
    """A value in a message."""
    return "not set" if none_if_empty(value) is None else f"{value!s:.100}"


def actual_of(wanted: Any, described: Any) -> Any:
    """The request that would create what is there; what every request has and is not told is as wanted.

    Raises:
        TypeError: what is described is not what the wanted request creates.
    """
    cls = create_class(described)
    if type(wanted) is not cls:
        raise TypeError(
            f"{type(described).__name__} is compared with a {cls.__name__}, not a {type(wanted).__name__}"
        )
    told = {name: value for name, value in told_members(described).items() if value is not None}
    untold = {each.name: getattr(wanted, each.name) for each in fields(cls) if each.default is not None}
    return cls(**untold | told)


def found_between(wanted: Any, described: Any, secrets: Secrets) -> Iterator[Difference]:
    """The differences, in the order of the request's members.

    Raises:
        TypeError: what is described is not what the wanted request creates.
        ValueError: `secrets` is something else.
    """
    if secrets not in {"keep", "update"}:
        raise ValueError(f"secrets is 'keep' or 'update', and not {secrets!r}")
    actual = effective(actual_of(wanted, described)).value
    updated = names_of(update_class(type(wanted)))
    for each in between(wanted, actual, ""):
        top = each.path.partition(".")[0]
        name = next(name for name, aws_name in names_of(type(wanted)).items() if aws_name == top)
        can_update = UPDATED_AS.get(name, name) in updated and each.can_update
        if each.actual is not UNKNOWN or (secrets == "update" and can_update):
            yield evolve(each, can_update=can_update)
    yield from moved(wanted, described)


def between(wanted: Structure, actual: Any, at: str) -> Iterator[Difference]:
    """The differences of two structures, of which one may not be there."""
    names = names_of(type(wanted))
    without = unused(wanted, actual)
    for name, aws_name in names.items():
        given, there = getattr(wanted, name), getattr(actual, name, None)
        path = f"{at}{aws_name}"
        if given is None or name in ASIDE or name in without:
            continue
        if name in SECRETS:
            is_empty = none_if_empty(given) is None
            yield Difference(path=path, wanted=EMPTY if is_empty else HIDDEN, actual=UNKNOWN, can_update=True)
        elif isinstance(given, m.FsxProtocol):
            is_ontap = isinstance(wanted, m.CreateLocationFsxOntapRequest)
            yield from between_protocols(given, there or m.FsxProtocol(), path, has_versions=not is_ontap)
        elif isinstance(given, Structure) and not is_removal(given):
            yield from between(given, there, f"{path}.")
        elif comparable(name, given) != comparable(name, there):
            if is_kept_back(type(wanted), name):
                given, there = KEPT_BACK, none_if_empty(there) and KEPT_BACK
            yield Difference(path=path, wanted=given, actual=there, can_update=True)


def is_kept_back(cls: Any, name: str) -> bool:
    """Whether a member is in no message: the model, or this SDK, calls it sensitive."""
    return not getattr(fields(cls), name).repr


def between_protocols(
    wanted: m.FsxProtocol, actual: m.FsxProtocol, path: str, *, has_versions: bool
) -> Iterator[Difference]:
    """The differences of protocols, which cannot become another one; one kind has a single version of NFS."""
    kinds = [("SMB" if each.smb is not None else "NFS") for each in (wanted, actual)]
    if kinds[0] != kinds[1]:
        yield Difference(path=path, wanted=kinds[0], actual=kinds[1], can_update=False)
    elif kinds[0] == "SMB" or has_versions:
        yield from between(wanted, actual, f"{path}.")


def moved(wanted: Any, described: Any) -> Iterator[Difference]:
    """Whether a file system is another one: its ARN is not told, but its Region and id are."""
    for name in ("efs_filesystem_arn", "fsx_filesystem_arn"):
        arn = getattr(wanted, name, None)
        if arn is None or not described.location_uri:
            continue
        there = LocationUri.parse(described.location_uri).authority
        if authority_of(arn) != there:
            path = names_of(type(wanted))[name]
            yield Difference(path=path, wanted=arn, actual=there, can_update=False)


def unused(wanted: Any, actual: Any) -> frozenset[str]:
    """The members that are not used, as another one says which credentials are."""

    def said(name: str) -> Any:
        given = getattr(wanted, name, None)
        return getattr(actual, name, None) if given is None else given

    kind = str(said("authentication_type"))
    found = set(UNUSED.get((type(wanted), kind), ()))
    custom, cmk = getattr(wanted, "custom_secret_config", None), getattr(wanted, "cmk_secret_config", None)
    if isinstance(wanted, m.CmkSecretConfig):
        found.add("secret_arn")
    if isinstance(wanted, m.CreateLocationObjectStorageRequest) and said("federated_identity") is not None:
        found |= {"access_key", "secret_key", *CONFIGS}
    if custom is not None and not custom.secret_arn:
        found.add("custom_secret_config")
    elif custom is not None:
        found |= {"cmk_secret_config", *SECRETS - {"kerberos_krb5_conf"}}
    if cmk is not None and not cmk.kms_key_arn:
        found.add("cmk_secret_config")
    return frozenset(found)


CONFIGS: Final = ("cmk_secret_config", "custom_secret_config")

KERBEROS: Final = ("kerberos_principal", "kerberos_keytab", "kerberos_krb5_conf")

UNUSED: Final[Mapping[tuple[type, str], tuple[str, ...]]] = {
    (m.CreateLocationAzureBlobRequest, "NONE"): ("federated_identity", "sas_configuration", *CONFIGS),
    (m.CreateLocationAzureBlobRequest, "OIDC"): ("sas_configuration", *CONFIGS),
    (m.CreateLocationAzureBlobRequest, "SAS"): ("federated_identity",),
    (m.CreateLocationHdfsRequest, "KERBEROS"): ("simple_user",),
    (m.CreateLocationHdfsRequest, "SIMPLE"): (*KERBEROS, *CONFIGS),
    (m.CreateLocationSmbRequest, "KERBEROS"): ("user", "domain", "password"),
    (m.CreateLocationSmbRequest, "NTLM"): ("dns_ip_addresses", "kerberos_keytab", "kerberos_krb5_conf"),
}
"""What each type of authentication does without."""

UPDATED_AS: Final[Mapping[str, str]] = {"agent_name": "name"}
"""Members that an update calls otherwise."""


def _both_slashes(path: str) -> str:
    return f"/{path}".replace("//", "/", 1) if path.endswith("/") else f"/{path}/".replace("//", "/", 1)


COMPARABLE: Final[Mapping[str, Callable[[Any], Any]]] = {
    "agent_arns": sorted,
    "cloud_watch_log_group_arn": lambda arn: arn.removesuffix(":*"),  # CloudWatch Logs writes both.
    "container_url": str.casefold,
    "s3_bucket_arn": lambda arn: arn.rpartition(":::")[2],  # A name is that of one bucket in a partition.
    "security_group_arns": sorted,
    "server_hostname": str.casefold,
    "subdirectory": _both_slashes,
    "subnet_arns": sorted,
}
"""What says the same in several ways, and how to make it one: sets as lists, names of servers, slashes."""


def comparable(name: str, value: Any) -> Any:
    """A value so that it equals what says the same."""
    if name == "subdirectory" and value == "":  # None would be unknown, and this is the top
        return "/"
    if none_if_empty(value) is None or is_removal(value):
        return None
    return COMPARABLE[name](value) if name in COMPARABLE else value


def update_class(create: Any) -> Any:
    """The class of the request that changes what another one creates."""
    return getattr(m, create.__name__.replace("Create", "Update"))


def update_of(wanted: Any, described: Any, found: list[Difference]) -> Any:
    """The request that makes differences go away."""
    actual = actual_of(wanted, described)
    tops = {each.path.partition(".")[0] for each in found}
    cls = update_class(type(wanted))
    arn = fields(cls)[0].name
    members: dict[str, Any] = {arn: getattr(described, arn)}
    for name, aws_name in names_of(type(wanted)).items():
        if aws_name in tops:
            value = updated(getattr(wanted, name), getattr(actual, name), found)
            members[UPDATED_AS.get(name, name)] = value
    return cls(**members)


def updated(wanted: Any, actual: Any, found: list[Difference]) -> Any:
    """The value of a member of an update: of options those that differ, of other structures all."""
    match wanted:
        case m.Options():
            paths = {each.path for each in found}
            names = names_of(m.Options).items()
            kept = {n: getattr(wanted, n) for n, aws_name in names if f"Options.{aws_name}" in paths}
            return m.Options(**kept)
        case m.FsxProtocol(smb=smb) if smb is not None:
            whole = completed(smb, actual.smb)
            known = names_of(m.FsxUpdateProtocolSmb)
            return m.FsxUpdateProtocol(
                smb=m.FsxUpdateProtocolSmb(**{name: getattr(whole, name) for name in known})
            )
        case Structure() if not is_removal(wanted):
            return completed(wanted, actual)
        case _:
            return wanted


def completed(wanted: Any, actual: Any) -> Any:
    """A structure with what is there where nothing is wanted."""
    if type(actual) is not type(wanted):
        return wanted
    members = {name: getattr(wanted, name) for name in names_of(type(wanted))}
    kept = {name: getattr(actual, name) for name, value in members.items() if value is None}
    inner = {
        name: completed(value, getattr(actual, name))
        for name, value in members.items()
        if isinstance(value, Structure)
    }
    return evolve(wanted, **kept, **inner)
