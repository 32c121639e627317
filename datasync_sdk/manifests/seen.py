"""Which texts came before, also if there are millions."""

from __future__ import annotations

from hashlib import blake2b

__all__ = ["Seen"]


class Seen:
    """Remembers texts, and the number with which each came first.

    Of each it keeps a hash of 16 bytes, some 150 bytes with all that Python needs. That two different ones
    have the same hash is less likely than a memory that is broken: among 10 billion, 1 in 10 to the 18th.
    """

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}

    def add(self, text: str, number: int) -> int | None:
        """Remember a text; gives the number with which it came before, or None if it is new."""
        # Names that are no UTF-8 have surrogates, which are as good as any other character here.
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        first = self._numbers.setdefault(digest, number)
        return None if first == number else first

    def __len__(self) -> int:
        return len(self._numbers)
