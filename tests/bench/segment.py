"""
The statistics of a server, read where they are (common/stats/segment.h), as
often as nobody would start a program for it.
"""

import contextlib
import mmap
import struct
import threading
import time
from pathlib import Path

from bench.program import Failed, Scoped

HEADER = struct.Struct("=QIIQ11I")
FIELD = struct.Struct("=32s80s8I")
SLOT = struct.Struct("=Ii")  # state, pid
SLOT_AT = 64  # in the slot, behind its load
TOTAL = 0
EACH_SECONDS = 0.01


def _attach(path: Path) -> tuple[mmap.mmap, tuple[int, ...]]:
    """When it is complete; it has its size before it is filled."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, ValueError, struct.error):
            with path.open("rb") as file:
                found = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            header = HEADER.unpack_from(found)
            if header[2] == 1:
                return found, header
        time.sleep(EACH_SECONDS)
    raise Failed(f"{path}: no statistics in 10 s")


class Segment(Scoped):
    """A map of /dev/shm/tlsecho.NAME, by the descriptions that it has."""

    def __init__(self, name: str) -> None:
        self._map, header = _attach(Path(f"/dev/shm/tlsecho.{name}"))
        fields, field_size, field_at = header[4:7]
        self._slots, self._slot_size, self._slot_at = header[7:10]
        self._shards, self._shard_size, self._shard_at = header[10:13]
        self._offsets: dict[str, int] = {}
        for i in range(fields):
            name_, _, kind, _, _, offset = FIELD.unpack_from(
                self._map, field_at + i * field_size
            )[:6]
            if kind == TOTAL:
                self._offsets[name_.split(b"\0")[0].decode()] = offset
        first, last = min(self._offsets.values()), max(self._offsets.values())
        self._first = first
        self._words = struct.Struct(f"={(last - first) // 8 + 1}Q")

    def stop(self) -> None:
        self._map.close()

    def totals(self) -> dict[str, int]:
        """Over all slots and shards."""
        columns = [
            self._words.unpack_from(
                self._map,
                self._slot_at
                + slot * self._slot_size
                + self._shard_at
                + shard * self._shard_size
                + self._first,
            )
            for slot in range(self._slots)
            for shard in range(self._shards)
        ]
        sums = [sum(words) for words in zip(*columns)]
        return {
            name: sums[(offset - self._first) // 8]
            for name, offset in self._offsets.items()
        }

    def pids(self) -> list[int]:
        """Of workers that there are; the first slot is the master's."""
        found = (
            SLOT.unpack_from(
                self._map, self._slot_at + slot * self._slot_size + SLOT_AT
            )[1]
            for slot in range(1, self._slots)
        )
        return [pid for pid in found if pid > 0]


class Watch(Scoped):
    """Reads all totals every 10 ms: none may go back."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.looks = 0
        self.went_back = ""
        self._thread.start()

    def stop(self) -> None:
        self._ends.set()
        self._thread.join()

    def check(self) -> None:
        if self.went_back:
            raise Failed(f"a total went back: {self.went_back}")

    def _run(self) -> None:
        before = self._segment.totals()
        while not self._ends.wait(EACH_SECONDS):
            now = self._segment.totals()
            for name, value in now.items():
                if value < before[name] and not self.went_back:
                    self.went_back = f"{name}, {before[name]} to {value}"
            before = now
            self.looks += 1

    def await_more(self, before: dict[str, int], *names: str) -> None:
        """Until one of these has grown."""
        deadline = time.monotonic() + 60
        while True:
            now = self._segment.totals()
            if any(now[name] > before[name] for name in names):
                return
            if time.monotonic() > deadline:
                raise Failed(f"no more {', '.join(names)} in 60 s")
            time.sleep(EACH_SECONDS)
