/* test_allow_rule: texts of rules, good and bad, from files and options. */
#include "common/x509/allow_rule.h"

#include <stdlib.h>
#include <string.h>

#include "common/x509/allow.h"
#include "tests/support/suite.h"

#define NO_STAR                                                       \
	"* may only be the whole first label of a DNS name, such as " \
	"*.example.org"
#define NO_URI_STAR \
	"* may only be all of the path of a SPIFFE ID: spiffe://example.org/*"
#define NO_EMAIL "is no e-mail address, such as name@example.org"
#define NO_PIN                                                         \
	"a pin is sha256: and 64 hexadecimal digits or 44 characters " \
	"of base64"
#define NO_BLANK "begins or ends with a blank"
#define DIGITS_62 \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd"

static struct errmsg e;

static const struct {
	const char *kind, *value, *wrong; /* wrong is NULL: good */
} values[] = {
	{ "cn", "a", NULL },
	{ "cn", "a b * ? #", NULL },
	{ "cn", "", "is empty" },
	{ "cn", " a", NO_BLANK },
	{ "cn", "a ", NO_BLANK },
	{ "cn", "a\nb", "has a control byte (0x0a)" },
	{ "cn", "\ta", "has a control byte (0x09)" },
	{ "cn", "a\x7f", "has a control byte (0x7f)" },
	{ "CN", "a", "a rule begins with cn, san or pin" },
	{ "dns", "a", "a rule begins with cn, san or pin" },
	{ "", "a", "a rule begins with cn, san or pin" },
	{ "san", "a", NULL },
	{ "san", "*.a.b", NULL },
	{ "san", "", "is empty" },
	{ "san", " a", NO_BLANK },
	{ "san", "a*.b", NO_STAR },
	{ "san", "2001:db8::1", NULL },
	{ "san", "urn:x", NULL },
	{ "san", "urn:*", NO_URI_STAR },
	{ "san", "https://a/*", NO_URI_STAR },
	{ "san", "spiffe://a/*", NULL },
	{ "san", "spiffe://a/b", NULL },
	{ "san", "spiffe://a", NULL },
	{ "san", "spiffe://*", NO_URI_STAR },
	{ "san", "spiffe://*/a", NO_URI_STAR },
	{ "san", "spiffe:///*", NO_URI_STAR },
	{ "san", "spiffe://a/b/*", NO_URI_STAR },
	{ "san", "spiffe://a/**", NO_URI_STAR },
	{ "san", "spiffe://a/*x", NO_URI_STAR },
	{ "san", "a@b", NULL },
	{ "san", "mailto:a@b", NULL },
	{ "san", "urn:a:b", NULL },
	{ "san", "*@b", NO_EMAIL },
	{ "pin", "sha256:" DIGITS_62 "eF", NULL },
	{ "pin", "sha256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", NULL },
	{ "pin", "", "is empty" },
	{ "pin", "sha256", "a pin begins with sha256:" },
	{ "pin", DIGITS_62 "ef", "a pin begins with sha256:" },
	{ "pin", "sha1:" DIGITS_62, "a pin begins with sha256:" },
	{ "pin", "sha256:", NO_PIN },
	{ "pin", "sha256:" DIGITS_62 "e", NO_PIN },
	{ "pin", "sha256:" DIGITS_62 "efe", NO_PIN },
	{ "pin", "sha256:" DIGITS_62 "eg", NO_PIN },
	{ "pin", "sha256:" DIGITS_62 "g0", NO_PIN },
	{ "pin", "sha256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", NO_PIN },
	{ "pin",
	    "sha256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuA==", NO_PIN },
	{ "pin",
	    "sha256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSu!U=", NO_PIN },
	{ "pin",
	    "sha256:47DEQpj8HBSa+/TIm +5JCeuQeRkm5NMpJWZG3hSuFU=", NO_PIN },
	{ "pin",
	    "sha256:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:"
	    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF",
	    NULL },
	{ "pin",
	    "sha256:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:"
	    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE-FF",
	    NO_PIN },
};

/* As an option and as a line of a file. */
TEST_EACH(one_value, values)
{
	struct file_bytes text = FILE_BYTES_INIT;
	struct tls_allow *rules = NULL;
	int result =
	    tls_allow_append(&text, values[_i].kind, values[_i].value, &e);

	if (values[_i].wrong != NULL) {
		ck_assert_int_eq(result, -1);
		ck_assert_str_eq(e.text, values[_i].wrong);
		ck_assert_ptr_null(text.data);
		return;
	}
	ck_assert_msg(result == 0, "%s: %s", values[_i].value, e.text);
	ck_assert_uint_eq(text.size, strlen((char *)text.data));
	ck_assert_int_eq(
	    tls_allow_parse(&rules, (char *)text.data, text.size, "f", &e), 0);
	ck_assert_uint_eq(tls_allow_count(rules), 1);
	tls_allow_free(&rules);
	file_bytes_free(&text);
}

static const struct {
	const char *text;
	size_t size; /* 0: that of a string */
	const char *wrong;
} files[] = {
	{ "cn", 0, "f:1: is empty" },
	{ "\n\ncn \n", 0, "f:3: is empty" },
	{ "cn a\nxx b\ncn c", 0, "f:2: a rule begins with cn, san or pin" },
	{ "cn a\r\n# x\r\nsan *\r\n", 0, "f:3: " NO_STAR },
	{ "cn:a", 0, "f:1: a rule begins with cn, san or pin" },
	{ "cn a\tb", 0, "f:1: has a control byte (0x09)" },
	{ "cn a\0b", 6, "f:1: has a control byte (0x00)" },
	{ "\0", 1, "f:1: a rule begins with cn, san or pin" },
	{ "cn a\n\0", 6, "f:2: a rule begins with cn, san or pin" },
	{ "\xef\xbb\xbf"
	  "cn a",
	    0, "f:1: a rule begins with cn, san or pin" },
};

TEST_EACH(bad_file, files)
{
	struct tls_allow *rules = NULL;
	size_t size =
	    files[_i].size > 0 ? files[_i].size : strlen(files[_i].text);
	char *copy = malloc(size);

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, files[_i].text, size);
	ck_assert_int_eq(tls_allow_parse(&rules, copy, size, "f", &e), -1);
	ck_assert_str_eq(e.text, files[_i].wrong);
	ck_assert_ptr_null(rules);
	free(copy);
}

TEST(longest)
{
	struct file_bytes text = FILE_BYTES_INIT;
	char value[TLS_ALLOW_RULE_VALUE + 2];

	memset(value, 'a', sizeof value - 1);
	value[sizeof value - 1] = '\0';
	ck_assert_int_eq(tls_allow_append(&text, "cn", value, &e), -1);
	ck_assert_str_eq(e.text, "is longer than 2048 bytes");
	value[TLS_ALLOW_RULE_VALUE] = '\0';
	ck_assert_int_eq(tls_allow_append(&text, "cn", value, &e), 0);
	file_bytes_free(&text);
}

/* Whatever the text is, it is refused or taken, and nothing is read behind. */
TEST_WITH(noise, .limit_s = 30)
{
	static const char alphabet[] = "cnsapi 256:*./@#\n\t\r\0ab=%\xff";
	struct tls_allow *rules = NULL;
	int taken = 0;

	srand(1);
	for (int round = 0; round < 200000; round++) {
		size_t size = (size_t)rand() % 24;
		char *text = malloc(size + 1);

		ck_assert_ptr_nonnull(text);
		for (size_t i = 0; i < size; i++)
			text[1 + i] =
			    alphabet[(size_t)rand() % (sizeof alphabet - 1)];
		if (size > 6 && round % 2)
			memcpy(text + 1, round % 4 == 1 ? "san " : "cn a", 4);
		if (tls_allow_parse(&rules, text + 1, size, "f", &e) == 0)
			taken++;
		tls_allow_free(&rules);
		free(text);
	}
	ck_assert_int_gt(taken, 1000);
}

SUITE("common/x509/allow_rule")
