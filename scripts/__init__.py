"""Programs that write pages and pictures of the project. Not for: anything that the desk needs to run."""
