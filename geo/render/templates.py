"""The templates of the page's words, as Jinja runs them.

Compiling them takes longer than filling them. The build hook does it once and keeps the code beside the package; it is
used as long as it was made from these very templates by this very Jinja, else they are compiled when they are needed.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import BaseLoader, Environment, FileSystemLoader, FunctionLoader, ModuleLoader, StrictUndefined, Template

TEMPLATES = files("geo") / "web/templates"
COMPILED = Path(str(files("geo"))) / "web" / "compiled"
MADE_FROM = "made-from"
SUFFIX = ".html.jinja"
OPTIONS: dict[str, Any] = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}


def template(name: str) -> Template:
    """A template of `geo/web/templates`. Raises jinja2.TemplateNotFound."""
    return environment().get_template(name)


@cache
def environment() -> Environment:
    stamp = COMPILED / MADE_FROM
    if stamp.is_file() and stamp.read_text("ascii") == made_from():
        return _environment(ModuleLoader(str(COMPILED)))
    return _environment(FunctionLoader(lambda name: (TEMPLATES / name).read_text("utf-8")))


def compile_all(folder: Path) -> None:
    """Writes the code of every template into `folder`, a module each, and what they were made from."""
    environment = _environment(FileSystemLoader(str(TEMPLATES)))
    environment.compile_templates(str(folder), zip=None, ignore_errors=False, filter_func=lambda name: name.endswith(SUFFIX))
    (folder / MADE_FROM).write_text(made_from(), "ascii")


def made_from() -> str:
    """One hash of all that the code of the templates depends on."""
    # Later versions may have no such name: asking for it is slow then, and warns.
    version = vars(jinja2).get("__version__")
    if version is None:
        from importlib.metadata import version as version_of

        version = version_of("jinja2")
    whole = sha256(f"{version} {OPTIONS}\n".encode())
    for file in sorted((file for file in TEMPLATES.iterdir() if file.name.endswith(SUFFIX)), key=lambda file: file.name):
        content = file.read_bytes()
        whole.update(f"{file.name} {len(content)}\n".encode() + content)
    return whole.hexdigest()


def _environment(loader: BaseLoader) -> Environment:
    return Environment(loader=loader, undefined=StrictUndefined, auto_reload=False, **OPTIONS)
