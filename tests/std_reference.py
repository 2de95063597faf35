"""What the doc comments of the `std:` modules say, and docs/std.md made from them.

`python -m tests.std_reference` writes the page. An action's comment is prose, then (after an empty
line each) its parameters as `name: text`, continued by indented lines, and an example of what a job
may hold, indented by four.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent

from nixc.resources import standard_modules
from nixc.syntax import decode, nodes, parse
from tests.harness import ROOT

PAGE = ROOT / "docs" / "std.md"

_PARAMETER = re.compile(r"^([A-Za-z]\w*): ")

_HEAD = """\
# The modules that come with nixc

<!-- Made by `python -m tests.std_reference` from compiler/nixc/std/*.nxa; edit those. -->

Actions for what most workflows do. A module is imported under a name; its actions are steps. Fields
of a step can be set behind the call: `use python.test() { timeout = 10m, workdir = "api" }`.

What an action runs is one of its `deps`, named as Debian names the package: a run that lacks it
does not start, and images get it installed. Where the package is named otherwise, or an earlier
step of yours brings the tool, say so behind the call: `{ deps = ["go"] }`, `{ deps = [] }`.
Versions are checked, not installed: `3` fits every Python 3, `3.12` fits 3.12.4 and not 3.1.
"""


@dataclass(frozen=True)
class Parameter:
    """A parameter; `default` is its source text, None where an argument is required."""

    name: str
    default: str | None


@dataclass(frozen=True)
class Action:
    """An action, its comment taken apart."""

    module: str
    name: str
    parameters: tuple[Parameter, ...]
    prose: str
    #: What the comment says of each parameter.
    described: dict[str, str]
    example: str

    @property
    def workflow(self) -> str:
        """The example as a whole file."""
        body = indent(self.example, "    ")
        head = f'import "std:{self.module}" as {self.module}\n\n'
        return f"{head}workflow example {{\n  job example {{\n{body}\n  }}\n}}\n"


@dataclass(frozen=True)
class Module:
    name: str
    prose: str
    actions: tuple[Action, ...]


def modules() -> Iterator[Module]:
    """All modules by name."""
    for path in standard_modules().values():
        yield _module(path)


def actions() -> list[Action]:
    return [action for module in modules() for action in module.actions]


def _module(path: Path) -> Module:
    source, problems = decode(str(path), path.read_bytes())
    parsed = parse(source)
    assert problems == parsed.diagnostics == ()
    head = source.text.split("\n\n", 1)[0]
    found = [e for e in parsed.file.entries if isinstance(e, nodes.ActionDecl)]
    prose = "\n".join(line.removeprefix("#").removeprefix(" ") for line in head.splitlines())
    return Module(path.stem, prose, tuple(_action(path.stem, node) for node in found))


def _action(module: str, node: nodes.ActionDecl) -> Action:
    blocks = (node.doc or "").split("\n\n")
    prose = [b for b in blocks if not _PARAMETER.match(b) and not b.startswith("    ")]
    described = [b for b in blocks if _PARAMETER.match(b)]
    examples = [b for b in blocks if b.startswith("    ")]
    parameters = tuple(
        Parameter(p.name.text, p.default.span.text if p.default else None) for p in node.parameters
    )
    return Action(
        module,
        node.name.text,
        parameters,
        "\n\n".join(prose),
        dict(_descriptions("\n".join(described))),
        dedent("\n\n".join(examples)),
    )


def _descriptions(text: str) -> Iterator[tuple[str, str]]:
    for entry in re.split(r"\n(?! )", text):
        if entry:
            name, _, said = entry.partition(": ")
            yield name, " ".join(line.strip() for line in said.splitlines())


def markdown() -> str:
    """The page, whole."""
    found = list(modules())
    listing = [f"- [`std:{m.name}`](#std{m.name}): {', '.join(_names(m))}" for m in found]
    return "\n".join([_HEAD, *listing, "", *map(_module_text, found)])


def _names(module: Module) -> list[str]:
    return [f"`{action.name}`" for action in module.actions]


def _module_text(module: Module) -> str:
    texts = "\n".join(map(_action_text, module.actions))
    return f"## std:{module.name}\n\n{module.prose}\n\n{texts}"


def _action_text(action: Action) -> str:
    parts = [f"### {action.module}.{action.name}", action.prose]
    if action.parameters:
        rows = (_row(action, parameter) for parameter in action.parameters)
        parts.append("\n".join(["| parameter | default | |", "|---|---|---|", *rows]))
    parts.append(f"```nxa\n{action.workflow}```")
    return "\n\n".join(parts) + "\n"


def _row(action: Action, parameter: Parameter) -> str:
    default = f"`{parameter.default}`" if parameter.default else "required"
    said = action.described.get(parameter.name, "").replace("|", "\\|")
    return f"| `{parameter.name}` | {default} | {said} |"


if __name__ == "__main__":
    PAGE.write_text(markdown(), encoding="utf-8")
