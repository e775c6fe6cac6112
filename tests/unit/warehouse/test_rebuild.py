"""A rebuild after rows were removed: no copy of them is left, or it is said."""

import pytest

from regulars.errors import RegularsError
from regulars.warehouse import rebuild


@pytest.mark.requirement("SEC-06")
def test_a_copy_that_still_holds_what_was_removed_is_an_error(settings, monkeypatch) -> None:
    done = []
    published = {"version": "000002", "copy_error": "no server"}
    for step in ("judge_marts", "drop_former_versions"):
        monkeypatch.setattr(rebuild, step, lambda step=step: done.append(step))
    monkeypatch.setattr(rebuild, "build_warehouse", lambda full_refresh: done.append(full_refresh))
    monkeypatch.setattr(rebuild, "publish_version", lambda: published)
    with pytest.raises(RegularsError, match=r"still holds what was removed from the lake: no"):
        rebuild.rebuild_from_lake()
    # The home itself is clean by then.
    assert done == [True, "judge_marts", "drop_former_versions"]
    published.pop("copy_error")
    rebuild.rebuild_from_lake()
