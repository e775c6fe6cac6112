"""From the lake to a published version: sync, dbt build, quality gate, publication."""
