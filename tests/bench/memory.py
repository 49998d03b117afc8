"""Memory of whole sessions of processes."""

import re
from pathlib import Path

from bench import cpu


def parse_pss(text: str) -> int:
    """
    Bytes, from /proc/PID/smaps_rollup: a page that n processes share counts as
    1/n in each, so that their sum is what they take together.
    """
    found = re.search(r"^Pss:\s+(\d+) kB$", text, re.MULTILINE)
    if found is None:
        raise ValueError("smaps_rollup without Pss")
    return int(found.group(1)) * 1024


def pss(session: int) -> int:
    """Bytes of all its processes; needs to be their user, or root."""
    total = 0
    for process in cpu.members(session):
        path = Path(f"/proc/{process.pid}/smaps_rollup")
        try:
            text = path.read_text(encoding="ascii")
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        total += parse_pss(text)
    return total
