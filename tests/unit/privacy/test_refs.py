"""Refs that are looked up: every one that is held is found where it stands, and no other."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.privacy.refs import MadeBefore, Refs

REFS = [f"{n:016x}{99 - n:016x}" for n in range(1, 9)]


def test_a_ref_is_found_where_it_stands():
    held = Refs([pa.array([None, *REFS[:3]]), pa.chunked_array([REFS[3:5], [*REFS[5:], None]])])
    assert held.places(pa.array(REFS)).tolist() == list(range(1, 9))
    asked = [REFS[3], None, "f" * 32, "0" * 32, REFS[3], REFS[0]]
    assert held.places(pa.array(asked)).tolist() == [4, -1, -1, -1, 4, 1]
    # Parts of arrays, and refs that share a half with one that is held.
    assert Refs([pa.array(REFS)[2:]]).places(pa.array(REFS)[1:4]).tolist() == [-1, 0, 1]
    assert held.places(pa.array([REFS[0][:16] + REFS[1][16:]])).tolist() == [-1]
    assert Refs([pa.nulls(2, pa.string())]).places(pa.array(REFS)).tolist() == [-1] * 8


@pytest.mark.parametrize(("text", "why"), [("short", "width"), ("z" * 32, "hexadecimal")])
def test_what_is_no_ref_is_told(text, why):
    with pytest.raises(ValueError, match=f"(?i){why}"):
        Refs([pa.array([text])])


@pytest.mark.parametrize("group", [1, 3, 100])
def test_rows_are_had_by_ref_from_any_group_of_any_file(tmp_path, group):
    refs = [f"{n:016x}" * 2 for n in range(1, 21)]
    rows = [
        {"vault_ref": ref, "phone": f"ph1_{ref}", "name_keys": [n, n + 1]}
        for n, ref in enumerate(refs)
    ]
    for number, part in enumerate((rows[:12], [*rows[12:], rows[0] | {"vault_ref": None}])):
        pq.write_table(pa.Table.from_pylist(part), tmp_path / f"{number}.parquet", group)
    made = MadeBefore(
        [pq.ParquetFile(tmp_path / f"{n}.parquet") for n in (1, 0)], ["phone", "name_keys"]
    )
    shuffled = [rows[n * 7 % len(rows)] for n in range(len(rows))]
    for asked in (rows, shuffled, [rows[4], {"vault_ref": None}, {"vault_ref": "0" * 32}, rows[4]]):
        known = made.find(pa.array([row["vault_ref"] for row in asked]))
        found = [row for row in asked if row in rows]
        assert known.is_known.tolist() == [row in rows for row in asked]
        assert known.rows.to_pylist() == [
            {name: row[name] for name in ("phone", "name_keys")} for row in found
        ]
    assert made.find(pa.array(["0" * 32])) is None
    assert MadeBefore([], ["phone"]).find(pa.array(refs)) is None
