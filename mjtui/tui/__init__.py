"""The full-screen app: one face of the engine."""
