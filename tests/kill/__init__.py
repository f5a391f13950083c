"""Real processes, really killed, on the way of a reply."""
