"""Tables with many sorts of rows, and the crowds that are made of them."""

from __future__ import annotations

import csv
import dataclasses
import io
import random
from collections.abc import Sequence
from pathlib import Path

from geo import api
from geo.model import Precision
from geo.places.coarsen import coarsen_table
from geo.places.columns import locate_table
from geo.places.credits import credit
from geo.places.gazetteer import Gazetteer
from geo.read.tablestory import header_of
from geo.scene.crowd import Crowd, crowd

HEADER = (
    "id,kind,date,date_end,time,title:fr,title:ar,place,admin1,country,lat,lon,precision,radius_m,actor,against,mission,origin,origin_lat,"
    "origin_lon,aircraft,aircraft_count,weapon,strikes_min,strikes_max,killed_min,killed_max,status,note,source_publisher,source_title,"
    "source_url,source_published,quote,quote_language,unit,=odd header"
).split(",")

PLACES: Sequence[dict[str, str]] = (
    {"place": "Raqqa", "country": "Syria"}, {"place": "Aleppo", "country": "Syria"}, {"admin1": "Idlib", "country": "Syria"},
    {"place": "Nowhere-at-all"}, {}, {"country": "Iraq", "lat": "36.34", "lon": "43.13", "precision": "town"},
    {"lat": "?", "lon": "?"}, {"lat": "?", "lon": "?", "precision": "village"}, {"lat": "?", "lon": "?", "radius_m": "300"},
    {"place": "Raqqa", "country": "Syria", "lat": "35.95", "lon": "39.01"}, {"lat": "-0.0", "lon": "179.9999"},
)  # fmt: skip
ORIGINS = ({}, {}, {"origin": "Incirlik", "origin_lat": "37.0", "origin_lon": "35.43"}, {"origin": "Jordan;Kuwait"}, {"origin": "Erewhon"},
           {"origin_lat": "20.5", "origin_lon": "-179.5"})  # fmt: skip


def mixed(rows: int, seed: int = 1, *, far: bool = True) -> str:
    """A CSV of every sort of row: named, placed by hand, hatched, not placed, undated; texts in two languages and in none.

    `far`: some lie on the other side of the world.
    """
    dice = random.Random(seed)
    out = io.StringIO(newline="")
    written = csv.DictWriter(out, HEADER, restval="", lineterminator="\n")
    written.writeheader()
    for n in range(rows):
        place = dict(dice.choice(PLACES if far else PLACES[:-1]))
        if place.get("lat") == "?":
            place |= {"lat": f"{dice.uniform(33, 37):.{dice.choice((0, 2, 4, 6))}f}", "lon": f"{dice.uniform(36, 42):.4f}"}
        date = {"date": dice.choice([f"2016-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"] * 6 + ["", "2016-03", "2015~", "2016-01-01/2016-02"])}
        if not place and not date["date"]:
            date["date"] = "2016-05-05"
        low = dice.randint(0, 9)
        row = {
            "id": f"n{n:04d}", "kind": dice.choice(["strike", "strike", "attack", "crash"]), "time": dice.choice(["", "", "14:30"]),
            "title:fr": dice.choice(["", "Frappe", f"Frappe n° {n}", "=1+1"]), "title:ar": dice.choice(["", "", "غارة 15–17"]),
            "actor": dice.choice(["", "One", "Two", "Three, \"the\" third"]), "against": dice.choice(["", "depot"]),
            "mission": dice.choice(["", "", "m7"]), "aircraft": dice.choice(["", "B-25"]), "aircraft_count": dice.choice(["", "10", "2-5"]),
            "weapon": dice.choice(["", "bombs"]), "strikes_min": str(low), "strikes_max": str(low + dice.choice((0, 3))),
            "killed_min": dice.choice(["", "2"]), "status": dice.choice(["", "reported", "declared", "contested", "retracted"]),
            "note": dice.choice(["", f"Row {n}, </script> & \"more\"\nin two lines", "née\u2028x"]),
            "quote": dice.choice(["", "They said so.", f"Words of {n}"]), "unit": dice.choice(["", "7", "007"]), "=odd header": dice.choice(["", "@x"]),
            **place, **date, **dice.choice(ORIGINS),
        }  # fmt: skip
        if dice.random() < 0.6:
            row |= {"source_publisher": dice.choice(["A paper", "The army"]), "source_title": dice.choice(["", "Air raids"]),
                    "source_url": dice.choice(["", "https://example.org/a?b=1&c=2"]), "source_published": dice.choice(["", "2016-06-01"])}  # fmt: skip
        if row["quote"]:
            row["quote_language"] = "en"
        written.writerow(row)
    return out.getvalue()


def bare(rows: int, seed: int = 2) -> str:
    """Nothing but a date and a position."""
    dice = random.Random(seed)
    lines = ["date,lat,lon"]
    lines += [f"1965-{dice.randint(10, 12)}-{dice.randint(1, 28):02d},{dice.uniform(8, 20):.4f},{dice.uniform(102, 109):.4f}" for _ in range(rows)]
    return "\n".join(lines) + "\n"


def crowd_of(text: str, folder: Path, languages: Sequence[str] = ("en",), *, basemap: bool = False, coarsen: str | None = None) -> Crowd:
    """The crowd of a CSV, whatever its number of rows."""
    file = folder / "rows.csv"
    file.write_text(text, "utf-8")
    table = api.load_table(file)
    with Gazetteer.open(user=False) as gazetteer:
        located = locate_table(table, gazetteer)
        story = header_of(table)
        if coarsen:
            located = coarsen_table(located, Precision(coarsen), gazetteer)
            story = dataclasses.replace(story, coarsen=Precision(coarsen))
        located = dataclasses.replace(located, attributions=credit(table))
        return crowd(located, story, languages, gazetteer, basemap=basemap)
