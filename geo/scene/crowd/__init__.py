"""Very many events: what is drawn of a table's rows, in columns and distinct values, without an object for any row."""

from geo.scene.crowd.build import crowd
from geo.scene.crowd.crowd import Crowd

__all__ = ["Crowd", "crowd"]
