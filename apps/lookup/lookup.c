/* SPDX-License-Identifier: ISC */
/*
 * Prints the addresses of a name, as host(1) does, and how long it took to learn them. Status 1:
 * there are none.
 */
#include "hal/resolver.h"
#include "hal/timer.h"
#include "runtime/console.h"
#include "runtime/fiber/fiber.h"
#include "runtime/time.h"
#include "unikernel.h"

enum type { TYPE_BOTH, TYPE_A, TYPE_AAAA }; /* as the words of --type */

/* For the addresses of one family. */
struct question {
	struct resolver_request request;
	struct fiber *fiber;
	const char *kind;
	bool open;
};

static const char *reason(enum err e)
{
	switch (e) {
	case ERR_NOTFOUND:
		return "no such name, or no such addresses";
	case ERR_TIMEOUT:
		return "no server answers";
	case ERR_REFUSED:
		return "the servers refuse to answer";
	case ERR_IO:
		return "the servers cannot answer";
	case ERR_NOTREADY:
		return "there is no server to ask: see --dns";
	case ERR_INVALID:
		return "this is no name of a host";
	default:
		return err_str(e);
	}
}

static void answered(struct resolver_request *r, uint64_t now_us)
{
	struct question *q = r->arg;

	(void)now_us;
	q->open = false;
	fiber_wake(q->fiber);
}

static void ask(struct question *q, struct resolver *dns, const char *name,
		enum resolver_family family)
{
	*q = (struct question){
		.request = {.done = answered, .arg = q},
		.fiber = fiber_current(),
		.kind = family == RESOLVER_IPV6 ? "IPv6 address" : "address",
	};
	q->request.error = resolver_start(dns, &q->request, name, family, time_now_us());
	q->open = q->request.error == OK;
}

static unsigned print(const char *name, const struct question *q)
{
	char text[INET_ADDR_CHARS];

	if (q->request.error != OK)
		return 0;
	for (unsigned i = 0; i < q->request.count; i++)
		console_printf("%s has %s %s\n", name, q->kind,
			       inet_format(&q->request.address[i], text));
	return q->request.count;
}

/* Both families are asked for at once. True: there are addresses. */
static bool look_up(struct resolver *dns, const char *name, enum type type)
{
	struct question question[2] = {{.request.error = ERR_NOTFOUND},
				       {.request.error = ERR_NOTFOUND}};
	struct question *a = &question[0], *aaaa = &question[1];
	uint64_t begin_us = time_now_us();

	if (type != TYPE_AAAA)
		ask(a, dns, name, RESOLVER_IPV4);
	if (type != TYPE_A)
		ask(aaaa, dns, name, RESOLVER_IPV6);
	while (a->open || aaaa->open)
		fiber_park();
	unsigned took_ms = (unsigned)((time_now_us() - begin_us) / US_PER_MS);
	unsigned found = print(name, a) + print(name, aaaa);
	const struct question *why = a->request.error == ERR_NOTFOUND ? aaaa : a;
	if (found > 0)
		console_printf("%u found in %u ms\n", found, took_ms);
	else
		console_printf("%s: %s, after %u ms\n", name, reason(why->request.error), took_ms);
	return found > 0;
}

int lookup(struct resolver *dns, const char *name, unsigned type, bool again)
{
	bool found = look_up(dns, name, (enum type)type);

	if (again)
		found = look_up(dns, name, (enum type)type);
	return found ? 0 : 1;
}
