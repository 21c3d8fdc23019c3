"""What stands around the code: make's targets, and the interpreter that they look for."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR


def run(*command: str, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        check=False,
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def script(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def old(path: Path) -> Path:
    """An interpreter that says that it is too old."""
    return script(path, "exit 1")


def without_venv(path: Path) -> Path:
    """As Debian's python3 without python3-venv."""
    return script(path, f'case "$2" in *ensurepip*) exit 1;; esac; exec {sys.executable} "$@"')


def find(path: Path, home: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    """bin/find-python, where PATH has what every Debian has and the interpreters in `path`."""
    bare = home / "bare"
    bare.mkdir()
    for tool in ("sh", "dirname", "env"):
        (bare / tool).symlink_to(shutil.which(tool) or "")
    return run(
        "bin/find-python",
        **{
            "PATH": f"{path}:{bare}",
            "HOME": str(home),
            "PYENV_ROOT": str(home / "pyenv"),
            "PYTHON": "",
            **env,
        },
    )


def test_finds_a_fitting_python(tmp_path: Path) -> None:
    old(tmp_path / "bin/python3")
    fitting = tmp_path / "bin/python3.12"
    fitting.symlink_to(sys.executable)
    assert find(tmp_path / "bin", tmp_path).stdout.strip() == str(fitting)


def test_finds_what_pyenv_has(tmp_path: Path) -> None:
    old(tmp_path / "bin/python3")
    fitting = tmp_path / "pyenv/versions/3.13.0/bin/python3"
    fitting.parent.mkdir(parents=True)
    fitting.symlink_to(sys.executable)
    assert find(tmp_path / "bin", tmp_path).stdout.strip() == str(fitting)


def test_takes_the_one_that_is_named(tmp_path: Path) -> None:
    assert find(tmp_path / "bin", tmp_path, PYTHON=sys.executable).stdout.strip() == sys.executable


def test_prefers_one_that_can_make_environments(tmp_path: Path) -> None:
    without_venv(tmp_path / "bin/python3.13")
    fitting = tmp_path / "bin/python3.12"
    fitting.symlink_to(sys.executable)
    assert find(tmp_path / "bin", tmp_path).stdout.strip() == str(fitting)


@pytest.mark.skipif(
    any(Path("/usr/local/bin").glob("python3.1[2-9]")),
    reason="this machine has one where the search ends",
)
def test_says_plainly_that_there_is_none(tmp_path: Path) -> None:
    old(tmp_path / "bin/python3")
    found = find(tmp_path / "bin", tmp_path)
    assert found.returncode == 1
    assert found.stderr.startswith("No Python 3.12 or newer was found.")
    assert found.stderr.count("\n") == 1


@pytest.mark.skipif(
    any(Path("/usr/local/bin").glob("python3.1[2-9]")),
    reason="this machine has one where the search ends",
)
def test_says_plainly_that_venv_is_missing(tmp_path: Path) -> None:
    without_venv(tmp_path / "bin/python3")
    found = find(tmp_path / "bin", tmp_path)
    assert found.returncode == 1
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert (
        "cannot make a virtual environment. Install its venv module (on Debian: apt-get "
        f"install {package})" in found.stderr
    )
    assert found.stderr.count("\n") == 1


def test_a_named_one_that_is_too_old_is_refused(tmp_path: Path) -> None:
    found = find(tmp_path / "bin", tmp_path, PYTHON=str(old(tmp_path / "bin/mine")))
    assert found.returncode == 1
    assert "is no Python 3.12 or newer" in found.stderr


def test_make_alone_tells_what_there_is() -> None:
    said = run("make").stdout
    for target in ("run", "dev", "test", "test-fast", "check"):
        assert f"make {target}" in said


@pytest.mark.parametrize("target", ["run", "dev", "test", "test-fast", "check", "format", "clean"])
def test_each_target_is_one(target: str) -> None:
    assert run("make", "--dry-run", target).returncode == 0


def test_every_requirement_is_pinned() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text().splitlines():
            assert not line or line.startswith(("#", "-r ")) or "==" in line, line
