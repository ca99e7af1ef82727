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
	MDNS_HEAD_BYTES_MAX = 16,
	MDNS_BITMAP_BYTES_MAX = 8,
};

/* --- mdns_name.c: names, and addresses ------------------------------------------------------- */

/* Makes the host's name, an instance's name from label and number. ERR_INVALID. */
MUST_USE enum err mdns_name_host(struct mdns *m);
MUST_USE enum err mdns_name_instance(const struct mdns *m, struct mdns_entry *e);

/* Looks which addresses there are; true if they are others than before. */
bool mdns_addrs_update(struct mdns *m);

/* The name of the reverse record of an address. */
void mdns_reverse_name(const struct ip_addr *addr, struct dns_name *out);

/* --- mdns_record.c: what is said ------------------------------------------------------------- */

/*
 * The records, by number: addresses, their reverse names, that the host has no others, and of each
 * service five. A name of ours that must be ours alone is number 0, the host's, or 1 + the number
 * of the service whose instance it is.
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

#define MDNS_BIT(ID) (UINT64_C(1) << (ID))

/* The set of records that there are; of those that are announced. */
uint64_t mdns_present(const struct mdns *m);
uint64_t mdns_announced(const struct mdns *m);

/* The number of names of ours, and a name; the set of its records. */
unsigned mdns_names(const struct mdns *m);
const struct dns_name *mdns_name(const struct mdns *m, unsigned number);
uint64_t mdns_records_of(const struct mdns *m, unsigned number);

/* The record that says what a name of ours has not. */
unsigned mdns_nsec_of(unsigned number);

/* What should come along with `answers` (RFC 6763 section 12), without them. */
uint64_t mdns_additional(const struct mdns *m, uint64_t answers);

/* A record: its data is head, name and tail, of which some are missing. */
struct mdns_record {
	uint64_t bit; /* of its number */
	const struct dns_name *owner, *name;
	const uint8_t *tail;
	uint32_t ttl_s;
	uint16_t type;
	bool unique; /* nobody else has records of this name and type */
	uint8_t head_bytes, tail_bytes;
	uint8_t head[MDNS_HEAD_BYTES_MAX], bitmap[MDNS_BITMAP_BYTES_MAX];
	struct dns_name made; /* an owner that `m` does not hold */
};

/*
 * Takes the first record out of *set, of such as are present, and makes it; it points into `m` and
 * itself. False if there is none.
 */
bool mdns_next(const struct mdns *m, uint64_t *set, struct mdns_record *r);

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

/* The set of our records that are just `in`; in `out` those of its name and type. */
uint64_t mdns_find(const struct mdns *m, const struct dns_reader *reader,
		   const struct dns_record *in, uint64_t *same_type);

/* --- mdns_send.c ----------------------------------------------------------------------------- */

/* To whom a response goes, and how. */
struct mdns_response {
	struct udp_peer to;
	bool goodbye;
	/* For an asker that knows only DNS (section 6.7): what it asked; else NULL. */
	const struct dns_name *question;
	uint16_t id, type;
};

/* Sends `answers`, and what fits of `additional`; returns the set of what was sent. */
uint64_t mdns_send_response(struct mdns *m, uint64_t now_us, const struct mdns_response *r,
			    uint64_t answers, uint64_t additional);

/* Asks, on all links, whether somebody has name `number`. */
void mdns_send_probe(struct mdns *m, uint64_t now_us, unsigned number);

/* --- mdns_query.c, mdns_conflict.c ----------------------------------------------------------- */

/* A message that came. */
struct mdns_message {
	struct dns_reader reader; /* behind the header */
	uint16_t id, flags;
	uint16_t questions, answers, authorities, additionals;
	struct udp_peer peer;
	struct mdns_link *link;
};

/* Moves the reader behind the questions. ERR_INVALID. */
MUST_USE enum err mdns_skip_questions(struct mdns_message *in);

void mdns_query_input(struct mdns *m, uint64_t now_us, struct mdns_message *in);
void mdns_response_input(struct mdns *m, uint64_t now_us, struct mdns_message *in);

/* Somebody else probes for names as well: looks who wins. Reads the authority records. */
void mdns_probe_input(struct mdns *m, uint64_t now_us, const struct mdns_message *in);

/* Name `number` is somebody else's. */
void mdns_conflict(struct mdns *m, uint64_t now_us, unsigned number);

/* --- mdns.c ---------------------------------------------------------------------------------- */

/* Has `records` multicast at `due_us`, unless they are earlier already. */
void mdns_multicast(struct mdns *m, struct mdns_link *link, uint64_t records, uint64_t due_us);

/* Begins to probe at `due_us`. */
void mdns_begin(struct mdns *m, uint64_t due_us);

/* From `least_us` on, up to `range_us` later. */
uint64_t mdns_random_us(struct mdns *m, uint64_t least_us, uint32_t range_us);

#endif
