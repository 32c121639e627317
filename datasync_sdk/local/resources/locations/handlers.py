"""What all types of locations have in common: how they are made, described, changed, deleted and listed."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from attrs import evolve, fields

from datasync_sdk import models as m
from datasync_sdk._runtime.structures import Structure
from datasync_sdk.defaults import effective
from datasync_sdk.local.places.uris import LocationUri
from datasync_sdk.local.refusals import Refusal, not_found
from datasync_sdk.local.resources.agents import agents_of_location, refuse_unknown_agents
from datasync_sdk.local.resources.list_filters import location_filter
from datasync_sdk.local.resources.listing import page
from datasync_sdk.local.resources.locations import addresses
from datasync_sdk.local.resources.locations.credentials import secret_arn, with_credentials
from datasync_sdk.local.resources.locations.families import FAMILIES, Family
from datasync_sdk.local.resources.tags import tags_of
from datasync_sdk.local.resources.tasks import agents_of, find_task
from datasync_sdk.local.state import Handlers, Kind, Resource, State

__all__ = ["HANDLERS"]

ASIDE: Final = frozenset(
    # The service makes some of these, and the others may hold credentials.
    {
        "cmk_secret_config",
        "creation_time",
        "custom_secret_config",
        "location_arn",
        "location_uri",
        "managed_secret_config",
        "protocol",
    }
)
"""Members of descriptions that are not taken from a request as they are."""


def create(family: Family, state: State, request: Any) -> Any:
    """Make a location, if it can be reached."""
    tags = tags_of(request.tags)
    made = effective(request).value
    refuse_unknown_agents(state, agents_of_location(made))
    arn = state.names.new("location", "loc")
    uri = reached(state, family, made)
    blank = family.shape("DescribeLocation{}Response")(
        location_arn=arn, location_uri=str(uri), creation_time=state.clock.now()
    )
    described = after(family, state, blank, made)
    state.store.add(Resource(arn=arn, kind=Kind.LOCATION, described=described), tags)
    return family.shape("CreateLocation{}Response")(location_arn=arn)


def describe(family: Family, state: State, request: Any) -> Any:
    """What a location is."""
    return find(family, state, request.location_arn).described


def update(family: Family, state: State, request: Any) -> Any:
    """Change what is given. What is given as an empty text or list is removed."""
    found = find(family, state, request.location_arn)
    refuse_unknown_agents(state, agents_of_location(request))
    before = LocationUri.parse(found.described.location_uri)
    uri = reached(state, family, request, before)
    described = after(family, state, found.described, request)
    state.store.replace(found.changed(evolve(described, location_uri=str(uri))))
    tell_waiting(state)
    return family.shape("UpdateLocation{}Response")()


def tell_waiting(state: State) -> None:
    """Have the executions that wait run by the agents that their locations have now."""
    for run in state.queue.waiting():
        agents = agents_of(state, find_task(state, run.task).described)
        state.store.afterwards(partial(run.reach_by, agents))


def find(family: Family, state: State, arn: str) -> Resource[Any]:
    """A location, which must be of a type."""
    found: Resource[Any] = state.find(arn, family.shape("DescribeLocation{}Response"), family.title)
    return found


def reached(state: State, family: Family, request: Any, before: LocationUri | None = None) -> LocationUri:
    """The URI of a location after a request, whose folder must be there if the URI is new.

    Raises:
        Refusal: it is not, or the request has names that no folder can have.
    """
    try:
        uri = addresses.uri(request) if before is None else family.moved(before, request)
    except ValueError as error:
        raise Refusal(message=f"Invalid location: {error}.") from None
    if uri != before:
        state.folders.place(str(uri), make=state.folders.create)
    return uri


def after(family: Family, state: State, described: Any, request: Any) -> Any:
    """The description of a location after a request that makes or changes it."""
    secret = secret_arn(state.names, described.location_arn)
    changed = told(described, request)
    if family.credentials is not None:
        changed = with_credentials(changed, request, family.credentials, secret)
    return family.settled(changed, request, secret)


def told(described: Any, request: Any) -> Any:
    """A description with what a request says of the same members."""
    changes = {}
    for attribute in fields(type(described)):
        given = getattr(request, attribute.name, None)
        if given is not None and attribute.name not in ASIDE:
            changes[attribute.name] = merged(getattr(described, attribute.name), given)
    return evolve(described, **changes)


def merged(before: Any, given: Any) -> Any:
    """A member after a request that gives it: in a structure, what it leaves out stays as it is."""
    if given in ("", b"", ()):
        return None
    cls: Any = type(given)
    if not issubclass(cls, Structure) or type(before) is not cls:
        return given
    members = {attribute.name: getattr(given, attribute.name) for attribute in fields(cls)}
    changes = {
        name: merged(getattr(before, name), value) for name, value in members.items() if value is not None
    }
    return evolve(before, **changes)


def delete(state: State, request: m.DeleteLocationRequest) -> m.DeleteLocationResponse:
    """Delete a location, unless a task uses it. Its files stay."""
    arn = request.location_arn
    location = state.store.get(arn)
    if location is None or location.kind is not Kind.LOCATION:
        raise not_found("Location", arn)
    users = [
        task.arn
        for task in state.store.list(Kind.TASK)
        if arn in {task.described.source_location_arn, task.described.destination_location_arn}
    ]
    if users:
        raise Refusal(
            message=f"Location {arn} is in use by the tasks {', '.join(users[:10])}. Delete them first.",
            error_code="LocationInUse",
        )
    state.store.delete(arn)
    return m.DeleteLocationResponse()


def list_locations(state: State, request: m.ListLocationsRequest) -> m.ListLocationsResponse:
    """The locations that the filters let through, a page at a time."""
    found = page(state, request, Kind.LOCATION, keep=location_filter(request.filters))
    entries = tuple(
        m.LocationListEntry(location_arn=location.arn, location_uri=location.described.location_uri)
        for location in found.items
    )
    return m.ListLocationsResponse(locations=entries, next_token=found.next_token)


def _handlers() -> Handlers:
    found: Handlers = {m.DeleteLocationRequest: delete, m.ListLocationsRequest: list_locations}
    for family in FAMILIES:
        found[family.shape("CreateLocation{}Request")] = partial(create, family)
        found[family.shape("DescribeLocation{}Request")] = partial(describe, family)
        found[family.shape("UpdateLocation{}Request")] = partial(update, family)
    return found


HANDLERS: Final = _handlers()
