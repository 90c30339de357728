"""The Studio, and what opens over it."""
