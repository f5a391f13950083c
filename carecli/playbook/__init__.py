"""The playbook: the brand's rules as pure functions over the model; no clock, no database, no network.

Not for: carrying them out (`desk`, `worker`), or how a network counts and what it allows (`channels`).
"""
