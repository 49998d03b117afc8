"""Writing files whole, and what an error of the system is in words."""

import os
import tempfile
from pathlib import Path

from bench.program import Failed

ROOM = 1 << 16  # bytes: about what a table needs


def write(path: Path, text: str) -> None:
    """Whoever reads path finds all of it, or what was there before."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            new.write_text(text, encoding="utf-8")
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        raise Failed(f"{path}: not written: {error.strerror}") from None


def probe(directory: Path) -> None:
    """To find out now, rather than after an hour, that there is no room."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory) as file:
            file.write(bytes(ROOM))
    except OSError as error:
        raise Failed(f"{directory}: {error.strerror}") from None


def words(error: OSError) -> str:
    return f"{error.filename or 'input or output'}: {error.strerror or error}"
