/*
 * tickets: a stack of sessions that can be resumed.
 *
 * Owns:	what is put in, until it is taken out.
 * Use:
 *	tickets_init(&tickets, 64);
 *	tickets_put(&tickets, tls_resume_take(tls));
 *	kept = tickets_get(&tickets);
 *	tickets_fini(&tickets);
 */
#ifndef CLIENT_LOAD_TICKETS_H
#define CLIENT_LOAD_TICKETS_H

struct tls_resume;

struct tickets {
	struct tls_resume **of;
	unsigned count, size;
};

/* -1 when there is no memory. */
int tickets_init(struct tickets *tickets, unsigned size);

/* Harmless when all zero. */
void tickets_fini(struct tickets *tickets);

/* Takes kept, and frees it when there is no room. NULL is fine. */
void tickets_put(struct tickets *tickets, struct tls_resume *kept);

/* Takes out the newest, which is the caller's then; or NULL. */
struct tls_resume *tickets_get(struct tickets *tickets);

#endif
