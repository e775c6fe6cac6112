"""Buttons on tasks: to the verdict page of a run, the version it published and its dashboards."""

from urllib.parse import urljoin

from airflow.sdk import BaseOperator, BaseOperatorLink
from airflow.sdk.configuration import conf

from regulars.pages.place import MOUNT, dashboard_path, page_name, page_path, version_path
from regulars.settings import load_settings


class VerdictLink(BaseOperatorLink):
    """Shown once the page is written."""

    name = "Verdict"

    def get_link(self, operator: BaseOperator, *, ti_key: object) -> str:
        """The page's address on Airflow's own server; empty where there is no page."""
        page = page_name(ti_key.run_id)
        if page_path(load_settings(), page) is None:
            return ""
        return _address(f"verdicts/{page}")


class VersionLink(BaseOperatorLink):
    """Shown once a version is published; leads to what the version of the run says of itself."""

    name = "Version"

    def get_link(self, operator: BaseOperator, *, ti_key: object) -> str:
        """Where Airflow's own server shows its ``version.json``; empty where there is none."""
        said = version_path(load_settings(), "current")
        return _address(f"versions/{said.parent.name}") if said else ""


class DashboardsLink(BaseOperatorLink):
    """Shown once a version with dashboards is published; leads to the version of the run."""

    name = "Dashboards"

    def get_link(self, operator: BaseOperator, *, ti_key: object) -> str:
        """The first page's address on Airflow's own server; empty where there is none."""
        page = dashboard_path(load_settings(), "current", "index.html")
        return _address(f"dashboards/{page.parent.parent.name}/index.html") if page else ""


def _address(path: str) -> str:
    server = conf.get("api", "base_url", fallback="/")
    return urljoin(server.rstrip("/") + "/", f"{MOUNT[1:]}/{path}")
