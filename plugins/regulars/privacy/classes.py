"""What the class of a column means: what of it may reach the lake, and what waits in the vault.

| class      | in the lake                                             | in the vault |
|------------|---------------------------------------------------------|--------------|
| identifier | as delivered                                            | no           |
| contact    | a token; of an address a mark and keys of its parts     | as delivered |
| sensitive  | as delivered; of a birth date a token, year, month-day  | date of birth|
| free_text  | the redacted copy                                       | as delivered |
| none       | as delivered                                            | no           |
"""

from dataclasses import dataclass
from functools import cache

from regulars.feeds.contract import Contract, lake_columns

REF = "vault_ref"
SEALED_MARK = "[sealed]"
# The column that says whose row it is, the strongest first; then what leads to the person (a
# complaint, a filled questionnaire), then the key of the row.
SUBJECT_COLUMNS = ("customer_id", "prospect_id", "complaint_id", "response_id")


@dataclass(frozen=True)
class Protection:
    """What is done to the columns of one feed; empty for a feed without anything to protect."""

    feed: str
    tokens: tuple[tuple[str, str], ...]  # column and kind of those that become tokens
    marks: tuple[str, ...]  # addresses: presence is told, and keys of their parts
    texts: tuple[str, ...]  # columns that are redacted
    subject: tuple[str, ...]  # columns that name the subject, in order of preference
    key: tuple[str, ...]

    @property
    def sealed(self) -> tuple[str, ...]:
        """The columns whose delivered values go to the vault."""
        return (*(name for name, _ in self.tokens), *self.marks, *self.texts)

    @property
    def added(self) -> tuple[tuple[str, str], ...]:
        """Names and DuckDB types of the columns that the lake has beside those of the contract."""
        added = []
        for name, kind in self.tokens:
            if kind == "name":
                added.append((f"{name}_keys", "BIGINT[]"))
            elif kind == "birth_date":
                added += [
                    ("birth_keys", "BIGINT[]"),
                    ("birth_year", "BIGINT"),
                    ("birth_month_day", "BIGINT"),
                ]
        added += [(f"{name}_keys", "BIGINT[]") for name in self.marks]
        return (*added, (REF, "VARCHAR")) if self.sealed else ()


@cache
def protection(contract: Contract) -> Protection:
    """What the classes of a contract's columns ask for."""
    columns = {column.name: column for column in contract.columns}
    with_tokens = [(c.name, c.token_as) for c in contract.columns if c.token_as]
    return Protection(
        feed=contract.feed,
        tokens=tuple((name, kind) for name, kind in with_tokens if kind != "address"),
        marks=tuple(name for name, kind in with_tokens if kind == "address"),
        texts=tuple(c.name for c in contract.columns if c.classification == "free_text"),
        subject=tuple(name for name in SUBJECT_COLUMNS if name in columns),
        key=contract.key,
    )


def protected_columns(contract: Contract) -> list[tuple[str, str]]:
    """Names and DuckDB types of the feed's rows in the lake once they are protected, in order."""
    held = protection(contract)
    tokens = {name for name, _ in held.tokens}
    columns = [(n, "VARCHAR" if n in tokens else kind) for n, kind in lake_columns(contract)]
    place = next(i for i, (name, _) in enumerate(columns) if name == "load_id")
    return [*columns[:place], *held.added, *columns[place:]]
