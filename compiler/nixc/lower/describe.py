"""How messages name types, and the form that would have been right."""

from __future__ import annotations

from nixc.diagnostics import quoted, shortened
from nixc.exhaustive import assert_never
from nixc.lower.context import listed
from nixc.lower.values import BoolV, CallV, DurationV, NumberV, TextV, Value
from nixc.schema import types as t


def described(wanted: t.Type) -> str:
    """A type as messages say it: "a list of texts", "`json` or `simple`"."""
    match wanted:
        case t.Str():
            text = wanted.form.name if wanted.form else "a text"
        case t.Choice():
            text = listed(wanted.values)
        case t.ListOf():
            text = f"a list ({described(wanted.item)} each)"
        case t.Union():
            text = " or ".join(dict.fromkeys(described(option) for option in wanted.options))
        case t.MapOf():
            text = "an object"
        case t.ObjectOf():
            text = f"an object with the fields of `{wanted.block.name}`"
        case _:
            text = _plain(wanted)
    return text


def _plain(
    wanted: t.Int
    | t.Bool
    | t.DurationT
    | t.Shell
    | t.ConditionT
    | t.EnvMap
    | t.ExecutorT
    | t.JobRefs
    | t.ProviderT
    | t.Free,
) -> str:
    words: dict[type[t.Type], str] = {
        t.Int: "a whole number",
        t.Bool: "`true` or `false`",
        t.DurationT: "a duration",
        t.Shell: "the text of a script",
        t.ConditionT: "a condition",
        t.EnvMap: "an object of variables",
        t.ExecutorT: "an executor",
        t.JobRefs: "a list of jobs",
        t.ProviderT: "a provider of variables",
        t.Free: "a value",
    }
    return words[type(wanted)]


def right_form(value: Value, wanted: t.Type) -> str | None:
    """A hint with the form that the user will have meant, if there is one."""
    match wanted:
        case t.DurationT():
            return _duration_form(value)
        case t.ListOf() | t.JobRefs():
            if isinstance(value, TextV | NumberV):
                return f"write `[{shortened(value.span.text)}]`"
        case t.Str():
            if isinstance(value, NumberV | BoolV | DurationV) and '"' not in value.span.text:
                return f'write `"{shortened(value.span.text)}"`'
        case t.Bool() | t.Int():
            return _bare_form(value, wanted)
        case t.ExecutorT():
            return _executor_form(value)
        case _:
            pass
    return None


def _duration_form(value: Value) -> str | None:
    if isinstance(value, NumberV):
        return f"write `{abs(value.value)}s` for seconds, or another of `ms`, `s`, `m`, `h`"
    if isinstance(value, TextV) and value.text[:1].isdigit():
        unit = "s" if value.text.isdigit() else ""
        return f"write `{shortened(value.text)}{unit}` without quotes"
    return "durations look like `500ms`, `30s`, `5m`, `1h30m`"


def _bare_form(value: Value, wanted: t.Bool | t.Int) -> str | None:
    if not isinstance(value, TextV):
        return None
    match wanted:
        case t.Bool():
            fits = value.text in ("true", "false")
        case t.Int():
            fits = value.text.isdigit()
        case _:
            assert_never(wanted)
    return f"write {quoted(value.text)} without quotes" if fits else None


def _executor_form(value: Value) -> str | None:
    if isinstance(value, TextV) and value.span.text[:1] in ("'", '"'):
        return f"write {quoted(value.text)} without quotes"
    if isinstance(value, CallV):
        return f"fields stand in braces: `{shortened(value.node.callee.span.text)} {{ … }}`"
    return None
