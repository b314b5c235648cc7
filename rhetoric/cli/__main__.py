"""The command line without its console script: ``python -m rhetoric.cli``."""

from rhetoric.cli import main

main()
