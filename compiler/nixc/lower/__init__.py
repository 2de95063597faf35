"""Syntax tree and schema to IR and diagnostics: names, types, matrices, templates, actions.

lowered = lower(file, loader)       # nixc.lower.lowering.Lowered
"""

from nixc.lower.lowering import Lowered, lower
from nixc.lower.modules import Loader

__all__ = ["Loader", "Lowered", "lower"]
