"""Built-ins are found from wheel, sdist and editable installs."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHOW = (
    "from satmeter.builtin import builtin, builtin_names;"
    "print(builtin_names('questionnaires'), builtin_names('reports'));"
    "print(sum(len(builtin(s).joinpath(n).read_text('utf-8'))"
    " for s, n in [('questionnaires', 'power-utility.yaml'), ('reports', 'satisfaction/report.md.j2')]))"
)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT],
        check=True,
        capture_output=True,
    )
    return folder


def _shown(arguments: list[str], folder: Path) -> str:
    """What a fresh environment that sees only one install of satmeter finds."""
    venv.create(folder / "venv", with_pip=False, system_site_packages=False)
    python = folder / "venv/bin/python"
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--no-deps",
        "--no-build-isolation",
    ]
    run = subprocess.run([*install, "--quiet", *arguments], capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    return subprocess.run([python, "-c", SHOW], cwd=folder, capture_output=True, check=True, encoding="utf-8").stdout


def test_wheel_and_sdist_and_editable_find_the_same_built_ins(built, tmp_path):
    here = subprocess.run([sys.executable, "-c", SHOW], capture_output=True, check=True, encoding="utf-8").stdout
    wheel = next(built.glob("*.whl"))
    assert "power-utility" in here
    assert "satisfaction" in here
    assert _shown([str(wheel)], tmp_path / "wheel") == here


def test_the_wheel_ships_built_ins_and_no_output(built):
    names = zipfile.ZipFile(next(built.glob("*.whl"))).namelist()
    assert "satmeter/_builtin/questionnaires/ecsi-mobile.yaml" in names
    assert "satmeter/_builtin/reports/satisfaction/report.md.j2" in names
    assert any(name.endswith("codes/Q.toml") for name in names)
    assert not [name for name in names if name.endswith((".html", ".svg")) and "templates" not in name]


def test_the_sdist_builds_the_same_wheel(built, tmp_path):
    sdist = next(built.glob("*.tar.gz"))
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", tmp_path, sdist],
        check=True,
        capture_output=True,
    )
    ours = zipfile.ZipFile(next(built.glob("*.whl"))).namelist()
    theirs = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    assert sorted(theirs) == sorted(ours)
