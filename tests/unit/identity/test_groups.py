"""Groups of member records: who is joined, who is not, under which number and since when."""

from datetime import date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.identity.groups import OWN, Apart, Limits, Link, Record, form_groups

LIMITS = Limits(name_alike_min=0.4, birth_parts_min=2, group_max=6)


def day(number: int) -> date:
    return date(2014, 1, number)


def record(number: str, delivered: int = 1, name: int | None = None, birth: int | None = None):
    """A member record; names and days of birth of other numbers have no part in common."""
    return Record(
        number,
        day(delivered),
        datetime(2013, 1, 1),
        None if name is None else f"nm{name}",
        None if birth is None else f"bd{birth}",
        None if name is None else [10 * name, 10 * name + 1],
        None if birth is None else [10 * birth, 10 * birth + 1, 10 * birth + 2],
    )


def link(a: str, b: str, since: int = 1, strength: int = 2, before: int | None = None):
    return Link(a, b, "same phone", strength, 1.0, day(since), before and day(before))


def golden(records, links, apart=(), on: int = 31) -> dict[str, str]:
    """Number → customer on a day of the month."""
    return at(form_groups(records, links, apart, LIMITS), on)


def at(periods, on: int) -> dict[str, str]:
    """The same of given periods."""
    return {
        period.member_id: period.customer_id
        for period in periods
        if period.valid_from <= day(on)
        and (not period.valid_before or day(on) < period.valid_before)
    }


@pytest.mark.requirement("C360-02", "DQ-01")
def test_a_new_record_renames_nobody():
    # Z was delivered first; A is older by its number alone.
    records = [record("Z", 1), record("A", 5), record("M", 9)]
    links = [link("A", "Z", 5), link("A", "M", 9)]
    assert golden(records, links) == {"Z": "Z", "A": "Z", "M": "Z"}
    assert golden(records, links, on=5) == {"Z": "Z", "A": "Z"}


@pytest.mark.requirement("C360-02")
def test_of_one_delivery_the_member_who_joined_first_is_senior():
    older = record("Z")._replace(created_at=datetime(2012, 1, 1))
    assert golden([record("A"), older], [link("A", "Z")]) == {"A": "Z", "Z": "Z"}


@pytest.mark.requirement("C360-02", "DQ-01")
def test_a_link_found_late_is_dated_and_told():
    periods = form_groups([record("A", 1), record("B", 2)], [link("A", "B", 7)], [], LIMITS)
    assert periods == [
        ("A", "A", day(1), None, OWN, 1.0, None),
        ("B", "B", day(2), day(7), OWN, 1.0, None),
        ("B", "A", day(7), None, "same phone", 1.0, "A"),
    ]


@pytest.mark.requirement("DQ-01")
def test_a_merge_is_taken_back_by_a_decision_from_its_day_on():
    records, links = [record("A"), record("B"), record("C")], [link("A", "B"), link("B", "C")]
    apart = [Apart("A", "C", day(10), day(20))]
    assert golden(records, links, apart, on=9) == {"A": "A", "B": "A", "C": "A"}
    # Also where a third record links the two.
    assert golden(records, links, apart, on=10) == {"A": "A", "B": "A", "C": "C"}
    assert golden(records, links, apart, on=20) == {"A": "A", "B": "A", "C": "A"}


@pytest.mark.requirement("DQ-01")
def test_a_family_on_one_phone_stays_apart():
    mother, son = record("A", name=1, birth=1), record("B", name=2, birth=2)
    assert golden([mother, son], [link("A", "B")]) == {"A": "A", "B": "B"}
    # Either alone may be a spelling or a typing error.
    assert golden([mother, record("B", name=1, birth=2)], [link("A", "B")])["B"] == "A"
    assert golden([mother, record("B", name=2, birth=1)], [link("A", "B")])["B"] == "A"
    assert golden([mother, record("B", name=2)], [link("A", "B")])["B"] == "A"
    # Nor do they meet in a record without a name; the older link counts.
    records, links = [mother, son, record("X")], [link("A", "X", 2), link("B", "X", 3)]
    assert golden(records, links) == {"A": "A", "X": "A", "B": "B"}
    # Somebody knows better.
    assert golden([mother, son], [link("A", "B", strength=0)])["B"] == "A"


@pytest.mark.requirement("DQ-01")
def test_a_record_may_contradict_one_of_a_persons_others():
    told, once = record("A", name=1, birth=1), record("B", name=2, birth=1)
    twice = record("C", name=2, birth=2)
    links = [link("A", "B", 1), link("B", "C", 2)]
    assert golden([told, once, twice], links) == {"A": "A", "B": "A", "C": "A"}
    # Not most of them: two of the mother's records, one of which has the daughter's name.
    again = record("D", name=1, birth=1)
    links = [link("A", "B", 1), link("A", "D", 1), link("B", "C", 2)]
    assert golden([told, once, again, twice], links)["C"] == "C"


@pytest.mark.requirement("DQ-01")
def test_likeness_has_limits():
    a = record("A", name=1, birth=1)._replace(name_keys=[1, 2, 3, 4], birth_keys=[1, 2, 3])
    b = record("B", name=2, birth=2)
    two_of_six = b._replace(name_keys=[1, 2, 5, 6], birth_keys=[1, 8, 9])
    two_of_five = b._replace(name_keys=[1, 2, 5], birth_keys=[1, 8, 9])
    two_days = two_of_six._replace(birth_keys=[1, 2, 9])
    assert golden([a, two_of_six], [link("A", "B")])["B"] == "B"
    assert golden([a, two_of_five], [link("A", "B")])["B"] == "A"
    assert golden([a, two_days], [link("A", "B")])["B"] == "A"


@pytest.mark.requirement("DQ-01")
def test_no_group_grows_beyond_the_largest():
    numbers = [f"M{n}" for n in range(8)]
    links = [link(a, b, n + 1) for n, (a, b) in enumerate(pairwise(numbers))]
    found = golden([record(n) for n in numbers], links)
    assert list(found.values()).count("M0") == 6
    assert found["M7"] == "M6"


@pytest.mark.requirement("DQ-01")
def test_a_link_that_ends_is_a_split():
    records = [record("A"), record("B")]
    periods = form_groups(records, [link("A", "B", 2, before=8)], [], LIMITS)
    assert [p[1:4] for p in periods if p.member_id == "B"] == [
        ("B", day(1), day(2)),
        ("A", day(2), day(8)),
        ("B", day(8), None),
    ]


def test_without_links_there_are_no_groups():
    assert form_groups([record("A")], [], [], LIMITS) == []
    assert form_groups([record("A")], [link("A", "unknown")], [], LIMITS) == []


NUMBERS = [f"M{n}" for n in range(7)]
PEOPLE = st.lists(
    st.tuples(st.integers(1, 9), st.none() | st.integers(1, 3), st.none() | st.integers(1, 3)),
    min_size=7,
    max_size=7,
)
LINKS = st.lists(
    st.tuples(
        st.sampled_from(NUMBERS), st.sampled_from(NUMBERS), st.integers(1, 20), st.integers(0, 3)
    ).filter(lambda drawn: drawn[0] != drawn[1]),
    max_size=12,
)


@pytest.mark.requirement("C360-02", "DQ-01")
@given(people=PEOPLE, drawn=LINKS, barred=LINKS, mixed=st.randoms(use_true_random=False))
def test_any_order_and_any_night_gives_the_same(people, drawn, barred, mixed):
    records = [record(n, *person) for n, person in zip(NUMBERS, people, strict=True)]
    delivered = {r.customer_id: r.first_delivered_date.day for r in records}
    links = [
        link(min(a, b), max(a, b), max(since, delivered[a], delivered[b]), strength)
        for a, b, since, strength in drawn
    ]
    apart = [Apart(a, b, day(since), None) for a, b, since, _ in barred[:2]]
    whole = form_groups(records, links, apart, LIMITS)
    mixed.shuffle(records)
    mixed.shuffle(links)
    mixed.shuffle(apart)
    assert form_groups(records, links, apart, LIMITS) == whole

    # One number belongs to one customer at a time, without a gap.
    for before, after in pairwise(whole):
        if before.member_id == after.member_id:
            assert before.valid_before == after.valid_from
            assert before.customer_id != after.customer_id
        else:
            assert before.valid_before is None
    # What a night tells that knows no more than its own deliveries is what is told of it later.
    for night in (3, 8, 20):
        known = [r for r in records if r.first_delivered_date <= day(night)]
        told = golden(
            known,
            [k for k in links if k.valid_from <= day(night)],
            [k for k in apart if k.valid_from <= day(night)],
            on=night,
        )
        later = at(whole, night)
        assert {n: later.get(n, n) for n in told} == told
