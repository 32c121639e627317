"""Credentials that somebody has renewed in a file.

botocore renews by itself what it has got from a role, from SSO or from a process. What stands in
`~/.aws/credentials` or `~/.aws/config` it reads once: where a tool writes a new session token there every
hour, a program that waits for a transfer of ten hours would go on with the first one. So the file is read
again when the service says that a token has ended.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from datasync_sdk._runtime.errors import SdkError, ServiceError
from datasync_sdk._runtime.session import botocore_session

__all__ = ["ENDED", "has_ended", "in_use", "read_again"]

ENDED: Final = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
"""Codes of refusals of credentials that have ended."""
PARTS: Final = ("access_key", "secret_key", "token")
FILES: Final = frozenset({"config-file", "shared-credentials-file"})
"""What botocore calls the two ways of finding credentials in a file."""

Parts: TypeAlias = tuple[Any, ...]
"""Credentials as they are at one moment."""


def has_ended(error: Exception) -> bool:
    """Whether a call was refused because its credentials have ended."""
    return isinstance(error, ServiceError) and error.code in ENDED


def in_use(client: Any) -> Parts | None:
    """What a client signs with now; None where that comes from no file, and is renewed by botocore itself."""
    held = held_by(client)
    return parts_of(held) if getattr(held, "method", None) in FILES else None


def read_again(client: Any, session: object | None, refused: Parts | None) -> bool:
    """Read the file again that the credentials of a client come from; tells whether there are others now.

    The credentials of the session are changed in place, so that all of its clients have the new ones. Of many
    calls that are refused at once, the first one reads them; the others need not.

    Args:
        client: a client of botocore or aiobotocore.
        session: the session that it was made of; None for the default one.
        refused: what `in_use` told before the call that was refused.
    """
    if refused is None:
        return False
    if in_use(client) != refused:
        return True
    held = held_by(client)
    fresh = load(held.method, session)
    if fresh is None or parts_of(fresh) == refused:
        return False
    # All at once: another thread may be signing.
    vars(held).update(zip(PARTS, parts_of(fresh), strict=True))
    return True


def held_by(client: Any) -> Any:
    """The credentials of a client, as botocore has them."""
    held = getattr(getattr(client, "_request_signer", None), "_credentials", None)
    return getattr(held, "_theirs", held)


def parts_of(credentials: Any) -> Parts:
    """What changes when they are renewed."""
    return tuple(getattr(credentials, part) for part in PARTS)


def load(method: str, session: object | None) -> Any:
    """The credentials that stand in the file of a session; None where `method` is not about a file."""
    from botocore.credentials import ConfigProvider, SharedCredentialProvider
    from botocore.exceptions import BotoCoreError

    try:
        providers = botocore_session(session).get_component("credential_provider").providers
        kinds: tuple[Any, ...] = (SharedCredentialProvider, ConfigProvider)
        for kind in kinds:
            for provider in providers:
                if method == kind.METHOD and isinstance(provider, kind):
                    # That of botocore, in an aiobotocore session, too: it reads a small file.
                    return kind.load(provider)
    except (BotoCoreError, SdkError, AttributeError, OSError):
        return None  # A file that is being written: the refusal says what is wrong.
    return None
