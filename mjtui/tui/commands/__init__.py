"""What a person can do, bound to the commands of the keymap."""
