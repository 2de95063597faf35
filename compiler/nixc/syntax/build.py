"""Productions -> nodes: one method per alias or rule of `nixa.lark`.

A method takes the values of what the production consists of (tokens as they are) and the span
of it all. Rules without a method have one part and pass it on.
"""

from __future__ import annotations

from typing import Any

from nixc.source import Source, Span
from nixc.syntax import nodes, numbers, rawtext, strings
from nixc.syntax.comments import Documentation
from nixc.syntax.errors import Errors
from nixc.syntax.tokens import Lexed

#: What a production consists of: tokens, nodes, lists of nodes, or None for what was dropped.
Parts = list[Any]


class Builder:
    """Makes the nodes of one source."""

    def __init__(
        self,
        source: Source,
        lexed: Lexed,
        errors: Errors,
        documentation: Documentation,
        parse_expression: strings.ParseExpression,
    ) -> None:
        self._source = source
        self._unclosed = lexed.unclosed
        self._errors = errors
        self._doc = documentation
        self._parse_expression = parse_expression

    # --- lists and brackets ---------------------------------------------------

    def empty(self, parts: Parts, span: Span) -> Parts:
        return []

    def nothing(self, parts: Parts, span: Span) -> Parts:
        return []

    def first(self, parts: Parts, span: Span) -> Any:
        return parts[0]

    def inner(self, parts: Parts, span: Span) -> Any:
        return parts[1]

    def one(self, parts: Parts, span: Span) -> Parts:
        return [] if parts[0] is None else [parts[0]]

    def more(self, parts: Parts, span: Span) -> Parts:
        # The list is this production's alone: nothing else refers to it.
        items: Parts = parts[0]
        if parts[-1] is not None:
            items.append(parts[-1])
        return items

    def pair(self, parts: Parts, span: Span) -> Parts:
        return [parts[0], parts[2]]

    # --- declarations ---------------------------------------------------------

    def field(self, parts: Parts, span: Span) -> nodes.Field | None:
        return nodes.Field(span, parts[0], parts[2]) if parts[0].text else None

    def import_(self, parts: Parts, span: Span) -> nodes.Import | None:
        return nodes.Import(span, parts[1], parts[3]) if parts[3].text else None

    def let(self, parts: Parts, span: Span) -> nodes.Let | None:
        name, value = parts[1], parts[3]
        if _is_unclosed(value):
            value = nodes.Missing(value.span)  # it may be meant to be a text: no use of it is wrong
        return nodes.Let(span, name, value, self._above(span)) if name.text else None

    def executor(self, parts: Parts, span: Span) -> nodes.ExecutorDecl | None:
        name = parts[1]
        return nodes.ExecutorDecl(span, name, parts[3], self._above(span)) if name.text else None

    def action(self, parts: Parts, span: Span) -> nodes.ActionDecl | None:
        _, name, parameters, body = parts
        doc = self._above(span)
        return (
            nodes.ActionDecl(span, name, tuple(parameters), tuple(body), doc) if name.text else None
        )

    def template(self, parts: Parts, span: Span) -> nodes.TemplateDecl | None:
        _, name, parameters, body = parts
        doc = self._above(span)
        return (
            nodes.TemplateDecl(span, name, tuple(parameters), tuple(body), doc)
            if name.text
            else None
        )

    def workflow(self, parts: Parts, span: Span) -> nodes.WorkflowDecl | None:
        _, name, body = parts
        return nodes.WorkflowDecl(span, name, tuple(body), self._above(span))

    def input(self, parts: Parts, span: Span) -> nodes.InputDecl | None:
        _, name, body = parts
        return nodes.InputDecl(span, name, tuple(body), self._above(span)) if name.text else None

    def job(self, parts: Parts, span: Span) -> nodes.JobDecl | None:
        _, name, body = parts
        doc = self._above(span)
        return nodes.JobDecl(span, name, None, tuple(body), doc) if name.text else None

    def job_from(self, parts: Parts, span: Span) -> nodes.JobDecl | None:
        name, template, body = parts[1], parts[3], tuple(parts[4]) if len(parts) > 4 else ()
        if isinstance(template, nodes.Missing) or not name.text:
            return None
        return nodes.JobDecl(span, name, template, body, self._above(span))

    def step(self, parts: Parts, span: Span) -> nodes.StepDecl:
        return nodes.StepDecl(span, None, tuple(parts[1]), self._above(span))

    def step_named(self, parts: Parts, span: Span) -> nodes.StepDecl:
        return nodes.StepDecl(span, parts[1], tuple(parts[2]), self._above(span))

    def run(self, parts: Parts, span: Span) -> nodes.RunDecl:
        return nodes.RunDecl(span, parts[1], self._above(span))

    def use(self, parts: Parts, span: Span) -> nodes.UseDecl | None:
        call, body = parts[1], tuple(parts[2]) if len(parts) > 2 else ()
        if isinstance(call, nodes.Missing):
            return None
        return nodes.UseDecl(span, call, body, self._above(span))

    def parallel(self, parts: Parts, span: Span) -> nodes.ParallelDecl:
        return nodes.ParallelDecl(span, tuple(parts[1]), self._above(span))

    def parameter(self, parts: Parts, span: Span) -> nodes.Parameter | None:
        default = parts[2] if len(parts) > 1 else None
        return nodes.Parameter(span, parts[0], default) if parts[0].text else None

    def _above(self, span: Span) -> str | None:
        return self._doc.above(span.first)

    # --- expressions ----------------------------------------------------------

    def or_(self, parts: Parts, span: Span) -> nodes.Or:
        return nodes.Or(span, tuple(parts[0]))

    def and_(self, parts: Parts, span: Span) -> nodes.And:
        return nodes.And(span, tuple(parts[0]))

    def compared(self, parts: Parts, span: Span) -> nodes.Comparison:
        left, sign, right = parts
        if sign.kind == "EQUALS":
            return nodes.Comparison(span, "==", left, right)
        return nodes.Comparison(span, "!=", left, right)

    def not_(self, parts: Parts, span: Span) -> nodes.Not:
        return nodes.Not(span, parts[1])

    def list(self, parts: Parts, span: Span) -> nodes.ListValue:
        return nodes.ListValue(span, tuple(parts[1]) if len(parts) > 2 else ())

    def object(self, parts: Parts, span: Span) -> nodes.ObjectValue:
        return nodes.ObjectValue(span, tuple(parts[1]) if len(parts) > 2 else ())

    def object_entry(self, parts: Parts, span: Span) -> nodes.ObjectEntry | None:
        key = parts[0]
        if isinstance(key, nodes.Name) and not key.text:
            return None
        return nodes.ObjectEntry(span, key, parts[2])

    def executor_value(self, parts: Parts, span: Span) -> nodes.ExecutorValue:
        return nodes.ExecutorValue(span, parts[0], tuple(parts[2]) if len(parts) > 3 else ())

    def reference(self, parts: Parts, span: Span) -> nodes.Reference | nodes.Missing:
        reference = nodes.Reference(span, tuple(parts[0]))
        return reference if _is_named(reference) else nodes.Missing(span)

    def call(self, parts: Parts, span: Span) -> nodes.Call | nodes.Missing:
        callee = parts[0]
        if isinstance(callee, nodes.Missing):
            return callee
        return nodes.Call(span, callee, tuple(parts[1]))

    def argument(self, parts: Parts, span: Span) -> nodes.Argument:
        return nodes.Argument(span, None, parts[0])

    def argument_named(self, parts: Parts, span: Span) -> nodes.Argument | None:
        return nodes.Argument(span, parts[0], parts[2]) if parts[0].text else None

    # --- leaves ---------------------------------------------------------------

    def name(self, parts: Parts, span: Span) -> nodes.Name:
        return nodes.Name(span, span.text)

    def number(self, parts: Parts, span: Span) -> nodes.Number | nodes.Missing:
        return numbers.integer(span, self._malformed(span))

    def duration(self, parts: Parts, span: Span) -> nodes.Duration | nodes.Missing:
        return numbers.duration(span, self._malformed(span))

    def true(self, parts: Parts, span: Span) -> nodes.Boolean:
        return nodes.Boolean(span, True)

    def false(self, parts: Parts, span: Span) -> nodes.Boolean:
        return nodes.Boolean(span, False)

    def null(self, parts: Parts, span: Span) -> nodes.Null | nodes.Missing:
        # Recovery puts a token without width where a value is missing.
        return nodes.Null(span) if span.last > span.first else nodes.Missing(span)

    def string(self, parts: Parts, span: Span) -> nodes.String:
        closing = self._unclosed.get(span.first, 1)
        return strings.string(span, closing, self._errors, self._parse_expression)

    def literal(self, parts: Parts, span: Span) -> nodes.LiteralString:
        return strings.literal_string(span, self._unclosed.get(span.first, 1))

    def raw_text(self, parts: Parts, span: Span) -> nodes.RawText:
        text = self._source.text
        opening = len(text) if span.first in self._unclosed else span.first
        while opening < span.last and text[opening] == '"':
            opening += 1
        closing = self._unclosed.get(span.first, opening - span.first)
        return rawtext.raw_text(span, closing, self._errors)

    def _malformed(self, span: Span) -> numbers.Report:
        return lambda message, advice: self._errors.add("NX112", message, span, advice)


def _is_unclosed(value: nodes.Expression) -> bool:
    """Whether a list or object ends with a bracket without width, which is mended."""
    is_bracketed = isinstance(value, nodes.ListValue | nodes.ObjectValue)
    return is_bracketed and not value.span.text.endswith(("]", "}"))


def _is_named(reference: nodes.Reference) -> bool:
    return all(name.text for name in reference.names)
