"""A real pseudo-terminal for tests and benchmarks: run a program in it, press its keys, read screen and bytes."""
