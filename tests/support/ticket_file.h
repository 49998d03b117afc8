/*
 * ticket_file: files for --ticket-key-file.
 *
 * Errors:	fail the test.
 * Use:
 *	ticket_file_write("tickets.key", "AB");
 *	ticket_file_key(key, 'A');
 */
#ifndef TESTS_SUPPORT_TICKET_FILE_H
#define TESTS_SUPPORT_TICKET_FILE_H

#include <stdint.h>

#include "common/creds/ticket_keys.h"

/* The master key that a letter stands for. */
void ticket_file_key(uint8_t key[static TLS_TICKET_KEY_SIZE], char letter);

/* A file of the fixture, a key a line; each letter is one. */
void ticket_file_write(const char *path, const char *letters);

#endif
