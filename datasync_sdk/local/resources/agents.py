"""Agents: activated, described, renamed, deleted, listed.

An agent moves no files here. It is what locations name, what executions wait for, and what a test switches
off: `service.faults.agent_offline(arn)`.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any, Final

from attrs import evolve

from datasync_sdk import models as m
from datasync_sdk._runtime.version import VERSION
from datasync_sdk.local.refusals import Refusal, not_found
from datasync_sdk.local.resources.listing import page_of
from datasync_sdk.local.resources.tags import tags_of
from datasync_sdk.local.state import Handlers, Kind, Resource, State

__all__ = ["HANDLERS", "agents_of_location", "refuse_unknown_agents"]

PLATFORM: Final = m.Platform(version=f"datasync-sdk local {VERSION}")

OUT_OF_CONTACT: Final = timedelta(minutes=5)
"""How long the service has not heard of an agent at least, when it says OFFLINE."""


def create_agent(state: State, request: m.CreateAgentRequest) -> m.CreateAgentResponse:
    """Activate an agent."""
    tags = tags_of(request.tags)
    arn = state.names.new("agent", "agent")
    use_key(state, request.activation_key, arn)
    network = m.PrivateLinkConfig(
        vpc_endpoint_id=request.vpc_endpoint_id,
        subnet_arns=request.subnet_arns,
        security_group_arns=request.security_group_arns,
    )
    is_private = network != m.PrivateLinkConfig()
    described = m.DescribeAgentResponse(
        agent_arn=arn,
        name=request.agent_name or None,
        creation_time=state.clock.now(),
        endpoint_type=m.EndpointType.PRIVATE_LINK if is_private else m.EndpointType.PUBLIC,
        private_link_config=network if is_private else None,
        platform=PLATFORM,
    )
    state.store.add(Resource(arn=arn, kind=Kind.AGENT, described=described), tags)
    return m.CreateAgentResponse(agent_arn=arn)


def use_key(state: State, key: str, arn: str) -> None:
    """Remember that an activation key was used, and by which agent; not the key itself.

    Raises:
        Refusal: it was used before.
    """
    fact = f"activation-key:{hashlib.sha256(key.encode()).hexdigest()}"
    if state.store.fact(fact) is not None:
        raise Refusal(
            message="The activation key was used before, and each is for one agent: give another one. "
            "Here, any five groups of five letters and digits are a key.",
            error_code="InvalidActivationKey",
        )
    state.store.tell(fact, arn)


def find_agent(state: State, arn: str) -> Resource[m.DescribeAgentResponse]:
    """The agent of an ARN."""
    return state.find(arn, m.DescribeAgentResponse, "Agent")


def describe_agent(state: State, request: m.DescribeAgentRequest) -> m.DescribeAgentResponse:
    """What an agent is, and whether it is on at this moment."""
    agent = find_agent(state, request.agent_arn).described
    return evolve(
        agent,
        status=status(state, agent.agent_arn),
        last_connection_time=last_connection(state, agent),
    )


def status(state: State, arn: str) -> m.AgentStatus:
    """Whether an agent is on."""
    return m.AgentStatus.OFFLINE if state.faults.is_offline(arn) else m.AgentStatus.ONLINE


def last_connection(state: State, agent: m.DescribeAgentResponse) -> datetime | None:
    """When an agent was last heard of: now, or as long ago as one that is offline must be."""
    now = state.clock.now()
    if not state.faults.is_offline(agent.agent_arn) or agent.creation_time is None:
        return now
    return max(agent.creation_time, now - OUT_OF_CONTACT)


def update_agent(state: State, request: m.UpdateAgentRequest) -> m.UpdateAgentResponse:
    """Rename an agent."""
    agent = find_agent(state, request.agent_arn)
    if request.name is not None:
        state.store.replace(agent.changed(evolve(agent.described, name=request.name or None)))
    return m.UpdateAgentResponse()


def delete_agent(state: State, request: m.DeleteAgentRequest) -> m.DeleteAgentResponse:
    """Delete an agent, unless a location is reached by it."""
    agent = find_agent(state, request.agent_arn)
    users = [
        location.arn
        for location in state.store.list(Kind.LOCATION)
        if agent.arn in agents_of_location(location.described)
    ]
    if users:
        raise Refusal(
            message=f"Agent {agent.arn} is in use by locations: {', '.join(users[:10])}. Delete them first.",
            error_code="AgentInUse",
        )
    state.store.delete(agent.arn)
    return m.DeleteAgentResponse()


def list_agents(state: State, request: m.ListAgentsRequest) -> m.ListAgentsResponse:
    """The agents, "ordered by the agents' Amazon Resource Names (ARNs)", a page at a time."""
    agents = sorted(state.store.list(Kind.AGENT), key=lambda agent: agent.arn)
    page = page_of(state, request, agents, key=lambda agent: agent.arn)
    entries = tuple(
        m.AgentListEntry(
            agent_arn=agent.arn,
            name=agent.described.name,
            status=status(state, agent.arn),
            platform=agent.described.platform,
        )
        for agent in page.items
    )
    return m.ListAgentsResponse(agents=entries, next_token=page.next_token)


def agents_of_location(described: Any) -> tuple[str, ...]:
    """The agents by which a location is reached, from its description or the request that makes it."""
    holder = getattr(described, "on_prem_config", None) or described
    return getattr(holder, "agent_arns", None) or ()


def refuse_unknown_agents(state: State, arns: tuple[str, ...]) -> None:
    """Refuse agents that do not exist.

    Raises:
        Refusal: there is one.
    """
    for arn in arns:
        if state.store.find(arn, m.DescribeAgentResponse) is None:
            raise not_found("Agent", arn)


HANDLERS: Handlers = {
    m.CreateAgentRequest: create_agent,
    m.DescribeAgentRequest: describe_agent,
    m.UpdateAgentRequest: update_agent,
    m.DeleteAgentRequest: delete_agent,
    m.ListAgentsRequest: list_agents,
}
