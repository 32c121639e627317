"""aiobotocore, which is not installed with the SDK, and not imported before a client connects."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from datasync_sdk._runtime.errors import ConfigurationError


def aiobotocore(module: str) -> Any:
    """A module of aiobotocore.

    Raises:
        ConfigurationError: it is not installed, or does not go with the botocore that is.
    """
    try:
        return import_module(f"aiobotocore.{module}")
    except ImportError as error:
        broken = "" if (error.name or "").partition(".")[0] == "aiobotocore" else f" ({error})"
        raise ConfigurationError(
            f"AsyncClient needs aiobotocore{broken}: pip install 'datasync-sdk[async]'"
        ) from error
