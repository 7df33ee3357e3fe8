"""A publisher's style as rules after the page's own; nothing where the style is ours."""

from __future__ import annotations

from collections.abc import Mapping

from geo.scene.dress import PAGE_KEYS, STYLE, THEME_KEYS, Look, Style

_PROPERTIES = {key: "dim" if key == "quiet" else key.replace("_", "-") for key in (*THEME_KEYS, *PAGE_KEYS)}
"""A colour's name in a style file → the page's custom property."""


def style_rules(style: Style, *, fragment: bool = False) -> str:
    """CSS that makes the page (or a `fragment`, which leaves the body alone) look as `style` says."""
    light, dark = _changed(style.light, STYLE.light), _changed(style.dark, STYLE.dark)
    rules = [_block(style.fonts)] if style.fonts else []
    for scheme, changed in (("light", light), ("dark", dark)):
        if changed:
            # Where the reader forces colours, theirs stand.
            when = f"@media screen and (forced-colors:none) and (prefers-color-scheme:{scheme})"
            rules.append(f"{when}{{{_ground(changed, fragment)}{_block(changed)}}}")
    if light:  # paper is light, whatever the screen
        rules.append("@media print" + "{" + _block({name: colour for name, colour in light.items() if name != "link"}) + "}")
    return "".join(rules)


def _properties(look: Look) -> dict[str, str]:
    colours = {name: look.colour(key) for key, name in _PROPERTIES.items()}
    return colours | {f"s{slot}": colour for slot, colour in enumerate(look.theme.slots)}


def _changed(look: Look, ours: Look) -> dict[str, str]:
    before = _properties(ours)
    return {name: colour for name, colour in _properties(look).items() if colour != before[name]}


def _ground(changed: Mapping[str, str], fragment: bool) -> str:
    return f"body:has(>.strikemap){{background:{changed['page']}}}" if "page" in changed and not fragment else ""


def _block(properties: Mapping[str, str]) -> str:
    return ".strikemap{" + ";".join(f"--{name}:{value}" for name, value in properties.items()) + "}"
