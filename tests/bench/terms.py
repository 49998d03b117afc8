"""What sessions are to agree on, the same for all that is compared."""

from dataclasses import dataclass

VERSIONS = ("1.2", "1.3")
# As GnuTLS spells them, in priority strings and in its answers.
CIPHERS = ("AES-128-GCM", "AES-256-GCM", "CHACHA20-POLY1305")
GROUP = "X25519"
# SECP256R1 is offered for the curve of certificates (RFC 8422, section 5.1).
PRIORITY = (
    "SECURE128:-VERS-ALL:+VERS-TLS{}:-CIPHER-ALL:+{}"
    ":-GROUP-ALL:+GROUP-{}:+GROUP-SECP256R1:%PROFILE_MEDIUM"
)


@dataclass(frozen=True)
class Terms:
    """One of each, so that nobody wins by a cheaper choice."""

    tls: str
    cipher: str

    @property
    def priority(self) -> str:
        return PRIORITY.format(self.tls, self.cipher, GROUP)

    def difference(self, told: str, group: str = GROUP) -> str:
        """
        What tlsecho-client --verbose told about a session that is not as it
        should be, in words; empty if all is.
        """
        lines = [line.partition(": ") for line in told.split("\n")]
        facts = {name: value for name, _, value in lines}
        for name, wanted in (
            ("SslProtocol", f"TLS{self.tls}"),
            ("CipherAlgorithm", self.cipher),
            ("KeyExchange", group),
        ):
            said = facts.get(name, "nothing")
            # "ECDHE-X25519", and under TLS 1.2 "ECDHE-RSA-X25519".
            if said != wanted and not said.endswith(f"-{wanted}"):
                return f"speaks {said} instead of {wanted}"
        return ""
