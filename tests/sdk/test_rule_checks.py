"""What a client does with rules of the documentation, beside the form of the model."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from datasync_sdk import Client, errors, filters
from datasync_sdk import models as m
from datasync_sdk._runtime.rules import rulebook
from tests.sdk import fake_client, server, worlds
from tests.sdk.fake_client import ALL_RULES, DESTINATION, ONCE, SOURCE, TASK
from tests.sdk.server import FakeService

client, make_client, service = fake_client.client, worlds.make_client, server.service

BOOK = rulebook("datasync_sdk._generated")


def new_task(**members: Any) -> m.CreateTaskRequest:
    return m.CreateTaskRequest(source_location_arn=SOURCE, destination_location_arn=DESTINATION, **members)


REMOVES_ALL = m.Options(transfer_mode="ALL", preserve_deleted_files="REMOVE")
UNLIMITED = m.Options(bytes_per_second=0)
DAILY = m.TaskSchedule(schedule_expression="daily")


def test_errors_keep_a_request_from_being_sent(client: Client, service: FakeService) -> None:
    """All at once, with those of the form; each with its rule, what to do, and AWS's sentence."""
    with pytest.raises(errors.ValidationError) as caught:
        client.send(new_task(options=REMOVES_ALL, name="n" * 300, schedule=DAILY))
    assert service.received == []
    found = caught.value.violations
    assert [(v.rule, v.path) for v in found] == [
        ("max", "Name"),
        ("OPT-27", "Options.TransferMode"),
        ("SCH-02", "Schedule.ScheduleExpression"),
    ]
    coupled = found[1]
    assert coupled.quote == "If you set this parameter to REMOVE, you can't set TransferMode to ALL."
    assert "use CHANGED" in coupled.message
    assert "'daily' is not a valid schedule" in found[2].message
    text = str(caught.value)
    for violation in found[1:]:
        assert f'AWS says: "{violation.quote}"' in text
        assert str(violation.documentation) in text
    assert "OPT-56" not in text  # a warning, which would not keep it from being sent


def test_warnings_are_logged_once_and_sent(
    client: Client, service: FakeService, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="datasync_sdk"):
        for _ in range(3):
            client.send(new_task(options=UNLIMITED))
        client.send(m.UpdateTaskRequest(task_arn=TASK, options=UNLIMITED))
    assert len(service.received) == 4
    messages = [record.getMessage() for record in caplog.records]
    assert [(record.name, record.levelname) for record in caplog.records] == [("datasync_sdk", "WARNING")] * 2
    assert [message.partition(":")[0] for message in messages] == ["CreateTaskRequest", "UpdateTaskRequest"]
    for message in messages:
        assert "Options.BytesPerSecond: what 0 means" in message
        assert "[OPT-35] (https://docs.aws.amazon.com/datasync/latest/userguide/" in message


def test_another_client_warns_for_itself(service: FakeService, caplog: pytest.LogCaptureFixture) -> None:
    service.answers({"TaskArn": TASK})
    for _ in range(2):
        with Client("eu-west-1", endpoint_url=service.url, config=ONCE) as made:
            made.send(new_task(options=UNLIMITED))
    assert len(caplog.records) == 2


def test_warnings_of_a_request_that_is_not_sent_are_kept(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """They are told when it is sent, as they then are news."""
    both = new_task(
        options=m.Options(bytes_per_second=0, transfer_mode="ALL", preserve_deleted_files="REMOVE")
    )
    with pytest.raises(errors.ValidationError):
        client.send(both)
    assert caplog.records == []
    client.send(new_task(options=UNLIMITED))
    assert len(caplog.records) == 1


def test_check_finds_errors_and_warnings(client: Client, service: FakeService) -> None:
    service.received.clear()
    found = client.check(
        new_task(options=REMOVES_ALL, schedule=m.TaskSchedule(schedule_expression="rate(1 day)"))
    )
    assert {(v.rule, v.severity) for v in found} == {("OPT-27", "error"), ("OPT-56", "warning")}
    assert service.received == []


def test_rules_are_switched_off_by_id(service: FakeService, caplog: pytest.LogCaptureFixture) -> None:
    service.answers({"TaskArn": TASK})
    with Client("eu-west-1", endpoint_url=service.url, config=ONCE, ignored_rules=["OPT-27"]) as made:
        assert made.check(new_task(options=REMOVES_ALL)) == ()
        made.send(new_task(options=REMOVES_ALL))
        assert [v.rule for v in made.check(new_task(options=UNLIMITED))] == ["OPT-35"]
    ignored = iter(["OPT-35", "FLT-02"])
    with Client("eu-west-1", endpoint_url=service.url, config=ONCE, ignored_rules=ignored) as made:
        made.send(new_task(options=UNLIMITED, includes=filters.include("/a") * 2))
        assert made.check(new_task(options=UNLIMITED, includes=filters.include("/a") * 2)) == ()
    assert caplog.records == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["OPT-99"], "there is no rule 'OPT-99' that is checked; did you mean"),
        (["opt-27"], "there is no rule 'opt-27'"),
        (["max"], "there is no rule 'max'"),
        ("OPT-27", "must be a list of ids"),
        (None, "must be a list of ids"),
        ([1, "OPT-27"], "must be a list of ids"),
        ([["OPT-27"]], "must be a list of ids"),
    ],
)
def test_a_rule_that_is_none_cannot_be_switched_off(wrong: Any, said: str) -> None:
    with pytest.raises(errors.ConfigurationError, match=said):
        Client("eu-west-1", ignored_rules=wrong)


def test_all_rules_can_be_switched_off(service: FakeService) -> None:
    """The form of the model is still checked."""
    service.answers({"TaskArn": TASK})
    with Client("eu-west-1", endpoint_url=service.url, config=ONCE, ignored_rules=ALL_RULES) as made:
        made.send(new_task(options=REMOVES_ALL))
        assert [v.rule for v in made.check(new_task(name="n" * 300))] == ["max"]


def test_without_validation_anything_is_sent(service: FakeService, caplog: pytest.LogCaptureFixture) -> None:
    service.answers({"TaskArn": TASK})
    with Client("eu-west-1", endpoint_url=service.url, config=ONCE, validate=False) as made:
        made.send(new_task(options=REMOVES_ALL, schedule=DAILY))
        assert {v.rule for v in made.check(new_task(options=REMOVES_ALL))} == {"OPT-27"}
    assert caplog.records == []


def test_a_limit_with_a_rule_says_both(client: Client) -> None:
    """What the model limits, and what AWS's documentation and this project say of it."""
    (found,) = client.check(new_task(includes=filters.include("/a") * 2))
    assert (found.rule, found.path, found.severity) == ("FLT-02", "Includes", "error")
    assert found.message.startswith("has 2 elements; at most 1 are allowed; join patterns with |")
    assert found.quote == "The list contains a single filter string that consists of the patterns to exclude."


def test_secrets_are_not_in_messages(client: Client) -> None:
    request = m.CreateAgentRequest(activation_key="open-sesame")  # made up
    (found,) = client.check(request)
    assert found.rule == "AGT-15"
    assert "sesame" not in f"{found} {found!r}"


@pytest.mark.parametrize("rule", BOOK, ids=str)
def test_every_rule_says_what_it_must(rule: str) -> None:
    entry = BOOK[rule]
    assert entry.documentation.startswith("https://docs.aws.amazon.com/datasync/latest/userguide/API_")
    assert entry.page == f"docs/reference/rules.md#{rule.lower()}"
    assert entry.message or entry.of_trait
    assert entry.severity in ("error", "warning")


def test_clearing_is_allowed_and_sent(client: Client, service: FakeService) -> None:
    """An empty structure, text or list removes what a task has: no rule is against it, and it is sent."""
    request = m.UpdateTaskRequest(
        task_arn=TASK,
        manifest_config=m.ManifestConfig(),
        task_report_config=m.TaskReportConfig(),
        schedule=m.TaskSchedule(schedule_expression=""),
        includes=(),
        excludes=[],
    )
    assert client.check(request) == ()
    client.send(request)
    assert service.last.body == {
        "TaskArn": TASK,
        "ManifestConfig": {},
        "TaskReportConfig": {},
        "Schedule": {"ScheduleExpression": ""},
        "Includes": [],
        "Excludes": [],
    }
    empty = {"kms_key_arn": ""}
    secret = m.CmkSecretConfig(**empty)
    own = m.CustomSecretConfig(secret_arn="", secret_access_role_arn="")
    efs = m.UpdateLocationEfsRequest(location_arn=SOURCE, access_point_arn="", file_system_access_role_arn="")
    windows = m.UpdateLocationFsxWindowsRequest(location_arn=SOURCE, domain="", cmk_secret_config=secret)
    anonymous = m.UpdateLocationObjectStorageRequest(
        location_arn=SOURCE, access_key="", secret_key="", custom_secret_config=own
    )
    for update in (efs, windows, anonymous):
        assert client.check(update) == ()


class Odd:
    """Something that compares to nothing, as arrays do."""

    def __eq__(self, other: object) -> bool:
        raise ValueError("ambiguous")

    __hash__ = None  # type: ignore[assignment]  # as arrays have none


def test_values_of_wrong_types_are_not_held_against_rules(client: Client) -> None:
    """Rules could say anything of them, or fail; once the types are right, they are asked."""
    odd: Any = Odd()
    found = client.check(new_task(options=m.Options(bytes_per_second=odd, transfer_mode="ALL")))
    assert [(v.rule, v.path) for v in found] == [("type", "Options.BytesPerSecond")]
    assert [v.rule for v in client.check(m.ListTasksRequest(max_results=odd))] == ["type"]


def test_very_long_numbers(client: Client) -> None:
    for number in (10**400, 10**5000, -(10**5000)):
        (found,) = client.check(m.ListTasksRequest(max_results=number))
        assert found.message.startswith("is a very long number; the ")


def test_addresses_with_secrets_are_not_shown(service: FakeService) -> None:
    """Neither by the rule nor, when strict, by the pattern beside it."""
    secret = "https://account.blob.core.windows.net/container?sv=2024&sig=open-sesame"  # made up
    blob = m.CreateLocationAzureBlobRequest(container_url=secret, authentication_type="NONE")
    server = m.CreateLocationObjectStorageRequest(server_hostname="me:sesame@host", bucket_name="b")
    for validate in (True, "strict"):
        with Client("eu-west-1", endpoint_url=service.url, validate=validate) as made:  # type: ignore[arg-type]
            for request, rule in ((blob, "AZ-10"), (server, "OBJ-14")):
                found = made.check(request)
                assert rule in [violation.rule for violation in found]
                assert "sesame" not in f"{found} {errors.ValidationError('Any', found)}"
