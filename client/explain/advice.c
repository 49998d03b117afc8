/* advice: tables of sentences; see the header. */
#include "client/explain/advice.h"

#include <stddef.h>

#include "common/tls/alert.h"

static const char see_log[] =
    "read the server's log at this time: it knows more than it tells";
static const char compare_offer[] =
    "compare what is offered with the server's settings, and try "
    "--priority NORMAL; if its certificate's key is of one kind only, give "
    "the server one of another kind, too";

static const char past_it[] =
    "connect past what is in between, from the server's own host, and see "
    "whether it goes on there";

/* What is said to a ClientHello. */
static const struct advice on_hello[TLS_ALERTS] = {
	[0] = { "the server closed the session before it began: it has no "
		"room, or is about to stop",
	    see_log },
	[10] = { "the server did not expect a ClientHello: it wants something "
		 "before it, such as a PROXY header, or something on the way "
		 "sends one that it does not want",
	    "switch the PROXY protocol on or off on both sides alike" },
	[20] = { "something on the way changes bytes", past_it },
	[22] = { "the server takes what it received for a record that is too "
		 "long: bytes come before TLS, or it speaks another protocol",
	    past_it },
	[40] = { "the server and this client have no version of TLS, cipher "
		 "suite, key exchange group or signature scheme in common, or "
		 "the server has no certificate that fits",
	    compare_offer },
	[47] = { "the server finds a value in the ClientHello that it cannot "
		 "take, such as the name that it asks for, or something on "
		 "the way changes bytes",
	    compare_offer },
	[49] = { "a rule of the server keeps this client out before it has "
		 "shown a certificate: its address, or the name it asks for",
	    "look at the server's rules for addresses and names" },
	[50] = { "the server could not read the ClientHello: something on the "
		 "way cuts or changes it, or the server bears no extension "
		 "that "
		 "is newer than itself",
	    "try a plain hello, --priority NORMAL:-VERS-ALL:+VERS-TLS1.2, and "
	    "connect past what is in between" },
	[51] = { "a signature or a checksum of the handshake is wrong: "
		 "something on the way changes bytes",
	    past_it },
	[70] = { "the server speaks none of the versions of TLS that are "
		 "offered",
	    "offer TLS 1.2 and 1.3, as --priority NORMAL does, or allow these "
	    "at the server" },
	[71] = { "the server wants stronger cipher suites or groups than are "
		 "offered, or a larger key",
	    "offer more with --priority, such as NORMAL" },
	[80] = { "the server failed by itself: its certificate or key is "
		 "missing or unusable, or memory has run out",
	    see_log },
	[86] = { "the server speaks a newer version of TLS than was offered as "
		 "a fallback",
	    "offer the newer version: --priority NORMAL" },
	[90] = { "somebody at the server broke the handshake off", see_log },
	[109] = { "the server wants an extension that was not offered, such as "
		  "the name of the server (SNI), which an address has not",
	    "connect by name, or give one with --server-name" },
	[110] = { "the server refuses an extension that was offered",
	    compare_offer },
	[112] = { "the server has no certificate for the name that was asked "
		  "for (SNI)",
	    "connect by a name that it serves, or give that one with "
	    "--server-name; or add the name at the server" },
	[115] = { "the server does not know the key that was offered in "
		  "advance",
	    see_log },
	[116] = { "the server demands a certificate", "give --cert and --key" },
	[120] = { "the server speaks none of the application protocols (ALPN) "
		  "that are offered, or demands one and none is",
	    "offer one that it has with --alpn, or allow this one at the "
	    "server" },
	[121] = { "the server wants the name encrypted (ECH), which this "
		  "client "
		  "does not do",
	    "use another client" },
};

/* What is said to a certificate, or to its absence. */
static const struct advice on_client[TLS_ALERTS] = {
	[10] = { "the server did not expect what the client answered to its "
		 "request for a certificate",
	    see_log },
	[40] = { "the server refuses the client's certificate, or demands one "
		 "and got none; it does not say which",
	    see_log },
	[41] = { "the server demands a certificate", "give --cert and --key" },
	[42] = { "the server finds the client's certificate bad: it is "
		 "damaged, "
		 "its key or signature is too weak, or, as some servers say "
		 "it, "
		 "they do not trust its issuer",
	    "look at it with tlsecho-certs show, and whether the server's list "
	    "of authorities has its issuer" },
	[43] = { "the client's certificate is not for clients: it is a "
		 "server's, or one of a public authority, and those issue none "
		 "for clients (clientAuth) any more; or its kind of key is not "
		 "supported",
	    "issue one for clients from an authority of your own, as "
	    "tlsecho-certs client does, and add that to the server's "
	    "authorities" },
	[44] = { "the client's certificate is on a revocation list of the "
		 "server's",
	    "issue a new one; if it is on the list by mistake, make a new "
	    "list" },
	[45] = { "the server takes the client's certificate for expired or not "
		 "yet valid, though it is valid by this host's clock: one of "
		 "both clocks is wrong, or an authority above it, or a "
		 "revocation list, has expired",
	    "compare the clocks; renew what has expired" },
	[46] = { "the server refuses the client's certificate for a reason "
		 "that it does not tell: it has no current revocation list, or "
		 "it does not trust the issuer",
	    "renew the revocation list at the server, and look whether its "
	    "authorities have the issuer" },
	[47] = { "the server finds what the client sent contradictory: one of "
		 "both has a fault",
	    see_log },
	[48] = { "the server does not know the issuer of the client's "
		 "certificate: it is not among the server's authorities, or an "
		 "intermediate certificate was not sent, or the root was made "
		 "anew, with the same name and another key",
	    "add the issuer's root to the server's authorities; append "
	    "intermediate certificates to the file of --cert" },
	[49] = { "a rule of the server does not let the holder of this "
		 "certificate in; servers on GnuTLS also say this of any "
		 "certificate that they cannot verify",
	    "compare its names with the server's rules, and look whether the "
	    "server's list of authorities has its issuer" },
	[50] = { "the server could not read what the client sent; servers on "
		 "GnuTLS say this under TLS 1.2 of a client that has no "
		 "certificate",
	    "give --cert and --key" },
	[51] = { "the server could not verify the client's signature: the key "
		 "is not that of the certificate, or something on the way "
		 "changes bytes",
	    "look whether --key belongs to --cert" },
	[71] = { "the server wants a stronger key or signature than the "
		 "client's certificate has",
	    "issue one with RSA of at least 2048 bits, or ECDSA, and SHA-256" },
	[80] = { "the server failed by itself while it looked at the client's "
		 "certificate",
	    see_log },
	[111] = { "the server could not fetch the client's certificate",
	    see_log },
	[113] = { "the server could not find out whether the client's "
		  "certificate is revoked (OCSP)",
	    "look whether the server reaches its OCSP responder" },
	[116] = { "the server demands a certificate, and none was sent",
	    "give --cert and --key" },
};

static const struct advice on_unknown = { "the server refuses to go on",
	see_log };

const struct advice *
advice_on_alert(int alert, enum advice_about about)
{
	if (alert < 0 || alert >= TLS_ALERTS)
		return &on_unknown;
	if (about == ADVICE_CLIENT && on_client[alert].cause != NULL)
		return &on_client[alert];
	if (on_hello[alert].cause != NULL)
		return &on_hello[alert];
	return on_client[alert].cause != NULL ? &on_client[alert] : &on_unknown;
}

const struct advice *
advice_on_connect(enum close_reason reason)
{
	static const struct advice refused = {
		"nobody listens on this port: the server is not started, "
		"listens on another address or port, or a firewall refuses",
		"look at the server's host what listens there: ss -ltn"
	};
	static const struct advice timeout = {
		"no answer at all: a firewall drops the packets, or the "
		"address is nobody's",
		"try it from the server's own network; look at the "
		"firewall's rules and at the address"
	};
	static const struct advice unreachable = {
		"there is no way to this address, or a router forbids it",
		"look at this host's routes: ip route get ADDRESS"
	};
	static const struct advice no_port = {
		"this host has no free local port, or not the address of "
		"--bind",
		"widen net.ipv4.ip_local_port_range, or give another --bind"
	};
	static const struct advice other = {
		"the system did not let this client connect",
		"look at this host's firewall and limits"
	};

	switch (reason) {
	case REASON_CONNECT_REFUSED:
		return &refused;
	case REASON_CONNECT_TIMEOUT:
		return &timeout;
	case REASON_CONNECT_UNREACHABLE:
		return &unreachable;
	case REASON_CONNECT_NO_PORT:
		return &no_port;
	default:
		return &other;
	}
}
