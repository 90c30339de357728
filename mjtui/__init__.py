"""mjtui: a keyboard-driven terminal workstation for making pictures with Midjourney."""

__version__ = "0.1.0"
