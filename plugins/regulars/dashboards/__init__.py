"""The frame of the dashboards: what a page is made of, and how it becomes a file."""
