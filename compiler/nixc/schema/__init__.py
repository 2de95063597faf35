"""THE table: blocks, fields, executor kinds, functions, names. Nothing is listed twice."""
