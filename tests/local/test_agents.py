"""Agents: what they are told to be, and what keeps them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from datasync_sdk import models as m
from datasync_sdk import unstructure
from datasync_sdk.local.clock import ManualClock
from datasync_sdk.local.refusals import Refusal
from datasync_sdk.testing import strategies
from tests.local.states import START, ask, make_agent, make_bucket, states

KEY = "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE"
NOBODY = "arn:aws:datasync:us-east-1:123456789012:agent/agent-00000000000000000"


@given(strategies.requests(m.CreateAgentRequest))
def test_an_agent_is_described_as_it_was_made(request: m.CreateAgentRequest) -> None:
    with states() as state:
        arn = ask(state, request).agent_arn
        described = ask(state, m.DescribeAgentRequest(agent_arn=arn))
        network = (request.vpc_endpoint_id, request.subnet_arns, request.security_group_arns)
        is_private = any(network)
        assert described.agent_arn == arn
        assert described.name == (request.agent_name or None)
        assert described.status == "ONLINE"
        assert described.creation_time == described.last_connection_time == START
        assert described.endpoint_type == ("PRIVATE_LINK" if is_private else "PUBLIC")
        told = described.private_link_config
        assert (told is not None) == is_private
        if told is not None:
            assert (told.vpc_endpoint_id, told.subnet_arns, told.security_group_arns) == network
        assert described.platform.version
        tags = ask(state, m.ListTagsForResourceRequest(resource_arn=arn)).tags
        assert {tag.key: tag.value for tag in tags} == {tag.key: tag.value for tag in request.tags or ()}


def test_an_activation_key_is_used_once_even_if_the_agent_is_gone() -> None:
    with states() as state:
        arn = ask(state, m.CreateAgentRequest(activation_key=KEY)).agent_arn
        with pytest.raises(Refusal, match="activation key was used before"):
            ask(state, m.CreateAgentRequest(activation_key=KEY))
        ask(state, m.DeleteAgentRequest(agent_arn=arn))
        with pytest.raises(Refusal, match="activation key was used before"):
            ask(state, m.CreateAgentRequest(activation_key=KEY))
        assert ask(state, m.CreateAgentRequest(activation_key=KEY.replace("E", "F"))).agent_arn != arn


def test_the_activation_key_is_not_kept(tmp_path: Path) -> None:
    with states(tmp_path) as state:
        ask(state, m.CreateAgentRequest(activation_key=KEY, agent_name="found-in-the-file"))
    kept = b"".join(path.read_bytes() for path in (tmp_path / ".datasync").iterdir())
    assert b"found-in-the-file" in kept
    assert KEY.encode() not in kept


def test_a_refused_agent_does_not_use_up_its_key() -> None:
    tag = m.TagListEntry(key="aws:x", value="y")
    with states() as state:
        with pytest.raises(Refusal, match="reserved"):
            ask(state, m.CreateAgentRequest(activation_key=KEY, tags=[tag]))
        assert ask(state, m.CreateAgentRequest(activation_key=KEY)).agent_arn


def test_an_agent_goes_offline_and_comes_back() -> None:
    with states() as state:
        arn = make_agent(state)
        assert isinstance(state.clock, ManualClock)
        state.clock.advance(timedelta(minutes=2))
        state.faults.agent_offline(arn)
        offline = ask(state, m.DescribeAgentRequest(agent_arn=arn))
        assert (offline.status, offline.last_connection_time) == ("OFFLINE", START)
        state.clock.advance(timedelta(hours=1))
        offline = ask(state, m.DescribeAgentRequest(agent_arn=arn))
        assert offline.last_connection_time == START + timedelta(minutes=57)
        assert ask(state, m.ListAgentsRequest()).agents[0].status == "OFFLINE"
        state.faults.agent_online(arn)
        online = ask(state, m.DescribeAgentRequest(agent_arn=arn))
        assert (online.status, online.last_connection_time) == ("ONLINE", state.clock.now())


def test_an_agent_is_renamed() -> None:
    with states() as state:
        arn = make_agent(state, agent_name="old")
        before = ask(state, m.DescribeAgentRequest(agent_arn=arn))
        ask(state, m.UpdateAgentRequest(agent_arn=arn, name="new"))
        assert ask(state, m.DescribeAgentRequest(agent_arn=arn)) == evolve(before, name="new")
        ask(state, m.UpdateAgentRequest(agent_arn=arn))
        assert ask(state, m.DescribeAgentRequest(agent_arn=arn)).name == "new"
        ask(state, m.UpdateAgentRequest(agent_arn=arn, name=""))
        assert "Name" not in unstructure(ask(state, m.DescribeAgentRequest(agent_arn=arn)))


def test_an_agent_that_locations_use_is_not_deleted() -> None:
    with states() as state:
        used, other = make_agent(state, 1), make_agent(state, 2)
        location = ask(
            state,
            m.CreateLocationNfsRequest(
                server_hostname="nas",
                subdirectory="/",
                on_prem_config=m.OnPremConfig(agent_arns=[used]),
            ),
        ).location_arn
        with pytest.raises(Refusal, match=f"in use by locations: {location}"):
            ask(state, m.DeleteAgentRequest(agent_arn=used))
        ask(state, m.DeleteAgentRequest(agent_arn=other))
        ask(state, m.DeleteLocationRequest(location_arn=location))
        ask(state, m.DeleteAgentRequest(agent_arn=used))
        assert ask(state, m.ListAgentsRequest()).agents == ()


@pytest.mark.parametrize("cls", [m.DescribeAgentRequest, m.UpdateAgentRequest, m.DeleteAgentRequest])
def test_what_is_no_agent_is_not_found(cls: type[m.DescribeAgentRequest]) -> None:
    with states() as state:
        for arn in (NOBODY, make_bucket(state)):
            with pytest.raises(Refusal, match=f"Agent {arn} is not found"):
                ask(state, cls(agent_arn=arn))


@given(st.integers(0, 12), st.integers(1, 5))
def test_agents_are_listed_by_their_arns(number: int, size: int) -> None:
    with states() as state:
        made = [make_agent(state, each, agent_name=f"agent {each}") for each in range(number)]
        found: list[m.AgentListEntry] = []
        token = None
        for _ in range(number + 1):
            page = ask(state, m.ListAgentsRequest(max_results=size, next_token=token))
            assert len(page.agents) <= size
            found.extend(page.agents)
            token = page.next_token
            if token is None:
                break
        assert [agent.agent_arn for agent in found] == sorted(made)
        assert {agent.name for agent in found} == {f"agent {each}" for each in range(number)}
