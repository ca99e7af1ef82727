/* SPDX-License-Identifier: ISC */
/* Several network layers as one. */
#ifndef NET_MULTIHOME_CFG_H
#define NET_MULTIHOME_CFG_H

#include <fata/module.h>

enum { FATA_MEMBERS_MAX = 8 }; /* as net/multihome/multihome.h */

/* "multihome" of several interfaces, "dual" of layers of one, which lends its name as before. */
static inline const char *fata_multihome_kind(const ip_t members[], unsigned n)
{
	for (unsigned i = 1; i < n; i++) {
		if (fata_below(members[i].node, "eth") != fata_below(members[0].node, "eth"))
			return "multihome";
	}
	return "dual";
}

static inline ip_t multihomed(const ip_t members[], unsigned n)
{
	struct fata_use uses[FATA_MEMBERS_MAX + 1] = {{NULL, NULL}};
	const char *list = "";

	if (n > FATA_MEMBERS_MAX) {
		fata_fault("multihomed() of %u layers: expected %u at most", n, FATA_MEMBERS_MAX);
		n = FATA_MEMBERS_MAX;
	}
	for (unsigned i = 0; i < n; i++) {
		uses[i] = (struct fata_use){fata_text("ip%u", i), members[i].node};
		list = fata_text("%s%s$ip%u", list, i > 0 ? ", " : "", i);
	}
	const struct fata_spec spec = {
		.kind = fata_multihome_kind(members, n),
		.about = fata_text("%u network layers as one", n),
		.signature = &fata_signature_ip,
		.modules = "net/multihome",
		.headers = "net/multihome/multihome.h",
		.state = "static struct multihome $self;",
		.value = "&$self.ip",
		.start = fata_text("struct ip *const members[] = {%s};\n"
				   "multihome_init(&$self, members, %u);\n"
				   "return OK;",
				   list, n),
		.joins_tasks = true,
	};
	const char *name =
		strcmp(spec.kind, "dual") == 0 ? fata_name_over(members[0].node, spec.kind) : NULL;
	return (ip_t){fata_device(&spec, name, uses)};
}
#define FATA_IPS(...) ((const ip_t[]){__VA_ARGS__})
#define multihomed(...)                                                                            \
	FATA_HERE(multihomed(FATA_IPS(__VA_ARGS__), sizeof(FATA_IPS(__VA_ARGS__)) / sizeof(ip_t)))

FATA_OFFERS(multihomed, "ip_t multihomed(ip_t ip, …)",
	    "several network layers as one: interfaces, or IPv4 and IPv6")

#endif
