"""Real replies labelled by hand, and what the checks find in them."""
