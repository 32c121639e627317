"""Forms that a text can have, by the names under which `rules.toml` asks for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Any

KEPT = 256
"""For how many texts a form remembers its answer: programs send the same few again and again."""


class Form:
    """A question about texts. The module that answers it is imported when it is first asked."""

    __slots__ = ("about", "answer", "function", "module")

    def __init__(self, module: str, function: str, about: str) -> None:
        self.module, self.function, self.about = module, function, about
        self.answer: Callable[[str], bool] = self.first_answer

    def has(self, value: Any) -> bool:
        """Whether a value is a text that has the form."""
        return isinstance(value, str) and self.answer(value)

    def breaks(self, value: Any) -> bool:
        """Whether a value is a text that does not have the form."""
        return isinstance(value, str) and not self.answer(value)

    def first_answer(self, text: str) -> bool:
        """Answer for the first text, and make answers for others quick."""
        module = import_module(f"datasync_sdk._runtime.{self.module}")
        answer: Callable[[str], bool] = lru_cache(KEPT)(getattr(module, self.function))
        self.answer = answer
        return answer(text)


HOURLY = Form("schedules", "is_hourly", "a schedule with at least an hour between runs")
IP_ADDRESS = Form("addresses", "is_ip_address", "an IP address")
RATE = Form("schedules", "is_rate", "a rate of a number and its unit, if it is a rate")
SCHEDULE = Form("schedules", "is_schedule", "a rate or a cron expression")
YEAR = Form("schedules", "has_year", "a cron expression with a year, if it is one")

FORMS = {
    "hourly": HOURLY,
    "ip_address": IP_ADDRESS,
    "rate": RATE,
    "schedule": SCHEDULE,
    "year": YEAR,
}
