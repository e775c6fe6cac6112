"""Suites of expectations over measured profiles, judged by Great Expectations."""
