/* SPDX-License-Identifier: ISC */
#include "net/ipv4/router_alert.h"

#include "base/bytes.h"
#include "base/counter.h"
#include "net/ipv4/ipv4_header.h"
#include "net/ipv4/ipv4_internal.h"
#include "net/ipv4/ipv4_options.h"

enum {
	ROUTER_ALERT = 148, /* RFC 2113 section 2.1 */
	ROUTER_ALERT_BYTES = 4,
	WITH_ALERT_BYTES = IPV4_HEADER_BYTES + ROUTER_ALERT_BYTES,
	WITH_ALERT = 0x40 | WITH_ALERT_BYTES / 4, /* version, length in words */
};

enum err ipv4_output_router_alert(struct ipv4 *ipv4, uint64_t now_us, struct pkt *p,
				  const struct ip_meta *meta)
{
	uint8_t *header = pkt_push_header(p, WITH_ALERT_BYTES);
	ipv4_header_emit(meta, ipv4_ttl(meta), (uint16_t)pkt_bytes(p), IPV4_WHOLE, header);
	header[0] = WITH_ALERT;
	store_be32(header + IPV4_HEADER_BYTES,
		   (uint32_t)ROUTER_ALERT << 24 | ROUTER_ALERT_BYTES << 16);
	ipv4_header_emit_checksum(header);
	enum err e = ipv4_send(ipv4, now_us, p, ip_addr_v4(&meta->dst));
	if (e == OK)
		COUNT(ipv4->stats.out);
	else
		pkt_pop_header(p, WITH_ALERT_BYTES);
	return e;
}

bool ipv4_has_router_alert(const struct pkt *p)
{
	const uint8_t *options = p->buf + p->l3 + IPV4_HEADER_BYTES;
	size_t len = (size_t)(p->buf + p->l4 - options);
	return ipv4_options_find(options, len, ROUTER_ALERT, ROUTER_ALERT) == IPV4_OPTIONS_FOUND;
}
