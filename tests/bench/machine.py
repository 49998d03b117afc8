"""Where it was measured."""

import os
import platform
import re
import subprocess
from pathlib import Path


def _file(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _cpu() -> str:
    found = re.search(r"^model name\s*: (.*)$", _file("/proc/cpuinfo"), re.M)
    return found.group(1) if found else platform.machine()


def _hypervisor() -> str:
    """From DMI or a flag: enough to warn a reader."""
    if not re.search(r"^flags.*\bhypervisor\b", _file("/proc/cpuinfo"), re.M):
        return "none"
    vendor = _file("/sys/class/dmi/id/sys_vendor")
    try:
        done = subprocess.run(["lscpu"], capture_output=True, text=True)
    except OSError:
        return vendor or "yes"
    found = re.search(r"^Hypervisor vendor:\s*(.*)$", done.stdout, re.M)
    return found.group(1) if found else vendor or "yes"


def _memory() -> str:
    found = re.search(r"^MemTotal:\s*(\d+) kB", _file("/proc/meminfo"), re.M)
    return f"{int(found.group(1)) / 2**20:.1f} GiB" if found else "?"


def _system() -> str:
    found = re.search(r'^PRETTY_NAME="(.*)"$', _file("/etc/os-release"), re.M)
    return found.group(1) if found else "?"


def describe() -> dict[str, str]:
    governor = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"
    return {
        "CPU": _cpu(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": _memory(),
        "hypervisor": _hypervisor(),
        "governor": _file(governor) or "not visible",
        "system": _system(),
        "kernel": platform.release(),
    }


def package_version(name: str) -> str:
    """Of a Debian package; empty when it is none of those."""
    try:
        done = subprocess.run(
            ["dpkg-query", "-W", "-f", "${Version}", name],
            capture_output=True,
            text=True,
        )
    except OSError:
        return ""
    return done.stdout if done.returncode == 0 else ""
