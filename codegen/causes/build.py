"""Causes -> the classes that a template places, and how each is recognized."""

from __future__ import annotations

import json

from codegen import docs, naming
from codegen.causes.file import Recognition
from codegen.context import Context
from codegen.model import CauseClass, CauseTable, CauseWay


def build_causes(context: Context) -> tuple[CauseClass, ...]:
    """A class for each cause, parents first."""
    classes = naming.error_classes(context.errors)
    return tuple(
        CauseClass(
            name=cause.name,
            base=classes.get(cause.under, cause.under),
            doc=docs.docstring(f"{cause.documentation}\n\n{cause.advice}", indent=4),
            advice=quoted(cause.advice),
            settles=tuple(map(quoted, cause.settles.names)),
        )
        for cause in context.causes.known
    )


def build_cause_tables(context: Context) -> tuple[CauseTable, ...]:
    """How the causes of each modelled error are recognized."""
    tables = []
    for shape, name in naming.error_classes(context.errors).items():
        causes = context.causes.of(shape)
        ways = [way(cause.name, each) for cause in causes for each in cause.recognized]
        members = [member.name for member in context.structures[shape].members]
        codes = [quoted(member) for member in context.causes.code_members if member in members]
        if ways:
            tables.append(CauseTable(error=name, code_members=tuple(codes), ways=tuple(ways)))
    return tuple(tables)


def way(name: str, recognition: Recognition) -> CauseWay:
    """One way to know a cause, as arguments of the runtime's class."""
    arguments = []
    for argument, texts in (("codes", recognition.error_codes), ("operations", recognition.operations.names)):
        if texts:
            arguments.append(f"{argument}=frozenset({{{', '.join(map(quoted, texts))}}})")
    if recognition.message:
        arguments.append(f"message={pattern(recognition.message)}")
    return CauseWay(error=name, arguments=tuple(arguments))


def pattern(text: str) -> str:
    """A regular expression as a Python literal: a raw one where it can be."""
    plain = text.isprintable() and '"' not in text and not text.endswith("\\")
    return f'r"{text}"' if plain else quoted(text)


def quoted(text: str) -> str:
    """A Python literal with double quotes."""
    return json.dumps(text, ensure_ascii=False)
