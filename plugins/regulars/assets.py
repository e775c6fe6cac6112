"""Every Airflow asset, declared once; each event is keyed by a delivery date, ``YYYY-MM-DD``."""

from airflow.sdk import Asset

LAKE_POS_SALES = Asset("lake.pos_sales")
LAKE_SURVEY_RESPONSES = Asset("lake.survey_responses")
LAKE_COMPLAINTS = Asset("lake.complaints")
LAKE_REFERENCE = Asset("lake.reference")

# A night can be built when every part of its delivery has been closed.
LAKE = LAKE_POS_SALES & LAKE_SURVEY_RESPONSES & LAKE_COMPLAINTS & LAKE_REFERENCE

MARTS_CURRENT = Asset("marts.current")
