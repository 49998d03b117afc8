"""Kinds of arguments: each refuses in words what it does not take."""

import argparse
import math
import re
from collections.abc import Callable, Sequence
from pathlib import Path

# What the load generators take.
CONNECTIONS_MAX = 1_000_000
SIZE_MAX = 1 << 24


def _refuse(text: str, wanted: str) -> argparse.ArgumentTypeError:
    return argparse.ArgumentTypeError(f"'{text}' is not {wanted}")


def whole(most: int) -> Callable[[str], int]:
    def convert(text: str) -> int:
        if not re.fullmatch("[0-9]{1,12}", text) or not 1 <= int(text) <= most:
            raise _refuse(text, f"a whole number from 1 to {most:,}")
        return int(text)

    return convert


def decimal(least: float, most: float, unit: str) -> Callable[[str], float]:
    def convert(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not least <= number <= most:
            raise _refuse(text, f"a number of {unit} from {least} to {most}")
        return number

    return convert


def connections(text: str) -> list[int]:
    return [whole(CONNECTIONS_MAX)(word) for word in text.split(",")]


def size(text: str) -> str:
    try:
        sizes = [whole(SIZE_MAX)(word) for word in text.split("-")]
    except argparse.ArgumentTypeError:
        sizes = []
    if len(sizes) not in (1, 2) or sizes != sorted(sizes):
        raise _refuse(
            text, f"BYTES or MIN-MAX, of 1 to {SIZE_MAX:,} (16 MiB) each"
        )
    return text


def seed(text: str) -> int:
    if not re.fullmatch("[0-9]{1,18}", text):
        raise _refuse(text, "a whole number")
    return int(text)


def choice(known: Sequence[str]) -> Callable[[str], str]:
    def convert(text: str) -> str:
        if text not in known:
            raise _refuse(text, f"one of {', '.join(known)}")
        return text

    return convert


def build(text: str) -> Path:
    """A folder with programs, or a tree that has been built."""
    for path in (Path(text), Path(text) / "build/release"):
        if (path / "tlsecho-server").exists():
            return path.resolve()
    raise argparse.ArgumentTypeError(
        f"no tlsecho-server in '{text}' or in its build/release"
    )


def names(known: Sequence[str]) -> Callable[[str], list[str]]:
    def convert(text: str) -> list[str]:
        words = text.split(",")
        for word in words:
            if word not in known:
                raise argparse.ArgumentTypeError(
                    f"'{word}' is none of {', '.join(known)}"
                )
        return words

    return convert
