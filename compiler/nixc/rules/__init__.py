"""Checks of whole workflows, one file each, and the pages about all codes found from here down.

check(passed.workflow, lowered)     # diagnostics of all rules about workflows
check_texts(texts)                  # diagnostics of all rules about the users' texts
unavailable(lowered)                # what `build` refuses and `check` does not mind
pages()                             # every code with title and manual page
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable

from nixc.diagnostics import Diagnostic, Findings
from nixc.ir import model as ir
from nixc.ir.texts import ShellText
from nixc.lower import Lowered
from nixc.memo import Memo
from nixc.page import Page
from nixc.rules import (
    artifact_race,
    artifact_twice,
    availability,
    constant_condition,
    echoed_secret,
    impossible_comparison,
    misspelt_variable,
    never_runs,
    python_syntax,
    tolerated_gate,
    unknown_export,
    unmade_artifact,
    unused_declaration,
    unused_export,
)
from nixc.rules.availability import unavailable
from nixc.rules.model import Facts, Rule, TextRule

RULES: tuple[Rule, ...] = (
    unmade_artifact.RULE,
    artifact_race.RULE,
    artifact_twice.RULE,
    unknown_export.RULE,
    unused_declaration.RULE,
    unused_export.RULE,
    tolerated_gate.RULE,
    never_runs.RULE,
    constant_condition.RULE,
    impossible_comparison.RULE,
)

TEXT_RULES: tuple[TextRule, ...] = (python_syntax.RULE, echoed_secret.RULE)


def check(
    workflow: ir.Workflow, lowered: Lowered, memo: Memo | None = None
) -> tuple[Diagnostic, ...]:
    """What the rules find in a workflow that went through the passes."""
    facts = Facts(workflow, lowered, memo or Memo())
    findings = Findings()
    for rule in RULES:
        findings.extend(rule.check(facts))
    return findings.sorted()


def check_texts(texts: Iterable[ShellText]) -> tuple[Diagnostic, ...]:
    """What the rules find in the users' texts."""
    found = Findings()
    for text in texts:
        for rule in TEXT_RULES:
            found.extend(rule.check(text))
    return found.sorted()


def pages() -> dict[str, Page]:
    """The manual pages of lowering, passes and rules, by code."""
    # Only who asks for pages pays for their texts.
    from nixc.lower.pages import PAGES

    rules: tuple[Rule | TextRule, ...] = (*RULES, *TEXT_RULES)
    own = [Page(rule.code, rule.title, _page(rule.check)) for rule in rules]
    own.append(
        Page(misspelt_variable.CODE, misspelt_variable.TITLE, _page(misspelt_variable.check))
    )
    text = inspect.getdoc(availability) or ""
    own.append(Page(availability.CODE, availability.TITLE, text))
    return dict(sorted({page.code: page for page in (*PAGES, *own)}.items()))


def _page(check: Callable[..., object]) -> str:
    return inspect.getdoc(sys.modules[check.__module__]) or ""


__all__ = ["RULES", "TEXT_RULES", "check", "check_texts", "pages", "unavailable"]
