"""botocore's exceptions, and those of what it sends with, as this package's."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping

from botocore import exceptions as theirs

from datasync_sdk._runtime import errors as ours
from datasync_sdk._runtime.causes import refined
from datasync_sdk._runtime.checks import Violation

CREDENTIALS = (
    theirs.NoCredentialsError,
    theirs.PartialCredentialsError,
    theirs.CredentialRetrievalError,
    theirs.NoAuthTokenError,
    theirs.TokenRetrievalError,
    theirs.SSOError,
    theirs.UnauthorizedSSOTokenError,
    theirs.RefreshWithMFAUnsupportedError,
)
CONNECTION = (
    theirs.HTTPClientError,
    theirs.ConnectionError,
    theirs.ResponseStreamingError,
    theirs.IncompleteReadError,
)

HINTS: Mapping[type, str] = {
    theirs.NoRegionError: " Give region_name, or set AWS_DEFAULT_REGION or the region of a profile.",
    theirs.EndpointConnectionError: ". Check the Region, the endpoint and the network.",
    theirs.NoCredentialsError: ". Give a boto3 session that has some, or set up a profile or a role.",
}
"""What to do about errors of which botocore says only what they are."""

VALUES = re.compile(r"value: .*?, (?=type: |valid )", re.DOTALL)
"""What botocore's validation repeats of a request, which may be a secret."""

ServiceErrors = Mapping[str, type[ours.ServiceError]]
"""Error codes, and the classes generated for them."""


def translate(error: Exception, operation: str, modelled: ServiceErrors) -> Exception:
    """The exception to raise in place of one of botocore's; those of its Stubber are a test's own."""
    if isinstance(error, theirs.StubResponseError):
        stubbed: Exception = error
        return stubbed
    if isinstance(error, theirs.ClientError):
        return service_error(error, operation, modelled)
    text = f"{operation}: {VALUES.sub('', str(error))}{HINTS.get(type(error), '')}"
    if isinstance(error, theirs.ParamValidationError):
        return ours.ValidationError(operation, (Violation("type", "", text),))
    if isinstance(error, CREDENTIALS):
        return ours.CredentialsError(text)
    if isinstance(error, CONNECTION):
        return ours.TransportError(text)
    return ours.ConfigurationError(text)


def service_error(error: theirs.ClientError, operation: str, modelled: ServiceErrors) -> ours.ServiceError:
    """The exception for an error answer: a modelled one first, then the general ones, by its cause."""
    told = error.response.get("Error") or {}
    code, query_code = ours.plain_code(told.get("Code")), told.get("QueryErrorCode", "")
    general = (cls for cls in ours.GENERAL_ERRORS if code in cls.codes)
    cls = modelled.get(code) or modelled.get(query_code) or next(general, ours.ServiceError)
    return refined(cls, operation, error.response)(operation, error.response)


OUR_KIND = frozenset(
    {
        "aiobotocore",
        "aiohttp",
        "boto3",
        "botocore",
        "datasync_sdk",
        "dateutil",
        "multidict",
        "urllib3",
        "yarl",
    }
)
"""The packages between `send` and the wire."""


def translate_crash(error: Exception, operation: str) -> ours.SdkError | None:
    """The exception to raise in place of a TypeError and its like from inside botocore.

    botocore crashes on answers that have not the form of its model, and on values that it cannot write.
    None where the exception is not botocore's but that of an event handler of the caller: that one is
    the caller's own business.
    """
    modules = []
    step = error.__traceback__
    while step:
        modules.append(step.tb_frame.f_globals.get("__name__", ""))
        step = step.tb_next
    packages = [module.split(".")[0] for module in modules]
    outer = [package for package in packages if package not in sys.stdlib_module_names]
    if outer[-1] not in OUR_KIND:
        return None
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, OSError) or type(error).__module__.startswith("aiohttp."):
        return ours.TransportError(f"{operation}: {text}")
    if "botocore.serialize" in modules:
        violation = Violation("type", "", f"a value cannot be written: {text}")
        return ours.ValidationError(operation, (violation,))
    return ours.StructureError(f"{operation}: the answer cannot be read: {text}")
