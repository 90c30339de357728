"""A faithful local Kie.ai: the same paths, answers, prices and limits, with faults on demand and drawn pictures."""
