import os
import tempfile

# Airflow makes its home when it is imported: never in that of whoever runs the tests.
_HOME = tempfile.TemporaryDirectory(prefix="airflow-")
os.environ["AIRFLOW_HOME"] = _HOME.name
