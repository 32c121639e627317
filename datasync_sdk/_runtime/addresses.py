"""Addresses of servers."""

from __future__ import annotations

from ipaddress import ip_address


def is_ip_address(text: str) -> bool:
    """Whether a text is an IPv4 or IPv6 address, and not a name."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
