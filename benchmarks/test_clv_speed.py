"""Lifetime value of many customers: fits and scores in a process of its own.

``REGULARS_BENCH_CUSTOMERS`` says how many; `make bench` measures 400,000, which must stay under 20
seconds and 1 GiB, CI 20,000 as a smoke test.
"""

import os
import subprocess
import sys

CUSTOMERS = int(os.environ.get("REGULARS_BENCH_CUSTOMERS", "20000"))
MOST_SECONDS = 20
MOST_MIB = 1024

PROGRAM = """
import re, sys, time
from pathlib import Path
import numpy as np
import pandas as pd
from regulars.analytics import lifetime

size = int(sys.argv[1])
rng = np.random.default_rng(7)
rate, stop = rng.gamma(1.5, 1 / 22, size), rng.beta(0.9, 10, size)
age = np.floor(rng.random(size) * 1090)
x, t_x, now, live = np.zeros(size), np.zeros(size), np.zeros(size), np.arange(size)
while len(live):
    now[live] += rng.exponential(1 / rate[live])
    live = live[now[live] < age[live]]
    x[live] += 1
    t_x[live] = np.floor(now[live])
    live = live[rng.random(len(live)) >= stop[live]]
histories = pd.DataFrame({
    "customer_id": [f"M{n:07d}" for n in range(size)],
    "repeat_purchases": x, "last_purchase_day": t_x, "age_days": age,
    "paid_purchases": x + 1,
    "mean_spend": rng.gamma(3 * (x + 1)) / rng.gamma(12, 1 / 132, size) / (x + 1),
})
started = time.perf_counter()
models = lifetime.fit(histories, fewest=100)
horizons = {"90_days": 90, "1_year": 365, "2_years": 730, "horizon": 1095}
scores = lifetime.score(histories, models, horizons, 180)
seconds = time.perf_counter() - started
assert len(scores) == size and models[0].converged
# Not ru_maxrss, which begins with what the process held that started this one.
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
print(seconds, int(peak[1]) / 1024)
"""


def test_lifetime_value_of_many_customers():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(CUSTOMERS)], capture_output=True, text=True, check=True
    )
    seconds, peak = map(float, done.stdout.split())
    print(f"\n{CUSTOMERS:,} customers fitted and scored in {seconds:.1f} s, peak {peak:,.0f} MiB")
    assert seconds < MOST_SECONDS
    assert peak < MOST_MIB
