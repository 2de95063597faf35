"""`python -m nixc` is `nixc`."""

from nixc.cli import main

main()
