"""What the docstrings say: AWS's documentation, and what the model's traits add to it."""

from __future__ import annotations

from codegen import docs, naming
from codegen.context import Context
from codegen.spec import Member, Operation, Shape

REFERENCE = "https://docs.aws.amazon.com/goto/WebAPI"

RAISES = (
    "Raises:",
    "    ValidationError: the arguments break rules of the API; nothing was sent.",
    "    ServiceError: the service refused the request.",
    "    TransportError: there was no answer.",
    "    CredentialsError: there are no usable credentials.",
)


def structure(context: Context, shape: Shape) -> tuple[str, ...]:
    """The docstring of a class."""
    text = own_text(shape)
    if not text:
        text = purpose(context, shape)
    notes = (text, deprecation(shape.deprecated), union(shape), new(context, shape.name))
    text = "\n\n".join(filter(None, notes))
    operation = context.inputs.get(shape.name) or context.outputs.get(shape.name)
    page = f"See {REFERENCE}/{context.spec.uid}/{operation.name if operation else shape.name}"
    return docs.docstring(f"{text}\n\n{page}", indent=4)


def own_text(shape: Shape) -> str:
    """The documentation of a shape, unless it is nothing but a name, as AWS's often is."""
    text = docs.paragraphs(shape.documentation)
    return "" if len(text.split()) <= 1 else text


def purpose(context: Context, shape: Shape) -> str:
    """What a structure without documentation is for."""
    if shape.name in context.inputs:
        return f"The input of `{naming.method(context.inputs[shape.name].name)}`."
    if shape.name in context.outputs:
        return f"The answer to `{naming.method(context.outputs[shape.name].name)}`."
    return f"The structure {shape.name} of {context.spec.abbreviation}."


def union(shape: Shape) -> str:
    """How a union is used."""
    return "A union: exactly one of the members is set." if shape.union else ""


def deprecation(reason: str | None) -> str:
    """The note for a thing that goes away."""
    return "" if reason is None else f"Deprecated. {docs.paragraphs(reason)}".strip()


def enum(context: Context, shape: Shape) -> tuple[str, ...]:
    """The docstring of an enum: its own, or what the first member of its type says."""
    text = own_text(shape)
    user = context.enum_users.get(shape.name)
    if not text and user:
        text = docs.summary(docs.paragraphs(user.documentation))
    text = text or f"The values of {shape.name} of {context.spec.abbreviation}."
    notes = (text, deprecation(shape.deprecated), new(context, shape.name))
    return docs.docstring("\n\n".join(filter(None, notes)), indent=4)


def constant(context: Context, owner: Shape, value: str) -> tuple[str, ...]:
    """The docstring of an enum's member: AWS says nothing of it, but it can be newer than its enum."""
    since = new(context, f"{owner.name}.{value}")
    return docs.docstring("" if since == new(context, owner.name) else since, indent=4)


def new(context: Context, name: str) -> str:
    """The note for a thing that was not part of the API from its first day on."""
    date = context.history.new_in(name)
    return f"New in API {date}." if date else ""


def member(context: Context, owner: Shape, member: Member) -> tuple[str, ...]:
    """The docstring of an attribute."""
    shape = context.spec.shapes[member.shape]
    text = docs.paragraphs(member.documentation or "") or own_text(shape)
    since = new(context, f"{owner.name}.{member.name}")
    notes = (text, limits(shape), token(member), deprecation(member.deprecated), since)
    return docs.docstring("\n\n".join(filter(None, notes)), indent=4)


def token(member: Member) -> str:
    """Who fills an idempotency token."""
    return "Filled in with a random value if it is None." if member.idempotency_token else ""


UNITS = {"string": "characters", "list": "elements", "map": "entries", "blob": "bytes"}


def limits(shape: Shape) -> str:
    """How long or large a value may be."""
    low, high = shape.min, shape.max
    if shape.enum or shape.type not in (*UNITS, "integer", "long", "float", "double"):
        return ""
    unit = f" {UNITS[shape.type]}" if shape.type in UNITS else ""
    if unit:  # A length of at least nothing is no limit.
        low = low or None
    if low is not None and low == high:
        return f"Exactly {low}{unit}."
    if low is not None and high is not None:
        return f"{low} to {high}{unit}."
    if high is not None:
        return f"At most {high}{unit}."
    return "" if low is None else f"At least {low}{unit}."


def member_summary(context: Context, owner: Shape, member: Member) -> str:
    """One sentence about a member, for the list of a method's arguments, and since when it is newer."""
    since = new(context, f"{owner.name}.{member.name}")
    newer = since if since != new(context, owner.name) else ""
    return " ".join(filter(None, (first_sentence(context, member), newer)))


def first_sentence(context: Context, member: Member) -> str:
    """What a member is; where AWS's sentence ends in a list of values, these are the values of the enum."""
    text = docs.summary(docs.paragraphs(member.documentation))
    if not text or text[-1] in ".!?)":
        return text
    values = context.spec.shapes[member.shape].enum
    return f"{text.rstrip(':')}: {' or '.join(values)}." if values else f"{text.rstrip(':')}."


def operation(context: Context, operation: Operation, arguments: list[tuple[str, str]]) -> tuple[str, ...]:
    """The docstring of a method."""
    text = docs.paragraphs(operation.documentation) or f"Call {operation.name}."
    notes = (text, deprecation(operation.deprecated), new(context, f"{operation.name}()"))
    text = "\n\n".join(filter(None, notes))
    page = f"See {REFERENCE}/{context.spec.uid}/{operation.name}"
    lines = [*docs.docstring(text, indent=8), *described(arguments), "", *RAISES]
    return (*lines, "", page)


def described(arguments: list[tuple[str, str]]) -> list[str]:
    """The list of a method's arguments."""
    lines = ["", "Args:"] if arguments else []
    for name, summary in arguments:
        first, *rest = docs.docstring(f"{name}: {summary}".rstrip(" :"), indent=16)
        lines += [f"    {first}", *(f"        {line}" for line in rest)]
    return lines


def iterator(context: Context, operation: Operation, arguments: list[tuple[str, str]]) -> tuple[str, ...]:
    """The docstring of a method that goes over all pages."""
    text = (
        f"Yield the items of `{naming.method(operation.name)}` across its pages; each page is asked for"
        " when it is needed."
    )
    text = "\n\n".join(filter(None, (text, new(context, f"{operation.name}()"))))
    errors = (*RAISES, "    PaginationError: the service gave a page token twice.")
    page = f"See {REFERENCE}/{context.spec.uid}/{operation.name}"
    return (*docs.docstring(text, indent=8), *described(arguments), "", *errors, "", page)


def error(context: Context, shape: Shape) -> tuple[str, ...]:
    """The docstring of an exception."""
    text = own_text(shape) or f"The error {shape.name} of {context.spec.abbreviation}."
    return docs.docstring("\n\n".join(filter(None, (text, new(context, shape.name)))), indent=4)
