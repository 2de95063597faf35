"""What the server can do, one file per capability: pure functions of an analysis.

Places are offsets in code points into the analysed source; `convert` makes the client's of them.
"""
