"""What is known of ShellCheck's codes: titles of common ones, and where each is explained."""

from __future__ import annotations

import re

from nixc.diagnostics import docs
from nixc.page import Page

_CODE = re.compile(r"SC[1-3]\d{3}")

_TITLES = {
    "SC1009": "the place around a syntax error",
    "SC1036": "a `(` where the shell does not have one",
    "SC1072": "a syntax error",
    "SC1073": "what could not be parsed because of a syntax error",
    "SC1078": "a quoted string that looks unclosed",
    "SC1083": "a literal brace",
    "SC1090": "a file that is sourced under a name known only when the script runs",
    "SC1091": "a sourced file that ShellCheck does not follow",
    "SC2002": "`cat` of one file into a pipe",
    "SC2006": "backticks instead of `$(…)`",
    "SC2010": "`ls` piped into `grep`",
    "SC2012": "the output of `ls` taken apart",
    "SC2015": "`A && B || C`, which also runs C when B fails",
    "SC2016": "a `$` in single quotes, which is not expanded",
    "SC2034": "a variable that nothing seems to use",
    "SC2035": "a glob that may match names beginning with `-`",
    "SC2038": "`find | xargs`, which breaks on blanks in names",
    "SC2044": "a loop over the output of `find`",
    "SC2045": "a loop over the output of `ls`",
    "SC2046": "an unquoted `$(…)`, which is split into words",
    "SC2048": "an unquoted `$*`",
    "SC2059": "a variable in the format of `printf`",
    "SC2064": "a trap whose text is expanded now and not when it is called",
    "SC2068": "an unquoted `$@` or array",
    "SC2086": "an unquoted variable, which is split into words and expanded as a glob",
    "SC2115": "an `rm` that removes everything when a variable is empty",
    "SC2116": "a needless `echo`",
    "SC2128": "an array read without an index",
    "SC2129": "several redirections to one file",
    "SC2145": "`$@` in the middle of a string",
    "SC2148": "a script without a shebang",
    "SC2153": "a name that may be misspelt",
    "SC2154": "a variable that is read and never set",
    "SC2155": "a declaration that hides the exit status of its value",
    "SC2162": "`read` without `-r`, which eats backslashes",
    "SC2164": "a `cd` whose failure nothing looks at",
    "SC2181": "`$?` looked at instead of the command",
    "SC2206": "an array of unquoted words",
    "SC2207": "an array of the words of a command's output",
    "SC2223": "an unquoted `${x:=…}`",
    "SC2230": "`which`, which not every system has",
    "SC2236": "`! -z` instead of `-n`",
    "SC2250": "a variable without braces",
    "SC2283": "blanks around the `=` of an assignment",
    "SC2288": "a command that is only a sign",
    "SC2312": "a command whose exit status is lost in another one",
    "SC2317": "a command that seems never to be reached",
    "SC3010": "`[[ … ]]`, which sh does not have",
    "SC3037": "options of `echo`, which sh does not have",
    "SC3043": "`local`, which sh does not define",
}

_TEXT = """\
ShellCheck finds this in the shell text of a step, a condition or a hook{what}. What it means
and how it is cured stands on ShellCheck's own page:

{address}

Where the script is right as it is, `# shellcheck disable={code}` above the line of the script says
so, or `# nixc: ignore={code}` above the step, the job or the field that holds it.
"""


def page(code: str) -> Page | None:
    """The page of a code of ShellCheck's; None if it can be none."""
    if not _CODE.fullmatch(code):
        return None
    title = _TITLES.get(code)
    text = _TEXT.format(what=f": {title}" if title else "", code=code, address=docs(code))
    return Page(code, title or "a finding of ShellCheck", text)


def codes() -> tuple[str, ...]:
    """The codes of which there is more to say than their address."""
    return tuple(_TITLES)
