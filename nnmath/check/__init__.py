"""Gradient checking: finite differences, error bounds, comparison, diagnosis, verdict."""
