"""Every test of a condition, alone and with others, says what a plain reading of the rules says."""

from __future__ import annotations

import random
from collections.abc import Iterator
from io import BytesIO
from itertools import product
from types import ModuleType
from typing import Any

import pytest
from attrs import fields

from tests.codegen.rule_reading import Reading, is_table
from tests.codegen.ruled import PAGE_SIZE, broken, default, facts, rule, ruled_package
from tests.codegen.support import Json, enum, listing, mapping, operation, spec, structure

MEMBERS: dict[str, str | Json] = {
    "Text": "String",
    "Color": "Color",
    "Other": "Color",
    "Mode": "Color",
    "Count": "Integer",
    "Big": "Long",
    "Flag": "Boolean",
    "Data": "Blob",
    "Words": "Words",
    "Others": "Words",
    "Notes": "Notes",
    "Settings": "Settings",
    "Extras": "Extras",
}
SHAPES = {
    "MakeThingRequest": structure(MEMBERS),
    "ChangeThingRequest": structure(MEMBERS),
    "Color": enum("red", "green", "blue"),
    "Words": listing("String"),
    "Notes": mapping("String"),
    "Settings": structure({"Color": "Color", "Size": "Integer", "Extras": "Extras"}),
    "Extras": structure({"Color": "Color", "Words": "Words", "Text": "String"}),
    "PageSize": PAGE_SIZE,
}
MODEL = spec(
    shapes=SHAPES,
    operations={
        "MakeThing": operation("MakeThingRequest"),
        "ChangeThing": operation("ChangeThingRequest"),
    },
)
REQUESTS = {"complete": "Make*Request", "implied": ["Settings"]}
DEFAULTS = [
    default("X-01", "MakeThingRequest.Mode", "red"),
    default("X-02", "MakeThingRequest.Other", "green", when={"Mode": "red"}),
    default("X-03", "MakeThingRequest.Other", "blue", when={"Mode": "blue"}),
    default("X-04", "MakeThingRequest.Flag", False),
    default("X-05", "MakeThingRequest.Big", 512, when={"Text": {"matches": "^a"}}),
    default("X-06", "MakeThingRequest.Big", 1),
    default("X-07", "Settings.Color", "blue"),
    default("X-08", "Settings.Size", 2, when={"Text": {"lacks": "b"}, "Flag": {"not": True}}),
    default("X-09", "Extras.Color", "green"),
    default("X-10", "MakeThingRequest.Text", says="what fits"),
]
ENUMS = ("Color", "Other", "Mode", "Settings.Color", "Extras.Color", "Settings.Extras.Color")
ON_ENUMS: tuple[object, ...] = (
    "red",
    ["red", "green"],
    "blue",
    {"not": "green"},
    {"not": ["red", "blue"]},
    {"given": True},
    {"given": False},
    {"given": True, "value": "green"},
    {"given": True, "not": "red"},
    {"value": ["red", "green"], "not": "red"},
    {"same_as": "Other", "not": "blue"},
    {"differs_from": "Mode"},
)
ON_TEXTS: tuple[Json, ...] = (
    {"matches": "^a"},
    {"lacks": "^a"},
    {"matches": "b"},
    {"lacks": "b"},
    {"matches": "^"},
    {"matches": "a-b"},
    {"matches": "a.b$"},
    {"lacks": "(?i)^A"},
    {"matches": "^a", "lacks": "b$"},
    {"matches": '"\\\\|é\U0001f426'},
    {"longer_than": 0},
    {"longer_than": 1},
    {"shorter_than": 1},
    {"shorter_than": 3, "longer_than": 1},
)


def of_others(tests: object) -> list[str]:
    """The members that a condition compares with."""
    return [tests[name] for name in ("same_as", "differs_from") if name in tests] if is_table(tests) else []


CONDITIONS: list[tuple[str, object]] = [
    *((path, tests) for path in ENUMS for tests in ON_ENUMS if path not in of_others(tests)),
    *((path, tests) for path in ("Text", "Extras.Text") for tests in ON_TEXTS),
    *(("Data", tests) for tests in ON_TEXTS if "0001f426" not in ascii(tests)),
    ("Text", "ab"),
    ("Text", {"not": "ab"}),
    ("Text", {"has": "ip_address"}),
    ("Text", {"breaks": "ip_address", "longer_than": 2}),
    ("Text", {"not": "\U0001f426"}),
    *(("Flag", tests) for tests in (True, False, {"not": False}, {"not": True}, {"given": False})),
    *(("Count", tests) for tests in (0, [1, 512], {"not": 0}, {"not_multiple_of": 512}, {"given": True})),
    *(("Big", tests) for tests in (512, [1, 7], {"not": 512}, {"not_multiple_of": 2})),
    *(("Settings.Size", tests) for tests in (2, {"not": 2}, {"not_multiple_of": 2})),
    *(
        (path, tests)
        for path in ("Words", "Extras.Words")
        for tests in (
            {"given": True},
            {"longer_than": 0},
            {"longer_than": 1},
            {"shorter_than": 1},
            {"shorter_than": 2, "given": True},
            {"same_as": "Others"},
            {"differs_from": "Others"},
        )
    ),
    *(("Notes", tests) for tests in ({"longer_than": 0}, {"shorter_than": 1}, {"shorter_than": 2})),
    *(
        ("Settings", tests)
        for tests in ({"given": True}, {"beyond": []}, {"beyond": ["Color"]}, {"beyond": ["Size", "Extras"]})
    ),
]
COLORS = (None, "red", "green", "blue", "pink")
WORDS = (None, [], ["a"], ["a", "b"], ["b", "a"])
VALUES: dict[str, tuple[Any, ...]] = {
    "Text": (None, "", "a", "ab", "b", "a-b", "192.168.0.1", '"\\', "\U0001f426"),
    "Color": COLORS,
    "Other": COLORS,
    "Mode": COLORS,
    "Count": (None, 0, 1, 512, 1024),
    "Big": (None, 1, 7, 512),
    "Flag": (None, True, False),
    "Data": (None, b"", b"a", b"ab", b"b", b"a-b"),
    "Words": WORDS,
    "Others": WORDS,
    "Notes": (None, {}, {"a": "b"}, {"a": "b", "c": "d"}),
}


def rules() -> Iterator[Json]:
    """A rule for each condition, and for some of them together."""
    both = ["MakeThingRequest", "ChangeThingRequest"]
    for number, (path, tests) in enumerate(CONDITIONS, 100):
        yield rule(f"X-{number}", both, {path: tests})
    chosen = random.Random(7)
    for number in range(1000, 1060):
        forbid = [
            dict(chosen.sample(CONDITIONS, chosen.choice([1, 2, 2, 3])))
            for _ in range(chosen.choice([1, 1, 2]))
        ]
        yield rule(f"X-{number}", both, *forbid, at=chosen.choice([None, "Text"]))


FACTS = facts(*rules(), default=DEFAULTS, requests=REQUESTS)
READING = Reading(MODEL, FACTS)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return ruled_package(tmp_path_factory.mktemp("conditions"), MODEL, FACTS)


def parts(package: ModuleType) -> dict[str, tuple[Any, ...]]:
    """Values for every member."""
    models = package.models
    extras = (
        None,
        models.Extras(),
        models.Extras(color="red"),
        models.Extras(color="blue", words=["a"], text="ab"),
    )
    settings = (
        None,
        models.Settings(),
        models.Settings(color="red"),
        models.Settings(color="green", size=3),
        models.Settings(size=2, extras=models.Extras()),
        models.Settings(extras=models.Extras(color="pink", words=[])),
    )
    return {**VALUES, "Settings": settings, "Extras": extras}


def requests(package: ModuleType, name: str) -> Iterator[Any]:
    """Requests with all combinations of values of two or three members, and with some of all members."""
    values = parts(package)
    cls = getattr(package.models, name)
    groups = ["Color Other Mode", "Text Big", "Text Flag Settings", "Words Others", "Settings Other"]
    groups += ["Count Notes", "Data Flag", "Extras Others"]
    for group in groups:
        names = group.split()
        for chosen in product(*(values[each] for each in names)):
            yield cls(**{each.lower(): value for each, value in zip(names, chosen, strict=True)})
    chance = random.Random(11)
    for _ in range(120):
        yield cls(**{each.lower(): chance.choice(values[each]) for each in values})


@pytest.mark.parametrize("name", ["MakeThingRequest", "ChangeThingRequest"])
def test_checks_say_what_the_rules_say(package: ModuleType, name: str) -> None:
    """In a request that makes something, and in one that changes it."""
    seen: set[str] = set()
    for request in requests(package, name):
        expected = READING.broken(request)
        assert broken(request) == expected, request
        seen |= {rule for rule, _ in expected}
    assert len(seen) > 0.85 * len(FACTS["rule"])


class Stranger:
    """Something that no request can hold, and that is equal to nothing."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, _: object) -> bool:
        return False


JUNK: tuple[object, ...] = (
    Stranger(), 3, -1, True, 2.5, float("nan"), "x", "", "\ud800", b"\xff", [1], (None,), ((),), {}, {"a": 1},
    {1}, BytesIO(b"x"), BytesIO, object,
)  # fmt: skip


@pytest.mark.parametrize("name", ["MakeThingRequest", "ChangeThingRequest"])
def test_nothing_that_is_in_a_request_makes_a_check_raise(package: ModuleType, name: str) -> None:
    """Values of wrong types are the business of the structural check."""
    cls = getattr(package.models, name)
    extras, settings = package.models.Extras(), package.models.Settings()
    for junk in JUNK:
        for attribute in fields(cls):
            request = cls(mode="red", text="ab", color="red", settings=settings, extras=extras)
            object.__setattr__(request, attribute.name, junk)
            broken(request)
        for part in (package.models.Extras(), package.models.Settings()):
            for attribute in fields(type(part)):
                object.__setattr__(part, attribute.name, junk)
            request = cls(mode="red", text="ab")
            object.__setattr__(request, type(part).__name__.lower(), part)
            broken(request)
