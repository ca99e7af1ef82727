/* SPDX-License-Identifier: ISC */
/* The job that makes the page /metrics: what each layer has counted. */
#include "base/assert.h"
#include "net/arp/arp.h"
#include "net/eth/eth.h"
#include "net/http/http.h"
#include "net/icmp/icmp.h"
#include "net/ipv4/ipv4.h"
#include "net/metrics/metrics.h"
#include "net/tcp/tcp.h"
#include "net/udp/udp.h"
#include "unikernel.h"

enum { METRICS_MAX = 96 };

static struct metric table[METRICS_MAX];
static size_t n;

static void add(const struct metric *metric)
{
	assert(n < METRICS_MAX);
	table[n++] = *metric;
}

#define ADD(name, help, type, labels, value)                                                       \
	add(&(const struct metric)METRIC("fata_" name, help, type, labels, value))
#define COUNTER(name, help, value) ADD(name "_total", help, METRIC_COUNTER, NULL, value)
#define GAUGE(name, help, value)   ADD(name, help, METRIC_GAUGE, NULL, value)

/* Why packets were dropped, or not sent: a label of one name for each layer. */
#define DROP(layer, stats, why)                                                                    \
	ADD(layer "_drops_total", "Packets dropped or not sent, by reason.", METRIC_COUNTER,       \
	    "reason=\"" #why "\"", (stats)->why)

static void add_eth(const struct eth_stats *s)
{
	COUNTER("eth_frames_in", "Frames received for this station.", s->in);
	COUNTER("eth_frames_out", "Frames sent.", s->out);
	COUNTER("eth_linearised", "Packets copied for the device.", s->linearised);
	DROP("eth", s, runts);
	DROP("eth", s, not_for_us);
	DROP("eth", s, bad_source);
	DROP("eth", s, unknown_type);
	DROP("eth", s, refused);
}

static void add_arp(const struct arp_stats *s)
{
	COUNTER("arp_requests_in", "Requests received.", s->requests_in);
	COUNTER("arp_replies_in", "Replies received.", s->replies_in);
	COUNTER("arp_requests_out", "Requests sent.", s->requests_out);
	COUNTER("arp_replies_out", "Replies sent.", s->replies_out);
	COUNTER("arp_conflicts", "Packets of others that use our address.", s->conflicts);
	COUNTER("arp_moved", "Neighbours whose Ethernet address has changed.", s->moved);
	COUNTER("arp_failed", "Neighbours that did not answer.", s->failed);
	COUNTER("arp_evicted", "Entries displaced by newer ones.", s->evicted);
	DROP("arp", s, bad);
	DROP("arp", s, not_learnt);
	DROP("arp", s, dropped);
	DROP("arp", s, tx_failed);
}

static void add_ipv4(const struct ipv4_stats *s)
{
	COUNTER("ipv4_packets_in", "Packets received.", s->in);
	COUNTER("ipv4_packets_out", "Packets sent.", s->out);
	DROP("ipv4", s, bad_header);
	DROP("ipv4", s, bad_checksum);
	DROP("ipv4", s, bad_source);
	DROP("ipv4", s, not_for_us);
	DROP("ipv4", s, group_frames);
	DROP("ipv4", s, fragments);
	DROP("ipv4", s, no_protocol);
	DROP("ipv4", s, unreachable);
	DROP("ipv4", s, too_long);
	DROP("ipv4", s, bad_from);
}

static void add_icmp(const struct icmp_stats *s)
{
	COUNTER("icmp_echo_requests_in", "Echo requests received.", s->echo_requests);
	COUNTER("icmp_echo_replies_out", "Echo replies sent.", s->echo_replies);
	COUNTER("icmp_errors_in", "Errors shown to a transport.", s->errors_in);
	COUNTER("icmp_errors_out", "Errors sent.", s->errors_out);
	DROP("icmp", s, bad);
	DROP("icmp", s, echo_broadcasts);
	DROP("icmp", s, echo_failed);
	DROP("icmp", s, not_ours);
	DROP("icmp", s, ignored);
	DROP("icmp", s, limited);
	DROP("icmp", s, forbidden);
	DROP("icmp", s, error_failed);
}

static void add_udp(const struct udp_stats *s)
{
	COUNTER("udp_datagrams_in", "Datagrams received.", s->in);
	COUNTER("udp_datagrams_out", "Datagrams sent.", s->out);
	DROP("udp", s, bad_length);
	DROP("udp", s, bad_checksum);
	DROP("udp", s, no_port);
}

static void add_tcp(const struct tcp_stats *s)
{
	COUNTER("tcp_segments_in", "Segments received.", s->segments_in);
	COUNTER("tcp_segments_out", "Segments sent.", s->segments_out);
	COUNTER("tcp_bytes_in", "Bytes received in order.", s->bytes_in);
	COUNTER("tcp_bytes_out", "Bytes sent.", s->bytes_out);
	COUNTER("tcp_retransmits", "Segments sent again.", s->retransmits);
	COUNTER("tcp_timeouts", "Retransmission timeouts.", s->timeouts);
	COUNTER("tcp_out_of_order", "Segments received out of order.", s->out_of_order);
	COUNTER("tcp_duplicates", "Segments received again.", s->duplicates);
	COUNTER("tcp_resets_in", "Connections that the peer reset.", s->resets_in);
	COUNTER("tcp_resets_out", "Resets sent.", s->resets_out);
	COUNTER("tcp_challenge_acks", "Challenge acknowledgments sent.", s->challenge_acks);
	COUNTER("tcp_accepted", "Connections accepted.", s->accepted);
	COUNTER("tcp_connected", "Connections made.", s->connected);
	COUNTER("tcp_failed", "Connections that failed.", s->failed);
	DROP("tcp", s, bad_checksum);
	DROP("tcp", s, bad_header);
	DROP("tcp", s, no_listener);
	DROP("tcp", s, bad_sequence);
	DROP("tcp", s, syn_dropped);
	DROP("tcp", s, out_of_memory);
}

static void add_http(const struct http_stats *s)
{
	COUNTER("http_requests", "Requests whose header was complete.", s->requests);
	COUNTER("http_bytes_out", "Bytes of responses.", s->bytes_out);
	GAUGE("http_connections", "Connections now.", s->connections);
	COUNTER("http_rejected", "Connections answered 503.", s->rejected);
	COUNTER("http_bad_requests", "Requests that the parser refused.", s->bad_requests);
	COUNTER("http_timeouts", "Requests and responses that took too long.", s->timeouts);
	COUNTER("http_aborted", "Connections that broke.", s->aborted);
}

int services_count(struct eth *eth, struct arp *arp, struct ip *ip, struct icmp *icmp,
		   struct udp *udp, struct tcp *tcp, struct http *http, struct metrics *metrics)
{
	add_eth(&eth->stats);
	add_arp(&arp->stats);
	add_ipv4(&container_of(ip, struct ipv4, ip)->stats);
	add_icmp(&icmp->stats);
	add_udp(&udp->stats);
	add_tcp(tcp_stats(tcp));
	add_http(http_stats(http));
	metrics_init(metrics, table, n);
	return 0;
}
