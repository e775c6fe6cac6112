"""Regulars: the open customer warehouse for store chains."""
