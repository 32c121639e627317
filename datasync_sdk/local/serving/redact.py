"""Secrets of a request, and texts without them."""

from __future__ import annotations

from collections.abc import Iterator

from datasync_sdk._runtime.structures import Structure, attributes

SHORTEST = 4
"""Shorter values are not taken out: they would be found in ordinary words, and protect nothing."""

HIDDEN = "*****"


def redacted(text: str, request: Structure | None) -> str:
    """A text about a request, without the values of its secret members."""
    if request is None:
        return text
    # The longest first: one secret may be a part of another one.
    for secret in sorted(set(secrets_of(request)), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


def secrets_of(structure: Structure) -> Iterator[str]:
    """The secrets in a structure, in each form in which a message could repeat them."""
    for attribute in attributes(structure):
        value = getattr(structure, attribute.name)
        if isinstance(value, Structure):
            yield from secrets_of(value)
        elif not attribute.repr and isinstance(value, str | bytes) and len(value) >= SHORTEST:
            yield from forms(value)
        elif isinstance(value, tuple):
            for item in value:
                if isinstance(item, Structure):
                    yield from secrets_of(item)


def forms(secret: str | bytes) -> Iterator[str]:
    """A secret as it is, and as `repr` writes it."""
    if isinstance(secret, str):
        yield secret
    yield repr(secret)
    yield repr(secret)[2 if isinstance(secret, bytes) else 1 : -1]
