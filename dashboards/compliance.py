"""Whether rules and agreements are kept: access, agreements, audits, prices as advertised."""

from regulars.dashboards.page import Block, Column, Page

PAGE = Page(
    "compliance",
    group="control",
    order=16,
    blocks=(
        Block(
            "compliance.access",
            "rpt_data_access",
            """
            select agreement_status, training_status, count(*) as people
            from rpt_data_access
            group by agreement_status, training_status
            order by agreement_status, training_status
            """,
            (
                Column("agreement_status", group="duty"),
                Column("training_status", group="duty"),
                Column("people", "count"),
            ),
        ),
        Block(
            "compliance.agreements",
            "rpt_agreements",
            """
            select kind, status, count(*) as agreements
            from rpt_agreements group by kind, status order by kind, status
            """,
            (
                Column("kind", group="agreement"),
                Column("status", group="duty"),
                Column("agreements", "count"),
            ),
        ),
        Block(
            "compliance.audit",
            "rpt_security_audit",
            """
            select subject, found_date, due_date, fixed_date, age_days, status
            from rpt_security_audit order by found_date desc, subject, finding_id limit 50
            """,
            (
                Column("subject", group="audit"),
                Column("found_date", "date"),
                Column("due_date", "date"),
                Column("fixed_date", "date", absent="frame.never"),
                Column("age_days", "count"),
                Column("status", group="duty"),
            ),
        ),
        Block(
            "compliance.prices",
            "rpt_price_claims",
            """
            select campaign_id, advertised_price, receipts, receipts_above, highest_price
            from rpt_price_claims order by campaign_id limit 50
            """,
            (
                Column("campaign_id"),
                Column("advertised_price", "money"),
                Column("receipts", "count"),
                Column("receipts_above", "count"),
                Column("highest_price", "money"),
            ),
        ),
    ),
)
