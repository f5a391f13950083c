"""The networks: one protocol, and the code that speaks each network for one account.

What differs between networks lives here and nowhere else. Not for: storing or deciding (`worker`, `desk`).
"""
