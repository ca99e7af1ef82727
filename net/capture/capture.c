/* SPDX-License-Identifier: ISC */
#include "net/capture/capture.h"

#include <string.h>

#include "base/assert.h"
#include "base/attr.h"
#include "net/capture/pcapng.h"

/* --- the ring -------------------------------------------------------------------------------- */

static void ring_put(struct capture *c, const void *bytes, size_t len)
{
	uint32_t at = (uint32_t)(c->end % c->ring_bytes);
	size_t first = MIN(len, (size_t)(c->ring_bytes - at));
	memcpy(c->ring + at, bytes, first);
	memcpy(c->ring, (const uint8_t *)bytes + first, len - first);
	c->end += len;
}

static void ring_get(const struct capture *c, uint64_t place, void *bytes, size_t len)
{
	uint32_t at = (uint32_t)(place % c->ring_bytes);
	size_t first = MIN(len, (size_t)(c->ring_bytes - at));
	memcpy(bytes, c->ring + at, first);
	memcpy((uint8_t *)bytes + first, c->ring, len - first);
}

/* Displaces the oldest until `bytes` more fit. */
static void make_room(struct capture *c, size_t bytes)
{
	while (c->ring_bytes - (c->end - c->begin) < bytes) {
		struct capture_record oldest;
		ring_get(c, c->begin, &oldest, sizeof(oldest));
		c->begin += sizeof(oldest) + oldest.kept_bytes;
		c->stats.displaced++;
	}
}

/* Puts up to `left` bytes of a packet, without the run behind it; returns how many are left. */
static size_t put_packet(struct capture *c, const struct pkt *p, size_t left)
{
	size_t part = MIN(left, (size_t)p->len);
	ring_put(c, p->data, part);
	left -= part;
	for (unsigned i = 0; left > 0 && i < p->n_pieces; i++) {
		part = MIN(left, p->piece[i].len);
		ring_put(c, p->piece[i].data, part);
		left -= part;
	}
	return left;
}

void capture_pause(struct capture *c, bool paused)
{
	c->paused = paused;
}

HOT(device) static void note(struct capture *c, const struct pkt *p, bool out)
{
	if (c->paused)
		return;
	size_t bytes = pkt_bytes(p);
	const struct capture_record r = {
		.time_us = timer_now_us(c->timer),
		.frame_bytes = (uint32_t)bytes,
		.kept_bytes = (uint16_t)MIN(bytes, (size_t)c->snap_bytes),
		.out = out,
	};
	size_t left = r.kept_bytes;
	make_room(c, sizeof(r) + left);
	ring_put(c, &r, sizeof(r));
	for (; left > 0; p = p->more)
		left = put_packet(c, p, left);
	c->stats.frames++;
	c->stats.cut += r.kept_bytes < r.frame_bytes;
}

bool capture_read(const struct capture *c, uint64_t *at, struct capture_record *r, uint8_t *bytes,
		  size_t max)
{
	*at = MAX(*at, c->begin);
	if (*at >= c->end)
		return false;
	ring_get(c, *at, r, sizeof(*r));
	if (r->kept_bytes > max)
		return false;
	ring_get(c, *at + sizeof(*r), bytes, r->kept_bytes);
	*at += sizeof(*r) + r->kept_bytes;
	return true;
}

/* --- the interface --------------------------------------------------------------------------- */

static struct capture *capture_of(struct netif *nif)
{
	return container_of(nif, struct capture, netif);
}

static enum err start(struct netif *nif)
{
	struct capture *c = capture_of(nif);
	c->below->rx = nif->rx;
	c->below->tx = nif->tx;
	enum err e = netif_start(c->below);
	const struct netif *below = c->below;
	memcpy(nif->mac, below->mac, sizeof(nif->mac));
	nif->mtu = below->mtu;
	nif->features = below->features;
	nif->tso_bytes = below->tso_bytes;
	nif->link_up = below->link_up;
	return e;
}

static void stop(struct netif *nif)
{
	netif_stop(capture_of(nif)->below);
}

/* Takes back the record at `place`, the newest. */
static void forget(struct capture *c, uint64_t place)
{
	struct capture_record r;
	ring_get(c, place, &r, sizeof(r));
	c->end = place;
	c->stats.frames--;
	c->stats.cut -= r.kept_bytes < r.frame_bytes;
}

/* Noted before it is given away, and forgotten if it is not taken. */
HOT(device) static enum err send(struct netif *nif, struct pkt *p)
{
	struct capture *c = capture_of(nif);
	uint64_t place = c->end;
	note(c, p, true);
	enum err e = netif_send(c->below, p);
	if (e != OK && c->end != place)
		forget(c, place);
	return e;
}

static void flush(struct netif *nif)
{
	netif_flush(capture_of(nif)->below);
}

HOT(device) static struct pkt *recv(struct netif *nif)
{
	struct capture *c = capture_of(nif);
	struct pkt *p = netif_recv(c->below);
	if (p != NULL)
		note(c, p, false);
	return p;
}

static bool rx_arm(struct netif *nif)
{
	return netif_rx_arm(capture_of(nif)->below);
}

static const struct netif_ops ops = {
	.start = start,
	.stop = stop,
	.send = send,
	.flush = flush,
	.recv = recv,
	.rx_arm = rx_arm,
};

/* --- the page -------------------------------------------------------------------------------- */

/* The parts of the file, in their order. */
enum { PART_HEADER, PART_FRAMES, PART_END };

static uint64_t unix_time_us(const struct capture *c, uint64_t time_us)
{
	uint64_t unix_us = wall_clock_us(c->wall, time_us);
	return unix_us != 0 ? unix_us : time_us;
}

/* As many frames as fit, each read to where it belongs in its block. */
static size_t put_frames(struct capture_download *d, uint8_t *bytes)
{
	const struct capture *c = d->capture;
	struct capture_record r;
	size_t len = 0;
	for (uint64_t next = d->at; MAX(next, c->begin) < d->end; d->at = next) {
		size_t left = HTTP_STREAM_BYTES - len;
		if (left < PCAPNG_PACKET_OVERHEAD ||
		    !capture_read(c, &next, &r, bytes + len + PCAPNG_PACKET_FRAME,
				  left - PCAPNG_PACKET_OVERHEAD))
			break;
		len += pcapng_packet(bytes + len, unix_time_us(c, r.time_us), r.frame_bytes,
				     r.kept_bytes, r.out);
		d->sent++;
	}
	return len;
}

static size_t put_statistics(struct capture_download *d, uint8_t *bytes)
{
	struct capture *c = d->capture;
	c->stats.missed += (uint32_t)(d->held - d->sent);
	return pcapng_statistics(bytes, unix_time_us(c, timer_now_us(c->timer)), d->frames,
				 d->frames - d->sent);
}

static size_t fill(struct http_stream *stream, uint8_t *bytes)
{
	struct capture_download *d = container_of(stream, struct capture_download, stream);
	if (d->part == PART_HEADER) {
		d->part = PART_FRAMES;
		return pcapng_header(bytes, d->capture->below->name, d->capture->snap_bytes);
	}
	if (d->part == PART_END)
		return 0;
	size_t len = put_frames(d, bytes);
	if (len > 0)
		return len;
	d->part = PART_END;
	return put_statistics(d, bytes);
}

/* From the oldest frame to the newest at this moment. */
static void begin(struct capture_download *d)
{
	const struct capture *c = d->capture;
	d->part = PART_HEADER;
	d->at = c->begin;
	d->end = c->end;
	d->frames = c->stats.frames;
	d->held = c->stats.frames - c->stats.displaced;
	d->sent = 0;
}

enum err capture_handler(void *arg, struct http_conn *conn, const struct http_request *request,
			 struct http_response *response)
{
	struct capture *c = arg;
	if (request->method == HTTP_POST)
		return ERR_UNSUPPORTED;
	struct http_stream *stream = http_stream_begin(&c->downloads[0].stream, CAPTURE_DOWNLOADS,
						       sizeof(c->downloads[0]), conn, response);
	if (stream == NULL)
		return OK;
	begin(container_of(stream, struct capture_download, stream));
	c->stats.downloads++;
	response->content_type = "application/vnd.tcpdump.pcap";
	response->fields = "Content-Disposition: attachment; filename=\"capture.pcapng\"\r\n";
	return OK;
}

void capture_init(struct capture *c, struct netif *below, struct timer *timer,
		  const struct wall_clock *wall, uint8_t *ring, uint32_t ring_bytes,
		  uint32_t snap_bytes)
{
	assert(ring_bytes >= CAPTURE_RING_MIN && snap_bytes >= 1 && snap_bytes <= CAPTURE_SNAP_MAX);
	*c = (struct capture){
		.netif = {.ops = &ops, .name = below->name},
		.below = below,
		.timer = timer,
		.wall = wall,
		.ring = ring,
		.ring_bytes = ring_bytes,
		.snap_bytes = snap_bytes,
	};
	for (unsigned i = 0; i < CAPTURE_DOWNLOADS; i++) {
		c->downloads[i].capture = c;
		http_stream_init(&c->downloads[i].stream, fill);
	}
}

#define CAPTURE_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                          \
	COUNTER(struct capture_stats, frames, "frames")                                            \
	COUNTER(struct capture_stats, cut, "cut" COUNTS("Of those, frames kept in part"))          \
	COUNTER(struct capture_stats, displaced,                                                   \
		"displaced" COUNTS("Of those, displaced by newer ones"))                           \
	COUNTER(struct capture_stats, downloads, "downloads")                                      \
	COUNTER(struct capture_stats, missed,                                                      \
		"missed" COUNTS("Frames displaced before they were sent"))

const struct counters capture_counters = COUNTERS("capture", CAPTURE_COUNTERS);
