"""Rules that hold are generated from; those that do not are named in one line, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from codegen.jobs import service_job
from codegen.pipeline import Job, generate, load
from codegen.rules.file import Rules
from tests.codegen.support import operation, refused, spec, structure, write_spec

KEY = "The <b>key</b>\n of your   agent."
RULED = spec(
    shapes={
        "GetThingRequest": structure({"Key": {"shape": "Key", "documentation": KEY}}),
        "GetThingResponse": structure({"Arn": {"shape": "String", "documentation": "<p>The ARN.</p>"}}),
        "Key": {"type": "string", "documentation": "A key to a door."},
    },
    operations={"GetThing": operation("GetThingRequest", "GetThingResponse")},
)
SENSITIVE = """
[[sensitive]]
shape = "Key"
reason = "It opens the door."
quoted_from = "GetThingRequest.Key"
quote = "The key of your agent."
"""
ALWAYS = """
[[always]]
reason = "All that it answers with."
[always.members]
"GetThingResponse.Arn" = "The ARN."
"""
BROKEN_RULES = {
    "section": ("[surprise]\n", "surprise: this key is not known to the generator"),
    "TOML": ("[[sensitive]\n", "is not valid TOML: "),
    "no reason": (
        SENSITIVE.replace("reason", "# reason"),
        "sensitive[0]: 'reason' is missing",
    ),
    "empty reason": (
        ALWAYS.replace("All that it answers with.", ""),
        "always[0].reason: is empty",
    ),
    "shape": (SENSITIVE.replace('"Key"', '"Lock"'), "sensitive[0].shape: the spec has no shape 'Lock'"),
    "quoted shape": (
        SENSITIVE.replace("Request.Key", "Answer.Key"),
        "sensitive[0].quoted_from: the spec has no shape 'GetThingAnswer'",
    ),
    "quoted member": (
        SENSITIVE.replace("Request.Key", "Request.Lock"),
        "sensitive[0].quoted_from: the spec has no member 'GetThingRequest.Lock'",
    ),
    "member": (
        ALWAYS.replace("Arn", "Id"),
        "always[0].members: the spec has no member 'GetThingResponse.Id'",
    ),
    "quotation": (
        SENSITIVE.replace("your agent", "my agent"),
        (
            "sensitive[0].quoted_from: the documentation of GetThingRequest.Key no longer says"
            " 'The key of my agent.'; it says 'The key of your agent.'"
        ),
    ),
    "quotation of a member": (
        ALWAYS.replace("The ARN", "An ARN"),
        (
            "always[0].members: the documentation of GetThingResponse.Arn no longer says 'An ARN.';"
            " it says 'The ARN.'"
        ),
    ),
}

CLIENT = '[client]\nreason = "It says so."\n'
BROKEN_RULES |= {
    "sensitive": ("sensitive = 3\n", "sensitive: holds a whole number, not a list"),
    "an entry of sensitive": ("sensitive = [3]\n", "sensitive[0]: holds a whole number, not an object"),
    "always": ('always = "x"\n', "always: holds a text, not a list"),
    "modules": ("modules = 3\n", "modules: holds a whole number, not an object"),
    "client": ("client = []\n", "client: holds a list, not an object"),
    "a date": ("modules = 2020-01-01\n", "modules: holds date, not an object"),
    "a module": ("[modules]\nGetThing = 3\n", "modules.GetThing: holds a whole number, not a text"),
    "a key": (
        SENSITIVE + SENSITIVE.replace("quote =", "qoute ="),
        "sensitive[1].qoute: this key is not known to the generator",
    ),
    "no quotation": (SENSITIVE.replace("quote =", "# "), "sensitive[0]: 'quote' is missing"),
    "empty quotation": (SENSITIVE.replace("The key of your agent.", " "), "sensitive[0].quote: is empty"),
    "quotation that is no text": (
        SENSITIVE.replace('"The key of your agent."', "3"),
        "sensitive[0].quote: holds a whole number, not a text",
    ),
    "no shape": (SENSITIVE.replace("shape =", "# "), "sensitive[0]: 'shape' is missing"),
    "empty place": (SENSITIVE.replace("GetThingRequest.Key", ""), "sensitive[0].quoted_from: is empty"),
    "no members": ('[[always]]\nreason = "So."\n', "always[0]: 'members' is missing"),
    "empty members": ('[[always]]\nreason = "So."\nmembers = {}\n', "always[0].members: is empty"),
    "list of members": (
        '[[always]]\nreason = "So."\nmembers = ["GetThingResponse.Arn"]\n',
        "always[0].members: holds a list, not an object",
    ),
    "empty quotation of a member": (
        ALWAYS.replace("The ARN.", ""),
        "always[0].members.GetThingResponse.Arn: is empty",
    ),
    "a key of always": (
        ALWAYS.replace("reason", "shape = 'Key'\nreason"),
        "always[0].shape: this key is not known to the generator",
    ),
    "a key of the client": (
        CLIENT + "surprise = 1\n",
        "client.surprise: this key is not known to the generator",
    ),
    "no reason of the client": ("[client]\nregional_endpoints = true\n", "client: 'reason' is missing"),
    "endpoints": (
        CLIENT + "regional_endpoints = 1\n",
        "client.regional_endpoints: holds a whole number, not",
    ),
    "a beginning of nothing": (
        '[modules]\nThing = "thing"\nThings = "thing"\n',
        "modules.Things: no structure and no operation's noun begins so",
    ),
    "a line break": (
        '[modules]\n"a\\nb" = "thing"\n',
        "modules.'a\\nb': no structure and no operation's noun",
    ),
    "a beginning of a string": (
        '[modules]\nKey = "key"\n',
        "modules.Key: no structure and no operation's noun begins so",
    ),
    "a beginning of all": ('[modules]\n"" = "thing"\n', "modules.: no structure and no operation's noun"),
} | {
    f"module {name!r}": (
        f"[modules]\nThing = '{name}'\n",
        f"modules.Thing: {name!r} cannot be the name of a module",
    )
    for name in ("", "2fa", "a-b", "a.b", "../up", "class", "enums", "__init__", "Thing")
}


def ruled(folder: Path, text: str) -> Job:
    """A job with rules."""
    path = folder / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return evolve(service_job(write_spec(folder, RULED), "pkg", folder / "out"), rules=path)


def test_rules_that_hold(tmp_path: Path) -> None:
    """Quotations are compared without markup and line breaks; what they allow is generated."""
    generate(ruled(tmp_path, '[modules]\nGetThing = "door"\n' + SENSITIVE + ALWAYS))
    door = (tmp_path / "out/pkg/models/door.py").read_text(encoding="utf-8")
    assert "    arn: str\n" in door
    assert "    key: str | None = field(default=None, repr=False)\n" in door
    constraints = (tmp_path / "out/pkg/_generated/constraints.py").read_text(encoding="utf-8")
    assert "Key = _checks.Text(sensitive=True)" in constraints


def test_a_rule_may_quote_the_shape_itself(tmp_path: Path) -> None:
    """Without `quoted_from`, the sentence stands at the shape."""
    text = '[[sensitive]]\nshape = "Key"\nreason = "It opens."\nquote = "A key to a {}."\n'
    load(ruled(tmp_path, text.format("door")))
    assert "the documentation of Key no longer says" in refused(ruled(tmp_path, text.format("house")))


@pytest.mark.parametrize(("text", "expected"), BROKEN_RULES.values(), ids=BROKEN_RULES.keys())
def test_rules_that_do_not_hold(tmp_path: Path, text: str, expected: str) -> None:
    """Each is one line that names the file, the rule, and what is wrong."""
    said = refused(ruled(tmp_path, text))
    assert said.startswith(f"{tmp_path / 'rules.toml'}: {expected}")


def test_rules_that_are_not_there(tmp_path: Path) -> None:
    """A job that names rules needs them."""
    job = ruled(tmp_path, "")
    (tmp_path / "rules.toml").unlink()
    assert refused(job) == f"{tmp_path / 'rules.toml'}: cannot be read: No such file or directory"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", False),
        (CLIENT, False),
        (CLIENT + "regional_endpoints = false\n", False),
        (CLIENT + "regional_endpoints = true\n", True),
    ],
)
def test_rules_of_the_client(tmp_path: Path, text: str, expected: bool) -> None:
    """What `[client]` says; nothing, where it is not there."""
    assert load(ruled(tmp_path, text))[1] == Rules(regional_endpoints=expected)


@pytest.mark.parametrize("beginning", ["G", "GetThingRequest", "Thing", "Th"])
def test_what_a_module_may_be_for(tmp_path: Path, beginning: str) -> None:
    """The name of a structure, or the noun of an operation, and what they begin with."""
    _, rules, _ = load(ruled(tmp_path, f'[modules]\n{beginning} = "door"\n'))
    assert rules.modules == {beginning: "door"}
