/* SPDX-License-Identifier: ISC */
#include "net/ip/ip_bindings.h"

#include <string.h>

enum err ip_bindings_add(struct ip_bindings *bindings, uint8_t proto, ip_input_fn *input,
			 ip_error_fn *error, void *self)
{
	struct ip_binding *at = bindings->at;
	if (ip_bindings_find(bindings, proto) != NULL)
		return ERR_EXISTS;
	if (bindings->n == IP_BINDINGS_MAX)
		return ERR_NOMEM;
	memmove(&at[1], &at[0], bindings->n++ * sizeof(*at));
	*at = (struct ip_binding){.proto = proto, .input = input, .error = error, .self = self};
	return OK;
}

bool ip_bindings_report(const struct ip_bindings *bindings, uint64_t now_us,
			const struct ip_quote *q)
{
	const struct ip_binding *b = ip_bindings_find(bindings, q->meta.proto);
	if (b == NULL || b->error == NULL)
		return false;
	b->error(b->self, now_us, &q->meta, q->transport, q->transport_bytes, q->error, q->mtu);
	return true;
}

enum err ip_groups_join(const struct ip_groups *groups, bool v4, uint64_t now_us,
			const struct ip_addr *group)
{
	if (!ip_addr_is_group(group))
		return ERR_INVALID;
	if (ip_addr_is_v4(group) != v4 || groups->ops == NULL)
		return ERR_UNSUPPORTED;
	return groups->ops->join(groups->self, now_us, group);
}

void ip_groups_leave(const struct ip_groups *groups, bool v4, uint64_t now_us,
		     const struct ip_addr *group)
{
	if (ip_addr_is_v4(group) == v4 && groups->ops != NULL)
		groups->ops->leave(groups->self, now_us, group);
}
