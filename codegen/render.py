"""Model -> the text of each file. Nothing here reads or writes a disk, and nothing decides."""

from __future__ import annotations

from functools import cache
from pathlib import PurePosixPath
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from codegen.model import Package

REFERENCE = PurePosixPath("docs/reference")
"""Where pages for people stand that are generated."""


@cache
def environment() -> Environment:
    """The templates."""
    env = Environment(
        loader=PackageLoader("codegen"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  # Python is rendered here, not HTML
    )
    env.filters["docstring"] = docstring
    return env


def docstring(lines: tuple[str, ...], indent: int) -> str:
    """Lines as a docstring: on one line where there is one line only."""
    if len(lines) == 1:
        return f'"""{lines[0]}"""'
    margin = "\n" + " " * indent
    body = "".join(f"{margin}{line}" if line else "\n" for line in lines[1:])
    return f'"""{lines[0]}{body}{margin}"""'


def render(package: Package) -> dict[PurePosixPath, str]:
    """Every file of a package, by its path from the folder that has the package."""
    root = PurePosixPath(package.name)
    generated, models = root / "_generated", root / "models"
    files = {
        models / "__init__.py": place("models_init.py", package),
        models / "enums.py": place("enums.py", package),
        models / "converters.py": place("converters.py", package),
        generated / "__init__.py": place("package.py", package, doc="What the client is made of."),
        generated / "constraints.py": place("constraints.py", package),
        generated / "errors.py": place("errors.py", package),
        generated / "service.py": place("service.py", package),
        generated / "service-2.json": package.botocore_model,
        generated / "wire" / "__init__.py": place("package.py", package, doc="Wire code."),
    }
    for module in package.models:
        files[models / f"{module.name}.py"] = place("models_module.py", package, module=module)
        files[generated / "wire" / f"{module.name}.py"] = place("wire_module.py", package, module=module)
    files |= render_operations(package, generated / "operations", is_async=False)
    files |= render_operations(package, generated / "operations_async", is_async=True)
    if package.rules:
        files[generated / "rules" / "__init__.py"] = place("package.py", package, doc="Rules about requests.")
    if package.rulebook:
        files[generated / "rules.json"] = package.rulebook
    for rules in package.rules:
        files[generated / "rules" / f"{rules.name}.py"] = place("rules_module.py", package, module=rules)
    if package.history:
        files[generated / "history.py"] = place("history.py", package)
    if package.standalone and package.history:
        files[root / "history.py"] = place("history_init.py", package)
    if package.standalone:
        files[root / "__init__.py"] = place("init.py", package)
        files[root / "client.py"] = place("client.py", package, is_async=False)
        files[root / "aio.py"] = place("client.py", package, is_async=True)
        files[root / "errors.py"] = place("errors_init.py", package)
        files[root / "py.typed"] = ""
    return files | pages(package)


def pages(package: Package) -> dict[PurePosixPath, str]:
    """The pages for people that a package has."""
    tables = {"rules.md": package.rules_page, "errors.md": package.causes_page}
    return {REFERENCE / name: place(name, package) for name, has_any in tables.items() if has_any}


def render_operations(package: Package, folder: PurePosixPath, *, is_async: bool) -> dict[PurePosixPath, str]:
    """The methods of a blocking or an asynchronous client: one text for both, but for some words."""
    files = {folder / "__init__.py": place("operations_init.py", package, is_async=is_async)}
    for module in package.operations:
        text = place("operations_module.py", package, module=module, is_async=is_async)
        files[folder / f"{module.name}.py"] = text
    return files


def place(template: str, package: Package, **values: Any) -> str:
    """One file."""
    return environment().get_template(f"{template}.jinja").render(package=package, **values)
