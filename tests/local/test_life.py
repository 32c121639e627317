"""What may happen to agents, locations, tasks and executions, in any order, against a simple model.

The clock is turned by the test and executions hang in LAUNCHING until they are let go, so that at each step
it is known what runs, what waits and what has ended.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import define, field
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from datasync_sdk import Client
from datasync_sdk import models as m
from datasync_sdk.errors import InvalidRequestError
from datasync_sdk.local import LocalDataSync, ManualClock

START = datetime(2026, 1, 1, tzinfo=UTC)

QUEUED, LAUNCHING = m.TaskExecutionStatus.QUEUED, m.TaskExecutionStatus.LAUNCHING
SUCCESS, ERROR = m.TaskExecutionStatus.SUCCESS, m.TaskExecutionStatus.ERROR


@define(eq=False)
class Execution:
    """What the model knows of one."""

    arn: str
    task: str
    status: m.TaskExecutionStatus = QUEUED


@define(eq=False)
class Task:
    """What the model knows of one."""

    arn: str
    name: str
    source: str
    destination: str
    executions: list[Execution] = field(factory=list)


@contextmanager
def refused(*words: str) -> Iterator[None]:
    """Expect the service to refuse, with these words in its message."""
    with pytest.raises(InvalidRequestError) as caught:
        yield
    assert any(word in caught.value.message for word in words), caught.value.message


class Life(RuleBasedStateMachine):
    """The service, and a model of it."""

    agents, locations, tasks = Bundle("agents"), Bundle("locations"), Bundle("tasks")

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="datasync-life-"))
        self.clock = ManualClock(START)
        self.keys = iter(range(10**6))
        self.living_agents: dict[str, str] = {}
        self.living_locations: dict[str, tuple[str, ...]] = {}
        self.living_tasks: dict[str, Task] = {}
        self.order: list[Execution] = []
        self.open()

    def open(self) -> None:
        """Open the service, in which whatever is started hangs."""
        self.service = LocalDataSync(self.root, clock=self.clock)
        self.service.faults.hang("LAUNCHING")
        self.client: Client = self.service.client()

    def teardown(self) -> None:
        """Leave nothing."""
        self.client.close()
        self.service.close()
        shutil.rmtree(self.root)

    # The model's queue.

    def lanes(self, execution: Execution) -> set[str]:
        """What an execution has to have for itself."""
        task = self.living_tasks[execution.task]
        return {task.arn, *self.living_locations[task.source], *self.living_locations[task.destination]}

    def dispatch(self) -> None:
        """Let run what may."""
        taken: set[str] = set()
        for execution in self.order:
            if execution.status == QUEUED and not taken & self.lanes(execution):
                execution.status = LAUNCHING
            taken |= self.lanes(execution)

    def end(self, execution: Execution, status: m.TaskExecutionStatus) -> None:
        """An execution has ended."""
        execution.status = status
        self.order.remove(execution)

    # What may happen.

    @initialize(target=locations)
    def two_locations(self) -> object:
        """Something to make tasks of."""
        return multiple(*(self.make_location(subdirectory=f"/start{n}", agent=None) for n in range(2)))

    @rule(target=agents, name=st.sampled_from(["one", "two", ""]))
    def create_agent(self, name: str) -> str:
        """Every agent has an activation key of its own."""
        key = f"AAAAA-AAAAA-AAAAA-AAAAA-{next(self.keys):05}"
        arn = self.client.create_agent(activation_key=key, agent_name=name or None).agent_arn
        self.living_agents[arn] = name
        return arn

    @rule(agent=agents, name=st.sampled_from(["three", "four"]))
    def rename_agent(self, agent: str, name: str) -> None:
        """Unless it is gone."""
        if agent in self.living_agents:
            self.client.update_agent(agent_arn=agent, name=name)
            self.living_agents[agent] = name
        else:
            with refused("not found"):
                self.client.update_agent(agent_arn=agent, name=name)

    @rule(agent=agents)
    def delete_agent(self, agent: str) -> None:
        """Unless it is gone, or in use."""
        if agent not in self.living_agents:
            with refused("not found"):
                self.client.delete_agent(agent_arn=agent)
        elif any(agent in used for used in self.living_locations.values()):
            with refused("use"):
                self.client.delete_agent(agent_arn=agent)
        else:
            self.client.delete_agent(agent_arn=agent)
            del self.living_agents[agent]

    def make_location(self, subdirectory: str, agent: str | None) -> str:
        """A location with an agent, or one without."""
        if agent is None:
            arn = self.client.create_location_s3(
                s3_bucket_arn="arn:aws:s3:::bucket",
                subdirectory=f"{subdirectory}{next(self.keys)}",
                s3_config=m.S3Config(bucket_access_role_arn="arn:aws:iam::111222333444:role/datasync"),
            ).location_arn
        else:
            arn = self.client.create_location_nfs(
                server_hostname="server",
                subdirectory=f"{subdirectory}{next(self.keys)}",
                on_prem_config=m.OnPremConfig(agent_arns=[agent]),
            ).location_arn
        self.living_locations[arn] = () if agent is None else (agent,)
        return arn

    @rule(target=locations, agent=st.one_of(st.none(), agents), name=st.sampled_from(["/a", "/b", "/c/d"]))
    def create_location(self, agent: str | None, name: str) -> object:
        """With an agent that is there, or without one."""
        if agent is not None and agent not in self.living_agents:
            with refused("not found", "does not exist"):
                self.make_location(name, agent)
            return multiple()
        return self.make_location(name, agent)

    @rule(location=locations)
    def delete_location(self, location: str) -> None:
        """Unless it is gone, or in use."""
        if location not in self.living_locations:
            with refused("not found"):
                self.client.delete_location(location_arn=location)
        elif any(location in (task.source, task.destination) for task in self.living_tasks.values()):
            with refused("use"):
                self.client.delete_location(location_arn=location)
        else:
            self.client.delete_location(location_arn=location)
            del self.living_locations[location]

    @rule(target=tasks, source=locations, destination=locations, name=st.sampled_from(["x", "y"]))
    def create_task(self, source: str, destination: str, name: str) -> object:
        """Of locations that are there."""
        if source == destination:
            return multiple()  # Such a task fails, as test_executions.py shows.
        if {source, destination} - self.living_locations.keys():
            with refused("not found"):
                self.client.create_task(source_location_arn=source, destination_location_arn=destination)
            return multiple()
        arn = self.client.create_task(
            source_location_arn=source, destination_location_arn=destination, name=name
        ).task_arn
        self.living_tasks[arn] = Task(arn, name, source, destination)
        return arn

    @rule(task=tasks, name=st.sampled_from(["z", "w"]))
    def update_task(self, task: str, name: str) -> None:
        """Unless it is gone."""
        if task in self.living_tasks:
            self.client.update_task(task_arn=task, name=name)
            self.living_tasks[task].name = name
        else:
            with refused("not found"):
                self.client.update_task(task_arn=task, name=name)

    @rule(task=tasks)
    def delete_task(self, task: str) -> None:
        """Unless it is gone, or busy. Its executions go with it."""
        if task not in self.living_tasks:
            with refused("not found"):
                self.client.delete_task(task_arn=task)
        elif any(execution.task == task for execution in self.order):
            with refused("running"):
                self.client.delete_task(task_arn=task)
        else:
            self.client.delete_task(task_arn=task)
            del self.living_tasks[task]

    @rule(task=tasks, queueing=st.sampled_from(["ENABLED", "DISABLED", None]))
    def start(self, task: str, queueing: str | None) -> None:
        """It runs, waits or is refused."""
        options = m.Options(task_queueing=queueing) if queueing else None
        if task not in self.living_tasks:
            with refused("not found"):
                self.client.start_task_execution(task_arn=task)
            return
        execution = Execution("", task)
        busy = any(self.lanes(execution) & self.lanes(other) for other in self.order)
        if busy and queueing == "DISABLED":
            with refused("running", "runs already"):
                self.client.start_task_execution(task_arn=task, override_options=options)
            return
        started = self.client.start_task_execution(task_arn=task, override_options=options)
        execution.arn = started.task_execution_arn
        self.living_tasks[task].executions.append(execution)
        self.order.append(execution)
        self.dispatch()

    @rule(task=tasks, number=st.integers(0, 3))
    def cancel(self, task: str, number: int) -> None:
        """Something that runs, waits, or has ended."""
        executions = self.living_tasks[task].executions if task in self.living_tasks else []
        if number >= len(executions):
            return
        execution = executions[number]
        if execution.status in (SUCCESS, ERROR):
            with refused("ended"):
                self.client.cancel_task_execution(task_execution_arn=execution.arn)
        else:
            self.client.cancel_task_execution(task_execution_arn=execution.arn)
            self.end(execution, ERROR)
            self.dispatch()

    @rule()
    def let_go(self) -> None:
        """All that runs and waits comes to its end, one after another."""
        self.service.faults.release()
        self.clock.settle()
        for execution in list(self.order):
            self.end(execution, SUCCESS)
        self.service.faults.hang("LAUNCHING")

    @rule()
    def restart(self) -> None:
        """What ran has failed; what waited runs then."""
        self.client.close()
        self.service.close()
        for execution in list(self.order):
            self.end(execution, ERROR if execution.status == LAUNCHING else SUCCESS)
        self.open_without_faults()

    def open_without_faults(self) -> None:
        """Open the service and let all that waited run."""
        self.service = LocalDataSync(self.root, clock=self.clock)
        self.client = self.service.client()
        self.clock.settle()
        self.service.faults.hang("LAUNCHING")

    @rule(minutes=st.integers(0, 100))
    def let_time_pass(self, minutes: int) -> None:
        """Nothing happens by itself."""
        self.clock.advance(timedelta(minutes=minutes))

    # What must always hold.

    @invariant()
    def what_is_there_is_what_the_model_says(self) -> None:
        """By the lists, which also say in which order things were made."""
        self.clock.settle()
        assert {
            agent.agent_arn: agent.name or "" for agent in self.client.iter_agents()
        } == self.living_agents
        assert [location.location_arn for location in self.client.iter_locations()] == list(
            self.living_locations
        )
        assert {task.task_arn: task.name for task in self.client.iter_tasks()} == {
            task.arn: task.name for task in self.living_tasks.values()
        }

    @invariant()
    def executions_stand_where_the_model_says(self) -> None:
        """Those that hang, those that wait, and those that have ended."""
        self.clock.settle()
        for task in self.living_tasks.values():
            listed = list(self.client.iter_task_executions(task_arn=task.arn))
            told = {entry.task_execution_arn: entry.status for entry in listed}
            assert told == {execution.arn: execution.status for execution in task.executions}
            described = self.client.describe_task(task_arn=task.arn)
            statuses = {execution.status for execution in task.executions}
            expected = "RUNNING" if LAUNCHING in statuses else "QUEUED" if QUEUED in statuses else "AVAILABLE"
            assert described.status == expected


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
