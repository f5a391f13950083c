"""What people do at the desk: every use case, one function each; the only way in for keys and flags alike.

Blocking functions that take a `Desk` and raise `CareError`s. Not for: drawing, or talking to a network (`worker`).
"""
