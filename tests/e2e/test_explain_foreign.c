/*
 * What tlsecho-client --explain says of servers of others: openssl s_server,
 * gnutls-serv, haproxy, nginx, stunnel, socat.
 */
#include <check.h>

#include "tests/support/explained.h"
#include "tests/support/fixture.h"
#include "tests/support/suite.h"

#define ALICE   EXPLAINED_ALICE
#define TLS12   EXPLAINED_TLS12
#define TLS13   EXPLAINED_TLS13
#define EXPIRED "--cert ca/expired.pem --key ca/expired.key"
#define EVE     "--cert third/eve.pem --key third/eve.key"
#define MALLORY "--cert other/mallory.pem --key other/mallory.key"
#define SERVERS "--cert ca/server.pem --key ca/server.key"

/* A root of another name. */
#define MAKE_EVE                                                     \
	"[ -d third ] || { tlsecho-certs init third --name third &&" \
	" tlsecho-certs client third eve; } >made; "
/* Of an intermediate authority. */
#define MAKE_WEB                                                    \
	"[ -d ca/web ] || tlsecho-certs intermediate ca web >made;" \
	" [ -f ca/web/w.pem ] || tlsecho-certs client ca/web w >made; "
#define OPENSSL                                    \
	"exec openssl s_server -quiet -accept $AT" \
	" -cert ca/server.pem -key ca/server.key "
#define OPENSSL_VERIFY \
	OPENSSL "-rev -Verify 1 -verify_return_error -CAfile ca/ca.pem "
#define GNUTLS                                         \
	"exec gnutls-serv --quiet --echo --port $PORT" \
	" --x509certfile ca/server.pem --x509keyfile ca/server.key "
#define GNUTLS_VERIFY \
	GNUTLS        \
	"--require-client-cert --verify-client-cert --x509cafile ca/ca.pem "
/* A frontend, which has nobody behind it. */
#define HAPROXY(bind)                                                     \
	"cat ca/server.pem ca/server.key >both.pem; printf '%s\\n'"       \
	" defaults 'mode tcp' 'timeout connect 5s' 'timeout client 9s'"   \
	" 'timeout server 9s' 'frontend f' \"bind $AT " bind "\""         \
	" 'default_backend b' 'backend b' \"server s $HOST:1\" >hap.cfg;" \
	" exec haproxy -db -f hap.cfg"
#define HAPROXY_VERIFY \
	HAPROXY("ssl crt both.pem ca-file ca/ca.pem verify required")
#define NGINX_IDENTITY                             \
	"ssl_certificate $PWD/ca/server.pem;"      \
	" ssl_certificate_key $PWD/ca/server.key;" \
	" ssl_verify_client on; ssl_client_certificate $PWD/ca/ca.pem;"
#define NGINX(config)                                                   \
	"printf '%s\\n' 'daemon off; pid nginx.pid; error_log stderr;'" \
	" 'load_module /usr/lib/nginx/modules/ngx_stream_module.so;'"   \
	" 'events {}' \"" config "\" >nginx.conf;"                      \
	" exec nginx -e stderr -p $PWD/ -c nginx.conf"
#define NGINX_HTTP(server)                                     \
	NGINX(                                                 \
	    "http { access_log off; client_body_temp_path t1;" \
	    " proxy_temp_path t2; fastcgi_temp_path t3;"       \
	    " uwsgi_temp_path t4; scgi_temp_path t5; server { " server " } }")
/* A session in which a command of a shell answers, beside a file "alert". */
#define ANSWERS(command)                                                \
	"printf '\\025\\003\\003\\000\\002\\002\\012' >alert;"          \
	" cat >answer <<\"EOT\"\n" command "; exec cat >ignored\nEOT\n" \
	"exec socat OPENSSL-LISTEN:$PORT,bind=$HOST,fork,reuseaddr,"    \
	"verify=0,cert=ca/server.pem,key=ca/server.key SYSTEM:'. ./answer'"
#define STUNNEL                                                            \
	"printf '%s\\n' 'foreground = yes' 'pid =' '[x]' \"accept = $AT\"" \
	" \"connect = $HOST:1\" 'cert = ca/server.pem'"                    \
	" 'key = ca/server.key' 'CAfile = ca/ca.pem' 'verifyChain = yes'"  \
	" >stunnel.conf; exec stunnel stunnel.conf"
#define RSA_ONLY                                       \
	"--priority NORMAL:-SIGN-ALL:+SIGN-RSA-SHA256" \
	":+SIGN-RSA-PSS-RSAE-SHA256"
#define X25519_ONLY "--priority NORMAL:-GROUP-ALL:+GROUP-X25519"

static const char nothing_in_common[] =
    "no version of TLS, cipher suite, key exchange group or signature scheme";

static const struct explained rows[] = {
	/* The hello. */
	{ "versions", "openssl", OPENSSL "-tls1_2", TLS13, 12,
	    "speaks none of the versions" },
	{ "versions", "openssl", OPENSSL "-tls1_3", TLS12, 12,
	    "offer TLS 1.2 and 1.3, as --priority NORMAL does" },
	{ "versions", "gnutls-serv", GNUTLS "--priority NORMAL:-VERS-TLS1.3",
	    TLS13, 12, nothing_in_common },
	{ "groups", "openssl", OPENSSL "-groups P-384", X25519_ONLY, 12,
	    nothing_in_common },
	{ "groups", "gnutls-serv",
	    GNUTLS "--priority NORMAL:-GROUP-ALL:+GROUP-SECP384R1", X25519_ONLY,
	    12, nothing_in_common },
	{ "suites of TLS 1.3", "openssl",
	    OPENSSL "-ciphersuites TLS_AES_128_GCM_SHA256",
	    "--priority NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-256-GCM",
	    12, nothing_in_common },
	{ "suites of TLS 1.2", "openssl",
	    OPENSSL "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256",
	    "--priority NORMAL:-VERS-TLS1.3:-CIPHER-ALL:+AES-256-GCM", 12,
	    nothing_in_common },
	{ "signatures", "openssl", OPENSSL, RSA_ONLY, 12, nothing_in_common },
	{ "name", "openssl",
	    OPENSSL "-servername a.example -servername_fatal"
		    " -cert2 ca/server.pem -key2 ca/server.key",
	    "", 12, "no certificate for the name that was asked for (SNI)" },
	{ "name", "gnutls-serv",
	    GNUTLS "--sni-hostname a.example --sni-hostname-fatal", "", 12,
	    "alert 112 unrecognized_name" },
	{ "name", "nginx",
	    NGINX_HTTP("listen $AT ssl; ssl_reject_handshake on;"), "", 12,
	    "no certificate for the name that was asked for (SNI)" },
	{ "application protocol", "openssl", OPENSSL "-alpn h2",
	    "--alpn http/1.1", 12, "none of the application protocols" },
	{ "PROXY", "haproxy", HAPROXY("accept-proxy ssl crt both.pem"), "", 12,
	    "wants a PROXY header first" },
	{ "nobody behind it", "haproxy", HAPROXY(""), "", 12,
	    "is a proxy whose own server does not answer" },
	{ "plain HTTP", "nginx", NGINX_HTTP("listen $AT;"), "", 12,
	    "the port speaks plain HTTP" },

	{ "a name with an underscore", "gnutls-serv", GNUTLS,
	    "--server-name my_service", 12,
	    "my_service, has a character that servers on GnuTLS refuse" },

	/* The server's certificate. */
	{ "self-signed", "openssl",
	    "openssl req -x509 -newkey rsa:2048 -nodes -keyout self.key"
	    " -out self.pem -subj /CN=self"
	    " -addext subjectAltName=DNS:localhost 2>made; "
	    "exec openssl s_server -quiet -rev -accept $AT"
	    " -cert self.pem -key self.key",
	    "--no-echo", 13, "CN=self, is self-signed" },

	/* The client's certificate. */
	{ "not asked for", "openssl", OPENSSL "-rev", ALICE " --no-echo", 0,
	    "this is not mutual TLS" },
	{ "none", "openssl", OPENSSL_VERIFY, "", 14,
	    "alert 116 certificate_required" },
	{ "none, TLS 1.2", "openssl", OPENSSL_VERIFY, TLS12, 14,
	    "none was given to this client" },
	{ "none, TLS 1.2", "gnutls-serv", GNUTLS_VERIFY, TLS12, 14,
	    "none was given to this client" },
	{ "none", "haproxy", HAPROXY_VERIFY, "", 14,
	    "none was given to this client" },
	{ "none", "stunnel", STUNNEL, "", 14, "none was given to this client" },
	{ "none", "nginx",
	    NGINX("stream { server { listen $AT ssl; " NGINX_IDENTITY
		  " return x; } }"),
	    "", 14, "probably refused" },
	{ "none, an answer", "nginx",
	    NGINX_HTTP("listen $AT ssl; " NGINX_IDENTITY), "", 15,
	    "received: \"HTTP/1.1 400 Bad Request" },
	{ "none, no message", "nginx",
	    NGINX_HTTP("listen $AT ssl; " NGINX_IDENTITY), "--no-echo", 0,
	    "asked for, not sent, and let in without" },
	{ "unknown issuer", "openssl", MAKE_EVE OPENSSL_VERIFY, EVE, 14,
	    "issued by CN=third, which is none of those" },
	{ "unknown issuer", "gnutls-serv", MAKE_EVE GNUTLS_VERIFY, EVE, 14,
	    "issued by CN=third, which is none of those" },
	{ "unknown issuer", "haproxy", MAKE_EVE HAPROXY_VERIFY, EVE TLS12, 14,
	    "issued by CN=third, which is none of those" },
	{ "unknown issuer, not checked", "openssl",
	    MAKE_EVE OPENSSL "-rev -verify 1 -CAfile ca/ca.pem",
	    EVE " --no-echo", 0, "but see the warnings" },
	{ "root made anew", "openssl", OPENSSL_VERIFY, MALLORY, 14,
	    "but not with the key of the root of that name" },
	{ "root made anew", "stunnel", STUNNEL, MALLORY, 14,
	    "but not with the key of the root of that name" },
	{ "expired", "openssl", OPENSSL_VERIFY, EXPIRED, 14,
	    "the client's certificate expired on" },
	{ "expired", "gnutls-serv", GNUTLS_VERIFY, EXPIRED, 14,
	    "the client's certificate expired on" },
	{ "expired", "haproxy", HAPROXY_VERIFY, EXPIRED, 14,
	    "the client's certificate expired on" },
	{ "expired", "nginx",
	    NGINX("stream { server { listen $AT ssl; " NGINX_IDENTITY
		  " return x; } }"),
	    EXPIRED, 14, "the client's certificate expired on" },
	{ "not yet valid", "openssl", OPENSSL_VERIFY,
	    "--cert ca/future.pem --key ca/future.key", 14,
	    "the client's certificate is not valid before" },
	{ "purpose", "openssl", OPENSSL_VERIFY, SERVERS, 14,
	    "not for clients but for server" },
	{ "purpose", "haproxy", HAPROXY_VERIFY, SERVERS, 14,
	    "public authorities issue none for clients" },
	{ "revoked", "openssl",
	    "[ -f ca/gone.pem ] || tlsecho-certs client ca gone >made;"
	    " tlsecho-certs revoke ca gone >made;"
	    " cat ca/ca.pem ca/crl.pem >roots.pem; " OPENSSL
	    "-rev -Verify 1 -verify_return_error -CAfile roots.pem -crl_check",
	    "--cert ca/gone.pem --key ca/gone.key", 14,
	    "is on a revocation list of the server's" },

	{ "no revocation list", "openssl", OPENSSL_VERIFY "-crl_check", ALICE,
	    14, "it wants a revocation list that it has not" },
	{ "no revocation list", "haproxy",
	    MAKE_EVE HAPROXY("ssl crt both.pem ca-file ca/ca.pem"
			     " crl-file third/crl.pem verify required"),
	    ALICE, 14, "it wants a revocation list that it has not" },
	{ "chain too long", "nginx",
	    MAKE_WEB NGINX("stream { server { listen $AT ssl; " NGINX_IDENTITY
			   " ssl_verify_depth 0; return x; } }"),
	    "--cert ca/web/w.pem --key ca/web/w.key", 15,
	    "or a chain of 2 certificates is longer than it allows" },
	{ "signatures, optional", "openssl",
	    OPENSSL "-rev -verify 1 -CAfile ca/ca.pem"
		    " -client_sigalgs RSA-PSS+SHA256",
	    ALICE " --no-echo", 0, "--cert was not sent, since its kind" },

	/* What is behind the handshake. */
	{ "another answer", "openssl", OPENSSL_VERIFY, ALICE, 15,
	    "what answers inside TLS is no echo server" },
	{ "no answer", "openssl", OPENSSL, "--timeout 300ms", 15,
	    "does not send back what it receives" },
	{ "hangs up", "socat", ANSWERS("exit"), "", 15,
	    "hung up after the handshake" },
	{ "greets and waits", "socat", ANSWERS("echo 220 mail"), "", 15,
	    "its answer looks like an SMTP or FTP greeting" },
	/* Behind a proxy that ends TLS is a server that expects it, too. */
	{ "an alert of TLS", "socat", ANSWERS("cat alert"), "", 15,
	    "its TLS alert in plain text, 10 unexpected_message" },
	{ "an alert within the echo", "socat", ANSWERS("head -c 50; cat alert"),
	    "", 15, "received: 50 right bytes, then \"\\15\\03\\03" },
	{ "a record of TLS", "socat",
	    ANSWERS("printf '\\026\\003\\003\\000\\100\\002'"), "", 15,
	    "came a TLS record in plain text" },
	{ "HTTP", "nginx", NGINX_HTTP("listen $AT ssl; " NGINX_IDENTITY), ALICE,
	    15, "its answer looks like an HTTP response" },
	{ "all is well", "gnutls-serv", GNUTLS_VERIFY, ALICE, 0,
	    "All is well." },
};

TEST_EACH(broken_set_up, rows)
{
	explained_run(&rows[_i]);
}

FIXTURE_SUITE("e2e/explain_foreign")
