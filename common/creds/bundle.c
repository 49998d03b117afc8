/* bundle: a bundle in a sealed memory file; see the header. */
#include "common/creds/bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/x509/datum.h"

enum {
	/* CA, ticket keys, rules, CRL; certificate and key of each key pair. */
	SECTIONS_MAX = 4 + 2 * TLS_KEY_PAIRS_MAX,
	CRL_SECTION = 3,
};

/*
 * A sealed file begins with the places of its sections, in the order of
 * section(); the revocation table comes last and begins a page, so that it can
 * be mapped without the keys.
 */
struct place {
	uint64_t offset, size;
};

struct head {
	uint64_t key_pair_count, keys_id;
	struct place places[SECTIONS_MAX];
};

int
tls_bundle_new_ticket_key(struct tls_bundle *bundle, struct errmsg *e)
{
	gnutls_datum_t key;
	int result = gnutls_session_ticket_key_generate(&key);

	ASSERT(bundle->ticket_keys.size == 0);
	if (result < 0)
		return errmsg_set(e, "ticket key: %s", gnutls_strerror(result));
	if (tls_datum_move(&bundle->ticket_keys, &key) < 0)
		return errmsg_set(e, "ticket key: out of memory");
	return 0;
}

static struct file_bytes *
section(struct tls_bundle *bundle, int i)
{
	struct file_bytes *const fixed[] = { &bundle->ca, &bundle->ticket_keys,
		&bundle->rules, &bundle->crl };
	int count = sizeof fixed / sizeof *fixed;

	ASSERT(i >= 0 && i < SECTIONS_MAX);
	if (i < count)
		return fixed[i];
	i -= count;
	return i % 2 == 0 ? &bundle->key_pairs[i / 2].cert
			  : &bundle->key_pairs[i / 2].key;
}

int
tls_bundle_split(struct tls_bundle *bundle, struct tls_bundle *keys,
    uint64_t keys_id, struct errmsg *e)
{
	ASSERT(keys->key_pair_count == 0 && keys_id != 0);
	for (int i = 0; i < bundle->key_pair_count; i++) {
		struct tls_key_pair *from = &bundle->key_pairs[i];
		struct tls_key_pair *to = &keys->key_pairs[i];

		if (file_bytes_append(
			&to->cert, from->cert.data, from->cert.size) < 0)
			return errmsg_set(e, "credentials: out of memory");
		to->key = from->key;
		from->key = (struct file_bytes)FILE_BYTES_INIT;
	}
	keys->key_pair_count = bundle->key_pair_count;
	keys->keys_id = bundle->keys_id = keys_id;
	return 0;
}

static uint64_t
page_after(uint64_t offset)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	return (offset + page - 1) / page * page;
}

static void
plan(struct head *head, struct tls_bundle *bundle)
{
	uint64_t offset = sizeof *head;

	memset(head, 0, sizeof *head);
	head->key_pair_count = (uint64_t)bundle->key_pair_count;
	head->keys_id = bundle->keys_id;
	for (int i = 0; i < SECTIONS_MAX; i++) {
		struct place *place = &head->places[i];

		place->size = section(bundle, i)->size;
		if (i == CRL_SECTION)
			continue;
		place->offset = offset;
		offset += place->size;
	}
	head->places[CRL_SECTION].offset = page_after(offset);
}

/* 0 or -errno. */
static int
write_at(int fd, uint64_t offset, const void *data, size_t size)
{
	if (lseek(fd, (off_t)offset, SEEK_SET) < 0)
		return -errno;
	return file_write_all(fd, data, size);
}

static int
write_sections(int fd, struct tls_bundle *bundle)
{
	struct head head;
	int error;

	plan(&head, bundle);
	error = write_at(fd, 0, &head, sizeof head);
	for (int i = 0; i < SECTIONS_MAX && error == 0; i++)
		error = write_at(fd, head.places[i].offset,
		    section(bundle, i)->data, section(bundle, i)->size);
	return error;
}

int
tls_bundle_seal(const struct tls_bundle *bundle, struct errmsg *e)
{
	struct tls_bundle copy = *bundle; /* section() takes no const one */
	int fd = memfd_create(
	    "tlsecho-credentials", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int error;

	ASSERT(bundle->key_pair_count >= 0 &&
	    bundle->key_pair_count <= TLS_KEY_PAIRS_MAX);
	if (fd < 0)
		return errmsg_set_errno(e, errno, "credentials: memfd_create");
	error = write_sections(fd, &copy);
	if (error == 0 &&
	    fcntl(fd, F_ADD_SEALS,
		F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
		error = -errno;
	if (error == 0)
		return fd;
	(void)close(fd);
	return errmsg_set_errno(e, -error, "credentials: memfd");
}

/* Does every section lie in the file? */
static bool
is_sound(const struct head *head, uint64_t size)
{
	if (head->key_pair_count > TLS_KEY_PAIRS_MAX)
		return false;
	for (int i = 0; i < SECTIONS_MAX; i++) {
		const struct place *place = &head->places[i];

		if (place->size > 0 &&
		    (place->offset > size ||
			place->size > size - place->offset))
			return false;
	}
	return true;
}

static int
copy_sections(
    struct tls_bundle *bundle, const struct head *head, const uint8_t *file)
{
	bundle->key_pair_count = (int)head->key_pair_count;
	bundle->keys_id = head->keys_id;
	for (int i = 0; i < SECTIONS_MAX; i++) {
		const struct place *place = &head->places[i];

		if (i != CRL_SECTION && place->size > 0 &&
		    file_bytes_append(section(bundle, i), file + place->offset,
			place->size) < 0)
			return -1;
	}
	return 0;
}

static int
map_crl(struct tls_bundle *bundle, const struct place *place, int fd)
{
	if (place->size == 0)
		return 0;
	bundle->map = mmap(
	    NULL, place->size, PROT_READ, MAP_SHARED, fd, (off_t)place->offset);
	if (bundle->map == MAP_FAILED) {
		bundle->map = NULL;
		return -1;
	}
	bundle->crl.data = bundle->map;
	bundle->crl.size = place->size;
	return 0;
}

int
tls_bundle_open(struct tls_bundle *bundle, int fd, struct errmsg *e)
{
	struct head head;
	struct stat st;
	void *map;
	int result = -1;

	ASSERT(bundle->map == NULL && bundle->key_pair_count == 0);
	if (fstat(fd, &st) < 0 || st.st_size < (off_t)sizeof head)
		return errmsg_set(e, "credentials: unusable descriptor");
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return errmsg_set_errno(e, errno, "credentials: mmap");
	memcpy(&head, map, sizeof head);
	if (is_sound(&head, (uint64_t)st.st_size) &&
	    copy_sections(bundle, &head, map) == 0)
		result = map_crl(bundle, &head.places[CRL_SECTION], fd);
	(void)munmap(map, (size_t)st.st_size);
	if (result == 0)
		return 0;
	tls_bundle_free(bundle);
	return errmsg_set(e, "credentials: damaged, or out of memory");
}

void
tls_bundle_free(struct tls_bundle *bundle)
{
	if (bundle->map != NULL) {
		(void)munmap(bundle->map, bundle->crl.size);
		bundle->map = NULL;
		bundle->crl = (struct file_bytes)FILE_BYTES_INIT;
	}
	for (int i = 0; i < SECTIONS_MAX; i++)
		file_bytes_free(section(bundle, i));
	bundle->key_pair_count = 0;
	bundle->keys_id = 0;
}
