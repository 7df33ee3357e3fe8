"""What was packed for a page comes out as it went in."""

from __future__ import annotations

import base64
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.geometry.basemap import encode
from geo.geometry.unpack import decode

POINT = st.tuples(st.floats(-540, 540), st.floats(-90, 90))


@given(st.lists(st.lists(POINT, min_size=2, max_size=6), max_size=4))
def test_lines_come_back_on_the_grid(lines: list[list[tuple[float, float]]]) -> None:
    (layer,) = decode(encode([("river", "line", lines)], 1000))
    kept = []
    for line in lines:
        grid = np.rint(np.array(line) * 1000).astype(int).tolist()
        grid = [p for n, p in enumerate(grid) if not n or p != grid[n - 1]]
        if len(grid) > 1:
            kept.append(grid)
    assert [line.tolist() for line in layer.lines] == kept
    assert (layer.name, layer.closed, layer.parts) == ("river", False, (len(kept),))


def test_polygons_keep_their_holes_together() -> None:
    shell = [(0, 0), (9, 0), (9, 9), (0, 0)]
    hole = [(4, 1), (5, 1), (5, 2), (4, 1)]
    lakes, land = decode(encode([("lakes", "polygon", [[shell]]), ("land", "polygon", [[shell, hole], [shell]])]))
    assert (lakes.closed, lakes.parts, land.parts, len(land.lines)) == (True, (1,), (2, 1), 3)


@pytest.mark.parametrize("raw", [b"", b"\x80", b"\x01\x00", b"\x01\x00\x00\x07"])
def test_damaged_data_is_refused(raw: bytes) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = base64.b64encode(packer.compress(raw) + packer.flush()).decode()
    with pytest.raises(ValueError, match="the base map"):
        decode({"q": 1, "layers": [{"name": "river", "type": "line", "parts": [1]}], "data": data})
