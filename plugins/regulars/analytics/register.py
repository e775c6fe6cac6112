"""Rows of the model register: what was fitted, on how much, and how well it foretold."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

COLUMNS = {
    "model_name": "string",
    "model_version": "string",
    "fitted_for_date": "datetime64[us]",
    "n_observations": "int64",
    "parameters": "string",
    "error_measure": "string",
    "error_value": "float64",
    "naive_error_value": "float64",
    "status": "string",
    "note": "string",
}
DIGITS = 6


def rounded(value: float) -> float:
    """Significant digits that a fit gives again on another run, whatever the number of threads."""
    return float(f"{value:.{DIGITS}g}")


def row(name: str, fitted_for: date, n: int, **details: Any) -> dict[str, Any]:
    """One row; ``parameters`` become JSON with sorted keys, other things not given are null."""
    parameters: Mapping[str, float] = details.pop("parameters", {})
    text = json.dumps({k: rounded(v) for k, v in parameters.items()}, sort_keys=True)
    return {
        "model_name": name,
        "model_version": "1",
        "fitted_for_date": pd.Timestamp(fitted_for),
        "n_observations": n,
        "parameters": text,
        "error_measure": "nothing to judge it by",
        **({} if "error_value" in details else {"note": "no later days to judge it by"}),
        **details,
    }


def frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The rows in the columns and types of the register."""
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def parameters_of(register: pd.DataFrame, name: str) -> dict[str, float] | None:
    """The parameters of a fitted model; None where it was not fitted."""
    found = register[(register.model_name == name) & (register.status == "fitted")]
    return json.loads(found.parameters.iloc[0]) if len(found) else None
