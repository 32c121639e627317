"""What the statements about one request have in common while its module is built."""

from __future__ import annotations

from attrs import field, frozen

from codegen import naming
from codegen.context import Context
from codegen.imports import Imports
from codegen.rules.documented import Documented
from codegen.spec import Member, Shape

INDICES = "ijklmnopq"
"""The variables for places in lists."""


@frozen(slots=False)
class Home:
    """The module of one request's rules, while it is built."""

    context: Context
    request: str
    imports: Imports = field(factory=Imports, init=False)
    regexes: dict[str, str] = field(factory=dict, init=False)
    """Regular expressions and the names of their constants."""
    blanks: dict[str, str] = field(factory=dict, init=False)
    """Structures of which an empty one is needed, and the names of these."""

    @property
    def facts(self) -> Documented:
        """What `rules.toml` says."""
        return self.context.rules.documented

    def is_listed(self, way: tuple[Member, ...]) -> bool:
        """Whether a way goes through a list."""
        return any(self.shape(member).type == "list" for member in way)

    def shape(self, member: Member) -> Shape:
        """The shape of a member."""
        return self.context.spec.shapes[member.shape]

    def held(self, member: Member) -> str:
        """The structure that a member is, or that is in the list that it is."""
        shape = self.shape(member)
        return shape.element if shape.type == "list" and shape.element else shape.name

    def own_class(self, shape: str) -> str:
        """The class of a structure, which is then imported."""
        package = self.context.target.package
        return self.imports.own(f"{package}.models.{self.context.module(shape)}", naming.class_name(shape))

    def regex(self, source: str, rule: str) -> str:
        """The constant for a regular expression, named after the first rule that has it."""
        name = rule.replace("-", "_")
        others = sum(taken.startswith(name) for taken in self.regexes.values())
        return self.regexes.setdefault(source, f"{name}_{others + 1}" if others else name)

    def blank(self, shape: str) -> str:
        """The constant for a structure without anything in it."""
        name = self.own_class(shape)
        return self.blanks.setdefault(name, f"NO_{naming.function(name).upper()}")


@frozen
class Variables:
    """The variables of a function."""

    taken: dict[str, str]
    """Names, and what each stands for."""
    statements: dict[str, str] = field(factory=dict, init=False)
    """The statements with which the function begins, by the names that they give."""

    def name(self, wanted: str, value: str) -> str:
        """The name for a value: the wanted one, unless something else has that."""
        name = naming.safe(wanted, frozenset())
        while self.taken.setdefault(name, value) != value:
            name += "_"
        return name
