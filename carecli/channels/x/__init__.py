"""X: mentions, threads, replies and direct messages of one account, within X's limits and at the least cost."""
