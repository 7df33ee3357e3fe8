"""Local copies of the scripts and styles that other makers' pages ask the network for.

The npm packages are named in `copies/package.json` and its lock file and installed into a scratch folder; some come with
the Python packages themselves. Nothing of them is in this repository, and nothing is fetched while a page is open: what has
no copy is refused, and the table says so. Map tiles are answered with one grey picture.
"""

from __future__ import annotations

import mimetypes
import re
import shutil
import struct
import subprocess
import zlib
from dataclasses import dataclass
from pathlib import Path

LOCK = Path(__file__).parent / "copies"

RULES: tuple[tuple[str, str], ...] = (
    # Exactly the same file of the same version.
    (r"https://(?:cdn\.jsdelivr\.net/npm|unpkg\.com)/(leaflet|bootstrap|@fortawesome/fontawesome-free|maplibre-gl)@[\d.]+/(.+)", r"npm:\1/\2"),
    (r"https://code\.jquery\.com/jquery-3\.7\.1\.min\.js", "npm:jquery/dist/jquery.min.js"),
    (r"https://cdnjs\.cloudflare\.com/ajax/libs/leaflet\.markercluster/1\.1\.0/(.+)", r"npm:leaflet.markercluster/dist/\1"),
    (r"https://api\.tiles\.mapbox\.com/mapbox-gl-js/v1\.13\.0/(.+)", r"npm:mapbox-gl/dist/\1"),
    (r"https://maxcdn\.bootstrapcdn\.com/bootstrap/3\.2\.0/(.+)", r"npm:bootstrap3/dist/\1"),
    (r"https://maxcdn\.bootstrapcdn\.com/font-awesome/4\.6\.3/(.+)", r"npm:font-awesome/\1"),
    # 2.0.2 is not on npm.
    (r"https://cdnjs\.cloudflare\.com/ajax/libs/Leaflet\.awesome-markers/2\.0\.2/(.+)", r"npm:leaflet.awesome-markers/dist/\1"),
    (r"https://cdn\.jsdelivr\.net/npm/@deck\.gl/widgets@[^/]+/dist/stylesheet\.css", "npm:@deck.gl/widgets/dist/stylesheet.css"),
    # The same bundle, as its Python package carries it for notebooks.
    (r"https://cdn\.jsdelivr\.net/npm/@deck\.gl/jupyter-widget@[^/]+/dist/index\.js", "pypi:pydeck/nbextension/static/index.js"),
)  # fmt: skip
"""Address → package and path; `npm:` in the scratch folder's node_modules, `pypi:` in the makers' site-packages."""

TILES = re.compile(r"https://[^/]*\.?(?:tile\.openstreetmap\.org|basemaps\.cartocdn\.com)/.*")


@dataclass(frozen=True, slots=True)
class Copy:
    type: str
    path: Path | None = None
    body: bytes = b""


def place(url: str) -> str | None:
    """`npm:PACKAGE/PATH` or `pypi:PACKAGE/PATH` of the copy, None where no rule knows one."""
    plain = url.split("?")[0].split("#")[0]
    for pattern, to in RULES:
        if found := re.fullmatch(pattern, plain):
            return found.expand(to)
    return None


def grey(side: int = 256) -> bytes:
    """A PNG of one light grey."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = (b"\0" + b"\xdd" * side) * side
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


class Copies:
    """Answers for one page, and what it was asked for."""

    def __init__(self, folder: Path | None) -> None:
        """`folder` holds node_modules and, as `site-packages`, a link to the Python packages; None: there are no copies."""
        self.folder = folder
        self.missing: list[str] = []
        self.tiles = 0
        self.bytes = 0
        """Of what was found, without tiles."""
        self.tile = grey()

    def find(self, url: str) -> Copy | None:
        if TILES.fullmatch(url):
            self.tiles += 1
            return Copy("image/png", body=self.tile)
        where = place(url)
        if where and self.folder:
            source, _, path = where.partition(":")
            root = (self.folder / ("node_modules" if source == "npm" else "site-packages")).resolve()
            file = (root / path).resolve()
            if file.is_relative_to(root) and file.is_file():
                self.bytes += file.stat().st_size
                return Copy(mimetypes.guess_type(file.name)[0] or "application/octet-stream", path=file)
        self.missing.append(url)
        return None


def install(folder: Path, python: str) -> str:
    """npm packages into `folder` as the lock file says, and a link to the Python ones; why not, or ""."""
    folder.mkdir(parents=True, exist_ok=True)
    packages = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    link = folder / "site-packages"
    link.unlink(missing_ok=True)
    link.symlink_to(packages)
    lock = LOCK / "package-lock.json"
    ours = folder / "package-lock.json"
    if (folder / "node_modules").is_dir() and ours.is_file() and ours.read_bytes() == lock.read_bytes():
        return ""
    if not (npm := shutil.which("npm")):
        return "no npm on the path"
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(LOCK / name, folder / name)
    done = subprocess.run(
        [npm, "ci", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        ours.unlink(missing_ok=True)
        return (done.stderr.strip().splitlines() or ["npm ci failed"])[-1][:160]
    return ""
