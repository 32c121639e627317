"""Locations of all types: Describe tells what was given, in the service's form, and never a secret."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import datetime
from typing import Any

import pytest
from attrs import evolve
from botocore.model import ServiceModel
from botocore.parsers import create_parser
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from datasync_sdk import models as m
from datasync_sdk import structure, unstructure
from datasync_sdk._generated.service import SERVICE
from datasync_sdk._runtime.session import service_model
from datasync_sdk.defaults import effective
from datasync_sdk.local.places.uris import LocationUri
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.local.resources.locations.families import FAMILIES, Family
from datasync_sdk.local.state import State
from datasync_sdk.preflight import broken_by
from datasync_sdk.testing import strategies
from tests.local.states import START, ask, make_agent, states, with_agents

MODEL = ServiceModel(service_model(SERVICE.package), "datasync")

SECRET = "never-to-be-seen-0123456789"

SECRETS: dict[str, Any] = {
    "password": SECRET,
    "secret_key": SECRET,
    "kerberos_keytab": SECRET.encode(),
    "kerberos_krb5_conf": SECRET.encode(),
    "sas_configuration": m.AzureBlobSasConfiguration(token=SECRET),
}

OWN = {"CreationTime", "LocationArn", "LocationUri"}
"""What every description has, and the service makes."""

CONFIGS = {"CmkSecretConfig", "CustomSecretConfig", "ManagedSecretConfig"}

# What no documentation of a request tells as a default, and Describe answers with nevertheless.
UNTOLD: dict[str, dict[str, Any]] = {
    "AzureBlob": {"BlobType": "BLOCK", "AccessTier": "HOT"},
    "Efs": {"InTransitEncryption": "NONE"},
}

# What a type of authentication does without.
WITHOUT: dict[tuple[str, str], set[str]] = {
    ("Smb", "NTLM"): {"DnsIpAddresses"},
    ("Smb", "KERBEROS"): {"User", "Domain"},
    ("Hdfs", "SIMPLE"): {"KerberosPrincipal"},
    ("Hdfs", "KERBEROS"): {"SimpleUser"},
    ("AzureBlob", "SAS"): {"FederatedIdentity"},
    ("AzureBlob", "NONE"): {"FederatedIdentity"},
}

families = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
quick = settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def hidden(request: Any) -> Any:
    """The request with another secret in place of each that it has."""
    found = {name: secret for name, secret in SECRETS.items() if getattr(request, name, None)}
    protocol = getattr(request, "protocol", None)
    if protocol is not None and protocol.smb is not None and protocol.smb.password:
        found["protocol"] = evolve(protocol, smb=evolve(protocol.smb, password=SECRET))
    return evolve(request, **found)


def has_bad_name(request: Any) -> bool:
    """Whether a naive reader finds names in it that no folder should have, or can have."""
    inner = (request.subdirectory or "").removeprefix("/")
    names = inner.removesuffix("/").split("/") if inner else []
    nodes = getattr(request, "name_nodes", None) or ()
    names += [f"{node.hostname}%3A{node.port}" for node in nodes[:1]]
    names += [(getattr(request, "server_hostname", None) or "host").replace(":", "%3A")]
    names += getattr(request, "container_url", "https://host").split("/")[2:]
    bucket = getattr(request, "s3_bucket_arn", "arn").split(":::")[-1]
    names += [bucket.replace(":", "%3A").replace("/", "%2F")]
    breaks = set("\0\r\n\u0085\u2028\u2029")
    return any(name in {"", ".", ".."} or set(name) & breaks or len(name.encode()) > 255 for name in names)


def describe(state: State, family: Family, arn: str) -> Any:
    return ask(state, family.shape("DescribeLocation{}Request")(location_arn=arn))


def without_empty(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value not in ("", b"", [])}


def kept(state: State) -> bytes:
    """All that the service has written down."""
    files = (state.folders.root / ".datasync").rglob("*")
    return b"".join(path.read_bytes() for path in files if path.is_file())


def assert_no_secret(state: State) -> None:
    found = kept(state)
    assert b"loc-" in found
    for form in (SECRET.encode(), b64encode(SECRET.encode()), SECRET.encode().hex().encode()):
        assert form not in found


def parsed_by_botocore(operation: str, answer: Any) -> Any:
    """What botocore makes of an answer, as an object."""

    def plain(value: object) -> Any:
        return value.timestamp() if isinstance(value, datetime) else b64encode(value).decode()  # type: ignore[arg-type]

    body = json.dumps(unstructure(answer), default=plain).encode()
    shape = MODEL.operation_model(operation).output_shape
    response = {"status_code": 200, "headers": {}, "body": body}
    parsed = create_parser("json").parse(response, shape)
    parsed.pop("ResponseMetadata")
    assert set(parsed) == set(unstructure(answer))
    return structure(parsed, type(answer))


def expected_uri(name: str, r: Any) -> str:
    """The URI of a new location, as the documentation and the service's answers have it."""
    path = f"/{(r.subdirectory or '').strip('/')}/".replace("//", "/")
    arns = ("efs_filesystem_arn", "fsx_filesystem_arn", "storage_virtual_machine_arn")
    arn = next((getattr(r, each) for each in arns if hasattr(r, each)), "::::")
    file_system = ".".join([arn.split(":")[3], *arn.split("/")[1:]])
    if name == "FsxOpenZfs" and r.subdirectory is None:
        path = "/fsx/"
    if name == "FsxOntap":
        return f"fsxn-{'nfs' if r.protocol.smb is None else 'smb'}://{file_system}{path}"
    begin = {
        "AzureBlob": lambda: f"azure-blob://{r.container_url[8:]}",
        "Efs": lambda: f"efs://{file_system}",
        "FsxLustre": lambda: f"fsxl://{file_system}",
        "FsxOpenZfs": lambda: f"fsxz://{file_system}",
        "FsxWindows": lambda: f"fsxw://{file_system}",
        "Hdfs": lambda: f"hdfs://{r.name_nodes[0].hostname}:{r.name_nodes[0].port}",
        "Nfs": lambda: f"nfs://{r.server_hostname}",
        "ObjectStorage": lambda: f"object-storage://{r.server_hostname}/{r.bucket_name}",
        "S3": lambda: f"s3://{r.s3_bucket_arn.split(':::')[-1]}",
        "Smb": lambda: f"smb://{r.server_hostname}",
    }
    return begin[name]() + path


def expected_members(family: Family, request: Any) -> dict[str, Any]:
    """What Describe tells of a new location, but for credentials."""
    told = unstructure(effective(request).value)
    names = set(names_of(family.shape("DescribeLocation{}Response")))
    members = {name: value for name, value in told.items() if name in names - CONFIGS - {"Protocol"}}
    members = UNTOLD.get(family.name, {}) | without_empty(members)
    if family.name == "ObjectStorage":
        members.setdefault("ServerPort", 80 if members["ServerProtocol"] == "HTTP" else 443)
    return members


def names_of(cls: type) -> list[str]:
    return list(MODEL.shape_for(cls.__name__).members)


def is_broken(request: Any, described: Any) -> bool:
    """Whether a documented rule about a request and its location refuses it."""
    return bool(broken_by(request, {"location": described}))


@families
@given(st.data())
@quick
def test_a_location_is_described_as_it_was_made(family: Family, data: st.DataObject) -> None:
    with states() as state:
        agent = make_agent(state)
        drawn = data.draw(strategies.requests(family.shape("CreateLocation{}Request")))
        request = hidden(with_agents(drawn, agent))
        if has_bad_name(request):
            with pytest.raises(Refusal, match=r"Invalid location|File name too long"):
                ask(state, request)
            return
        arn = ask(state, request).location_arn
        described = describe(state, family, arn)
        told = unstructure(described)
        assert told["LocationArn"] == arn
        assert told["LocationUri"] == expected_uri(family.name, request)
        assert told["CreationTime"] == START
        rest = {name: value for name, value in told.items() if name not in OWN | CONFIGS | {"Protocol"}}
        if family.name == "FsxOntap":
            file_system = rest.pop("FsxFilesystemArn")
            assert file_system.endswith(f":file-system/{told['LocationUri'].split('.')[1]}")
        assert rest == expected_members(family, request)
        assert len(CONFIGS & set(told)) <= 1
        assert SECRET not in repr(told)
        assert_no_secret(state)
        assert parsed_by_botocore(f"DescribeLocation{family.name}", described) == described
        entry = ask(state, m.ListLocationsRequest()).locations
        assert entry == (m.LocationListEntry(location_arn=arn, location_uri=told["LocationUri"]),)
        tags = ask(state, m.ListTagsForResourceRequest(resource_arn=arn)).tags
        assert {t.key: t.value for t in tags} == {t.key: t.value for t in request.tags or ()}
        # Its folder is where the URI says.
        assert state.folders.place(told["LocationUri"], make=False).folder.is_dir()
        ask(state, m.DeleteLocationRequest(location_arn=arn))
        assert ask(state, m.ListLocationsRequest()).locations == ()
        with pytest.raises(Refusal, match=f"{family.title} {arn} is not found"):
            describe(state, family, arn)


def expected_update(family: Family, before: dict[str, Any], request: Any) -> dict[str, Any]:
    """What Describe tells after an update, but for the URI and credentials."""
    given_ = unstructure(request)
    after = dict(before)
    for name in set(names_of(family.shape("DescribeLocation{}Response"))) & set(given_) - CONFIGS - OWN:
        if name == "Protocol":
            continue
        after[name] = merged(before.get(name), given_[name])
    for name in WITHOUT.get((family.name, str(after.get("AuthenticationType"))), ()):
        after.pop(name, None)
    if family.name == "ObjectStorage" and "FederatedIdentity" in given_:
        after.pop("AccessKey", None)
    elif family.name == "ObjectStorage" and (given_.get("AccessKey") or given_.get("SecretKey")):
        after.pop("FederatedIdentity", None)
    return without_empty({name: value for name, value in after.items() if name not in CONFIGS})


@families
@given(st.data())
@quick
def test_an_update_changes_what_it_gives(family: Family, data: st.DataObject) -> None:
    with states() as state:
        agent = make_agent(state)
        made = with_agents(data.draw(strategies.requests(family.shape("CreateLocation{}Request"))), agent)
        assume(not has_bad_name(made))
        arn = ask(state, hidden(made)).location_arn
        untouched = ask(state, hidden(made)).location_arn
        before, other = describe(state, family, arn), describe(state, family, untouched)
        drawn = data.draw(strategies.requests(family.shape("UpdateLocation{}Request")))
        request = hidden(with_agents(evolve(drawn, location_arn=arn), agent))
        assume(not is_broken(request, before))
        told = unstructure(before)
        if has_bad_name(request) or lacks_something(told, request):
            with pytest.raises(Refusal, match=r"Invalid location|File name too long|needs|uses NFS"):
                ask(state, request)
            assert describe(state, family, arn) == before
            return
        ask(state, request)
        after = unstructure(describe(state, family, arn))
        assert after["LocationUri"] == moved(told["LocationUri"], request)
        ignored = CONFIGS | {"LocationUri", "Protocol"}
        expected = expected_update(family, told, request)
        assert {name: value for name, value in after.items() if name not in ignored} == {
            name: value for name, value in expected.items() if name not in ignored
        }
        assert len(CONFIGS & set(after)) <= 1
        assert_no_secret(state)
        assert describe(state, family, untouched) == other


def lacks_something(told: dict[str, Any], request: Any) -> bool:
    """Whether a location lacks what it needs for an update, as it was told before."""
    needs = {"SIMPLE": "SimpleUser", "KERBEROS": "KerberosPrincipal"} if "NameNodes" in told else {}
    needed = needs.get(str(getattr(request, "authentication_type", None)))
    if needed is not None and needed not in told | unstructure(request):
        return True
    protocol = getattr(request, "protocol", None)
    return told["LocationUri"].startswith("fsxn-nfs") and protocol is not None and protocol.smb is not None


def merged(before: Any, given_: Any) -> Any:
    """Of structures, what is not given stays."""
    if not isinstance(before, dict) or not isinstance(given_, dict):
        return given_
    return before | {name: merged(before.get(name), value) for name, value in given_.items()}


def moved(uri: str, request: Any) -> str:
    """The URI after an update, by cutting and pasting."""
    parsed = LocationUri.parse(uri)
    prefix, path = uri[: -len(parsed.subdirectory)], parsed.subdirectory
    if request.subdirectory is not None:
        path = f"/{request.subdirectory.strip('/')}/".replace("//", "/")
    if getattr(request, "server_hostname", None):
        scheme, rest = prefix.split("://")
        prefix = f"{scheme}://{request.server_hostname}{rest[len(parsed.authority) :]}"
    if getattr(request, "name_nodes", None):
        prefix = f"hdfs://{request.name_nodes[0].hostname}:{request.name_nodes[0].port}"
    return prefix + path
