"""Receipt lines that add up to a given amount, to the fen."""

from dataclasses import dataclass

import numpy as np

from regulars.demo.catalogue import DAYS, PRODUCTS, SERIES, TEA, XIANYU, day_number
from regulars.demo.grouping import rank_in_run

MAX_LINES = 4
PROMOTIONS = np.array(["MEMBER", "COUPON", "SEASON", "POINTS"])


@dataclass
class Lines:
    """Lines by receipt and position: product index, thousandths of a unit, fen."""

    receipt: np.ndarray
    line_no: np.ndarray
    product: np.ndarray
    milli: np.ndarray
    discount: np.ndarray
    promotion: np.ndarray

    @property
    def price(self) -> np.ndarray:
        """List price in fen."""
        return PRICE[self.product]

    @property
    def net(self) -> np.ndarray:
        """What was paid in fen; exact, as weighed goods cost one fen per thousandth."""
        return self.price * self.milli // 1000 - self.discount


PRICE = np.array([product.price for product in PRODUCTS])
_FROM = np.array([day_number(product.sold_from, 0) for product in PRODUCTS])
_TO = np.array([day_number(product.sold_to, DAYS) for product in PRODUCTS])
_WEIGHED = np.array(
    [
        next(i for i, p in enumerate(PRODUCTS) if p.series == s and p.weighed)
        for s in range(len(SERIES))
    ]
)
_MENU = [
    np.array(
        sorted(
            (i for i, p in enumerate(PRODUCTS) if p.series == s and not p.weighed),
            key=lambda i: PRODUCTS[i].price,
        )
    )
    for s in range(len(SERIES))
]


def fill_baskets(
    fen: np.ndarray, day: np.ndarray, series: np.ndarray, rng: np.random.Generator
) -> Lines:
    """Fill one basket per receipt.

    Args:
        fen: amount to be paid, receipts.
        day: days since FIRST_DAY, receipts.
        series: bool, receipts by series; what must be in the basket.
        rng: source of every choice.

    Returns:
        Lines sorted by receipt and line number, at most MAX_LINES a receipt; their net amounts sum
        to ``fen`` exactly. What servings leave over is weighed out or taken off as a discount.
    """
    count = len(fen)
    rows = np.arange(count)
    kinds = series.sum(axis=1)
    share = fen // np.maximum(kinds, 1)
    product = np.full((count, len(SERIES) + 2), -1)
    for s in range(len(SERIES)):
        product[:, s] = np.where(series[:, s], _choose(s, share, day, rng), -1)
    both = series[:, XIANYU] & series[:, TEA]
    main = np.where(both & (rng.random(count) < 0.5), TEA, np.argmax(series, axis=1))

    units = (product >= 0).astype(np.int64)
    left = fen - (PRICE[product] * units).sum(axis=1)
    # A second dish of the main series, where the money and the receipt allow it.
    second = np.empty(count, dtype=int)
    for s in range(len(SERIES)):
        second = np.where(main == s, _choose(s, left, day, rng), second)
    takes_second = (
        (kinds <= MAX_LINES - 2)
        & (left >= PRICE[second])
        & (second != product[rows, main])
        & (rng.random(count) < 0.7)
    )
    product[:, -2] = np.where(takes_second, second, -1)
    units[:, -2] = takes_second
    left = left - np.where(takes_second, PRICE[second], 0)

    price = PRICE[product[rows, main]]
    more = np.maximum(left, 0) // price
    units[rows, main] += more
    left = left - more * price

    # left < price now. Below zero it must come off; above, it is weighed or one more comes cheaper.
    weighs = (left > 0) & (kinds + takes_second < MAX_LINES) & (rng.random(count) < 0.72)
    cheaper = (left > 0) & ~weighs
    units[rows, main] += cheaper
    left = left - np.where(cheaper, price, 0)
    milli = units * 1000
    product[:, -1] = np.where(weighs, _WEIGHED[main], -1)
    milli[:, -1] = np.where(weighs, left, 0)

    off = np.maximum(-left, 0)
    promotion = np.where(off > 0, PROMOTIONS[rng.choice(4, count, p=[0.5, 0.25, 0.15, 0.1])], "")
    gross = PRICE[product] * milli // 1000
    discount = np.zeros_like(gross)
    order = np.argsort(np.arange(gross.shape[1])[None, :] != main[:, None], axis=1, kind="stable")
    for position in range(gross.shape[1]):
        column = order[:, position]
        taken = np.minimum(off, gross[rows, column])
        discount[rows, column] = taken
        off = off - taken

    receipt, column = np.nonzero(product >= 0)
    cut = discount[receipt, column]
    return Lines(
        receipt,
        rank_in_run(receipt) + 1,
        product[receipt, column],
        milli[receipt, column],
        cut,
        np.where(cut > 0, promotion[receipt], ""),
    )


def _choose(series, budget, day, rng):
    """One product of a series per receipt: on sale that day, in keeping with the budget."""
    menu = _MENU[series]
    cheapest = np.minimum(np.searchsorted(PRICE[menu], budget // 4), len(menu) - 1)
    affordable = np.maximum(cheapest + 1, np.searchsorted(PRICE[menu], budget, side="right"))
    product = menu[cheapest + (rng.random(len(budget)) * (affordable - cheapest)).astype(int)]
    on_sale = (day >= _FROM[product]) & (day <= _TO[product])
    return np.where(on_sale, product, menu[0])
