"""Build wheel and sdist, install each into a clean environment, and run what a new user would run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BROUGHT_BY_VENV = ("pip", "setuptools", "pkg_resources", "_distutils_hack", "distutils-precedence")
WANTED = ("mjtui/styles/", "mjtui/py.typed", "mjtui/__main__.py")


def run(*command: str | Path, cwd: Path, **extra: str) -> str:
    """Run a command and return what it printed; its failure ends the check."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("MJTUI_", "KIE_", "PYTHON"))}
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=environ | extra, text=True, capture_output=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def check(package: Path, folder: Path) -> None:
    """Install one package and try its program from outside the checkout."""
    environment = folder / f"venv-{package.suffix.lstrip('.')}"
    venv.create(environment, with_pip=True)
    pip = (environment / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, package, cwd=folder)
    program, home = environment / "bin/mjtui", str(folder / "home")
    version = run(program, "--version", cwd=folder).strip()
    count_styles = "from mjtui.tui.styles import sheets; print(len(sheets()))"
    styles = run(environment / "bin/python", "-c", count_styles, cwd=folder)
    if int(styles) < 1:
        sys.exit(f"{package.name}: no styles were installed")
    run(program, "config", "validate", cwd=folder, MJTUI_HOME=home)
    run(program, "imagine", "a paper lighthouse at dusk --ar 16:9", "--dry-run", "--json", cwd=folder, MJTUI_HOME=home)
    packages = next((environment / "lib").glob("*/site-packages"))
    parts = [part for part in packages.iterdir() if not part.name.startswith(BROUGHT_BY_VENV)]
    count = sum(part.suffix == ".dist-info" for part in parts)
    size = sum(file.stat().st_size for part in parts for file in (part, *part.rglob("*")) if file.is_file()) >> 20
    print(f"{package.name}: {version}, {styles.strip()} style files; {count} distributions, {size} MiB")


def main() -> None:
    """Build both packages and check both."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
        wheel = next(folder.glob("*.whl"))
        listing = run(sys.executable, "-m", "zipfile", "-l", wheel, cwd=folder)
        missing = [name for name in WANTED if name not in listing]
        if missing:
            sys.exit(f"{wheel.name} lacks {', '.join(missing)}")
        check(wheel, folder)
        check(next(folder.glob("*.tar.gz")), folder)


if __name__ == "__main__":
    main()
