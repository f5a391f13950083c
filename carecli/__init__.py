"""carecli: the social care desk in a terminal.

Holds the version and nothing else, so that importing the package costs nothing.
"""

__version__ = "0.1.0"
