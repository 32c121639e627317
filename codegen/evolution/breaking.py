"""What of a change breaks the callers of the generated code.

Each side is taken as the surface that the generator makes of it. What was on the old surface and is not on
the new one, or takes or gives other types there, breaks a caller, whatever it is in the model.
"""

from __future__ import annotations

from collections.abc import Iterator

from codegen.evolution.api import Api
from codegen.evolution.surface import Surface, surface


def breaking(old: Api, new: Api, touched: frozenset[str]) -> tuple[str, ...]:
    """What callers of the generated code must change, a sentence each.

    Only the shapes that were touched are looked at, and those whose classes depend on what uses them.
    """
    names = touched | used_otherwise(old, new) | made_up(old) | made_up(new)
    before, after = surface(old.context, names), surface(new.context, names)
    return (
        *gone(before, after),
        *methods(before, after),
        *other(before, after),
        *tighter(before, after),
    )


def used_otherwise(old: Api, new: Api) -> frozenset[str]:
    """The shapes that are part of requests or answers on one side only."""
    sent = old.context.sent ^ new.context.sent
    answers = frozenset(old.context.outputs.keys() ^ new.context.outputs.keys())
    answered = {shape.name for shape in old.context.answered} ^ {shape.name for shape in new.context.answered}
    return sent | answers | answered


def made_up(api: Api) -> frozenset[str]:
    """The shapes that the generator gives names of its own, which no model has."""
    return frozenset(api.context.spec.shapes.keys() - api.shapes.keys())


def gone(before: Surface, after: Surface) -> Iterator[str]:
    """What has no name any more; nothing is said of what a lost class had."""
    yield from (f"Client.{name}() is gone" for name in sorted(before.methods.keys() - after.methods.keys()))
    yield from (f"errors.{name} is gone" for name in sorted(before.errors - after.errors))
    lost = (before.classes - after.classes) | (before.enums - after.enums)
    yield from (f"models.{name} is gone" for name in sorted(lost))
    members = (before.constants - after.constants) | (before.attributes.keys() - after.attributes.keys())
    yield from (f"{name} is gone" for name in sorted(members) if name.partition(".")[0] not in lost)


def methods(before: Surface, after: Surface) -> Iterator[str]:
    """Methods that take or give other classes than before."""
    for name, new in sorted(after.methods.items()):
        old = before.methods.get(name, new)
        if old.request != new.request:
            yield f"Client.{name}() sends {new.request}, and sent {old.request}"
        if old.answer not in (new.answer, "None"):  # Nobody relies on nothing.
            yield f"Client.{name}() returns {new.answer}, and returned {old.answer}"


def other(before: Surface, after: Surface) -> Iterator[str]:
    """Attributes that take or give something else than before."""
    for name, new in sorted(after.attributes.items()):
        old = before.attributes.get(name)
        if old is None:
            if new.required and name.partition(".")[0] in before.classes:
                yield f"{name} must be given: it is new and required"
            continue
        if (old.type, old.kinds) != (new.type, new.kinds):
            same = old.type == new.type
            now, then = (f"{side.type} ({side.kinds[-1]})" if same else side.type for side in (new, old))
            yield f"{name} is of the type {now}, and was {then}"
        if new.required and not old.required:
            yield f"{name} must be given"
        if old.required and not new.required and new.answered:
            yield f"{name} may be None in answers"


def tighter(before: Surface, after: Surface) -> Iterator[str]:
    """Limits by which requests are refused that were sent before; patterns are checked on demand only."""
    for name, new in sorted(after.attributes.items()):
        old = before.attributes.get(name)
        if old is None or not (old.sent and new.sent) or old.kinds != new.kinds:
            continue
        for (old_min, old_max), (new_min, new_max) in zip(old.limits, new.limits, strict=True):
            if new_min is not None and (old_min is None or new_min > old_min):
                yield f"{name} must have {new_min} or more, and needed {spoken(old_min)}"
            if new_max is not None and (old_max is None or new_max < old_max):
                yield f"{name} may have {new_max} or less, and could have {spoken(old_max)}"


def spoken(limit: float | None) -> str:
    """A limit in words."""
    return "any" if limit is None else str(limit)
