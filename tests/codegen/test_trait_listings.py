"""What paginators do, and bodies and protocols other than plain JSON.

Generated from a tiny spec, imported, and used with real botocore.
"""

from __future__ import annotations

import json
import struct
from base64 import b64decode
from binascii import crc32
from io import BytesIO
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs

import pytest

from datasync_sdk import structure, unstructure
from datasync_sdk._runtime.enums import OpenEnum
from datasync_sdk.errors import PaginationError, ValidationError
from tests.codegen import support
from tests.codegen.support import (
    Answer,
    Json,
    connect,
    enum,
    generate_package,
    listing,
    mapping,
    operation,
    spec,
    text,
)
from tests.codegen.traits import MOMENT, generated, problems, putting

# Listings

LISTING = {
    "input_token": "NextToken",
    "output_token": "NextToken",
    "limit_key": "MaxResults",
    "result_key": "Birds",
}


@pytest.fixture(scope="module")
def birds(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """A package with a listing of structures."""
    request = {"Color": "String", "MaxResults": "Integer", "NextToken": "String"}
    shapes = {
        "ListBirdsRequest": support.structure(request, "Color"),
        "ListBirdsResponse": support.structure({"Birds": "Birds", "NextToken": "String"}),
        "Birds": listing("Bird"),
        "Bird": support.structure({"Name": "String"}),
    }
    model = spec(shapes=shapes, operations={"ListBirds": operation("ListBirdsRequest", "ListBirdsResponse")})
    return generate_package(tmp_path_factory.mktemp("birds"), model, paginators={"ListBirds": LISTING})


def page(names: str, token: str | None = None) -> Json:
    """One page of birds, each with a name of one letter."""
    return {"Birds": [{"Name": name} for name in names]} | ({"NextToken": token} if token else {})


def test_an_iterator_goes_across_pages(birds: ModuleType) -> None:
    """Items of all pages, empty ones included; page size and arguments on every page."""
    client, server = connect(birds, [page("ab", "1"), page("", "2"), {"NextToken": "3"}, page("c")])
    found = list(client.iter_birds(color="red", page_size=2))
    assert found == [birds.models.Bird(name=name) for name in "abc"]
    assert {(body["Color"], body["MaxResults"]) for body in server.bodies} == {("red", 2)}
    assert [body.get("NextToken") for body in server.bodies] == [None, "1", "2", "3"]


def test_an_iterator_is_lazy(birds: ModuleType) -> None:
    """Nothing is asked for before an item is wanted, and a page only when the one before is used up."""
    client, server = connect(birds, [page("ab", "1"), page("c")])
    found = client.iter_birds(color="red")
    assert server.requests == []
    assert [bird.name for bird in islice(found, 2)] == ["a", "b"]
    assert len(server.requests) == 1
    assert next(found).name == "c"
    assert len(server.requests) == 2


def test_an_iterator_starts_where_it_is_told(birds: ModuleType) -> None:
    """The token of a page that was kept."""
    client, server = connect(birds, [page("c")])
    assert [bird.name for bird in client.iter_birds(color="red", start_token="9")] == ["c"]
    assert server.bodies == [{"Color": "red", "NextToken": "9"}]


@pytest.mark.parametrize("tokens", [["1", "1"], ["1", "2", "1"]])
def test_a_token_that_repeats(birds: ModuleType, tokens: list[str]) -> None:
    """The items that came are given; then an error, instead of the same pages for ever."""
    client, server = connect(birds, [page("a", token) for token in tokens])
    found = client.iter_birds(color="red")
    assert [next(found).name for _ in tokens] == ["a"] * len(tokens)
    with pytest.raises(PaginationError, match="twice"):
        next(found)
    assert len(server.requests) == len(tokens)


def test_an_iterator_checks_its_request(birds: ModuleType) -> None:
    """A wrong argument is found as in the method itself."""
    client, server = connect(birds)
    with pytest.raises(ValidationError, match="Color"):
        list(client.iter_birds(color=3))
    assert server.requests == []


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        (["ListItems"], {"iter_items"}),
        (["DescribeItems"], {"iter_items"}),
        (["GetItems"], {"iter_items"}),
        (["ListItems", "DescribeItems"], {"iter_items", "iter_describe_items"}),
        (["SearchItems"], {"iter_search_items"}),
    ],
)
def test_names_of_iterators(tmp_path: Path, operations: list[str], expected: set[str]) -> None:
    """They are named after what they yield; the verb stays where the name would be taken."""
    client = listings(tmp_path, "Items", "NextToken", operations=operations).Client
    assert {name for name in dir(client) if name.startswith("iter_")} == expected


def listings(
    tmp_path: Path,
    items: str | list[str],
    token: str | list[str],
    *,
    operations: list[str],
    kind: str = "String",
) -> ModuleType:
    """A package with listings whose answers hold items and a token at the top and two levels below."""
    shapes = {
        "In": support.structure({"NextToken": kind}),
        "Out": support.structure({"Items": "Strings", "More": "Strings", "NextToken": kind, "A": "Nested"}),
        "Nested": support.structure({"B": "Deeper", "Count": "Integer"}),
        "Deeper": support.structure({"Items": "Strings", "NextToken": kind}),
        "Strings": listing("String"),
    }
    paginator = {"input_token": "NextToken", "output_token": token, "result_key": items}
    model = spec(shapes=shapes, operations={name: operation("In", "Out") for name in operations})
    return generate_package(tmp_path, model, paginators=dict.fromkeys(operations, paginator))


def test_nested_result_keys(tmp_path: Path) -> None:
    """`A.B.Items` are followed through the answer."""
    package = listings(tmp_path, "A.B.Items", "A.B.NextToken", operations=["ListItems"])
    first = {"A": {"B": {"Items": ["a", "b"], "NextToken": "1"}}}
    client, server = connect(package, [first, {"A": {"B": {"Items": ["c"]}}}])
    assert list(client.iter_items()) == ["a", "b", "c"]
    assert server.bodies == [{}, {"NextToken": "1"}]


@pytest.mark.parametrize(
    ("items", "token", "kind"),
    [
        (["Items", "More"], "NextToken", "String"),
        ("Items", ["NextToken", "More"], "String"),
        ("Items || More", "NextToken", "String"),
        ("Items[-1]", "NextToken", "String"),
        ("A.Count", "NextToken", "String"),
        ("A.Count.Items", "NextToken", "String"),
        ("Gone", "NextToken", "String"),
        ("Items", "NextToken", "Integer"),
        ("Items", "NextToken", "Strings"),
    ],
)
def test_listings_that_page_in_ways_of_their_own(tmp_path: Path, items: Any, token: Any, kind: str) -> None:
    """They have a method and no iterator."""
    client = listings(tmp_path, items, token, operations=["ListItems"], kind=kind).Client
    assert not [name for name in dir(client) if name.startswith("iter_")]
    assert client.list_items


# Bodies and protocols


def streaming(tmp_path: Path) -> ModuleType:
    """A package with a body on each way, over the rest-json protocol."""
    header = {"shape": "String", "jsonvalue": True, "location": "header", "locationName": "x-tiny-extra"}
    shapes = {
        "In": support.structure(
            {
                "Id": {"shape": "String", "location": "uri", "locationName": "Id"},
                "Extra": header,
                "Body": "Body",
            },
            "Id",
            payload="Body",
        ),
        "Out": support.structure({"Extra": header, "Body": "Body"}, payload="Body"),
        "Body": {"type": "blob", "streaming": True},
    }
    put = operation("In", "Out", http={"method": "PUT", "requestUri": "/things/{Id}"})
    metadata = {"protocol": "rest-json", "protocols": ["rest-json"]}
    return generate_package(tmp_path, spec(shapes=shapes, operations={"PutThing": put}, metadata=metadata))


@pytest.mark.parametrize("body", [b"abc", bytearray(b"abc"), BytesIO(b"abc")])
def test_streaming_bodies(tmp_path: Path, body: Any) -> None:
    """A body is handed on as it is, and the answer's body comes unread; both say so in their types."""
    package = streaming(tmp_path)
    client, server = connect(package, [Answer(b"first\nsecond")])
    answer = client.put_thing(id="1", body=body)
    assert package.models.In(id="1", body=body).body is body
    sent = server.requests[0].body
    assert bytes(sent if isinstance(sent, bytes | bytearray) else body.getvalue()) == b"abc"
    assert list(answer.body.iter_lines()) == [b"first", b"second"]
    assert package.models.In.__annotations__["body"] == "StreamingInput | None"
    assert package.models.Out.__annotations__["body"] == "StreamingBody | None"
    assert problems(package, package.models.In(id="1", body="text")) == ["Body type"]


def test_a_body_in_a_mapping(tmp_path: Path) -> None:
    """`structure` hands it on, too, whether the model requires it or not."""
    for required in ((), ("Body",)):
        shapes = {
            "In": support.structure({"Body": "Body"}, *required),
            "Body": {"type": "blob", "streaming": True},
        }
        package = generate_package(tmp_path, spec(shapes=shapes, operations={"PutThing": operation("In")}))
        body = BytesIO(b"abc")
        made = structure({"Body": body}, package.models.In)
        assert made.body is body
        assert unstructure(made) == {"Body": body}


def test_json_values(tmp_path: Path) -> None:
    """A JSON value is any object; botocore packs it into its header and out of it."""
    package = streaming(tmp_path)
    extra = {"a": [1, None]}
    client, server = connect(package, [Answer(b"", headers={"x-amz-other": "1"})])
    client.put_thing(id="1", extra=extra)
    assert package.models.In(id="1", extra=extra).extra is extra
    packed = text(server.requests[0].headers["x-tiny-extra"])
    assert json.loads(b64decode(packed)) == extra
    client, _ = connect(package, [Answer(b"", headers={"x-tiny-extra": packed})])
    assert client.put_thing(id="1").extra == extra
    assert package.models.In.__annotations__["extra"] == "JsonValue | None"


def frame(event: str, payload: bytes) -> bytes:
    """One message of an event stream, as AWS frames it."""
    pairs = {":message-type": "event", ":event-type": event, ":content-type": "application/json"}
    headers = b"".join(
        bytes([len(name)]) + name.encode() + b"\x07" + struct.pack("!H", len(value)) + value.encode()
        for name, value in pairs.items()
    )
    prelude = struct.pack("!II", 16 + len(headers) + len(payload), len(headers))
    message = prelude + struct.pack("!I", crc32(prelude)) + headers + payload
    return message + struct.pack("!I", crc32(message))


def test_event_streams(tmp_path: Path) -> None:
    """An answer's events are handed over as they arrive, as botocore has them."""
    shapes = {
        "Out": support.structure({"Events": "Events"}, payload="Events"),
        "Events": support.structure({"Started": "Started"}, eventstream=True),
        "Started": support.structure({"Name": "String"}, event=True),
    }
    metadata = {"protocol": "rest-json", "protocols": ["rest-json"]}
    model = spec(shapes=shapes, operations={"Watch": operation(output="Out")}, metadata=metadata)
    package = generate_package(tmp_path, model)
    client, _ = connect(
        package, [Answer(frame("Started", b'{"Name": "a"}') + frame("Started", b'{"Name": "b"}'))]
    )
    answer = client.watch()
    assert list(answer.events) == [{"Started": {"Name": "a"}}, {"Started": {"Name": "b"}}]
    assert package.models.Out.__annotations__["events"] == "EventStream | None"
    assert not hasattr(package.models, "Events")


EVERYTHING = {
    "Name": "String", "Count": "Integer", "On": "Boolean", "At": "Timestamp", "Color": "Color",
    "Inner": "Inner", "Items": "Items", "Tags": "Tags",
}  # fmt: skip


def everything(tmp_path: Path, protocol: str, **traits: Any) -> ModuleType:
    """A package with one member of most types, over a protocol."""
    shapes = {
        "In": support.structure(EVERYTHING, locationName="PutThingRequest"),
        "Out": support.structure(EVERYTHING),
        "Inner": support.structure({"A": "String"}),
        "Color": enum("red"),
        "Items": listing("Inner"),
        "Tags": mapping("String"),
    }
    metadata = {"protocol": protocol, "protocols": [protocol], "xmlNamespace": "urn:tiny"}
    model = spec(shapes=shapes, operations={"PutThing": operation("In", "Out", **traits)}, metadata=metadata)
    model["operations"]["PutThing"]["input"]["locationName"] = "PutThingRequest"
    if protocol == "query":
        model["operations"]["PutThing"]["output"]["resultWrapper"] = "PutThingResult"
    return generate_package(tmp_path, model)


def call(package: ModuleType, body: str) -> bytes:
    """Send one of each and read one of each; gives what was sent."""
    inner = package.models.Inner(a="x")
    given = {
        "name": "n", "count": 3, "on": True, "at": MOMENT, "color": "red", "inner": inner, "items": [inner],
        "tags": {"k": "v"},
    }  # fmt: skip
    client, server = connect(package, [Answer(body)])
    answer = client.put_thing(**given)
    assert answer == package.models.Out(**given)
    assert isinstance(answer.color, OpenEnum)
    sent: str | bytes = server.requests[0].body
    return sent.encode() if isinstance(sent, str) else sent


def test_rest_json(tmp_path: Path) -> None:
    """JSON over paths, with timestamps in seconds."""
    body = {
        "Name": "n", "Count": 3, "On": True, "At": 1709209815, "Color": "red", "Inner": {"A": "x"},
        "Items": [{"A": "x"}], "Tags": {"k": "v"},
    }  # fmt: skip
    package = everything(tmp_path, "rest-json")
    assert json.loads(call(package, json.dumps(body))) == body


XML = (
    "<Name>n</Name><Count>3</Count><On>true</On><At>2024-02-29T12:30:15Z</At><Color>red</Color>"
    "<Inner><A>x</A></Inner><Items><member><A>x</A></member></Items>"
    "<Tags><entry><key>k</key><value>v</value></entry></Tags>"
)


def test_rest_xml(tmp_path: Path) -> None:
    """XML, with timestamps in ISO 8601."""
    sent = call(everything(tmp_path, "rest-xml"), f"<Out>{XML}</Out>").decode()
    assert XML in sent


def test_query(tmp_path: Path) -> None:
    """A form with flat names, answered in XML with a wrapper."""
    answer = f"<PutThingResponse><PutThingResult>{XML}</PutThingResult></PutThingResponse>"
    sent = parse_qs(call(everything(tmp_path, "query"), answer).decode())
    assert sent["Action"] == ["PutThing"]
    assert (sent["Inner.A"], sent["Items.member.1.A"], sent["At"]) == (["x"], ["x"], ["2024-02-29T12:30:15Z"])
    assert (sent["Tags.entry.1.key"], sent["Tags.entry.1.value"]) == (["k"], ["v"])


def test_the_protocol_that_all_botocores_know_is_chosen(tmp_path: Path) -> None:
    """`metadata.protocol` may be newer than the botocore that is installed."""
    metadata = {"protocol": "smithy-rpc-v2-cbor", "protocols": ["smithy-rpc-v2-cbor", "json"]}
    model = spec(
        shapes={"In": support.structure({"A": "String"})},
        operations={"PutX": operation("In")},
        metadata=metadata,
    )
    client, server = connect(generate_package(tmp_path, model))
    client.put_x(a="b")
    assert server.bodies == [{"A": "b"}]


def test_the_model_for_botocore_has_no_texts(tmp_path: Path) -> None:
    """Documentation is left out, but a member that is called `documentation` is not."""
    members: dict[str, str | Json] = {
        "documentation": {"shape": "String", "documentation": "<p>Told.</p>"},
        "deprecatedMessage": "String",
    }
    package, _ = putting(tmp_path, members)
    client, server = connect(package)
    client.put_thing(documentation="a", deprecated_message="b")
    assert server.bodies == [{"documentation": "a", "deprecatedMessage": "b"}]
    assert "Told" not in generated(package, "_generated/service-2.json")
    assert "Told." in generated(package, "models/put_thing.py")
