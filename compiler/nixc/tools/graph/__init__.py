"""The graph of a workflow's jobs, in several forms."""

#: How a graph can be shown; `registry` has what draws each.
FORMATS = ("text", "mermaid", "dot", "svg", "html")
