"""Templates are compiled once and kept, as Python keeps its modules: every process after the first starts with them."""

import sys
from collections.abc import MutableMapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import jinja2
from flask import Flask
from flask.templating import Environment
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

OURS = Path(__file__).parent


class Templates(Environment):
    """Lets every template have the names that all of them know as one dictionary.

    Jinja lays one of the template's own over it, and looks through both for each of the names whenever a template
    is shown, included or imported, which takes longer than many a page's own words.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **d} if d else self.globals


class CompiledTemplates(FileSystemBytecodeCache):
    """Kept beside the templates, under what they say and the code they were compiled with.

    Where nothing can be written they are compiled by each process for itself.
    """

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(source + self._compiled_with)

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)

    @cached_property
    def _compiled_with(self) -> str:
        """What can change the compiled form of unchanged words: Jinja itself, and our filters and settings for it."""
        newest = max(module.stat().st_mtime_ns for module in OURS.rglob("*.py"))
        return f"{jinja2.__version__} {newest}"


def set_up(app: Flask, templates: Path) -> None:
    """Keep what is compiled of these templates, unless Python was told to keep nothing of the kind.

    Before anything else asks for the environment of templates.
    """
    app.jinja_environment = Templates
    folder = templates / "__pycache__"
    if sys.dont_write_bytecode:
        return
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
    app.jinja_env.bytecode_cache = CompiledTemplates(str(folder), "%s.pyc")
