"""Components of a botocore session that know less than its own, or do less, and are quicker for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from datasync_sdk._runtime.values import parse_timestamp


@cache
def parsers(plain_json: bool) -> Any:
    """Response parsers of botocore, with quick timestamps; plain JSON is not even looked at."""
    from botocore.parsers import JSONParser, ResponseParserFactory

    class PlainJSONParser(JSONParser):  # type: ignore[misc]  # botocore has no types
        def _handle_json_body(self, raw_body: Any, shape: Any) -> Any:
            body = self._parse_body_as_json(raw_body)
            return body if isinstance(body, dict) else super()._handle_json_body(raw_body, shape)

    class Factory(ResponseParserFactory):  # type: ignore[misc]  # nor here
        def create_parser(self, protocol_name: str) -> Any:
            if plain_json and protocol_name == "json":
                return PlainJSONParser(timestamp_parser=timestamp_or_theirs)
            return super().create_parser(protocol_name)

    factory = Factory()
    factory.set_parser_defaults(timestamp_parser=timestamp_or_theirs)
    return factory


def regional_endpoints(session: Any) -> Any:
    """An endpoint resolver of botocore, knowing every partition and Region and no service in particular."""
    from botocore.regions import EndpointResolver

    known = session.get_component("data_loader").load_data("partitions")["partitions"]
    partitions = [
        {
            "partition": partition["id"],
            "partitionName": partition["id"],
            "dnsSuffix": partition["outputs"]["dnsSuffix"],
            "regionRegex": partition["regionRegex"],
            "regions": partition["regions"],
            "services": {},
            "defaults": endpoint_defaults(partition["outputs"]),
        }
        for partition in known
    ]
    return EndpointResolver({"partitions": partitions}, uses_builtin_data=True)


def endpoint_defaults(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """What endpoints of a partition look like, in the words of botocore's `endpoints.json`."""
    suffixes = {
        ("fips",): outputs["dnsSuffix"],
        ("dualstack", "fips"): outputs["dualStackDnsSuffix"],
        ("dualstack",): outputs["dualStackDnsSuffix"],
    }
    variants = [
        {
            "dnsSuffix": suffix,
            "hostname": f"{{service}}{'-fips' if 'fips' in tags else ''}.{{region}}.{{dnsSuffix}}",
            "tags": list(tags),
        }
        for tags, suffix in suffixes.items()
    ]
    return {
        "hostname": "{service}.{region}.{dnsSuffix}",
        "protocols": ["https"],
        "signatureVersions": ["v4"],
        "variants": variants,
    }


def timestamp_or_theirs(value: Any) -> datetime:
    """A UTC datetime; botocore is asked about forms that the quick parser does not know."""
    try:
        return parse_timestamp(value)
    except (TypeError, ValueError, OverflowError, OSError):
        from botocore.utils import parse_timestamp as theirs

        parsed: datetime = theirs(value)
        return parsed


def user_agent() -> Any:
    """Botocore's User-Agent, composed once a client.

    botocore composes it twice a call, which is a fifth of the time of a call in which nothing waits.
    """
    from botocore.useragent import UserAgentString

    class OnceUserAgent(UserAgentString):  # type: ignore[misc]  # botocore has no types
        _text: str | None = None

        def with_client_config(self, client_config: Any) -> Any:
            agent = super().with_client_config(client_config)
            agent._text = None  # noqa: SLF001  # its own class
            return agent

        def to_string(self) -> Any:
            if self._text is None:
                self._text = super().to_string()
            return self._text

    return OnceUserAgent.from_environment()
