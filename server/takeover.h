/*
 * takeover: variables of the environment by which a program knows that it takes
 * over from the one before it in this process (server/master/upgrade.h), or
 * rehearses that.
 */
#ifndef SERVER_TAKEOVER_H
#define SERVER_TAKEOVER_H

#define TAKEOVER_UPGRADE   "TLSECHO_UPGRADE" /* see master/handover.h */
#define TAKEOVER_REHEARSAL "TLSECHO_REHEARSAL"

#endif
