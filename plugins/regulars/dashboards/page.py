"""What a page of the dashboards is made of; the pages themselves stand in ``dashboards/``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import altair as alt

# Okabe and Ito's colours, which people of any colour vision tell apart.
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, GREY, INK = "#CC79A7", "#56B4E9", "#8a939c", "#1d2329"


class Words:
    """The labels of one language: ``words("col.customers")``; an unknown key says itself."""

    def __init__(self, labels: Mapping[str, str]):
        self._labels = labels

    def __call__(self, key: str) -> str:
        """The label, or the last part of the key in plain letters."""
        return self._labels.get(key) or key.rpartition(".")[2].replace("_", " ")

    def __contains__(self, key: str) -> bool:
        """Whether somebody wrote a label for it."""
        return bool(self._labels.get(key))

    def column(self, key: str) -> str:
        """The heading of a column."""
        return self(f"col.{key}")

    def all(self, group: str, codes: list[str]) -> list[str]:
        """Labels of codes, in this order."""
        return [self(f"{group}.{code}") for code in codes]


@dataclass(frozen=True)
class Column:
    """A column as a table shows it.

    Attributes:
        key: the column of the query.
        form: ``text``, ``count``, ``share`` (0 to 1, shown as a percentage), ``money``, ``score``
            (one decimal), ``signed`` (one decimal with its sign), ``change`` (a count with its
            sign), ``ratio`` (two decimals), ``date`` or ``month``.
        group: where the column holds codes, the group of labels that name them.
        absent: key of the label that stands where there is no value.
    """

    key: str
    form: str = "text"
    group: str | None = None
    absent: str = "frame.none"


Draw = Callable[[Words], alt.TopLevelMixin]


@dataclass(frozen=True)
class Block:
    """A figure, a table or a row of cards with its title, its caption and its source.

    Attributes:
        name: key of its labels: ``<name>`` is the title, ``<name>.note`` says unit and window,
            ``<name>.empty`` why there may be nothing.
        mart: the table that it shows.
        sql: its rows, in order, from published tables alone. It selects and adds up; what a figure
            means is computed in the mart.
        columns: what the table shows; under a chart the table is folded away.
        draw: the chart over the rows, which it finds as the data named ``rows``; dates are text.
        is_cards: rows are shown as cards: kpi, unit, period, value, target, benchmark, before,
            margin, n, status, and the mart of each; where they have
            them reason, coverage, verdict and definition as well.
        is_wide: takes the whole width of a large screen.
        is_optional: is left out where a version has no such table.
    """

    name: str
    mart: str
    sql: str
    columns: tuple[Column, ...] = ()
    draw: Draw | None = None
    is_cards: bool = False
    is_wide: bool = False
    is_optional: bool = False

    @property
    def groups(self) -> dict[str, str]:
        """Group of labels by column, of those that hold codes."""
        return {column.key: column.group for column in self.columns if column.group}


@dataclass(frozen=True)
class Page:
    """One file: ``<name>.html``, of these blocks; the menu shows it with its ``group``."""

    name: str
    group: str
    blocks: tuple[Block, ...]
    order: int = 0


def rows() -> alt.NamedData:
    """The rows of the block, as the data of its chart."""
    return alt.NamedData(name="rows")
