"""The house itself: migrations complete, schema number right, lock files clean, start-up lean."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from kithbook.services import starting

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_schema_number_counts_the_migrations() -> None:
    migrations = list((ROOT / "src/kithbook/store/migrations").glob("0*.py"))
    assert len(migrations) == starting.SCHEMA


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_files_name_no_host_and_no_path(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert not re.search(r"https?://|file:|--(?:extra-)?index-url|--find-links|/opt/|/root/|/work/", text)
    assert "--hash=sha256:" in text


def test_nothing_committed_names_a_path_of_a_developers_machine() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    needles = [b"/" + b"root/.pyenv", b"/" + b"opt/pypi", b"/" + b"work/main"]
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        if path.is_file():
            data = path.read_bytes()
            assert not [needle for needle in needles if needle in data], name


def test_help_does_not_load_heavy_libraries() -> None:
    code = (
        "import sys; from kithbook.cli.main import run\n"
        "try: run(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'django', 'numpy', 'highspy', 'mcp', 'dateparser', 'pydantic'} & set(sys.modules)\n"
        "print(sorted(heavy), file=sys.stderr); sys.exit(bool(heavy))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
