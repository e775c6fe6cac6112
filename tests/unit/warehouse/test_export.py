"""Files for people: every row, and nothing that a spreadsheet would run."""

import csv
import stat

import duckdb
import openpyxl
import pytest

from regulars.errors import RegularsError
from regulars.warehouse import export
from regulars.warehouse.export import export_current, safe_text

HOSTILE = ["=LINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "\ufeff=1"]
LISTS = "".join(
    f"create or replace table {name} as select 'M1' as customer_id, date '2014-12-30' as as_of;"
    for name in export.LISTS
)


@pytest.fixture
def version(settings):
    """A version with two sheets; returns its connection-less folder."""
    folder = settings.published / "versions" / "000001"
    folder.mkdir(parents=True)
    (settings.published / "current").symlink_to("versions/000001")
    with duckdb.connect(folder / "regulars.duckdb") as connection:
        connection.execute(f"""
            create table rpt_workbook as select * from (values
                (2, 'abc', 'ABC'), (1, 'customers_2014', '客户2014年')
            ) as t(sheet_no, object_name, sheet_zh);
            create table rpt_column_label as select 'spend' as column_name, '消费净额' as label_zh;
            create table abc (tier varchar, spend decimal(18, 2), day date);
            create table customers_2014 as select range as spend from range(7);
            create table dim_store as select unnest(['S01', '../S02']) as store_id;
            create table rpt_mart_use as select * from (values
                ('rpt_unit_pack', 'store-operations'), ('mart_market', 'marketing'),
                ('rpt_training', 'store-operations'), ('rpt_next_action', 'marketing'),
                ('mart_team_performance', 'marketing'), ('dim_store', 'marketing'),
                ('mart_target_progress', 'marketing'), ('mart_attitude_change', 'marketing')
            ) as t(mart, owner);
            create table rpt_unit_pack as select * from (values
                ('S01', 30), ('../S02', 20), ('S01', 10)
            ) as t(store_id, spend);
            create table mart_attitude_change as select 'M1' as entity_id;
            create table mart_market as select 0.1 as our_share;
            create table mart_target_progress as select 'S01' as store_id, 'HQ-01' as owner_id;
            create table mart_team_performance as select 'S01' as store_id, 'H01' as staff_id;
            {LISTS}
        """)
        connection.executemany(
            "insert into abc values (?, -12.5, '2014-12-30')", [[text] for text in HOSTILE]
        )
        connection.execute("insert into abc values (null, null, null), ('a\x01b', 1, null)")
    return folder


def test_the_workbook_has_its_sheets_in_order_with_chinese_headings(version, tmp_path) -> None:
    folder = export_current(tmp_path / "out")
    assert folder == tmp_path / "out" / "000001"
    book = openpyxl.load_workbook(folder / "workbook.xlsx")
    assert book.sheetnames == ["客户2014年", "ABC"]
    assert [row[0].value for row in book["客户2014年"].rows] == ["消费净额", *range(7)]
    assert [cell.value for cell in next(book["ABC"].rows)] == ["tier", "消费净额", "day"]


def test_no_text_is_a_formula(version, tmp_path) -> None:
    folder = export_current(tmp_path / "out")
    book = openpyxl.load_workbook(folder / "workbook.xlsx")
    cells = [row[0] for row in book["ABC"].rows][1:]
    assert [cell.data_type for cell in cells[: len(HOSTILE)]] == ["s"] * len(HOSTILE)
    assert cells[0].value == HOSTILE[0]
    assert cells[0].quotePrefix
    assert cells[-1].value == "ab"
    with (folder / "abc.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows[1 : 1 + len(HOSTILE)]] == [f"'{text}" for text in HOSTILE]
    # Numbers stay numbers, below nought too; nothing is nothing.
    assert rows[1][1:] == ["-12.50", "2014-12-30"]
    assert rows[1 + len(HOSTILE)] == ["", "", ""]
    assert safe_text("M-1 = 2") == "M-1 = 2"


def test_a_sheet_that_is_full_goes_on_in_another(version, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(export, "SHEET_ROWS", 4)
    book = openpyxl.load_workbook(export_current(tmp_path / "out") / "workbook.xlsx")
    parts = [sheet for sheet in book.sheetnames if sheet.startswith("客户")]
    assert parts == ["客户2014年", "客户2014年 (2)", "客户2014年 (3)"]
    held = [row[0].value for part in parts for row in list(book[part].rows)[1:]]
    assert held == list(range(7))


@pytest.mark.requirement("C360-15")
def test_every_unit_has_a_workbook_of_its_own_reports(version, tmp_path) -> None:
    units = export_current(tmp_path / "out") / "units"
    assert {path.name for path in units.iterdir()} == {
        *("marketing.xlsx", "store-operations.xlsx", "store-S01.xlsx", "store-..%2FS02.xlsx")
    }
    books = {path.stem: openpyxl.load_workbook(path) for path in units.iterdir()}
    # Nothing of customers or of one colleague's work; who answers for a target may stand there.
    assert books["marketing"].sheetnames == ["mart_market", "mart_target_progress"]
    assert books["store-operations"].sheetnames == ["rpt_unit_pack"]
    # A store sees its own rows, its pack first.
    assert books["store-S01"].sheetnames == ["rpt_unit_pack", "mart_target_progress"]
    packs = [
        [row[1].value for row in books[f"store-{s}"]["rpt_unit_pack"].rows]
        for s in ("S01", "..%2FS02")
    ]
    assert packs == [["消费净额", 30, 10], ["消费净额", 20]]


@pytest.mark.requirement("ARCH-03")
def test_an_export_holds_the_lists_of_what_to_do(version, tmp_path) -> None:
    folder = export_current(tmp_path / "out")
    names = sorted(path.name for path in folder.iterdir())
    assert names == sorted(
        [
            *("workbook.xlsx", "abc.csv", "customers_2014.csv", "units"),
            *(f"{n}.csv" for n in export.LISTS),
        ]
    )
    for name in export.LISTS:
        with (folder / f"{name}.csv").open(encoding="utf-8-sig") as file:
            assert list(csv.DictReader(file)) == [{"customer_id": "M1", "as_of": "2014-12-30"}]
    # Again takes the place of the first, whatever lies there.
    (folder / "old.csv").touch()
    assert sorted(path.name for path in export_current(tmp_path / "out").iterdir()) == names
    assert stat.S_IMODE((folder / "abc.csv").stat().st_mode) & 0o200


def test_a_version_without_a_workbook_says_so(settings, tmp_path) -> None:
    with pytest.raises(RegularsError, match="nothing is published"):
        export_current(tmp_path)
    folder = settings.published / "versions" / "000001"
    folder.mkdir(parents=True)
    (settings.published / "current").symlink_to("versions/000001")
    duckdb.connect(folder / "regulars.duckdb").close()
    with pytest.raises(RegularsError, match="has no workbook"):
        export_current(tmp_path)
