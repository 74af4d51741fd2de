"""`python -m desk` is `glabella`."""

from desk.cli import main

main()
