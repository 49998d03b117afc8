/*
 * What tlsecho-client --explain says of set-ups that are broken in one way, and
 * its exit status: our server, and ports that speak no TLS.
 */
#include <check.h>
#include <linux/filter.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/explained.h"
#include "tests/support/fake_server.h"
#include "tests/support/fixture.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tcp.h"

#define ALICE EXPLAINED_ALICE
#define SERVER                                                        \
	"exec tlsecho-server --listen $AT --workers 1 --stats $NAME " \
	"--ca ca/ca.pem "
#define OURS SERVER "--cert ca/server.pem --key ca/server.key "
/* A server with a certificate that is made first, unless it is there. */
#define MAKE(name, command) \
	"[ -f " name " ] || tlsecho-certs " command " >made; "
/* A leaf without the intermediate certificate that has issued it. */
#define WEB                                               \
	MAKE("ca/web/ca.pem", "intermediate ca web")      \
	MAKE("ca/web/s.pem", "server ca/web s localhost") \
	"openssl x509 -in ca/web/s.pem -out leaf.pem; "
/* A revocation list that is not of the client's issuer. */
#define THIRD_LIST                                      \
	MAKE("third/ca.pem", "init third --name third") \
	"tlsecho-certs crl third >made; "
/* An identity of CA made by openssl, whose leaf gets these extensions too. */
#define SIGN(ca, name, extension)                                          \
	"openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"   \
	" -keyout " name ".key -subj /CN=" name " -out " name ".csr"       \
	" 2>made && echo " extension " >" name ".ext && openssl x509 -req" \
	" -in " name ".csr -CA " ca ".pem -CAkey " ca ".key -days 9"       \
	" -extfile " name ".ext -out " name ".pem 2>made; "
/* One authority too many. */
#define LONG_CHAIN                                                  \
	SIGN("ca/ca", "last", "basicConstraints=CA:TRUE,pathlen:0") \
	SIGN("last", "below", "basicConstraints=CA:TRUE")           \
	SIGN("below", "localhost", "subjectAltName=DNS:localhost")  \
	"cat localhost.pem below.pem last.pem >long.pem; "
#define CRITICAL "1.2.3.4=critical,DER:0500"
#define SOCAT    "exec socat TCP-LISTEN:$PORT,bind=$HOST,fork,reuseaddr "
/* A port that says this, as printf(1) reads it, and waits. */
#define SAYS(text) \
	"printf '" text "' >said; " SOCAT "'SYSTEM:cat said; sleep 9'"

static const struct explained rows[] = {
	{ "all is well", NULL, OURS, ALICE, 0, "All is well." },
	{ "the same in TLS 1.2", NULL, OURS, ALICE EXPLAINED_TLS12, 0,
	    "TLS1.2, " },
	{ "no message", NULL, OURS, ALICE " --no-echo", 0,
	    "asked for, sent, accepted: no refusal came" },
	{ "split and padded hello", NULL, OURS,
	    ALICE " --hello-split --hello-size 1700", 0,
	    "a second connection has resumed the session" },
	{ "no tickets", NULL, OURS "--tickets off", ALICE, 0,
	    "the server gave no session ticket" },
	{ "certificates are not asked for", NULL, OURS "--client-auth none",
	    ALICE, 0, "this is not mutual TLS" },
	{ "a certificate is optional", NULL, OURS "--client-auth optional", "",
	    0, "not sent, and let in without" },

	{ "unknown name", NULL, NULL, "nosuch.invalid:1", 10, "misspelt" },
	{ "closed port", NULL, NULL, ALICE, 11, "nobody listens on this port" },
	{ "silence", "socat",
	    "exec socat -u "
	    "TCP-LISTEN:$PORT,bind=$HOST,fork,reuseaddr OPEN:/dev/null",
	    "--handshake-timeout 300ms", 12,
	    "the ClientHello has arrived, and nothing answers" },
	{ "plain echo", "socat", SOCAT "PIPE", "", 12,
	    "sends back what it receives, in plain text" },
	{ "plain HTTP", "socat", SOCAT "'SYSTEM:printf HTTP/1.1; sleep 9'", "",
	    12, "the port speaks plain HTTP" },
	{ "HTTP/0.9", "socat", SAYS("<!DOCTYPE HTML>"), "", 12,
	    "the port speaks plain HTTP, not TLS: some web servers" },
	{ "SSH", "socat", SOCAT "'SYSTEM:echo SSH-2.0-x; sleep 9'", "", 12,
	    "an SSH server" },
	{ "SMTP", "socat", SOCAT "'SYSTEM:echo 220 mx; sleep 9'", "", 12,
	    "only after STARTTLS" },
	{ "MySQL", "socat", SAYS("J\\0\\0\\0\\n8.0.36"), "", 12,
	    "that of a MySQL or MariaDB server" },
	{ "XMPP", "socat", SAYS("<?xml version=1.0?>"), "", 12,
	    "as an XMPP server does until STARTTLS" },
	{ "HTTP/2", "socat", SAYS("\\0\\0\\0\\4\\0\\0\\0\\0\\0"), "", 12,
	    "HTTP/2 in plain text, as servers of gRPC do" },
	{ "something else", "socat", SOCAT "'SYSTEM:echo hello; sleep 9'", "",
	    12, "what answers is not TLS" },
	{ "hangs up", "socat", SOCAT "SYSTEM:true", "", 12,
	    "hung up when it saw the ClientHello" },
	{ "a limit is reached", NULL, OURS "--handshake-rate 1/m:1", ALICE, 12,
	    "it has reached a limit (of connections" },

	{ "wrong name", NULL, OURS, ALICE " --server-name a.example", 13,
	    "and not a.example" },
	{ "expired", NULL,
	    MAKE("ca/old.pem",
		"server ca old localhost --not-before -2d "
		"--not-after -1d") SERVER "--cert ca/old.pem --key ca/old.key",
	    ALICE, 13, "CN=old expired on" },
	{ "not yet valid", NULL,
	    MAKE("ca/new.pem",
		"server ca new localhost --not-before +1d "
		"--not-after +2d") SERVER "--cert ca/new.pem --key ca/new.key",
	    ALICE, 13, "CN=new is not valid before" },
	{ "unknown root", NULL,
	    MAKE("third/ca.pem", "init third --name third")
		MAKE("third/s.pem", "server third s localhost") SERVER
	    "--cert third/s.pem --key third/s.key",
	    ALICE, 13, "nobody knows the issuer CN=third" },
	{ "root made anew", NULL,
	    MAKE("other/s.pem", "server other s localhost") SERVER
	    "--cert other/s.pem --key other/s.key",
	    ALICE, 13, "with another key: the root was made anew" },
	{ "intermediate left out", NULL,
	    WEB SERVER "--cert leaf.pem --key ca/web/s.key", ALICE, 13,
	    "the server leaves out an intermediate certificate" },
	{ "a client's certificate", NULL,
	    SERVER "--cert ca/bob.pem --key ca/bob.key", ALICE, 13,
	    "not for servers but for client" },
	{ "unknown critical extension", "openssl",
	    SIGN("ca/ca", "localhost", CRITICAL) SERVER
	    "--cert localhost.pem --key localhost.key",
	    ALICE, 13, "has the critical extension 1.2.3.4, which" },
	{ "path length", "openssl",
	    LONG_CHAIN SERVER "--cert long.pem --key localhost.key", ALICE, 13,
	    "or its path length allows fewer" },
	{ "bad server and bad client", NULL, OURS, "--server-name a.example",
	    13, "refused by alert 116 certificate_required" },

	{ "no certificate", NULL, OURS, "", 14,
	    "none was given to this client" },
	{ "of another root", NULL, OURS,
	    "--cert other/mallory.pem --key other/mallory.key", 14,
	    "issued by CN=tlsecho root, but not with the key" },
	{ "of a stranger", NULL,
	    MAKE("third/ca.pem", "init third --name third")
		MAKE("third/eve.pem", "client third eve") OURS,
	    "--cert third/eve.pem --key third/eve.key", 14,
	    "issued by CN=third, which is none of those that the server "
	    "names, such as CN=tlsecho root" },
	{ "of a root of the same name", "openssl",
	    "printf '[req]\ndistinguished_name=d\nstring_mask=utf8only\n[d]\n'"
	    " >twin.cnf && openssl req -x509 -config twin.cnf -newkey ec"
	    " -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout twin.key"
	    " -subj '/CN=tlsecho root' -out twin.pem 2>made && " SIGN(
		"twin", "eve", "extendedKeyUsage=clientAuth") OURS,
	    "--cert eve.pem --key eve.key", 14,
	    "whose name reads the same but has other bytes" },
	{ "expired client", NULL, OURS,
	    "--cert ca/expired.pem --key ca/expired.key", 14,
	    "the client's certificate expired on" },
	{ "future client", NULL, OURS,
	    "--cert ca/future.pem --key ca/future.key", 14,
	    "the client's certificate is not valid before" },
	{ "purpose", NULL, OURS, "--cert ca/server.pem --key ca/server.key", 14,
	    "not for clients but for server; public authorities issue none" },
	{ "purpose, TLS 1.2", NULL, OURS,
	    "--cert ca/server.pem --key ca/server.key" EXPLAINED_TLS12, 14,
	    "refused by alert 43 unsupported_certificate" },
	{ "revoked", NULL,
	    MAKE("ca/gone.pem",
		"client ca gone") "tlsecho-certs revoke ca gone >made; " OURS
				  "--crl ca/crl.pem",
	    "--cert ca/gone.pem --key ca/gone.key", 14,
	    "is on a revocation list of the server's" },
	{ "no list of its issuer", NULL,
	    THIRD_LIST OURS "--ca third/ca.pem --crl third/crl.pem"
			    " --crl-required",
	    ALICE, 14, "it has no current revocation list" },
	{ "unknown critical extension of the client", "openssl",
	    SIGN("ca/ca", "critical", CRITICAL) OURS,
	    "--cert critical.pem --key critical.key", 14,
	    "client's certificate has the critical extension 1.2.3.4" },
	{ "no rule", NULL, OURS "--allow-cn bob", ALICE, 14,
	    "a rule of the server does not let the holder" },
	{ "no rule, no message", NULL, OURS "--allow-cn bob",
	    ALICE " --no-echo", 14, "refused by alert 49 access_denied" },

	{ "only a common name", "openssl",
	    SIGN("ca/ca", "localhost", "extendedKeyUsage=serverAuth") SERVER
	    "--cert localhost.pem --key localhost.key",
	    ALICE, 0, "no alternative name (SAN)" },
	{ "a key that may not sign", "openssl",
	    SIGN("ca/ca", "mute", "keyUsage=keyEncipherment") OURS,
	    "--cert mute.pem --key mute.key", 1,
	    "the client's certificate cannot be used: its key usage lacks" },

	{ "application protocol", NULL, OURS "--alpn echo",
	    ALICE " --alpn echo", 0, "ALPN echo" },
	{ "no application protocol", NULL, OURS "--alpn echo",
	    ALICE " --alpn h2", 12, "offer one that it has with --alpn" },
	{ "greets", NULL, OURS "--whoami", ALICE, 15,
	    "such as the greeting of --whoami" },
};

TEST_EACH(broken_set_up, rows)
{
	explained_run(&rows[_i]);
}

/* What it is that ended the connection must not be told wrong. */
TEST(alert_in_place_of_an_echo)
{
	struct fake_server fake;

	fake_server_start(&fake, FAKE_REFUSES, "ca/server");
	shell_expect(15, "is not known: an alert came after the handshake",
	    "tlsecho-client --explain --ca ca/ca.pem" ALICE EXPLAINED_TLS12
	    " %s",
	    fake.address);
	fake_server_stop(&fake);
}

TEST(alert_in_plain_text)
{
	struct fake_server fake;

	fake_server_start(&fake, FAKE_SAYS_IT_PLAINLY, "ca/server");
	shell_expect(15, "such as an alert in plain text",
	    "tlsecho-client --explain --ca ca/ca.pem" ALICE " %s",
	    fake.address);
	fake_server_stop(&fake);
}

/* What is longer than 200 bytes never comes to this port. */
TEST(hello_that_is_lost)
{
	struct sock_filter drop[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 200, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	};
	const struct sock_fprog program = { sizeof drop / sizeof *drop, drop };
	struct addr addr;
	char text[ADDR_TEXT];
	int listener = tcp_listen(&addr);

	if (setsockopt(listener, SOL_SOCKET, SO_ATTACH_FILTER, &program,
		sizeof program) < 0) {
		suite_skip("no socket filter for this user");
		(void)close(listener);
		return;
	}
	shell_expect(12, "but the ClientHello does not arrive",
	    "tlsecho-client --explain --ca ca/ca.pem --handshake-timeout 300ms"
	    " %s",
	    addr_format(&addr, text));
	(void)close(listener);
}

/* A load calls such an echo wrong, too. */
TEST(more_than_the_echo)
{
	static const enum fake_kind kinds[] = { FAKE_ADDS_A_BYTE,
		FAKE_ADDS_A_RECORD, FAKE_SPEAKS_LAST };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct fake_server fake;

		fake_server_start(&fake, kinds[i], "ca/server");
		shell_expect(15, "100 bytes came back as they were sent, and ",
		    "tlsecho-client --explain --ca ca/ca.pem" ALICE " %s",
		    fake.address);
		shell_expect(0, "Nothing failed, but see the warnings.",
		    "tlsecho-client --explain --no-echo --ca ca/ca.pem" ALICE
		    " %s",
		    fake.address);
		fake_server_stop(&fake);
	}
}

TEST(options)
{
	shell_expect(2, "--explain takes no --rate",
	    "tlsecho-client --explain --rate 5 --ca ca/ca.pem localhost:1");
	shell_expect(2, "--no-echo needs --handshakes, --idle or --explain",
	    "tlsecho-client --no-echo --ca ca/ca.pem localhost:1");
	shell_expect(1, "nosuch.pem",
	    "tlsecho-client --explain --ca nosuch.pem localhost:1");
	shell_expect(1, "the explanation cannot be written",
	    "tlsecho-client --explain --ca ca/ca.pem localhost:1 >/dev/full");
}

FIXTURE_SUITE("e2e/explain")
