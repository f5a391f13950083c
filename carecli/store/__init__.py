"""The database: one module for each aggregate, and one driver for each engine.

Functions take a `Session` and speak in the model's nouns. Not for: rules, or deciding when to write.
"""
