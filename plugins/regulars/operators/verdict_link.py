"""The button on a task that leads to the verdict page of its run."""

from urllib.parse import urljoin

from airflow.sdk import BaseOperator, BaseOperatorLink
from airflow.sdk.configuration import conf

from regulars.pages.place import MOUNT, page_name, page_path
from regulars.settings import load_settings


class VerdictLink(BaseOperatorLink):
    """Shown once the page is written."""

    name = "Verdict"

    def get_link(self, operator: BaseOperator, *, ti_key: object) -> str:
        """The page's address on Airflow's own server; empty where there is no page."""
        page = page_name(ti_key.run_id)
        if page_path(load_settings(), page) is None:
            return ""
        server = conf.get("api", "base_url", fallback="/")
        return urljoin(server.rstrip("/") + "/", f"{MOUNT[1:]}/verdicts/{page}")
