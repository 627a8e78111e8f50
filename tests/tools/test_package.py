# SPDX-License-Identifier: Apache-2.0
"""The wheel holds all that the client reads, and runs away from this clone."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(out.glob("*.whl"))


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "sceau"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert packed == set(listed.stdout.split())
    assert {"sceau/py.typed", "sceau/chain/abi/ConsentRegistry.json"} <= packed


def test_the_installed_wheel_runs_without_this_clone(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "installed"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        str(target),
        str(wheel),
    ]
    subprocess.run(pip, check=True)
    program = (
        f"import sys; sys.path.insert(0, {str(target)!r}); import sceau.cli.main as m; print(m.__file__)"
    )
    command = [sys.executable, "-I", "-c", program]
    ran = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert ran.stdout.startswith(str(target))
