"""The worker: from the network into the store, and from the outbox to the network.

Runs inside the TUI, inside a flag command that posts, or by itself. Not for: what people decide (`desk`).
"""
