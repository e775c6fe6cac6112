"""Airflow seen from outside: started, told what to run, watched, stopped."""
