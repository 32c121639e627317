"""What is to be generated, in Python's words: everything that a template places was decided here."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class Type:
    """The type of a member, an element or an entry."""

    kind: str
    """`str int float bool bytes datetime enum structure list map json upload download events`."""
    shape: str
    """AWS's name of the shape."""
    name: str = ""
    """The class of an enum or structure."""
    module: str = ""
    """The models module that the class is in."""
    element: Type | None = None
    """What a list or map holds."""
    key: str = ""
    """AWS's name of the shape of a map's keys."""
    secret_keys: bool = False
    """Whether no message may show a map's keys."""
    sparse: bool = False
    """Whether a list or map may hold None."""
    rule: str = ""
    """The documented rule that an enum's values are known by; most have none."""


@frozen(kw_only=True)
class Field:
    """A member of a structure."""

    wire: str
    name: str
    type: Type
    required: bool
    annotation: str
    default: str
    """What stands behind the annotation, ` = ` included; empty where nothing does."""
    argument: str
    """The static type of the argument in a client's method, ` = None` included."""
    doc: tuple[str, ...]
    summary: str
    read: tuple[str, ...]
    """The lines that read it from a mapping; the templates indent them."""
    write: tuple[str, ...]
    check: tuple[str, ...]


@frozen(kw_only=True)
class Converter:
    """A function that makes the value of an attribute from an argument."""

    module: str
    name: str
    takes: str
    returns: str
    body: str


@frozen(kw_only=True)
class Structure:
    """A class of models."""

    name: str
    snake: str
    base: str
    doc: tuple[str, ...]
    fields: tuple[Field, ...]
    checked: bool
    """Whether it is part of a request."""
    union: bool


@frozen(kw_only=True)
class Constant:
    """A member of an enum."""

    name: str
    value: str
    """As a Python literal."""
    doc: tuple[str, ...]


@frozen(kw_only=True)
class Enum:
    """A string enum."""

    name: str
    snake: str
    doc: tuple[str, ...]
    members: tuple[Constant, ...]
    like: str
    """The type of what stands for a member, as a literal: only type checkers read it."""
    converters: tuple[Converter, ...]


@frozen(kw_only=True)
class Constraint:
    """A constant that knows what values of a shape must be."""

    shape: str
    expression: str


@frozen(kw_only=True)
class Argument:
    """A keyword argument of a client's method."""

    name: str
    declaration: str
    passes: str
    """The member of the request that it becomes."""


@frozen(kw_only=True)
class Operation:
    """A method of the client."""

    method: str
    request: str
    response: str | None
    arguments: tuple[Argument, ...]
    doc: tuple[str, ...]


@frozen(kw_only=True)
class Iterator:
    """A method of the client that yields the items of a listing."""

    method: str
    request: str
    item: str
    """The type of what it yields."""
    items: str
    """The expression that gives the items of a `page`."""
    token: str
    """The expression that gives the token of the page after a `page`."""
    more: str | None
    """The expression that says whether there is a page after a `page`; None where the token says it."""
    token_member: str
    arguments: tuple[Argument, ...]
    doc: tuple[str, ...]


@frozen(kw_only=True)
class Call:
    """What `send` has to know of a request's operation."""

    operation: str
    method: str
    request: str
    response: str | None
    rules: str
    """The argument with the rules about the request, comma included; empty where there are none."""


@frozen(kw_only=True)
class ModelsModule:
    """A module of classes, and the module of their wire code."""

    name: str
    imports: tuple[str, ...]
    late_imports: tuple[str, ...]
    """Imports of modules that import this one, which therefore stand at the end."""
    wire_imports: tuple[str, ...]
    wire_late_imports: tuple[str, ...]
    lookups: tuple[tuple[str, str], ...]
    """The enums whose values are read or checked here: their names in snake_case, and their classes."""
    structures: tuple[Structure, ...]
    calls: tuple[Call, ...]
    """The operations whose requests are here."""


@frozen(kw_only=True)
class Table:
    """A table on a page for people, in Markdown."""

    title: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@frozen(kw_only=True)
class RulesModule:
    """A module that tests one request against the rules that are about it."""

    name: str
    request: str
    imports: tuple[str, ...]
    forms: bool
    """Whether it asks for forms of texts."""
    regexes: tuple[tuple[str, str], ...]
    """Constants, and the expression of each as a literal."""
    blanks: tuple[tuple[str, str], ...]
    """Constants, and the class of each."""
    check: tuple[str, ...]
    """The statements for what the request alone decides."""
    check_parts: bool
    """Whether these look into structures."""
    preflight: tuple[str, ...]
    """The statements for what needs a context; none where nothing does."""
    preflight_parts: bool


@frozen(kw_only=True)
class OperationsModule:
    """A module of client methods."""

    name: str
    class_name: str
    """That of the blocking client's methods."""
    imports: tuple[str, ...]
    async_imports: tuple[str, ...]
    """Those of the asynchronous client's methods."""
    operations: tuple[Operation, ...]
    iterators: tuple[Iterator, ...]


@frozen(kw_only=True)
class ErrorProperty:
    """A member of a modelled error."""

    name: str
    wire: str
    annotation: str
    doc: tuple[str, ...]


@frozen(kw_only=True)
class Error:
    """An exception class for a modelled error."""

    name: str
    base: str
    code: str
    doc: tuple[str, ...]
    retryable: bool
    properties: tuple[ErrorProperty, ...]


@frozen(kw_only=True)
class CauseClass:
    """An exception class for what a modelled error means."""

    name: str
    base: str
    doc: tuple[str, ...]
    advice: str
    """As a Python literal, as the names of operations are."""
    settles: tuple[str, ...]


@frozen(kw_only=True)
class CauseWay:
    """One way to know a cause."""

    error: str
    arguments: tuple[str, ...]
    """What the runtime looks at, as keyword arguments."""


@frozen(kw_only=True)
class CauseTable:
    """How the causes of a modelled error are recognized, in the order in which they are tried."""

    error: str
    code_members: tuple[str, ...]
    ways: tuple[CauseWay, ...]


@frozen(kw_only=True)
class Past:
    """When each name of a package came, and when others went."""

    revisions: tuple[tuple[str, str], ...]
    """Dates, and the botocore that brought each."""
    new: tuple[tuple[str, tuple[str, ...]], ...]
    """Dates, and the names that came; those of the first day are left out."""
    gone: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]
    """Dates, and what went: its kind, its name, and the date on which it had come."""


@frozen(kw_only=True)
class Package:
    """All that is to be rendered."""

    name: str
    service: str
    """As boto3 names the service."""
    full_name: str
    source: str
    """Where the spec stands, for the header of each file."""
    command: str
    """How to generate it again, for the header."""
    standalone: bool
    """Whether the package has nothing by hand, so that its client and its names are generated, too."""
    models: tuple[ModelsModule, ...]
    model_names: tuple[tuple[str, str], ...]
    """Every class of models with its module."""
    enums: tuple[Enum, ...]
    enum_imports: tuple[str, ...]
    converters: tuple[Converter, ...]
    """For lists and maps; those of enums stand beside their enums."""
    converter_imports: tuple[str, ...]
    converter_types: tuple[str, ...]
    """What only a type checker imports."""
    constraints: tuple[Constraint, ...]
    operations: tuple[OperationsModule, ...]
    errors: tuple[Error, ...]
    general_errors: tuple[str, ...]
    """The errors of the runtime that the service has no error of that name for."""
    causes: tuple[CauseClass, ...]
    """Parents first."""
    cause_tables: tuple[CauseTable, ...]
    causes_page: tuple[Table, ...]
    """The tables of the page about them; none where there are none, or the package is all that is made."""
    plain_json: bool
    """Whether the wire code can read every answer just as it is in the service's JSON."""
    regional: bool
    """Whether the service has an endpoint in every Region, and no global one."""
    rules: tuple[RulesModule, ...]
    rulebook: str
    """The text of `rules.json`: what the rules say; empty where there are none."""
    rules_page: tuple[Table, ...]
    """The tables of the page about them; none where there are none, or the package is all that is made."""
    history: Past | None
    """None where nobody knows."""
    botocore_model: str
    """The text of `service-2.json` for botocore: without documentation, with a protocol all know."""
