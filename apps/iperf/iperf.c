/* SPDX-License-Identifier: ISC */
#include "apps/iperf/iperf.h"
#include "runtime/console.h"
#include "runtime/start.h"
#include "unikernel.h"

struct iperf_test iperf_test;

/* A control connection, its streams, and as many that are told to go away. */
FIBER_POOL(fibers, IPERF_FIBERS, IPERF_STACK_BYTES);
struct fiber_pool *iperf_fibers = &fibers;

static uint32_t block_bytes(bool udp, uint64_t length)
{
	if (udp)
		return length != 0 ? (uint32_t)MIN(MAX(length, 16u), (uint64_t)IPERF_UDP_BYTES_MAX)
				   : IPERF_UDP_BYTES;
	return length != 0 ? (uint32_t)MIN(length, 1u << 20) : IPERF_TCP_BYTES;
}

enum err iperf_connect(struct iperf_layers **self, struct tcp *tcp, struct udp *udp,
		       struct pkt_pool *tx, struct connector *connector)
{
	static struct iperf_layers layers;

	layers = (struct iperf_layers){tcp, udp, tx, connector};
	*self = &layers;
	return OK;
}

int iperf(struct iperf_layers *layers, const char *client, uint16_t port, bool udp, bool reverse,
	  uint64_t time, uint64_t bytes, uint16_t parallel, uint64_t bitrate, uint64_t length)
{
	const struct iperf_params params = {
		.udp = udp,
		.reverse = reverse,
		.counters64 = udp,
		.streams = (uint8_t)parallel,
		.time_s = bytes == 0 ? (uint32_t)MAX(time / US_PER_S, 1u) : 0,
		.bytes = bytes,
		.rate_bits = bitrate != 0 || !udp ? bitrate : 1 << 20,
		.block_bytes = block_bytes(udp, length),
	};

	if (*client != '\0')
		return iperf_client(layers, client, port, &params);
	enum err e = iperf_udp_listen(layers, port);
	if (e != OK)
		stop_with_error("UDP port %u: %s", (unsigned)port, err_str(e));
	return iperf_server(layers, port);
}
