"""The kinds of place that a gazetteer knows."""

from __future__ import annotations

from collections.abc import Mapping

from geo.model import Precision

KINDS: Mapping[str, Precision] = {
    "city": Precision.CITY,
    "town": Precision.TOWN,
    "village": Precision.VILLAGE,
    "neighbourhood": Precision.NEIGHBOURHOOD,
    "landmark": Precision.LANDMARK,
    "airfield": Precision.LANDMARK,
    "district": Precision.DISTRICT,
    "governorate": Precision.GOVERNORATE,
    "country": Precision.COUNTRY,
    "region": Precision.REGION,
    "sea": Precision.SEA,
}
"""Kinds of place, and the precision of a record that states none."""

AIRFIELD_RADIUS_M = 2_000.0
"""Half the length of a long runway and its aprons: what "at the base" can mean."""
