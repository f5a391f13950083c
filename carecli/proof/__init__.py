"""Proofreading: spelling and English grammar, read in a process of its own, so that no key press waits for it.

It needs `carecli[proof]`; without it every answer is that it is off, and why. Nothing here reads the network.
Not for: what the checks make of it (`playbook.checks.proofread`), or when a draft is read (`desk.proofreading`).
"""
