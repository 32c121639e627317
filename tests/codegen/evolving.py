"""Pairs of models, and what the tests of the differ know of them without asking it.

A model is compared in its *plain* form, in which two models are equal where they are the same API: without
documentation, with enums and required members as sets, and with an operation's errors by their names.
"""

from __future__ import annotations

import ast
import copy
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Any

from attrs import field, frozen
from hypothesis import strategies as st

from codegen.evolution.api import Api
from codegen.evolution.diff import Diff
from codegen.evolution.report import report
from codegen.model import Package
from codegen.pipeline import SPECS
from codegen.render import render
from codegen.revisions import Revision, load_all
from tests.codegen.support import METADATA, Json

DATES = sorted(path.stem for path in (SPECS / "revisions").glob("*.json"))
NEIGHBOURS = list(pairwise(DATES))
DOCUMENTATION_ONLY = ["2022-07-15", "2023-09-15", "2024-11-15", "2025-02-04", "2026-07-28"]
"""The revisions that changed nothing but texts."""
MAJOR = [
    "2019-05-13",
    "2019-08-05",
    "2019-11-20",
    "2020-07-27",
    "2022-04-05",
    "2025-05-20",
    "2026-03-12",
]
"""The revisions that broke callers of the generated code."""


@frozen
class Model:
    """A service's model and its paginators, as in botocore's files."""

    service: Json
    pagination: Json = field(factory=dict)

    def api(self, label: str = "test", *, documented: bool = False) -> Api:
        """The model as a side of a comparison."""
        paginators = {"pagination": self.pagination}
        return Api(label=label, service=self.service, paginators=paginators, documented=documented)

    def plain(self) -> Json:
        """The model in its plain form."""
        return plain(self.service) | {"pagination": copy.deepcopy(self.pagination)}


@cache
def revisions() -> dict[str, Revision]:
    """All revisions of this SDK's service, by date."""
    return {revision.date: revision for revision in load_all(SPECS / "revisions")}


def at(date: str) -> Model:
    """The model of a revision."""
    return Model(dict(revisions()[date].service), revisions()[date].paginators.get("pagination", {}))


def told(old: Model, new: Model) -> Json:
    """What the differ says of two models, as a program reads it."""
    found: Json = json.loads(json.dumps(report(Diff(old=old.api(), new=new.api()))))
    return found


# --- The plain form -------------------------------------------------------------------------------------


def plain(service: Json) -> Json:
    """A service in its plain form."""
    whole: Json = without_documentation({key: value for key, value in service.items() if key != "examples"})
    for shape in whole["shapes"].values():
        for holder in (shape, *shape.get("members", {}).values()):
            make_sets(holder)
        if not shape.get("members", True):
            del shape["members"]
    for operation in whole["operations"].values():
        operation["errors"] = {error["shape"]: error for error in operation.get("errors", ())}
    return whole


def without_documentation(value: Any) -> Any:
    """A copy without texts of that name; a member of that name is no text."""
    if isinstance(value, dict):
        return {
            key: without_documentation(inner)
            for key, inner in value.items()
            if key != "documentation" or isinstance(inner, dict)
        }
    return [without_documentation(inner) for inner in value] if isinstance(value, list) else value


def make_sets(shape: Json) -> None:
    """Turn the lists whose order means nothing into sets, and leave out the empty ones."""
    for key in ("enum", "required"):
        shape[key] = set(shape.get(key, ()))


# --- What the report says, applied ----------------------------------------------------------------------


def applied(old: Model, new: Model, said: Json) -> Json:
    """What a report makes of the old model; of the new one only what is listed as added is looked at."""
    result, source = old.plain(), new.plain()
    for section, key in (("operations", "operations"), ("shapes", "shapes"), ("pagination", "paginators")):
        for name in said[key]["removed"]:
            del result[section][name]
    for name in said["members"]["removed"]:
        shape, member = name.split(".")
        del result["shapes"][shape]["members"][member]
    apply_values(result, said["enum_values"])
    apply_required(result, said["required"])
    apply_types(result, said["types_changed"])
    apply_traits(said["constraints"], lambda change: place(result, change["shape"]))
    apply_traits(said["metadata"], lambda _: result)
    apply_traits(said["paginators"]["changed"], lambda change: result["pagination"][change["shape"]])
    for name in said["members"]["added"]:
        shape, member = name.split(".")
        members = result["shapes"][shape].setdefault("members", {})
        add(members, member, source["shapes"][shape]["members"])
    for section, key in (("operations", "operations"), ("shapes", "shapes"), ("pagination", "paginators")):
        for name in said[key]["added"]:
            add(result[section], name, source[section])
    return tidy(result)


def add(holder: Json, name: str, source: Json) -> None:
    """Take over what is new, and what nobody has yet."""
    assert name not in holder
    holder[name] = source[name]


def place(result: Json, where: str) -> Json:
    """The part of a model that a report speaks of: `TagKey`, `Options.Uid`, `TagList.member`."""
    owner, _, inner = where.partition(".")
    shapes, operations = result["shapes"], result["operations"]
    operation = owner.removesuffix("()")
    holder: Json = shapes[owner] if owner in shapes else operations[operation]
    if not inner:
        return holder
    members = holder.get("members", {})
    found: Json = members[inner] if inner in members else holder.setdefault(inner, {})
    return found


def apply_values(result: Json, said: Json) -> None:
    """Values of enums came and went."""
    for name, values in said["removed"].items():
        for value in values:
            place(result, name)["enum"].remove(value)
    for name, values in said["added"].items():
        enum = place(result, name).setdefault("enum", set())
        assert not enum & set(values)
        enum |= set(values)


def apply_required(result: Json, said: Json) -> None:
    """Members became required, or are no longer; those that went are not required any more, either."""
    for name in said["removed"]:
        shape, member = name.split(".")
        result["shapes"][shape]["required"].remove(member)
    for name in said["added"]:
        shape, member = name.split(".")
        required = result["shapes"][shape].setdefault("required", set())
        assert member not in required
        required.add(member)


def apply_types(result: Json, said: list[Json]) -> None:
    """Shapes have another type, and references lead to other shapes."""
    for change in said:
        holder = place(result, change["shape"])
        key = "type" if change["shape"] in result["shapes"] else "shape"
        assert holder.get(key) == change["from"] != change["to"]
        holder[key] = change["to"]
        if change["to"] is None:
            del holder[key]


def apply_traits(said: list[Json], find: Callable[[Json], Json]) -> None:
    """Traits are others: first those that went, as others may stand where they stood."""
    for change in sorted(said, key=lambda change: -len(change["trait"])):
        assert change["from"] != change["to"]
        assert change["trait"].partition(".")[0] not in NO_TRAITS
        if change["from"] is not None:
            way = change["trait"].split(".")
            remove(find(change), way, there(way, change["from"]))
    for change in sorted(said, key=lambda change: len(change["trait"])):
        if change["to"] is not None:
            way = change["trait"].split(".")
            insert(find(change), way, there(way, change["to"]))


NO_TRAITS = frozenset("shape type members enum required member key value".split())
"""What is told elsewhere in a report, or of another place."""


def remove(holder: Json, way: list[str], value: object) -> None:
    """Take a trait away, and what is empty without it."""
    key, *rest = way
    if not rest:
        assert holder.pop(key) == value
        return
    remove(holder[key], rest, value)
    if not holder[key]:
        del holder[key]


def insert(holder: Json, way: list[str], value: object) -> None:
    """Put a trait where it belongs."""
    *above, key = way
    for step in above:
        holder = holder.setdefault(step, {})
    assert key not in holder
    holder[key] = value


def there(way: list[str], value: object) -> object:
    """The value of a trait. Of some a report only says that they are there: errors, and empty objects."""
    if way[0] == "errors" and way[2:] == []:
        return {"shape": way[1]}
    return {} if value == "{}" else value


def tidy(result: Json) -> Json:
    """References that nothing is left of, and members of a shape that has none, are gone."""
    for section in ("shapes", "operations"):
        for entry in result[section].values():
            for key in ("member", "key", "value", "input", "output", "members"):
                if not entry.get(key, True):
                    del entry[key]
            if section == "operations":
                entry.setdefault("errors", {})
            if section == "shapes":
                for holder in (entry, *entry.get("members", {}).values()):
                    make_sets(holder)
    return result


# --- What can be reached --------------------------------------------------------------------------------


def reachable(model: Json, operation: str) -> Json:
    """All that a plain model says of an operation: it, and every shape that its two sides lead to."""
    entry = model["operations"][operation]
    pending = [entry[side]["shape"] for side in ("input", "output") if side in entry]
    found: Json = {}
    while pending:
        name = pending.pop()
        if name not in found:
            found[name] = model["shapes"][name]
            pending += references(found[name])
    return {"operation": entry, "shapes": found}


def references(shape: Json) -> Iterator[str]:
    """The shapes that a shape leads to."""
    for held in (*shape.get("members", {}).values(), *(shape.get(key) for key in ("member", "key", "value"))):
        if held:
            yield held["shape"]


# --- Models made by Hypothesis --------------------------------------------------------------------------

STRUCTURES = ["Alpha", "Beta", "Broken"]
SCALARS = ["Text", "Color"]
COLLECTIONS = ["Items", "Table"]
"""Each may hold those that follow, so that none holds itself."""
SHAPES = [*STRUCTURES, *SCALARS, *COLLECTIONS]
OPERATIONS = ["ListThings", "GetThing", "PutThing"]
MEMBERS = ["Name", "Token", "member", "type", "documentation", "input"]
"""Some are called like the words of the model itself."""
VALUES = ["ON", "OFF", "v1.2", "a b"]

KEYS: Mapping[str, frozenset[str]] = {
    "structure": frozenset("members required union exception fault error retryable".split()),
    "list": frozenset({"member", "min", "max", "flattened"}),
    "map": frozenset({"key", "value", "min", "max"}),
    "string": frozenset({"enum", "min", "max", "pattern"}),
}
"""What a shape of a type may have, beside the traits that all may have."""
ALL = frozenset({"type", "documentation", "deprecated", "deprecatedMessage", "sensitive"})

TEXTS = st.sampled_from(["one", "two", "three"])
FLAG = st.booleans()
ENUM = st.lists(st.sampled_from(VALUES), unique=True)
LIMITS = {"min": st.integers(0, 3), "max": st.integers(3, 6)}
SHARED = {
    "documentation": TEXTS,
    "deprecated": FLAG,
    "deprecatedMessage": TEXTS,
    "sensitive": FLAG,
}


def some(**optional: st.SearchStrategy[Any]) -> dict[str, Any]:
    """Keys that may be there or not."""
    return {"optional": optional}


def reference(*names: str) -> st.SearchStrategy[Json]:
    """A reference to one of some shapes, as of lists and maps."""
    return st.fixed_dictionaries(
        {"shape": st.sampled_from(names)}, **some(locationName=TEXTS, documentation=TEXTS)
    )


MEMBER = st.fixed_dictionaries(
    {"shape": st.sampled_from(SHAPES)},
    **some(
        enum=ENUM,
        documentation=TEXTS,
        deprecated=FLAG,
        idempotencyToken=FLAG,
        locationName=TEXTS,
        contextParam=st.fixed_dictionaries({"name": TEXTS}),
    ),
)
STRUCTURE = st.fixed_dictionaries(
    {"type": st.just("structure"), "members": st.dictionaries(st.sampled_from(MEMBERS), MEMBER, max_size=4)},
    **some(
        required=st.lists(st.sampled_from(MEMBERS), unique=True),
        union=FLAG,
        exception=FLAG,
        fault=FLAG,
        error=st.fixed_dictionaries({"code": TEXTS}, **some(httpStatusCode=st.integers(400, 402))),
        retryable=st.sampled_from([{}, {"throttling": True}, {"throttling": False}]),
        **SHARED,
    ),
)
SCALAR = st.one_of(
    st.fixed_dictionaries({"type": st.just("string")}, **some(enum=ENUM, pattern=TEXTS, **LIMITS, **SHARED)),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["integer", "long", "double"])}, **some(**LIMITS, **SHARED)
    ),
    st.fixed_dictionaries({"type": st.sampled_from(["boolean", "timestamp"])}, **some(**SHARED)),
)
COLOR = st.fixed_dictionaries(
    {"type": st.just("string"), "enum": st.lists(st.sampled_from(VALUES), min_size=1, unique=True)},
    **some(**LIMITS, **SHARED),
)
LIST = st.fixed_dictionaries(
    {"type": st.just("list"), "member": reference(*SHAPES)}, **some(flattened=FLAG, **LIMITS, **SHARED)
)
MAP = st.fixed_dictionaries(
    {"type": st.just("map"), "key": reference("Text", "Color"), "value": reference(*SHAPES)},
    **some(**LIMITS, **SHARED),
)
ANY = st.one_of(STRUCTURE, SCALAR, LIST, MAP)
OPERATION_TRAITS = some(
    errors=st.lists(
        st.fixed_dictionaries(
            {"shape": st.sampled_from(STRUCTURES)},
            **some(documentation=TEXTS, exception=FLAG, fault=FLAG),
        ),
        unique_by=lambda error: error["shape"],
        max_size=3,
    ),
    documentation=TEXTS,
    deprecated=FLAG,
    idempotent=FLAG,
    endpoint=st.fixed_dictionaries({"hostPrefix": TEXTS}),
    auth=st.lists(TEXTS, min_size=1, max_size=2),
    staticContextParams=st.dictionaries(TEXTS, st.fixed_dictionaries({"value": FLAG}), min_size=1),
)
HTTP = st.fixed_dictionaries(
    {"method": st.sampled_from(["POST", "GET"]), "requestUri": st.just("/")},
    **some(responseCode=st.integers(200, 201)),
)
SIDES = {"input": reference(*STRUCTURES), "output": reference(*STRUCTURES)}
OPERATION = st.one_of(
    st.fixed_dictionaries({"http": HTTP, **SIDES}, **OPERATION_TRAITS),
    st.fixed_dictionaries({"http": HTTP}, optional=SIDES | OPERATION_TRAITS["optional"]),
)
TOKENS = st.one_of(st.sampled_from(MEMBERS), st.lists(st.sampled_from(MEMBERS), min_size=1, max_size=2))
PAGINATOR = st.fixed_dictionaries(
    {"input_token": TOKENS, "output_token": TOKENS, "result_key": TOKENS},
    **some(
        limit_key=st.sampled_from(MEMBERS),
        more_results=st.sampled_from(MEMBERS),
        non_aggregate_keys=st.lists(st.sampled_from(MEMBERS)),
    ),
)
PAGINATION = st.dictionaries(st.sampled_from(OPERATIONS), PAGINATOR, max_size=2)
META = st.fixed_dictionaries(
    {key: st.just(value) for key, value in METADATA.items()},
    **some(
        signingName=TEXTS,
        auth=st.lists(TEXTS, min_size=1, max_size=2),
        protocolSettings=st.sampled_from([{}, {"h2": "eventstream"}, {"h2": "optional"}]),
    ),
)
SERVICE = st.fixed_dictionaries(
    {
        "version": st.just("2.0"),
        "metadata": META,
        "operations": st.dictionaries(st.sampled_from(OPERATIONS), OPERATION, min_size=1),
        "shapes": st.fixed_dictionaries(
            dict.fromkeys(STRUCTURES, STRUCTURE)
            | {"Text": SCALAR, "Color": COLOR}
            | dict.fromkeys(COLLECTIONS, LIST | MAP)
        ),
    },
    **some(documentation=TEXTS, deprecated=FLAG, examples=st.just({"GetThing": []})),
)


def repaired(model: Model) -> Model:
    """A model in which every name exists, and is of the type that it must be of."""
    service = copy.deepcopy(model.service)
    shapes: Json = service["shapes"]
    shapes["Text"] = {**shapes.get("Text", {}), "type": "string"}
    for name, shape in shapes.items():
        shapes[name] = repaired_shape(name, shape, shapes)
    for name, operation in service["operations"].items():
        operation["name"] = name
        for side in ("input", "output"):
            if side in operation and not is_structure(shapes, operation[side]["shape"]):
                del operation[side]
        if "errors" in operation:
            operation["errors"] = [
                error for error in operation["errors"] if is_structure(shapes, error["shape"])
            ]
    pagination = {name: entry for name, entry in model.pagination.items() if name in service["operations"]}
    return Model(service, copy.deepcopy(pagination))


def is_structure(shapes: Json, name: str) -> bool:
    """Whether there is a structure of this name."""
    return name in shapes and shapes[name]["type"] == "structure"


def repaired_shape(name: str, shape: Json, shapes: Json) -> Json:
    """A shape with the keys of its type, and with references that lead somewhere."""
    keys = ALL | KEYS.get(shape["type"], frozenset({"min", "max"}))
    found = {key: value for key, value in shape.items() if key in keys}
    if found["type"] == "structure":
        found.setdefault("members", {})
        for member in found["members"].values():
            repair(member, name, shapes)
    if found["type"] in ("list", "map"):
        for key in {"list": ("member",), "map": ("key", "value")}[found["type"]]:
            repair(found.setdefault(key, {"shape": "Text"}), name, shapes)
    if "key" in found and shapes[found["key"]["shape"]]["type"] != "string":
        found["key"]["shape"] = "Text"
    if "required" in found:
        found["required"] = [member for member in found["required"] if member in found["members"]]
    return found


def repair(held: Json, holder: str, shapes: Json) -> None:
    """Let a reference lead to a text where it leads nowhere, or a list or map would hold itself."""
    name = held["shape"]
    collection = shapes.get(name, {}).get("type") in ("list", "map")
    around = shapes[holder]["type"] in ("list", "map")
    if name not in shapes or (collection and around and SHAPES.index(name) <= SHAPES.index(holder)):
        held["shape"] = "Text"


RAW = st.builds(Model, SERVICE, PAGINATION)
MODELS = RAW.map(repaired)


FRESH = {
    **{("shapes", name): STRUCTURE | ANY for name in STRUCTURES},
    ("shapes", "Text"): SCALAR,
    ("shapes", "Color"): COLOR | SCALAR | ANY,
    **{("shapes", name): LIST | MAP | ANY for name in COLLECTIONS},
    **{("operations", name): OPERATION for name in OPERATIONS},
    **{("pagination", name): PAGINATOR for name in OPERATIONS},
    ("service", "metadata"): META,
}
"""What else could stand at a place of a model."""
PLACES = [*sorted(FRESH), *3 * [("shapes", name) for name in (*STRUCTURES, "Color", *COLLECTIONS)]]
"""Where models differ: most of all in shapes that hold others, or have values."""


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Model, Model]:
    """A model, and one that differs at few places."""
    old = draw(RAW)
    new = copy.deepcopy(old)
    for section, name in draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=3)):
        holder = getattr(new, section) if section in ("service", "pagination") else new.service[section]
        other = draw(FRESH[section, name])
        if name not in holder or not draw(st.integers(0, 4)):
            holder[name] = other
        elif name != "metadata" and not draw(st.integers(0, 4)):
            del holder[name]
        else:
            nudge(draw, holder[name], other)
    return (repaired(old), repaired(new)) if draw(FLAG) else (repaired(new), repaired(old))


def nudge(draw: st.DrawFn, entry: Json, other: Json) -> None:
    """Change one thing in an object, however deep: by what stands there in another, or by leaving it out."""
    keys = sorted(entry.keys() | other.keys())
    key = draw(st.sampled_from([*keys, *5 * [key for key in keys if key in OFTEN]]))
    if key in entry and isinstance(entry[key], dict) and entry[key] and other.get(key):
        nudge(draw, entry[key], other[key])
    elif key in other:
        entry[key] = copy.deepcopy(other[key])
    elif key not in NEEDED:
        del entry[key]


OFTEN = frozenset({"members", "enum", "required", "key", "input", "output"})
"""What is changed more often than the other traits."""
NEEDED = frozenset("http type shape member key value input_token output_token result_key".split())
NEEDED |= METADATA.keys()
"""What cannot be left out, wherever it stands."""


# --- What callers of a generated package see ------------------------------------------------------------


@frozen
class Seen:
    """What the text of a generated package says: no more is known here of how it was made."""

    methods: dict[str, dict[str, str]]
    """What each `sends` and `returns`."""
    errors: set[str]
    classes: dict[str, dict[str, Attribute]]
    enums: dict[str, set[str]]
    requests: set[str]

    def reached(self, names: Iterable[str]) -> set[str]:
        """Classes, those of their attributes, and so on."""
        pending, found = list(names), set[str]()
        while pending:
            name = pending.pop()
            if name in self.classes and name not in found:
                found.add(name)
                pending += [word for it in self.classes[name].values() for word in words(it.type)]
        return found

    def kinds(self, attribute: Attribute) -> list[bool]:
        """Which of the names in its type are structures: an enum can have the name of a former one."""
        return [word in self.classes for word in words(attribute.bare)]

    @property
    def sent(self) -> set[str]:
        """The classes that are part of requests."""
        return self.reached(self.requests)

    @property
    def answered(self) -> set[str]:
        """The classes that are part of answers."""
        return self.reached(word for method in self.methods.values() for word in words(method["returns"]))


@frozen
class Attribute:
    """An attribute as it is written in a class."""

    type: str
    required: bool

    @property
    def bare(self) -> str:
        """What it holds where it is not None."""
        return self.type.removesuffix(" | None")


def words(annotation: str) -> list[str]:
    """The names in an annotation."""
    return re.findall(r"\w+", annotation)


def seen(package: Package) -> Seen:
    """What is written in the modules of models and of operations, before they are formatted."""
    files = render(package)
    found = Seen({}, set(), {}, {}, set())
    for path, text in files.items():
        if path.suffix == ".py" and (path.parent.name in ("models", "operations") or path.stem == "errors"):
            for node in ast.parse(text).body:
                if isinstance(node, ast.ClassDef):
                    look(node, found)
    return found


def look(node: ast.ClassDef, found: Seen) -> None:
    """Note what a class is, and what it has."""
    base = ast.unparse(node.bases[0]) if node.bases else ""
    if base == "OpenEnum":
        targets = [it.targets[0] for it in node.body if isinstance(it, ast.Assign)]
        found.enums[node.name] = {it.id for it in targets if isinstance(it, ast.Name)}
    elif base == "BaseClient":
        found.methods.update({it.name: signature(it) for it in node.body if isinstance(it, ast.FunctionDef)})
    elif base == "Structure" or base.startswith("Request["):
        attributes = [it for it in node.body if isinstance(it, ast.AnnAssign)]
        found.classes[node.name] = {
            ast.unparse(it.target): Attribute(ast.unparse(it.annotation), not has_default(it.value))
            for it in attributes
        }
        if base != "Structure":
            found.requests.add(node.name)
    elif base.endswith("Error"):
        found.errors.add(node.name)


def has_default(value: ast.expr | None) -> bool:
    """Whether an attribute needs not to be given."""
    return value is not None and (not isinstance(value, ast.Call) or "default=" in ast.unparse(value))


def signature(node: ast.FunctionDef) -> dict[str, str]:
    """The class that a method sends, which an iterator leaves to a method, and what it returns."""
    sent = re.search(r"return self\.send\(models\.(\w+)\(", ast.unparse(node))
    return {"sends": sent[1] if sent else "", "returns": ast.unparse(node.returns) if node.returns else ""}


def broken(old: Seen, new: Seen) -> set[tuple[str, str]]:
    """What callers of the one package must change for the other: what of it, and how."""
    found = {(f"Client.{name}()", "is gone") for name in old.methods.keys() - new.methods.keys()}
    for name in old.methods.keys() & new.methods.keys():
        before, after = old.methods[name], new.methods[name]
        changed = {how for how in before if before[how] not in (after[how], "None")}
        found |= {(f"Client.{name}()", how) for how in changed}
    lost = (old.classes.keys() - new.classes.keys()) | (old.enums.keys() - new.enums.keys())
    found |= {(f"models.{name}", "is gone") for name in lost}
    found |= {(f"errors.{name}", "is gone") for name in old.errors - new.errors}
    for name in old.enums.keys() & new.enums.keys():
        found |= {(f"{name}.{value}", "is gone") for value in old.enums[name] - new.enums[name]}
    for name in old.classes.keys() & new.classes.keys():
        found |= set(broken_attributes(name, old, new))
    return found


def broken_attributes(name: str, old: Seen, new: Seen) -> Iterator[tuple[str, str]]:
    """What callers must change that have to do with one class."""
    before, after = old.classes[name], new.classes[name]
    yield from ((f"{name}.{it}", "is gone") for it in before.keys() - after.keys())
    for attribute, now in after.items():
        was = before.get(attribute)
        place = f"{name}.{attribute}"
        if now.required and name in new.sent and not (was and was.required):
            yield place, "must be given"
        if was and (was.bare != now.bare or old.kinds(was) != new.kinds(now)):
            yield place, "is of the type"
        elif was and was.type == was.bare != now.type and name in new.answered:
            yield place, "may be None"


HOW = re.compile(r"(\S+) (is gone|sends|returns|must be given|is of the type|may be None)")


def said_broken(sentences: Iterable[str]) -> set[tuple[str, str]]:
    """What the differ says that callers must change, without limits, which are not written in classes."""
    return {(match[1], match[2]) for match in map(HOW.match, sentences) if match}
