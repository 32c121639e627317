"""Credentials that somebody has renewed in a file.

botocore renews by itself what it has got from a role, from SSO or from a process. What stands in
`~/.aws/credentials` or `~/.aws/config` it reads once: where a tool writes a new session token there every
hour, a program that waits for a transfer of ten hours would go on with the first one. So the file is read
again when the service says that a token has ended.
"""

from __future__ import annotations

from typing import Any, Final

from datasync_sdk._runtime.errors import SdkError, ServiceError
from datasync_sdk._runtime.session import botocore_session

__all__ = ["ENDED", "has_ended", "read_again"]

ENDED: Final = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
"""Codes of refusals of credentials that have ended."""
PARTS: Final = ("access_key", "secret_key", "token")


def has_ended(error: Exception) -> bool:
    """Whether a call was refused because its credentials have ended."""
    return isinstance(error, ServiceError) and error.code in ENDED


def read_again(client: Any, session: object | None) -> bool:
    """Read the file again that the credentials of a client come from; tells whether others stand there now.

    The credentials of the session are changed in place, so that all of its clients have the new ones.

    Args:
        client: a client of botocore or aiobotocore.
        session: the session that it was made of; None for the default one.
    """
    held = getattr(getattr(client, "_request_signer", None), "_credentials", None)
    held = getattr(held, "_theirs", held)
    fresh = load(getattr(held, "method", None), session)
    if fresh is None or all(getattr(held, part) == getattr(fresh, part) for part in PARTS):
        return False
    for part in PARTS:
        setattr(held, part, getattr(fresh, part))
    return True


def load(method: str | None, session: object | None) -> Any:
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
