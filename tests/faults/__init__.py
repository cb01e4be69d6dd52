"""Faults on purpose: delivery loses nothing and doubles nothing, whatever breaks meanwhile."""
