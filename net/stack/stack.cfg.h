/* SPDX-License-Identifier: ISC */
/* All protocols over one network interface, as one thing to hand about. */
#ifndef NET_STACK_CFG_H
#define NET_STACK_CFG_H

#include <fata/module.h>

/* A bundle of what there is; udp and tcp may be {NULL}. */
static inline stack_t stack_of(ip_t ip, udp_t udp, tcp_t tcp)
{
	const struct fata_spec spec = {
		.kind = "stack",
		.about = "protocols over one interface",
		.signature = &fata_signature_stack,
		.modules = "net/stack",
		.headers = "net/stack/stack.h",
		.state = "static struct stack $self;",
		.value = "&$self",
		.start = fata_text("$self = (struct stack){.name = \"%s\", .ip = $ip%s%s};\n"
				   "return OK;",
				   fata_name(fata_below(ip.node, "net")),
				   udp.node != NULL ? ", .udp = $udp" : "",
				   tcp.node != NULL ? ", .tcp = $tcp" : ""),
	};
	return (stack_t){
		fata_device(&spec, fata_name_over(ip.node, "stack"),
			    FATA_USES({"ip", ip.node}, {"udp", udp.node}, {"tcp", tcp.node}))};
}
#define stack_of(IP, UDP, TCP) FATA_HERE(stack_of((IP), (UDP), (TCP)))

FATA_OFFERS(stack_of, "stack_t stack_of(ip_t ip, udp_t udp, tcp_t tcp)",
	    "a struct stack with all of them, for a job that gets several interfaces")

#endif
