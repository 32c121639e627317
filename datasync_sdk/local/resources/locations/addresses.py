"""The URIs of locations, from the requests that make and change them.

All of it may raise a ValueError: for names that no folder can have.
"""

from __future__ import annotations

from typing import Any

from attrs import evolve

from datasync_sdk import models as m
from datasync_sdk.local.places.uris import LocationUri, segments
from datasync_sdk.locations import CreatesLocation, uri_of


def moved(uri: LocationUri, request: Any) -> LocationUri:
    """The URI after an update that has a subdirectory, and a host if it is of a server."""
    authority = getattr(request, "server_hostname", None) or uri.authority
    path = uri.path if request.subdirectory is None else segments(request.subdirectory)
    return evolve(uri, authority=authority, path=path)


def uri(request: CreatesLocation) -> LocationUri:
    """The URI of a new location."""
    return LocationUri.parse(str(uri_of(request)))


def hdfs_moved(uri: LocationUri, request: m.UpdateLocationHdfsRequest) -> LocationUri:
    """The URI after an update."""
    node = request.name_nodes[0] if request.name_nodes else None
    authority = f"{node.hostname}:{node.port}" if node else uri.authority
    return evolve(moved(uri, request), authority=authority)
