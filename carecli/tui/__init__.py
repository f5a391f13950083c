"""The desk on the screen: the app, its screens and widgets, keys and themes.

Draws what `desk` says and asks it in thread workers. Not for: rules, the disk or the network.
"""
