/* SPDX-License-Identifier: ISC */
/* What the files of net/mdns share. */
#ifndef NET_MDNS_INTERNAL_H
#define NET_MDNS_INTERNAL_H

#include "net/dns/dns_record.h"
#include "net/mdns/mdns.h"

enum {
	MDNS_CLASS_FLUSH = 0x8000,   /* in an answer: it is all there is (section 10.2) */
	MDNS_CLASS_UNICAST = 0x8000, /* in a question: answer me alone (section 5.4) */
	MDNS_DATA_BYTES_MAX = 264,   /* of the longest record of ours: SRV */
};

/* --- mdns_name.c: names, and addresses ------------------------------------------------------- */

/* A name of ours that must be ours alone is number 0, the host's, or 1 + the number of the service
 * whose instance it is. */
static inline unsigned mdns_names(const struct mdns *m)
{
	return 1 + m->n_entries;
}

/* The number of the name of ours that `name` is; mdns_names(m): none. */
unsigned mdns_find_name(const struct mdns *m, const struct dns_name *name);

/* Makes name `number` of what it was called and its number. ERR_INVALID. */
MUST_USE enum err mdns_make_name(struct mdns *m, unsigned number);

/* What all names of ours end with, for dns_name_append(). */
enum { MDNS_LOCAL_BYTES = 7 };
extern const uint8_t mdns_local[MDNS_LOCAL_BYTES];

/* Looks which addresses there are; true if they are others than before. */
bool mdns_addrs_update(struct mdns *m);

/* The name of the reverse record of an address. */
void mdns_reverse_name(const struct ip_addr *addr, struct dns_name *out);

/* --- mdns_record.c: what is said ------------------------------------------------------------- */

/*
 * The records, by number: addresses, their reverse names, that the host has no others, and of each
 * service five. The last of each five, and the host's, says what a name of ours has not.
 */
enum mdns_id {
	MDNS_ADDR = 0,
	MDNS_REVERSE = MDNS_ADDRS_MAX,
	MDNS_HOST_NSEC = 2 * MDNS_ADDRS_MAX,
	MDNS_SERVICE = MDNS_HOST_NSEC + 1,
	MDNS_SERVICE_RECORDS = 5,
	/* … each: */
	MDNS_PTR = 0,
	MDNS_SRV = 1,
	MDNS_TXT = 2,
	MDNS_TYPE = 3, /* of _services._dns-sd._udp (RFC 6763 section 9) */
	MDNS_NSEC = 4,
};

/* A set of records; and of records of service 0, the same of all services. */
#define MDNS_BIT(ID)       (UINT64_C(1) << (ID))
#define MDNS_SERVICE_0(ID) MDNS_BIT(MDNS_SERVICE + (ID))
#define MDNS_OF_ALL(SET)   ((SET)*UINT64_C(0x8421))

/* Others on the link have such records, too (RFC 6762 section 2); these live longer. */
#define MDNS_SHARED MDNS_OF_ALL(MDNS_SERVICE_0(MDNS_PTR) | MDNS_SERVICE_0(MDNS_TYPE))
#define MDNS_LASTING                                                                               \
	MDNS_OF_ALL(MDNS_SERVICE_0(MDNS_PTR) | MDNS_SERVICE_0(MDNS_TXT) | MDNS_SERVICE_0(MDNS_TYPE))

enum { MDNS_TTL_S = 120, MDNS_TTL_LASTING_S = 75 * 60 }; /* RFC 6762 section 10 */

/* The set of records that there are; of those that are announced. */
uint64_t mdns_present(const struct mdns *m);
uint64_t mdns_announced(const struct mdns *m);

/* The set of records of name `number`, and the one that says what it has not. */
uint64_t mdns_records_of(const struct mdns *m, unsigned number);
uint64_t mdns_nsec_of(unsigned number);

/* What should come along with `answers` (RFC 6763 section 12), without them. */
uint64_t mdns_additional(const struct mdns *m, uint64_t answers);

/* A record: its data is head, name and tail, of which some are missing. */
struct mdns_record {
	uint64_t bit; /* of its number */
	const struct dns_name *owner, *name;
	const uint8_t *head, *tail;
	uint16_t type;
	uint8_t head_bytes, tail_bytes;
	uint8_t own[8];       /* head or tail that `m` does not hold */
	struct dns_name made; /* an owner that it does not */
};

/*
 * Makes the first record of `set`, which is not empty, of such as are present; it points into `m`
 * and itself. Returns the set without it.
 */
MUST_USE uint64_t mdns_take(const struct mdns *m, uint64_t set, struct mdns_record *r);

/* Data without compression, names in small letters: it can be compared (section 8.2). */
struct mdns_data {
	uint16_t type;
	size_t len;
	uint8_t bytes[MDNS_DATA_BYTES_MAX];
};

void mdns_data_of(const struct mdns_record *r, struct mdns_data *out);

/* The same of a record of a message; it is cut where it is longer than any of ours. ERR_INVALID. */
MUST_USE enum err mdns_data_read(const struct dns_reader *reader, const struct dns_record *in,
				 struct mdns_data *out);

/* By type, then by data: under 0, 0, over 0. */
int mdns_data_compare(const struct mdns_data *a, const struct mdns_data *b);

/*
 * The set of our records of the name and the type of `in`, or of any but NSEC; with a reader, of
 * those that are just `in`, a record of its.
 */
uint64_t mdns_find(const struct mdns *m, const struct dns_record *in,
		   const struct dns_reader *reader);

/* --- mdns_send.c ----------------------------------------------------------------------------- */

enum mdns_kind {
	MDNS_RESPONSE,
	MDNS_GOODBYE,
	MDNS_LEGACY, /* to an asker that knows only DNS (section 6.7) */
	MDNS_PROBE,
};

/* To whom a message goes, and how. */
struct mdns_output {
	const struct udp_peer *to;
	enum mdns_kind kind;
	/* Of the last two kinds, what it repeats, or asks; else NULL. */
	const struct dns_name *question;
	uint16_t id, type;
};

/* Sends `answers`, and what fits of `additional`; returns the set of what was sent. */
uint64_t mdns_send(struct mdns *m, uint64_t now_us, const struct mdns_output *o, uint64_t answers,
		   uint64_t additional);

/* --- mdns_query.c, mdns_conflict.c ----------------------------------------------------------- */

/* A message that came. */
struct mdns_message {
	struct dns_reader reader; /* behind the header */
	struct dns_record record; /* or question, that was read last */
	uint16_t id, flags;
	uint16_t questions, answers, authorities, additionals;
	const struct udp_peer *peer;
	struct mdns_link *link;
};

/* The records that answer questions; unicast: of askers who want to have them alone. */
struct mdns_answers {
	uint64_t multicast, unicast;
};

/* Reads all questions. ERR_INVALID. */
MUST_USE enum err mdns_read_questions(const struct mdns *m, struct mdns_message *in,
				      struct mdns_answers *out);

/* Takes `known` out of *set: it need not be said. */
void mdns_suppress(struct mdns *m, uint64_t *set, uint64_t known);

/* The set of records whose TTL is not over `ttl_s`. */
uint64_t mdns_living(uint32_t ttl_s);

void mdns_query_input(struct mdns *m, uint64_t now_us, struct mdns_message *in);
void mdns_response_input(struct mdns *m, uint64_t now_us, struct mdns_message *in);

/* Somebody else probes for names as well: looks who wins. Reads the authority records. */
void mdns_probe_input(struct mdns *m, uint64_t now_us, const struct mdns_message *in);

/* Name `number` is somebody else's. */
void mdns_conflict(struct mdns *m, uint64_t now_us, unsigned number);

/* --- mdns.c ---------------------------------------------------------------------------------- */

/* The set of records that were multicast less than `us` ago. */
uint64_t mdns_heard(const struct mdns_link *link, uint64_t now_us, uint64_t us);

/* Notes of `records` that they were multicast at `at_us`; 0: never. */
void mdns_note(struct mdns_link *link, uint64_t records, uint64_t at_us);

/* Has `records` multicast at `due_us`, unless they are earlier already. */
void mdns_multicast(struct mdns *m, struct mdns_link *link, uint64_t records, uint64_t due_us);

/* Begins to probe at `due_us`. */
void mdns_begin(struct mdns *m, uint64_t due_us);

#endif
