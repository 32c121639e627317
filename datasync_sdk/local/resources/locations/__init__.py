"""Locations: eleven types of them, made, described, changed, deleted, listed."""

from __future__ import annotations

from datasync_sdk.local.resources.locations.handlers import HANDLERS

__all__ = ["HANDLERS"]
