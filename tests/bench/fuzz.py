"""Looks for input that a reader answers with anything but its data or faults: python tests/bench/fuzz.py [--seconds 60] [--seed 1]

Every reader gets files of the corpora under tests/cases (and a built page), damaged at random: bytes turned, cut, doubled,
swapped between files, and texts, numbers and brackets that parsers stumble over put in. The same seed gives the same cases in
the same order, whatever the machine's speed. A case that ends in another error than a fault, or takes more than two
seconds of the processor, is written to --keep (make it a case file under tests/cases) and the command ends with 1.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

from geo.api import build_story  # noqa: E402
from geo.errors import StrikemapError  # noqa: E402
from geo.places.records import read_places  # noqa: E402
from geo.read.page import read_page, unpacked  # noqa: E402
from geo.read.story import read_story  # noqa: E402
from geo.read.stylefile import read_style  # noqa: E402
from geo.read.tables import read_table  # noqa: E402

CASES = ROOT / "tests/cases"
SECONDS = 2.0
"""Of the processor, for one case."""
LONGEST = 400_000
"""Bytes of a case: what is slow only because it is long is measured by bombs.py."""

TOKENS = [
    token.encode("utf-8", "surrogatepass")
    for token in (
        "", "\0", "\ufeff", "\u2028", "\ud800", "\ufffe", "=", "'", '"', "{", "}", "[", "]", "<", ">", "&a ", "*a ", "<<: *a", "!!python/name:os",
        "---\n", "...\n", "\t", "\r", "\r\n", ",", ";", "|", ":", "- ", "? ", "# ", "%", "null", "~", "NaN", "-0", "1e400", "9" * 400, "0x1f", "1_000",
        "٣٦", "2015-02-30", "0000-00-00", "2015-13", "../..", "24/3/2016", "36°20'N", "-180.0001", "\\ud800", "\\u0000", "]]>", "<!ENTITY x SYSTEM 'file:///etc/passwd'>",
        "&x;", "(" * 200, "[" * 200, "{" * 200, "{a: " * 50, "true", "events:", "\n\n", "\x1a", "\x7f", "\x85", "https://", "javascript:x",
    )
]  # fmt: skip


def damaged(data: bytes, others: list[bytes], random: Random) -> bytes:
    """`data` with one to six things wrong with it."""
    out = bytearray(data)
    for _ in range(random.randint(1, 6)):
        at, to = sorted((random.randint(0, len(out)), random.randint(0, len(out))))
        to = min(to, at + random.choice((1, 8, 80, 4_000)))
        match random.randrange(8):
            case 0:
                out[at:at] = random.choice(TOKENS)
            case 1:
                out[at:to] = random.choice(TOKENS)
            case 2:
                del out[at:to]
            case 3:
                out[at:at] = out[at:to] * random.choice((1, 2, 20))
            case 4:
                other = random.choice(others)
                start = random.randint(0, len(other))
                out[at:to] = other[start : start + random.choice((1, 30, 1_000))]
            case 5:
                for _ in range(random.randint(1, 20)):
                    if out:
                        out[random.randrange(len(out))] = random.randrange(256)
            case 6:
                lines = bytes(out).split(b"\n")
                random.shuffle(lines)
                out = bytearray(b"\n".join(lines))
            case _:
                del out[at:]
        del out[LONGEST:]
    return bytes(out)


def targets(folder: Path) -> dict[str, tuple[list[tuple[str, bytes]], Callable[[Path], object]]]:
    """Reader → the files to damage (name and content), and how one is read."""

    def corpus(*globs: str) -> list[tuple[str, bytes]]:
        paths = sorted({path for pattern in globs for path in CASES.glob(pattern) if path.is_file()})
        return [(path.name, path.read_bytes()[:LONGEST]) for path in paths if path.suffix not in (".expected", ".faults", ".md")]

    page = build_story(CASES / "story/sound-flat.yaml").outputs["html"]
    inner = b'<script type="application/json" id="map_x-data">'
    import json

    loose = inner + json.dumps(unpacked(page)).replace("<", "\\u003c").encode() + b"</script>"
    places = b"\n".join((ROOT / "places.yaml").read_bytes().split(b"\n")[:120])
    style = b"light:\n  land: '#f4f1ea'\n  ink: '#222222'\nfonts:\n  latin: [Georgia]\n"
    return {
        "story": (corpus("story/*.yaml", "maps/*.yaml"), read_story),
        "table": (corpus("tables/*"), read_table),
        "page": ([("page.html", page[-LONGEST:]), ("loose.html", loose)], read_page),
        "places": ([("places.yaml", places)], read_places),
        "style": ([("style.yaml", style)], read_style),
    }


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=60.0, help="for all readers together (60)")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", help="one reader by name")
    options.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "strikemap-findings", help="where findings go")
    asked = options.parse_args()
    findings = 0
    with tempfile.TemporaryDirectory() as scratch:
        chosen = {name: one for name, one in targets(Path(scratch)).items() if asked.only in (None, name)}
        for reader, (files, read) in chosen.items():
            random = Random(f"{asked.seed} {reader}")
            everything = [data for _, data in files]
            until = time.monotonic() + asked.seconds / len(chosen)
            count, slowest, known = 0, 0.0, set[str]()
            while time.monotonic() < until:
                name, data = random.choice(files)
                case = damaged(data, everything, random)
                path = Path(scratch) / name
                path.write_bytes(case)
                began = time.process_time()
                wrong = ""
                try:
                    read(path)
                except StrikemapError:
                    pass
                except Exception as error:
                    where = traceback.extract_tb(error.__traceback__)[-1]
                    wrong = f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}"
                took = time.process_time() - began
                count, slowest = count + 1, max(slowest, took)
                if took > SECONDS:
                    wrong = wrong or f"{took:.1f} s"
                if wrong and wrong not in known:
                    known.add(wrong)
                    asked.keep.mkdir(parents=True, exist_ok=True)
                    kept = asked.keep / f"{reader}-{asked.seed}-{count}-{name}"
                    kept.write_bytes(case)
                    print(f"{reader}: {wrong}: {kept}")
            findings += len(known)
            print(f"{reader}: {count} cases, slowest {slowest:.2f} s, {len(known)} findings")
    return int(findings > 0)


if __name__ == "__main__":
    sys.exit(main())
