"""Certificates for both sides, made by tlsecho-certs."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench.program import Failed


@dataclass(frozen=True)
class Pki:
    """Files in PEM; combined is the server's key and certificate in one."""

    directory: Path

    @property
    def ca(self) -> Path:
        return self.directory / "ca.pem"

    @property
    def ca_key(self) -> Path:
        return self.directory / "ca.key"

    @property
    def cert(self) -> Path:
        return self.directory / "localhost.pem"

    @property
    def key(self) -> Path:
        return self.directory / "localhost.key"

    @property
    def combined(self) -> Path:
        return self.directory / "combined.pem"

    @property
    def client_cert(self) -> Path:
        return self.directory / "alice.pem"

    @property
    def client_key(self) -> Path:
        return self.directory / "alice.key"


def make(build: Path, directory: Path, key: str) -> Pki:
    """A root, a server and a client, all with keys of that kind."""
    certs = str(build / "tlsecho-certs")
    where = str(directory)
    for command in (
        ("init", where),
        ("server", where, "localhost", "127.0.0.1"),
        ("client", where, "alice"),
    ):
        done = subprocess.run(
            [certs, "--key", key, *command], capture_output=True, text=True
        )
        if done.returncode != 0:
            raise Failed(done.stderr.strip())
    pki = Pki(directory)
    # The server's leaf before its issuers, as all programs want it.
    pki.combined.write_bytes(pki.key.read_bytes() + pki.cert.read_bytes())
    pki.combined.chmod(0o600)
    return pki
