/*
 * handover: from GnuTLS's session to records of our own: takes keys, vectors
 * and numbers over, and frees the session. Of TLS 1.3 it needs the secrets,
 * which only the key log tells.
 */
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/tls/keys.h"
#include "common/tls/private.h"
#include "common/tls/resume.h"

void
tls_keep_secret(
    struct tls *tls, const char *label, const gnutls_datum_t *secret)
{
	static const char *const labels[] = { "CLIENT_TRAFFIC_SECRET_0",
		"SERVER_TRAFFIC_SECRET_0" };
	enum tls_way way;

	for (int sender = 0; sender < 2; sender++) {
		if (strcmp(label, labels[sender]) != 0 ||
		    secret->size > TLS_SECRET_MAX)
			continue;
		way = (sender == 1) == tls->is_server ? TLS_OUT : TLS_IN;
		memcpy(tls->secrets[way], secret->data, secret->size);
		tls->gnutls->has_secret[way] = true;
	}
}

/* The one place that says which sessions' records can be ours. */
static bool
is_ours(const struct tls *tls)
{
	switch (tls->agreed.cipher) {
	case GNUTLS_CIPHER_AES_128_GCM:
	case GNUTLS_CIPHER_AES_256_GCM:
	case GNUTLS_CIPHER_CHACHA20_POLY1305:
		return tls->agreed.version == GNUTLS_TLS1_3 ||
		    tls->agreed.version == GNUTLS_TLS1_2;
	default:
		return false;
	}
}

/* The key is of the secret, unless it has been updated since. */
static bool
take_secret(
    struct tls *tls, enum tls_way way, const gnutls_datum_t *session_key)
{
	uint8_t key[TLS_KEY_MAX];
	bool same;

	if (!tls->is_tls13) {
		memcpy(tls->secrets[way], session_key->data, session_key->size);
		return true;
	}
	same = tls->gnutls->has_secret[way] &&
	    tls_key_derive(tls, way, "key", key, session_key->size) &&
	    gnutls_memcmp(key, session_key->data, session_key->size) == 0;
	gnutls_memset(key, 0, sizeof key);
	return same;
}

static bool
take(struct tls *tls, enum tls_way way)
{
	struct tls_key *to = &tls->keys[way];
	gnutls_datum_t iv, key;
	uint8_t number[TLS_NUMBER_SIZE];

	if (gnutls_record_get_state(tls->gnutls->session, way == TLS_IN, NULL,
		&iv, &key, number) < 0 ||
	    iv.size > TLS_IV_SIZE || key.size > TLS_KEY_MAX ||
	    !take_secret(tls, way, &key))
		return false;
	memcpy(to->iv, iv.data, iv.size);
	to->number = 0;
	for (int i = 0; i < TLS_NUMBER_SIZE; i++)
		to->number = to->number << 8 | number[i];
	return true;
}

void
tls_free_gnutls(struct tls *tls)
{
	struct tls_gnutls *g = tls->gnutls;

	tls->gnutls = NULL;
	if (g == NULL)
		return;
	if (g->packet != NULL)
		gnutls_packet_deinit(g->packet);
	tls_resume_free(&g->kept);
	if (g->session != NULL)
		gnutls_deinit(g->session);
	tls_creds_unref(&g->creds);
	free(g->peer_name);
	free(g->hello);
	free(g);
}

void
tls_hand_over(struct tls *tls)
{
	ASSERT(tls->established && tls->gnutls->packet == NULL);
	if (is_ours(tls) && take(tls, TLS_IN) && take(tls, TLS_OUT))
		tls_free_gnutls(tls);
}
