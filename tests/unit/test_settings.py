from pathlib import Path

import pytest

from regulars.errors import RegularsError
from regulars.settings import PROJECT_ROOT, load_settings


def test_environment_wins_over_file_over_default(home, tmp_path, monkeypatch):
    file = tmp_path / "regulars.toml"
    file.write_text('currency = "TWD"\ntimezone = "Asia/Taipei"\n')
    monkeypatch.setenv("REGULARS_SETTINGS", str(file))
    monkeypatch.setenv("REGULARS_TIMEZONE", "Australia/Sydney")
    settings = load_settings()
    assert (settings.currency, settings.timezone) == ("TWD", "Australia/Sydney")
    assert settings.keep_versions == 5
    assert settings.landing == home / "landing"


def test_a_relative_home_lies_in_the_project(home, monkeypatch):
    monkeypatch.setenv("REGULARS_HOME", "data")
    assert load_settings().lake == PROJECT_ROOT / "data" / "lake"


def test_objects_that_are_delivered_have_a_folder_for_their_copies(home, monkeypatch):
    monkeypatch.setenv("REGULARS_LANDING", "/srv/deliveries")
    settings = load_settings()
    assert (settings.landing, settings.landing_store) == (Path("/srv/deliveries"), None)
    monkeypatch.setenv("REGULARS_LANDING", "s3://bucket/sent/here")
    settings = load_settings()
    assert (settings.landing, settings.landing_store) == (home / "landing", "s3://bucket/sent/here")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("REGULARS_LANDING", "s3://", "s3:.* is not of the form s3://bucket/prefix"),
        ("REGULARS_LANDING", "s3://bucket//x", "is not of the form"),
        ("REGULARS_TIMEZONE", "Beijing", "timezone"),
        ("REGULARS_KEEP_VERSIONS", "0", "keep_versions"),
        ("REGULARS_SETTLE_SECONDS", "soon", "settle_seconds"),
    ],
)
def test_a_wrong_setting_is_named(home, monkeypatch, name, value, told):
    monkeypatch.setenv(name, value)
    with pytest.raises(RegularsError, match=told):
        load_settings()


def test_an_unknown_key_of_the_file_is_named(home, tmp_path, monkeypatch):
    file = tmp_path / "regulars.toml"
    file.write_text("time_zone = 'Asia/Taipei'\n")
    monkeypatch.setenv("REGULARS_SETTINGS", str(file))
    with pytest.raises(RegularsError, match="time_zone"):
        load_settings()


def test_the_documented_file_names_every_setting():
    text = (PROJECT_ROOT / "regulars.toml").read_text()
    from regulars.settings import Settings

    tables = [name for name in Settings.model_fields if f"# {name} = " not in text]
    assert tables == ["layouts", "notifier"]
    assert all(f"# [{name}]" in text for name in tables)


def test_a_notifier_may_stand_in_the_environment(home, monkeypatch):
    monkeypatch.setenv("REGULARS_NOTIFIER", '{"import_path": "a.B", "kwargs": {"to": "desk"}}')
    notifier = load_settings().notifier
    assert (notifier.import_path, notifier.kwargs) == ("a.B", {"to": "desk"})
    monkeypatch.setenv("REGULARS_NOTIFIER", '{"class": "a.B"}')
    with pytest.raises(RegularsError, match=r"notifier\.class"):
        load_settings()
