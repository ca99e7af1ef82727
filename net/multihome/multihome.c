/* SPDX-License-Identifier: ISC */
#include "net/multihome/multihome.h"

#include <string.h>

#include "base/assert.h"

static struct multihome *multihome_of(struct ip *ip)
{
	return container_of(ip, struct multihome, ip);
}

static enum err bind(struct ip *ip, uint8_t proto, ip_input_fn *input, ip_error_fn *error,
		     void *self)
{
	struct multihome *m = multihome_of(ip);
	enum err e = OK;
	for (unsigned i = 0; i < m->n && e == OK; i++)
		e = ip_bind(m->member[i], proto, input, error, self);
	return e;
}

/* --- sending --------------------------------------------------------------------------------- */

static struct ip *owner(struct ip *ip, const struct ip_addr *addr)
{
	struct multihome *m = multihome_of(ip);
	for (unsigned i = 0; i < m->n; i++) {
		struct ip *found = m->member[i]->ops->owner(m->member[i], addr);
		if (found != NULL)
			return found;
	}
	return NULL;
}

/* Of two reasons that there is no way the one that may pass. */
static enum err worse(enum err a, enum err b)
{
	return a == ERR_NOTREADY ? a : b;
}

static enum err route(struct ip *ip, const struct ip_addr *dst, struct ip_route *out)
{
	struct multihome *m = multihome_of(ip);
	enum err none = ERR_UNREACHABLE;
	bool found = false;
	for (unsigned i = 0; i < m->n; i++) {
		struct ip_route r;
		enum err e = ip_route(m->member[i], dst, &r);
		if (e != OK) {
			none = worse(none, e);
			continue;
		}
		if (!found || r.prefix_bits > out->prefix_bits)
			*out = r;
		found = true;
	}
	return found ? OK : none;
}

static enum err output(struct ip *ip, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	struct ip *member = owner(ip, &meta->src);
	return member != NULL ? ip_output(member, now_us, p, meta) : ERR_INVALID;
}

/* The member that has received it is the one whose address it was sent to; to groups: nobody. */
static void unreachable(struct ip *ip, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
			enum ip_unreachable why)
{
	struct ip *member = owner(ip, &meta->dst);
	if (member != NULL)
		ip_unreachable(member, now_us, p, meta, why);
	else
		pkt_put(p);
}

/* --- groups ---------------------------------------------------------------------------------- */

static void leave_first(struct multihome *m, unsigned n, uint64_t now_us,
			const struct ip_addr *group)
{
	for (unsigned i = 0; i < n; i++)
		ip_leave(m->member[i], now_us, group);
}

/* At each member that knows groups of this family; at all of those or at none. */
static enum err join(struct ip *ip, uint64_t now_us, const struct ip_addr *group)
{
	struct multihome *m = multihome_of(ip);
	enum err result = ERR_UNSUPPORTED;
	for (unsigned i = 0; i < m->n; i++) {
		enum err e = ip_join(m->member[i], now_us, group);
		if (e == ERR_UNSUPPORTED)
			continue;
		if (e != OK) {
			leave_first(m, i, now_us, group);
			return e;
		}
		result = OK;
	}
	return result;
}

static void leave(struct ip *ip, uint64_t now_us, const struct ip_addr *group)
{
	struct multihome *m = multihome_of(ip);
	leave_first(m, m->n, now_us, group);
}

void multihome_init(struct multihome *m, struct ip *const members[], unsigned n)
{
	static const struct ip_ops ops = {
		.bind = bind,
		.route = route,
		.output = output,
		.unreachable = unreachable,
		.join = join,
		.leave = leave,
		.owner = owner,
	};
	assert(n >= 1 && n <= MULTIHOME_MEMBERS_MAX);
	*m = (struct multihome){.ip = {.ops = &ops}, .n = n};
	memcpy(m->member, members, n * sizeof(struct ip *));
}
