"""What customers said on the newest days, in their words, without names."""

from regulars.dashboards.page import Block, Column, Page

PAGE = Page(
    "digest",
    group="voice",
    order=9,
    blocks=(
        Block(
            "digest.words",
            "rpt_daily_verbatim_digest",
            """
            select digest_date, verbatim_redacted, content_tag, urgent_label, source_kind, store_id
            from rpt_daily_verbatim_digest
            where digest_date > (select max(as_of) - 7 from rpt_daily_verbatim_digest)
            order by digest_date desc, page_no, item_no limit 200
            """,
            (
                Column("verbatim_redacted"),
                Column("digest_date", "date"),
                Column("content_tag", group="content"),
                Column("source_kind", group="kind"),
                Column("store_id", absent="frame.not_told"),
                Column("urgent_label", group="urgent", absent="frame.no"),
            ),
            is_wide=True,
        ),
        Block(
            "digest.reading",
            "rpt_digest_reading",
            """
            select digest_date, status, count(*) as readers, sum(pages_unread) as pages_unread
            from rpt_digest_reading
            where digest_date > (select max(as_of) - 7 from rpt_digest_reading)
            group by digest_date, status order by digest_date desc, status
            """,
            (
                Column("digest_date", "date"),
                Column("status", group="status"),
                Column("readers", "count"),
                Column("pages_unread", "count"),
            ),
            is_wide=True,
        ),
    ),
)
