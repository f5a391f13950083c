"""Benchmarks of the desk, as ratios against something bare measured in the same run.

`python -m tests.bench` runs them all; docs/performance.md says what each one means. Not for: the test run.
"""
