"""The numbers of an execution, named as the members of DescribeTaskExecutionResponse."""

from __future__ import annotations

__all__ = ["Counters"]


class Counters:
    """Plain numbers which the engine adds to, and which anybody may read at any time.

    In Basic mode `files_*` count files, links, devices and folders alike, and what the documentation says is
    Enhanced only stays 0: `files_prepared`, `files_listed_*`, `files_failed_*` and all `folders_*`. In
    Enhanced mode `files_*` are without folders, and `bytes_compressed` stays 0.
    """

    __slots__ = (
        "bytes_compressed",
        "bytes_transferred",
        "bytes_written",
        "estimated_bytes_to_transfer",
        "estimated_files_to_delete",
        "estimated_files_to_transfer",
        "estimated_folders_to_delete",
        "estimated_folders_to_transfer",
        "files_deleted",
        "files_failed_delete",
        "files_failed_prepare",
        "files_failed_transfer",
        "files_failed_verify",
        "files_listed_at_destination_for_delete",
        "files_listed_at_source",
        "files_prepared",
        "files_skipped",
        "files_transferred",
        "files_verified",
        "folders_deleted",
        "folders_failed_delete",
        "folders_failed_list",
        "folders_failed_prepare",
        "folders_failed_transfer",
        "folders_failed_verify",
        "folders_listed_at_destination_for_delete",
        "folders_listed_at_source",
        "folders_prepared",
        "folders_skipped",
        "folders_transferred",
        "folders_verified",
    )

    bytes_compressed: int
    bytes_transferred: int
    bytes_written: int
    estimated_bytes_to_transfer: int
    estimated_files_to_delete: int
    estimated_files_to_transfer: int
    estimated_folders_to_delete: int
    estimated_folders_to_transfer: int
    files_deleted: int
    files_failed_delete: int
    files_failed_prepare: int
    files_failed_transfer: int
    files_failed_verify: int
    files_listed_at_destination_for_delete: int
    files_listed_at_source: int
    files_prepared: int
    files_skipped: int
    files_transferred: int
    files_verified: int
    folders_deleted: int
    folders_failed_delete: int
    folders_failed_list: int
    folders_failed_prepare: int
    folders_failed_transfer: int
    folders_failed_verify: int
    folders_listed_at_destination_for_delete: int
    folders_listed_at_source: int
    folders_prepared: int
    folders_skipped: int
    folders_transferred: int
    folders_verified: int

    def __init__(self) -> None:
        for name in self.__slots__:
            setattr(self, name, 0)

    def as_dict(self) -> dict[str, int]:
        """All of them by name."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __repr__(self) -> str:
        return f"Counters({', '.join(f'{name}={value}' for name, value in self.as_dict().items() if value)})"
