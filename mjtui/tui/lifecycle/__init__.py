"""Coming and going: signals, the terminal as it was."""
