"""What to say about a token that cannot stand where it stands."""

from __future__ import annotations

from typing import NamedTuple

from nixc.diagnostics import shortened
from nixc.schema.foreign import ADVICE
from nixc.source import Source
from nixc.syntax.table import table
from nixc.syntax.tokens import CLOSERS, CONTINUED, END, UNKNOWN, Token

#: Stands among the wanted terminals where an entry may begin.
ENTRY = "an entry"

_HELP = {
    ":": "a field is written `name = value`",
    ";": "entries are separated by line breaks or commas",
    "&": ADVICE["and"],
    "|": ADVICE["or"],
    "`": "texts stand in double quotes or in '…'",
    "$": "values are named without `$`; `${…}` stands in strings only",
    "\\": "lines need no backslash: a line break after an operator or `=` is a blank",
    "/": "a path stands in quotes; comments begin with `#`",
}
_HELP |= dict.fromkeys("“”„", "strings stand in straight quotes")
_HELP |= dict.fromkeys("‘’", "strings stand in straight quotes")
_HELP |= dict.fromkeys("<>+*%-", "there is no arithmetic: what a workflow needs of it, bash has")


class Complaint(NamedTuple):
    """An error to come; `at_previous` puts it at the token before."""

    code: str
    message: str
    help: str | None = None
    at_previous: bool = False


def complaint(source: Source, previous: Token | None, token: Token, wanted: set[str]) -> Complaint:
    """Put into words that `token` stands where only `wanted` could."""
    found = shown(source, token)
    after = f" after {shown(source, previous)}" if previous else ""
    if token.kind in ("EQUALS", "DIFFERS") and "AND" in wanted:
        return Complaint("NX113", "comparisons cannot be chained", "join two comparisons with `&&`")
    if _starts_value(wanted):
        return Complaint("NX110", f"expected a value{after}", _help(source, token), _is_end(token))
    if token.kind == "NL" and "LBRACE" in wanted:
        return Complaint("NX101", f'expected "{{"{after} on the same line', None, True)
    return _plain(source, previous, token, wanted, found, after)


def _plain(
    source: Source,
    previous: Token | None,
    token: Token,
    wanted: set[str],
    found: str,
    after: str,
) -> Complaint:
    advice = _help(source, token) or (previous and _foreign(source, previous))
    if ENTRY in wanted:
        advice = None if found == '"-"' else advice
        if token.kind in CONTINUED - {"ASSIGN", "NOT"}:
            advice = "an operator stands at the end of a line, not at the beginning of the next"
        message = f"unexpected {_bare(found)}: expected a field or a declaration"
        return Complaint("NX101", message, advice)
    if token.kind == "ASSIGN" and "EQUALS" in wanted:
        return Complaint("NX101", f"unexpected {_bare(found)}{after}", "equality is written `==`")
    if "COMMA" in wanted and token.kind not in CLOSERS and token.kind not in (UNKNOWN, END):
        sign = 'a line break or ","' if "NL" in wanted else '","'
        return Complaint("NX101", f"expected {sign} before {found}", advice)
    if token.kind == "LPAR" and "ASSIGN" in wanted and previous and previous.kind == "NAME":
        name = shortened(source.text[previous.start : previous.end])
        advice = f"a step is written `use {name}(…)`, an action `action {name}(…) {{ … }}`"
    words = _words(wanted)
    if 0 < len(words) <= 3:
        message = f"expected {_joined(words)}{after}"
        if not _is_end(token):
            message += f", found {found}"
        return Complaint("NX101", message, advice, _is_end(token))
    return Complaint("NX101", f"unexpected {_bare(found)}{after}", advice)


def shown(source: Source, token: Token) -> str:
    """A token as messages name it."""
    text = source.text[token.start : token.end]
    if token.kind == END:
        return "the end of the file"
    if token.kind == "NL":
        return "the end of the line"
    if token.kind == "TEXT":
        return "a raw text"
    if not text.isprintable():
        return f"the character U+{ord(text[0]):04X}"
    text = text if len(text) <= 30 else text[:29] + "…"
    return text if token.kind == "STRING" else f'"{text}"'


def _bare(shown: str) -> str:
    return shown.removeprefix("the ")


def _help(source: Source, token: Token) -> str | None:
    if token.kind == UNKNOWN:
        if _opens_yaml_text(source, token):
            return 'several lines of text stand between """ and """'
        return _HELP.get(source.text[token.start])
    return _foreign(source, token)


def _opens_yaml_text(source: Source, token: Token) -> bool:
    line_end = source.text.find("\n", token.start)
    return source.text[token.start : line_end].strip() in ("|", "|-", "|+", ">", ">-", ">+")


def _foreign(source: Source, token: Token) -> str | None:
    """What to write instead of a word of another language."""
    if token.kind != "NAME":
        return None
    return ADVICE.get(source.text[token.start : token.end])


def _is_end(token: Token) -> bool:
    return token.kind in ("NL", END) or token.kind in CLOSERS


def _starts_value(wanted: set[str]) -> bool:
    return wanted >= {"NUMBER", "STRING", "LPAR", "NAME"}


def _words(wanted: set[str]) -> list[str]:
    """Terminals -> what users call them; keywords go with `a name` where one may stand."""
    literals = table().literals
    words = []
    rest = set(wanted)
    if "NAME" in rest:
        words.append("a name")
        rest -= {kind for kind, text in literals.items() if text.isalpha()}
    if rest & {"STRING", "LITERAL"}:
        words.append("a string")
    if "NL" in rest:
        words.append("the end of the line")
    rest -= {"NAME", "STRING", "LITERAL", "TEXT", "NL", "DOT", END}
    if words:
        rest.discard("ASSIGN")  # a keyword could be a field's name: hardly what was meant
    return words + sorted(f'"{literals[kind]}"' for kind in rest)


def _joined(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]
