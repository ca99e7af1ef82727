/* SPDX-License-Identifier: ISC */
/* What the files of net/sntp share: its servers. */
#ifndef NET_SNTP_INTERNAL_H
#define NET_SNTP_INTERNAL_H

#include "base/log.h"
#include "net/sntp/sntp.h"

/* Whether the servers are just these; makes them the servers. */
bool sntp_servers_are_v4(const struct sntp *sntp, const uint32_t *servers, unsigned n);
void sntp_servers_set_v4(struct sntp *sntp, const uint32_t *servers, unsigned n);

/*
 * The current server, or the next one that may be asked now, becomes the current one. False: none
 * may; *due_us is when one may, or TIME_NEVER.
 */
MUST_USE bool sntp_server_choose(struct sntp *sntp, uint64_t now_us, uint64_t *due_us);

/* The next server becomes the current one. */
void sntp_server_next(struct sntp *sntp);

/* --- of the current server ------------------------------------------------------------------- */

/* Its name must be looked up before it is asked. */
bool sntp_server_is_stale(struct sntp *sntp, uint64_t now_us);

/* Starts sntp->request for its name. */
MUST_USE enum err sntp_server_resolve(struct sntp *sntp, uint64_t now_us);

/* Takes one of the addresses that were found. */
void sntp_server_resolved(struct sntp *sntp, uint64_t now_us);

/*
 * It gave no good answer: its name is looked up anew, for addresses of the other kind, before it is
 * asked again. The next server is the current one.
 */
void sntp_server_failed(struct sntp *sntp);

/* A request went to it; it wants fewer of them; it wants none. */
void sntp_server_asked(struct sntp *sntp, uint64_t now_us);
void sntp_server_limited(struct sntp *sntp, uint64_t now_us, int poll);
void sntp_server_denied(struct sntp *sntp);
/* The format takes its address and the time. */
void sntp_server_log(struct sntp *sntp, enum log_level level, const char *format, uint64_t unix_us);

#endif
