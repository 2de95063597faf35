"""What names mean where an expression stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from nixc.lower.values import Value
from nixc.records import dataclass, field, replace
from nixc.syntax import nodes


@dataclass(frozen=True, eq=False)
class Imported:
    """An import and the module it names; None where it could not be read."""

    node: nodes.Import
    module: Module | None


Named: TypeAlias = nodes.Let | nodes.ExecutorDecl | nodes.ActionDecl | nodes.TemplateDecl | Imported


@dataclass(frozen=True, eq=False)
class Module:
    """A file and the one namespace of what stands at its top."""

    file: nodes.File
    names: Mapping[str, Named]


@dataclass(frozen=True, eq=False)
class Scope:
    """The names that an expression sees."""

    module: Module
    #: Parameters by name.
    locals: Mapping[str, Value] = field(default_factory=dict)
    #: Lets and executors of the workflow.
    workflow: Mapping[str, Named] = field(default_factory=dict)
    #: The combination of a matrix job; None outside of one.
    matrix: Mapping[str, Value] | None = None
    #: Jobs that may be read as `needs.JOB`; None outside of jobs.
    needs: frozenset[str] | None = None
    #: All jobs by name, and by the full names of matrix jobs, to the declared name.
    jobs: Mapping[str, str] = field(default_factory=dict)
    #: Variables of scripts, as far as their names are written here: parameters, `env`.
    variables: frozenset[str] = frozenset()
    #: Whether any axis will do, for the matrix was wrong.
    any_axis: bool = False
    #: Whether this is checked without being used: any axis, job and input will do.
    opaque: bool = False

    def find(self, name: str) -> Named | None:
        return self.workflow.get(name) or self.module.names.get(name)

    def inside(self, module: Module, parameters: Mapping[str, Value]) -> Scope:
        """The scope of a template's body: its own file's names, the job's matrix and needs."""
        return replace(self, module=module, workflow={}, locals=parameters)

    def exported(self, name: str) -> bool:
        """Whether scripts see a variable of this name."""
        return name in self.variables

    def candidates(self) -> tuple[str, ...]:
        return (*self.locals, *self.workflow, *self.module.names)


def home(
    module: Module,
    parameters: Mapping[str, Value],
    opaque: bool,
    variables: frozenset[str] = frozenset(),
) -> Scope:
    """The scope of an action's body: its own file's names and its parameters; `variables` are
    those of the job."""
    names = variables | {name.replace("-", "_") for name in parameters}
    return Scope(module, locals=parameters, variables=names, opaque=opaque)
