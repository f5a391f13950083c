"""The screens: each owns its keys, asks the desk in thread workers and hands the answers down to its widgets.

Not for: drawing (`tui.widgets`) or rules (`carecli.desk`).
"""
