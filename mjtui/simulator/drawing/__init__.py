"""Pictures and clips drawn from the words of a prompt."""
