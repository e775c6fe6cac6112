"""Opening the warehouse, one writer at a time."""

import logging
import subprocess
import sys
import textwrap
import threading

import pytest

from regulars.errors import RegularsError
from regulars.warehouse.connection import connect, exclusive

HOLDER = textwrap.dedent("""
    import sys
    from pathlib import Path
    from regulars.warehouse.connection import exclusive

    with exclusive(Path(sys.argv[1]), "the night of 2014-12-30"):
        print("held", flush=True)
        sys.stdin.read()
""")


def test_the_settings_are_the_limits_and_nothing_is_installed(settings):
    with connect(settings) as connection:
        read = connection.execute(
            "select current_setting('threads'), current_setting('autoinstall_known_extensions'),"
            " current_setting('temp_directory'), current_setting('TimeZone')"
        ).fetchone()
    assert read == (2, False, str(settings.home / "warehouse" / "tmp"), "UTC")


def test_a_reader_before_the_first_build_is_told(settings):
    with pytest.raises(RegularsError, match="no warehouse yet"):
        connect(settings, read_only=True)


def test_a_file_open_elsewhere_is_explained(settings):
    with connect(settings):
        child = "from regulars.settings import load_settings as s\n"
        child += "from regulars.warehouse.connection import connect\nconnect(s())"
        other = subprocess.run(
            [sys.executable, "-c", child], capture_output=True, text=True, check=False
        )
    assert "RegularsError: the warehouse" in other.stderr
    assert "published/current instead" in other.stderr


@pytest.mark.timeout(30)
def test_a_second_holder_waits_and_says_for_whom(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    lock = tmp_path / "build.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout.readline() == "held\n"

        ended = threading.Event()

        def end() -> None:
            ended.set()
            holder.kill()

        class EndsHolder(logging.Handler):
            """The wait is logged before it begins; only then may the holder end."""

            def emit(self, record):
                threading.Timer(0.2, end).start()

        logger = logging.getLogger("regulars.warehouse.connection")
        ends = EndsHolder()
        logger.addHandler(ends)
        try:
            with exclusive(lock, "build_warehouse"):
                assert ended.is_set()
        finally:
            logger.removeHandler(ends)
    waits = f"build_warehouse waits for the night of 2014-12-30 (pid {holder.pid})"
    assert waits in caplog.messages
    assert lock.read_text() == ""
