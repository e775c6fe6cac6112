"""One chain at full size and one tiny one, delivered; simulated once for all tests."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from regulars.demo import Chain, deliver, simulate

DAY_ENDS = pd.Timedelta(hours=4)


@pytest.fixture(scope="session")
def chain() -> Chain:
    return simulate()


@pytest.fixture(scope="session")
def tiny() -> Chain:
    return simulate(scale=0.02)


@pytest.fixture(scope="session")
def landing(tiny: Chain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The landing folder with everything the tiny chain delivers."""
    folder = tmp_path_factory.mktemp("landing")
    deliver(tiny, folder)
    return folder


def sold_lines(chain: Chain) -> pd.DataFrame:
    """Lines that count as sold, with business day, year, series and amounts in fen."""
    lines = chain.tables["pos_sales"].to_pandas()
    lines = lines[~lines["void"]].copy()
    lines["day"] = (lines["sold_at"] - DAY_ENDS).dt.normalize()
    lines["year"] = lines["day"].dt.year
    lines["fen"] = (lines["net_amount"] * 100).astype(np.int64)
    products = chain.tables["products"].to_pandas().set_index("product_code")
    lines["series"] = lines["product_code"].map(products["series"])
    return lines


@pytest.fixture(scope="session")
def lines(chain: Chain) -> pd.DataFrame:
    return sold_lines(chain)


@pytest.fixture(scope="session")
def small_chain() -> Chain:
    return simulate(scale=0.2, seed=3)


@pytest.fixture(scope="session")
def small_lines(small_chain: Chain) -> pd.DataFrame:
    return sold_lines(small_chain)
