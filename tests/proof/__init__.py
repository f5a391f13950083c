"""The proofreader, with a Polish dictionary of fourteen words and with what this machine has besides."""
