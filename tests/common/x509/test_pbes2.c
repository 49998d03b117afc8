/* test_pbes2: keys that openssl has encrypted, by all that it offers. */
#include "common/x509/pbes2.h"

#include <string.h>

#include "tests/support/scratch.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

static const char *const ways[] = {
	"-v2 aes-128-cbc -v2prf hmacWithSHA1",
	"-v2 aes-192-cbc -v2prf hmacWithSHA224",
	"-v2 aes-256-cbc -v2prf hmacWithSHA256",
	"-v2 aes-256-cbc -v2prf hmacWithSHA384",
	"-v2 des3 -v2prf hmacWithSHA512",
};

static void
load(struct file_bytes *bytes, const char *path)
{
	struct errmsg e;
	int result = file_read(bytes, path, FILE_MAX, &e);

	ck_assert_msg(result == 0, "%s", e.text);
}

static void
make(const char *way)
{
	shell_expect(0, "",
	    "openssl genpkey -algorithm ED25519 -outform DER -out plain &&"
	    " openssl pkcs8 -topk8 -inform DER -in plain -outform DER -out"
	    " encrypted %s -passout pass:secret",
	    way);
}

TEST_EACH(opens, ways)
{
	struct file_bytes encrypted = FILE_BYTES_INIT;
	struct file_bytes plain = FILE_BYTES_INIT, opened = FILE_BYTES_INIT;
	gnutls_datum_t der;

	if (!shell_has_program("openssl"))
		return;
	scratch_enter();
	make(ways[_i]);
	load(&encrypted, "encrypted");
	load(&plain, "plain");
	der = (gnutls_datum_t){ encrypted.data, (unsigned)encrypted.size };
	ck_assert_int_eq(tls_pbes2_open(&opened, &der, "secret"), 0);
	ck_assert_uint_eq(opened.size, plain.size);
	ck_assert_mem_eq(opened.data, plain.data, plain.size);
	file_bytes_free(&opened);
	file_bytes_free(&plain);
	file_bytes_free(&encrypted);
	scratch_leave();
}

/* By another scheme, and cut anywhere. A wrong password may happen to give one
 * byte of padding, so that nothing is said of it here. */
TEST(refuses)
{
	struct file_bytes encrypted = FILE_BYTES_INIT;
	struct file_bytes opened = FILE_BYTES_INIT;
	gnutls_datum_t der;

	if (!shell_has_program("openssl"))
		return;
	scratch_enter();
	make("-v1 PBE-SHA1-3DES");
	load(&encrypted, "encrypted");
	der = (gnutls_datum_t){ encrypted.data, (unsigned)encrypted.size };
	ck_assert_int_eq(tls_pbes2_open(&opened, &der, "secret"), -1);
	file_bytes_free(&encrypted);
	make(ways[2]);
	load(&encrypted, "encrypted");
	for (unsigned n = 0; n < encrypted.size; n++) {
		der = (gnutls_datum_t){ encrypted.data, n };
		ck_assert_int_eq(tls_pbes2_open(&opened, &der, "secret"), -1);
		ck_assert_ptr_null(opened.data);
	}
	file_bytes_free(&encrypted);
	scratch_leave();
}

SUITE("common/x509/pbes2")
