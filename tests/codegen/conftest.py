"""What the generator's tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.codegen.support import forget_packages


@pytest.fixture(autouse=True, scope="module")
def no_package_stays() -> Iterator[None]:
    """The packages that a file of tests generates are gone after its last test."""
    yield
    forget_packages()
