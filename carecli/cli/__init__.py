"""The command line: each command parses, calls the desk once and prints the answer.

Not for: rules or SQL; a command that needs either is missing a use case in `desk`.
"""
