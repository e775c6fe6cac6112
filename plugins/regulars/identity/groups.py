"""Groups of member records that are one person's, and since when, from dated links."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


class Link(NamedTuple):
    """Two records that are taken for one person's from ``valid_from`` to before ``valid_before``.

    Of two links the older counts first, of one day that of the lower ``strength``: what was once
    joined is not parted by what is found later. Strength 0 is somebody's decision; it goes before
    all others and may join what contradicts.
    """

    a: str
    b: str
    rule: str
    strength: int
    probability: float
    valid_from: date
    valid_before: date | None


class Apart(NamedTuple):
    """Two records that somebody keeps apart, also where others link them."""

    a: str
    b: str
    valid_from: date
    valid_before: date | None


class Record(NamedTuple):
    """What of a member record says whose it may not be, and which of several comes first."""

    customer_id: str
    first_delivered_date: date
    created_at: datetime
    name: str | None
    birth_date: str | None
    name_keys: Sequence[int] | None
    birth_keys: Sequence[int] | None

    @property
    def seniority(self) -> tuple[date, datetime, str]:
        """The least of a group gives it its number."""
        return self.first_delivered_date, self.created_at, self.customer_id


@dataclass(frozen=True)
class Limits:
    """``name_alike_min``: parts in common over parts in all; ``birth_parts_min``: parts of three;
    ``group_max``: records of a group.
    """

    name_alike_min: float
    birth_parts_min: int
    group_max: int


class Period(NamedTuple):
    """To whom a record belongs in a time; ``linked_id`` is the record through which it does."""

    member_id: str
    customer_id: str
    valid_from: date
    valid_before: date | None
    rule: str
    probability: float
    linked_id: str | None


OWN = "own number"


def contradict(a: Record, b: Record, limits: Limits) -> bool | None:
    """Whether of two records whose names and days of birth are known neither are alike: two people.
    None where one of the four is not known.
    """
    if None in (a.name, b.name, a.birth_date, b.birth_date):
        return None
    if a.name == b.name or a.birth_date == b.birth_date:
        return False
    names, others = set(a.name_keys), set(b.name_keys)
    likeness = len(names & others) / max(1, len(names | others))
    common = len(set(a.birth_keys) & set(b.birth_keys))
    return likeness < limits.name_alike_min and common < limits.birth_parts_min


def form_groups(
    records: Iterable[Record], links: Iterable[Link], apart: Iterable[Apart], limits: Limits
) -> list[Period]:
    """The groups of every time.

    Args:
        records: at least those that links name, each once.
        links: in any order; links to records that are not given are left out.
        apart: in any order.
        limits: two records that contradict each other are in no group together, and no group grows
            beyond the largest, unless somebody decided so.

    Returns:
        Per record that a link names its periods, which touch, from its first delivery on; sorted.
        The number of a group is that of its senior record: a new record renames nobody. The same
        for any order of the arguments.
    """
    known = {record.customer_id: record for record in records}
    links = [link for link in links if link.a in known and link.b in known]
    if not links:
        return []
    ids = sorted({number for link in links for number in (link.a, link.b)})
    place = {number: n for n, number in enumerate(ids)}
    ends = np.array([(place[link.a], place[link.b]) for link in links])
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(ids), len(ids)))
    _, component = connected_components(graph, directed=False)
    members: dict[int, list[str]] = {}
    for number, label in zip(ids, component, strict=True):
        members.setdefault(label, []).append(number)
    of: dict[int, list[Link]] = {}
    for link, label in zip(links, component[ends[:, 0]], strict=True):
        of.setdefault(label, []).append(link)
    kept: dict[int, list[Apart]] = {}
    for pair in apart:
        if pair.a in place and pair.b in place:
            for label in {component[place[pair.a]], component[place[pair.b]]}:
                kept.setdefault(label, []).append(pair)
    periods = []
    for label, numbers in members.items():
        people = [known[number] for number in numbers]
        periods += _periods(people, of[label], kept.get(label, []), limits)
    return sorted(periods, key=lambda period: (period.member_id, period.valid_from))


def _periods(
    records: list[Record], links: list[Link], apart: list[Apart], limits: Limits
) -> list[Period]:
    days = {record.first_delivered_date for record in records}
    for dated in (*links, *apart):
        days |= {dated.valid_from, dated.valid_before} - {None}
    periods: list[Period] = []
    latest: dict[str, Period] = {}
    for day in sorted(days):
        present = [record for record in records if record.first_delivered_date <= day]
        standing = [link for link in links if _holds(link, day)]
        barred = {frozenset((pair.a, pair.b)) for pair in apart if _holds(pair, day)}
        for now in _grouped(present, standing, barred, limits, day):
            before = latest.get(now.member_id)
            if before and before.customer_id == now.customer_id:
                continue
            if before:
                periods.append(before._replace(valid_before=day))
            latest[now.member_id] = now
    return periods + list(latest.values())


def _holds(dated: Link | Apart, day: date) -> bool:
    return dated.valid_from <= day and (dated.valid_before is None or day < dated.valid_before)


def _grouped(
    records: list[Record],
    links: list[Link],
    barred: set[frozenset[str]],
    limits: Limits,
    day: date,
) -> list[Period]:
    """Each record's group on a day: links join in order, unless that would join two people."""
    group = {record.customer_id: [record] for record in records}
    ways: dict[str, list[Link]] = {number: [] for number in group}
    for link in sorted(links, key=_order):
        if link.a not in group or link.b not in group:
            continue
        one, two = group[link.a], group[link.b]
        if one is two or _are_two_people(one, two, link, barred, limits):
            continue
        one.extend(two)
        for record in two:
            group[record.customer_id] = one
        ways[link.a].append(link)
        ways[link.b].append(link)
    found = []
    for people in {id(people): people for people in group.values()}.values():
        senior = min(people, key=lambda record: record.seniority).customer_id
        found.append(Period(senior, senior, day, None, OWN, 1.0, None))
        seen, waiting = {senior}, deque([senior])
        while waiting:
            here = waiting.popleft()
            for link in ways[here]:
                there = link.b if link.a == here else link.a
                if there not in seen:
                    seen.add(there)
                    waiting.append(there)
                    found.append(
                        Period(there, senior, day, None, link.rule, link.probability, here)
                    )
    return found


def _order(link: Link) -> tuple:
    return link.strength > 0, link.valid_from, link.strength, -link.probability, link.a, link.b


def _are_two_people(
    one: list[Record],
    two: list[Record],
    link: Link,
    barred: set[frozenset[str]],
    limits: Limits,
) -> bool:
    if any(frozenset((a.customer_id, b.customer_id)) in barred for a in one for b in two):
        return True
    if link.strength == 0:
        return False
    if len(one) + len(two) > limits.group_max:
        return True
    # A record with several errors may contradict one of a person's others and agree with the rest.
    verdicts = [contradict(a, b, limits) for a in one for b in two]
    return verdicts.count(True) > verdicts.count(False)
