"""Settings: what is written where wins over what, and a mistake costs one setting and not all of them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from mjtui import config, settings_file
from mjtui.errors import SettingsError


def written(folder: Path, text: str) -> settings_file.SettingsFile:
    path = folder / "mjtui.toml"
    path.write_text(text, encoding="utf-8")
    return settings_file.read(path)


def test_flags_win_over_the_environment_that_over_the_file_that_over_the_default(tmp_path: Path):
    file = written(tmp_path, '[defaults]\nspeed = "relaxed"\n')
    environ = {"MJTUI_DEFAULTS_SPEED": "turbo"}

    def speed(**layers):
        loaded = config.load(
            file if "file" in layers else settings_file.SettingsFile(tmp_path), **layers.get("more", {})
        )
        return loaded.settings.defaults.speed, loaded.sources.get("defaults.speed", "default")

    assert speed(more={"environ": {}}) == ("fast", "default")
    assert speed(file=True, more={"environ": {}}) == ("relaxed", f"{tmp_path / 'mjtui.toml'}:2")
    assert speed(file=True, more={"environ": environ}) == ("turbo", "environment MJTUI_DEFAULTS_SPEED")
    flagged = {"environ": environ, "flags": {"defaults.speed": "fast"}}
    assert speed(file=True, more=flagged) == ("fast", "command line")


def test_an_unknown_setting_is_named_with_its_line_and_a_guess(tmp_path: Path):
    loaded = config.load(written(tmp_path, "[budget]\nper_day = 40\nper_bach = 3\n"), environ={})
    assert [str(problem) for problem in loaded.problems] == [
        f'{tmp_path / "mjtui.toml"}:3: unknown setting "budget.per_bach"; did you mean "per_batch"?'
    ]
    assert loaded.settings.budget.per_day == 40


def test_a_wrong_value_costs_that_setting_alone(tmp_path: Path):
    loaded = config.load(written(tmp_path, "[pictures]\nparallel = 99\nmax_mib = 7\n"), environ={})
    assert loaded.settings.pictures.parallel == 4
    assert loaded.settings.pictures.max_mib == 7
    assert "pictures.parallel = 99" in loaded.problems[0].message
    assert loaded.problems[0].where.endswith(":2")


def test_a_file_that_is_no_toml_says_where_it_broke_and_leaves_the_defaults(tmp_path: Path):
    loaded = config.load(written(tmp_path, "[screen]\ntheme = mjtui\n"), environ={})
    assert loaded.settings == config.Settings()
    assert loaded.problems[0].where.endswith(":2")


@pytest.mark.parametrize("text", ["budget = 3", "[[budget]]", "keys = 1", "[keys]\nsend = {a = 1}", "\x00", "[a.b]"])
def test_no_file_can_break_the_start(tmp_path: Path, text: str):
    loaded = config.load(written(tmp_path, text), environ={})
    assert loaded.problems
    assert loaded.settings.budget == config.Settings().budget


def test_the_template_is_a_settings_file_in_which_nothing_is_wrong(tmp_path: Path):
    text = config.template()
    assert config.load(written(tmp_path, text), environ={}).problems == []
    uncommented = "\n".join(
        line[2:] if line.startswith("# ") and " = " in line and not line.startswith('# "') else line
        for line in text.splitlines()
    )
    tables = tomllib.loads(uncommented)
    assert tables["prices"]["turbo"] == 16
    known = {dotted for dotted, _ in config.names()}
    assert {f"{section}.{key}" for section, table in tables.items() for key in table} == known


def test_every_setting_has_a_description():
    assert all(description for _, description in config.names())


def test_strict_names_the_first_problem(tmp_path: Path):
    with pytest.raises(SettingsError, match="servce"):
        config.strict(config.load(written(tmp_path, "[servce]\n"), environ={}))
