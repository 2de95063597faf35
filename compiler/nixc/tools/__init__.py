"""What nixc does with what scripts leave behind; it knows nothing of the compiler."""

#: How a run can be reported.
FORMATS = ("text", "html", "junit", "trace", "json")
