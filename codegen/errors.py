"""The one error that the generator shows to people."""

from __future__ import annotations


class CodegenError(Exception):
    """Generation stopped; the message is one line that says where and why."""


class SpecError(CodegenError):
    """The spec has something that the generator does not understand."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem
