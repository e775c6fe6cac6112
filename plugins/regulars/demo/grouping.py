"""Positions within runs of equal keys."""

import numpy as np


def rank_in_run(keys: np.ndarray) -> np.ndarray:
    """0, 1, 2 … within every run of equal values of ``keys``, which are sorted."""
    if not len(keys):
        return np.zeros(0, dtype=np.int64)
    positions = np.arange(len(keys))
    starts = np.r_[True, keys[1:] != keys[:-1]]
    return positions - np.maximum.accumulate(np.where(starts, positions, 0))
