"""`python -m carecli`: the same as the `carecli` command."""

from carecli.cli.main import main

main()
