"""The manual pages of what lowering finds."""

from nixc.lower.pages import executors, graph, names, smells, types

PAGES = (*names.PAGES, *types.PAGES, *graph.PAGES, *executors.PAGES, *smells.PAGES)
