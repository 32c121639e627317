"""Manifests: lists of the files or objects that a task is to transfer, and nothing else.

    from datasync_sdk import manifests

    manifests.write_manifest(["photos/1.png", "a, b.txt"], "manifest.csv")
    for problem in manifests.check_manifest("from-somebody-else.csv"):
        print(problem)                      # Line 3: 'photos/' is a folder. List its files, or ...
    paths = [entry.path for entry in manifests.read_manifest("manifest.csv")]

A manifest is a file of comma-separated values in UTF-8: in each line a path, relative to the source location,
and after a comma the version ID of an object, if one is wanted that is not the latest. AWS's user guide says
what must not be: folders, the same path twice, paths of over 1,024 bytes, spaces around a field. What nobody
knows the meaning of is refused, too: a byte order mark, empty lines, paths that begin with two slashes. One
slash in front means nothing. Enhanced mode takes manifests of up to 20 GB.
https://docs.aws.amazon.com/datasync/latest/userguide/transferring-with-manifest.html
"""

from __future__ import annotations

from datasync_sdk.manifests.lines import ManifestError, ManifestProblem
from datasync_sdk.manifests.reading import Source, check_manifest, problems_of, read_manifest
from datasync_sdk.manifests.writing import (
    ManifestEntry,
    Target,
    manifest_bytes,
    manifest_chunks,
    write_manifest,
)

__all__ = [
    "ManifestEntry",
    "ManifestError",
    "ManifestProblem",
    "Source",
    "Target",
    "check_manifest",
    "manifest_bytes",
    "manifest_chunks",
    "problems_of",
    "read_manifest",
    "write_manifest",
]
