"""What a round trip, a handshake and a connection cost: `make bench`."""
