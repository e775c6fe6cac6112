"""Pages that a run writes into the home, and how Airflow shows them."""
