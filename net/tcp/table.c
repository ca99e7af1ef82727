/* SPDX-License-Identifier: ISC */
/*
 * The demultiplexing table: which endpoint a segment belongs to, and the keyed hashes of a
 * four-tuple.
 */
#include "net/tcp/tcp_internal.h"

enum { TUPLE_WORDS_MAX = 4 };

static uint64_t pair(uint32_t high, uint32_t low)
{
	return (uint64_t)high << 32 | low;
}

/* The tuple as words to hash, but for the last of our address; of IPv4 addresses nothing else
 * differs. */
static unsigned tuple_words(const struct tcp_tuple *t, uint64_t words[static TUPLE_WORDS_MAX])
{
	const uint32_t *l = t->local.word, *r = t->remote.word;
	unsigned n = 0;

	words[n++] = pair(tcp_tuple_ports(t), r[INET_V4_WORD]);
	if (inet_is_v4(&t->remote))
		return n;
	words[n++] = load_le64(l);
	words[n++] = pair(l[2], r[0]);
	words[n++] = load_le64(r + 1);
	return n;
}

/*
 * Multilinear hashing (Carter and Wegman, 1979; Lemire and Kaser, 2014): the upper half of
 * m0 + m1 w1 + m2 w2 + … mod 2^64, with secret multipliers. It is strongly universal: over the
 * choice of the multipliers the hashes of two tuples are independent, so that whoever does not know
 * them makes two tuples meet in a bucket no more often than by chance. That is enough for the
 * table, whose hashes nobody is shown, at a fraction of SipHash's cost; numbers that a peer sees
 * (tcp_tuple_secret() and cookies) need a function that cannot be solved for its key.
 *
 * The words in which all IPv4 tuples are the same are left out of theirs, and of all our own
 * address: as many tuples as we have addresses share a bucket at worst.
 */
static uint32_t hash_of(const struct tcp *tcp, const struct ip_addr *remote, uint32_t ports)
{
	const uint32_t *r = remote->word;
	const uint64_t *m = tcp->table_key;
	uint64_t sum = m[0] + m[1] * ports + m[2] * r[INET_V4_WORD];

	if (!inet_is_v4(remote)) {
		for (unsigned i = 0; i < 3; i++)
			sum += m[3 + i] * r[i];
	}
	return (uint32_t)(sum >> 32);
}

uint64_t tcp_tuple_secret(const struct tcp *tcp, const struct tcp_tuple *t)
{
	uint64_t words[TUPLE_WORDS_MAX];
	unsigned n = tuple_words(t, words);
	return siphash_2_4_and(&tcp->isn_key, words, n, t->local.word[INET_V4_WORD]);
}

uint32_t tcp_tuple_cookie(const struct siphash_key *key, const struct tcp_tuple *t, uint64_t more)
{
	uint64_t words[TUPLE_WORDS_MAX + 1];
	unsigned n = tuple_words(t, words);
	words[n] = more;
	return (uint32_t)siphash_2_4_and(key, words, n + 1, t->local.word[INET_V4_WORD]);
}

HOT(input)
inline struct tcp_endpoint *tcp_table_find(const struct tcp *tcp, const struct ip_addr *local,
					   const struct ip_addr *remote, uint32_t ports,
					   uint32_t *hash)
{
	uint32_t h = *hash = hash_of(tcp, remote, ports);
	struct tcp_endpoint *ep = tcp->table[h & tcp->table_mask];
	while (ep != NULL &&
	       (tcp_tuple_ports(&ep->tuple) != ports || !inet_equal(&ep->tuple.remote, remote) ||
		!inet_equal(&ep->tuple.local, local)))
		ep = ep->next;
	return ep;
}

SELDOM void tcp_table_insert(struct tcp *tcp, struct tcp_endpoint *ep, enum tcp_kind kind,
			     const struct tcp_tuple *tuple, uint32_t hash)
{
	struct tcp_endpoint **bucket = &tcp->table[hash & tcp->table_mask];
	ep->next = *bucket;
	*bucket = ep;
	list_init(&ep->pending);
	ep->tuple = *tuple;
	ep->hash = hash;
	ep->heap_slot = 0;
	ep->kind = (uint8_t)kind;
	ep->in_table = true;
	ep->challenged = INT16_MAX; /* long ago */
}

SELDOM void tcp_table_remove(struct tcp *tcp, struct tcp_endpoint *ep)
{
	if (!ep->in_table)
		return;
	struct tcp_endpoint **link = &tcp->table[ep->hash & tcp->table_mask];
	while (*link != ep)
		link = &(*link)->next;
	*link = ep->next;
	ep->in_table = false;
}
