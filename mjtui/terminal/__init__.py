"""What this terminal can do, and the bytes that make it do it: pictures, text, clipboard, notifications, title."""
