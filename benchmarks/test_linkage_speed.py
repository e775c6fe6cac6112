"""Likeness of member records: all at once, and one night of new ones among all.

``REGULARS_BENCH_RECORDS`` says how many; `make bench` measures 50,000, which must be compared with
each other in under two minutes, CI 5,000 as a smoke test.
"""

import os
import subprocess
import sys
from pathlib import Path

RECORDS = int(os.environ.get("REGULARS_BENCH_RECORDS", "5000"))
MOST_SECONDS = 120
NIGHTS_SECONDS = 20
HOUSE = Path(__file__).resolve().parents[1]

PROGRAM = """
import csv, sys, time
from pathlib import Path
import numpy as np
import pyarrow as pa
from regulars.identity.pairs import Weight, likely_pairs

size, seeds = int(sys.argv[1]), Path(sys.argv[2])
rng = np.random.default_rng(5)
person = np.sort(rng.integers(0, int(size * 0.9), size))
many = person.max() + 1
name, born = rng.integers(0, 2000, many), rng.integers(0, 18000, many)
city, sex = rng.integers(0, 10, many), rng.integers(0, 2, many)
def text(mark, values, missing):
    gone = rng.random(size) < missing
    return pa.array([None if g else f"{mark}{v}" for g, v in zip(gone, values)])
days = np.where(rng.random(size) < 0.05, rng.integers(0, 18000, size), born[person])
lives = np.where(rng.random(size) < 0.2, many + np.arange(size), person)
table = pa.table({
    "record_key": [f"r{n}" for n in range(size)],
    "customer_id": [f"M{n}" for n in range(size)],
    "name": text("nm", name[person], 0.02),
    "phone": text("ph", np.where(rng.random(size) < 0.5, person, many + np.arange(size)), 0.07),
    "email": text("em", person, 0.4),
    "birth_date": text("bd", days, 0.1),
    "city": text("c", city[person], 0.05),
    "sex": text("s", sex[person], 0.05),
    "name_keys": pa.array([[n // 40, 100 + n % 40, 1000 + n] for n in name[person].tolist()]),
    # House and street of each, and a part that twenty share.
    "address_keys": pa.array([[n, 10**7 + n // 20] for n in lives.tolist()]),
    "birth_keys": pa.array([[n // 365, 100 + n % 12, 200 + n % 31] for n in days.tolist()]),
})
with (seeds / "ref_identity_weights.csv").open() as file:
    weights = {(row["comparison"], row["level"]):
               Weight(float(row["m_probability"]), float(row["u_probability"]),
                      float(row["alike_min"] or 0))
               for row in csv.DictReader(file)}
def took(new):
    started = time.perf_counter()
    found = likely_pairs(table.append_column("is_new", pa.array(new)), weights, 1e-6, 0.95)
    return time.perf_counter() - started, found.num_rows
whole, pairs = took(np.ones(size, bool))
night, fresh = took(np.arange(size) % 1000 == 0)
none, nothing = took(np.zeros(size, bool))
assert pairs > fresh > nothing == 0
print(f"{size} records: all {whole:.1f} s, {pairs} pairs; a night of"
      f" {(size + 999) // 1000} {night:.1f} s; none {none:.3f} s")
print(whole, night, none)
"""


def test_records_are_compared_in_time():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(RECORDS), str(HOUSE / "dbt_project" / "seeds")],
        capture_output=True,
        text=True,
        check=True,
    )
    *told, figures = done.stdout.strip().splitlines()
    print("\n".join(told))
    whole, night, none = map(float, figures.split())
    assert whole < MOST_SECONDS
    assert night < NIGHTS_SECONDS
    assert none < 1
