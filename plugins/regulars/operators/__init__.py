"""Thin Airflow skins over the rooms; the only place where tasks are made."""
