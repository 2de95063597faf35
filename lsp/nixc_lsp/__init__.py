"""The language server: `nixc lsp`, on the compiler's own front end."""
