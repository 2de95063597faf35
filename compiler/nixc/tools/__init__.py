"""What nixc does with workflows besides building them: reports of the runs that scripts leave
behind, which know nothing of the compiler, and graphs, which read the IR, never the text."""

#: How a run can be reported.
FORMATS = ("text", "html", "junit", "trace", "json")
