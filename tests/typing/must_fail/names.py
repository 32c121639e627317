"""Names that are not there, although all names are loaded late. Each line to report is marked."""

# ruff: noqa: F401, I001, T201  # mistakes are what this is made of

from __future__ import annotations

import datasync_sdk
from datasync_sdk import Clinet  # error
from datasync_sdk import errors, models
from datasync_sdk.errors import ThrotlingError  # error
from datasync_sdk.models import CreateTaksRequest  # error

print(datasync_sdk.clinet)  # error
print(models.Option)  # error
print(errors.Error)  # error
print(models.VerifyMode.NOEN)  # error
print(models.nothing.Options)  # error
