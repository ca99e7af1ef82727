/* SPDX-License-Identifier: ISC */
/*
 * A capture: the last frames of an interface, in a ring, to be downloaded as pcapng.
 *
 * It is an interface between another one and Ethernet: each frame that passes, in either direction,
 * is noted with its time, and so many of its first bytes as the configuration says. The newest
 * displace the oldest. Frames are seen as they are given to the device: checksums that it fills in
 * are not there yet, and what it cuts up or has put together is one long frame.
 *
 * capture_handler() is a page that has what the ring holds at the time of the request, the oldest
 * first. Meanwhile capturing goes on, with the download's own frames; what they displace before it
 * was sent is left out and counted in the file. The ring belongs to the caller. Event loop only.
 *
 * Who can fetch the page can read what others send: do not offer it to strangers.
 */
#ifndef NET_CAPTURE_CAPTURE_H
#define NET_CAPTURE_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/counter.h"
#include "base/wall_clock.h"
#include "hal/netif.h"
#include "hal/timer.h"
#include "net/http/http.h"
#include "net/http/http_stream.h"

enum {
	CAPTURE_SNAP_MAX = 1514, /* bytes of a frame that are kept, at most */
	CAPTURE_RING_MIN = 4096, /* bytes of the ring, at least */
	CAPTURE_DOWNLOADS = 2,   /* at one time; 503 beyond */
};

/* In the ring in front of the frame's bytes. */
struct capture_record {
	uint64_t time_us;
	uint32_t frame_bytes; /* as long as it was … */
	uint16_t kept_bytes;  /* … and what was kept of it */
	bool out;             /* sent, not received */
};

struct capture_stats {
	uint64_t frames;
	uint64_t cut;       /* of which only the beginning was kept */
	uint64_t displaced; /* frames that are no longer there */
	uint32_t downloads;
	uint32_t missed; /* frames displaced before a download had sent them */
};

/* It, described. */
extern const struct counters capture_counters;

struct capture;

struct capture_download {
	struct http_stream stream;
	struct capture *capture;
	uint64_t at, end; /* places in the ring: the next record, and behind the last */
	uint64_t frames;  /* until it began, of which the ring … */
	uint64_t held;    /* … held so many … */
	uint64_t sent;    /* … and the file has so many */
	uint8_t part;     /* of the file that is written next */
};

struct capture {
	struct netif netif; /* first: what Ethernet is given */
	struct netif *below;
	struct timer *timer;
	const struct wall_clock *wall;
	uint8_t *ring;
	uint32_t ring_bytes, snap_bytes;
	bool paused;
	/* Places of the oldest record, and behind the newest: bytes written since the start. */
	uint64_t begin, end;
	struct capture_stats stats;
	struct capture_download downloads[CAPTURE_DOWNLOADS];
};

/*
 * Makes an interface over `below`, which nobody else may use, with a ring of `ring_bytes`,
 * CAPTURE_RING_MIN at least, of which each frame takes `snap_bytes`, 1 to CAPTURE_SNAP_MAX, or its
 * length (asserted). `wall` is the time of day, which is asked when frames are downloaded; while
 * it is unknown they count from 1970.
 */
void capture_init(struct capture *c, struct netif *below, struct timer *timer,
		  const struct wall_clock *wall, uint8_t *ring, uint32_t ring_bytes,
		  uint32_t snap_bytes);

/* Begins or ends to note frames, which it does from the start; what is in the ring stays. */
void capture_pause(struct capture *c, bool paused);

/*
 * The record at *at, a place between c->begin and c->end, or the oldest if that one was displaced;
 * moves *at behind it. False at the end, or if more than `max` bytes of the frame were kept.
 */
bool capture_read(const struct capture *c, uint64_t *at, struct capture_record *r, uint8_t *bytes,
		  size_t max);

/* For GET and HEAD; its arg is a struct capture. */
http_handler_fn capture_handler;

#endif
