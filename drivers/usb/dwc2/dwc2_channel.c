/* SPDX-License-Identifier: ISC */
/*
 * Transfers: a pipe's channel is told a chunk, runs by itself, and halts.
 *
 * In DMA mode a channel halts for a reason (HCINT): the chunk is complete, or a short packet came;
 * the endpoint is halted; an error that the controller has tried thrice to get over; and, where a
 * hub translates, after each half of a transaction. "Not now" of other bulk and control endpoints
 * (NAK) it repeats by itself until there is an answer.
 */
#define LOG_MODULE "dwc2"

#include "arch/barrier.h"
#include "arch/cache.h"
#include "base/log.h"
#include "drivers/usb/dwc2/dwc2_internal.h"

enum {
	HALT_US = 10000,
	/* Halts in a row, without a packet between them, for which there is no good reason. */
	TRIES_MAX = 8,
	HALTS_A_POLL = 64, /* more than a frame of Ethernet has packets */
	CHUNK_PACKETS_MAX = DWC2_HCTSIZ_PACKETS,
	CHUNK_BYTES_MAX = 65536,
};

static uint32_t channel(const struct usb_pipe *p, uint32_t reg)
{
	return DWC2_CHANNEL(p->channel) + reg;
}

static bool is_in(const struct usb_pipe *p)
{
	return (p->endpoint & USB_IN) != 0;
}

static bool is_split(const struct usb_pipe *p)
{
	return p->tt_hub != 0;
}

/* Bytes that a device may write: whole packets, one at least. */
static uint32_t room(const struct usb_pipe *p)
{
	uint32_t packets = (p->bytes + p->packet_bytes - 1) / p->packet_bytes;

	return MAX(packets, 1) * p->packet_bytes;
}

/* Whether a chunk is one packet: see dwc2.h. */
static bool is_packet_wise(const struct usb_pipe *p)
{
	return is_split(p) ||
	       (p->speed != USB_SPEED_HIGH && (!is_in(p) || p->type == USB_TYPE_CONTROL));
}

enum err dwc2_halt(const struct dwc2 *d, unsigned n)
{
	uint32_t at = DWC2_CHANNEL(n), how = dwc2_read(d, at + DWC2_HCCHAR);
	enum err e = OK;

	dwc2_write(d, at + DWC2_HCINTMSK, 0);
	if ((how & DWC2_HCCHAR_ENABLE) != 0) {
		dwc2_write(d, at + DWC2_HCCHAR, how | DWC2_HCCHAR_ENABLE | DWC2_HCCHAR_DISABLE);
		e = dwc2_wait(d, at + DWC2_HCINT, DWC2_HCINT_HALTED, DWC2_HCINT_HALTED, HALT_US);
	}
	if (e != OK)
		log_error("channel %u does not halt", n);
	dwc2_write(d, at + DWC2_HCINT, DWC2_HCINT_ALL);
	return e;
}

/* --- telling a channel ------------------------------------------------------------------------ */

static uint32_t pid_bits(const struct usb_pipe *p)
{
	static const uint8_t pids[] = {
		[USB_PID_DATA0] = DWC2_PID_DATA0,
		[USB_PID_DATA1] = DWC2_PID_DATA1,
		[USB_PID_SETUP] = DWC2_PID_SETUP,
	};

	return (uint32_t)pids[p->pid] << DWC2_HCTSIZ_PID_SHIFT;
}

static void choose_chunk(struct usb_pipe *p)
{
	uint32_t left = p->bytes - p->done, packet = p->packet_bytes;

	if (is_packet_wise(p))
		left = MIN(left, packet);
	left = MIN(left, CHUNK_BYTES_MAX / packet * packet);
	/* Nothing is a packet too, an empty one. */
	p->packets = left == 0 ? 1 : MIN((left + packet - 1) / packet, CHUNK_PACKETS_MAX);
	/* What a device may send is whole packets. */
	p->chunk = is_in(p) ? p->packets * packet : MIN(left, p->packets * packet);
}

static uint32_t split_bits(const struct usb_pipe *p)
{
	if (!is_split(p))
		return 0;
	return DWC2_HCSPLT_ENABLE | DWC2_HCSPLT_WHOLE |
	       (uint32_t)p->tt_hub << DWC2_HCSPLT_HUB_SHIFT | p->tt_port |
	       (p->complete_split ? DWC2_HCSPLT_COMPLETE : 0);
}

static uint32_t character(const struct dwc2 *d, const struct usb_pipe *p)
{
	uint32_t how = p->packet_bytes | (p->endpoint & 0xfu) << DWC2_HCCHAR_ENDPOINT_SHIFT |
		       (uint32_t)p->type << DWC2_HCCHAR_TYPE_SHIFT | DWC2_HCCHAR_ONE_A_FRAME |
		       (uint32_t)p->address << DWC2_HCCHAR_ADDRESS_SHIFT;

	if (is_in(p))
		how |= DWC2_HCCHAR_IN;
	if (p->speed == USB_SPEED_LOW)
		how |= DWC2_HCCHAR_LOW_SPEED;
	/* What has a period starts in the next frame. */
	if (p->type == USB_TYPE_INTERRUPT && (dwc2_read(d, DWC2_HFNUM) & 1) == 0)
		how |= DWC2_HCCHAR_ODD_FRAME;
	return how;
}

/* Lets the channel do the chunk that was chosen, or once more what is left of it. */
static void run(const struct dwc2 *d, struct usb_pipe *p)
{
	uint32_t bus = (uint32_t)(uintptr_t)(p->data + p->done) | d->bus_offset;

	dwc2_write(d, channel(p, DWC2_HCINT), DWC2_HCINT_ALL);
	dwc2_write(d, channel(p, DWC2_HCINTMSK), DWC2_HCINT_HALTED);
	dwc2_write(d, channel(p, DWC2_HCSPLT), split_bits(p));
	dwc2_write(d, channel(p, DWC2_HCTSIZ),
		   p->chunk | p->packets << DWC2_HCTSIZ_PACKETS_SHIFT | pid_bits(p));
	dwc2_write(d, channel(p, DWC2_HCDMA), bus);
	/* What it is to read is in memory, and what was told of it in its registers, before it
	 * goes. */
	dma_full_barrier();
	dwc2_write(d, channel(p, DWC2_HCCHAR), character(d, p) | DWC2_HCCHAR_ENABLE);
}

void dwc2_begin(struct usb_hcd *hcd, struct usb_pipe *p)
{
	if (is_in(p))
		cache_invalidate(p->data, room(p));
	else if (p->bytes > 0)
		cache_clean(p->data, p->bytes);
	p->tries = 0;
	p->complete_split = false;
	choose_chunk(p);
	/* One that did not halt when it was told to is left alone: the transfer does not end. */
	if ((dwc2_read(dwc2_of(hcd), channel(p, DWC2_HCCHAR)) & DWC2_HCCHAR_ENABLE) == 0)
		run(dwc2_of(hcd), p);
}

enum err dwc2_cancel(struct usb_hcd *hcd, struct usb_pipe *p)
{
	return dwc2_halt(dwc2_of(hcd), p->channel);
}

/* --- what a channel has done -------------------------------------------------------------------
 */

/* Adds up what was moved. False: the controller says what cannot be. */
static bool account(const struct dwc2 *d, struct usb_pipe *p, bool complete, uint32_t *moved)
{
	uint32_t size = dwc2_read(d, channel(p, DWC2_HCTSIZ));
	uint32_t bytes = size & DWC2_HCTSIZ_BYTES;
	uint32_t packets = size >> DWC2_HCTSIZ_PACKETS_SHIFT & DWC2_HCTSIZ_PACKETS;

	p->pid = (size >> DWC2_HCTSIZ_PID_SHIFT & DWC2_HCTSIZ_PID) == DWC2_PID_DATA0
			 ? USB_PID_DATA0
			 : USB_PID_DATA1;
	/* To send, only the packets count that the device has acknowledged. */
	if (is_in(p))
		*moved = p->chunk - bytes;
	else if (complete)
		*moved = p->chunk;
	else
		*moved = (p->packets - packets) * p->packet_bytes;
	if (*moved > p->chunk) /* also if more was left than there was, which wraps */
		return false;
	p->done += *moved;
	return true;
}

/* The chunk is done. OK: the transfer too; ERR_AGAIN: the next chunk is under way. */
static enum err chunk_done(struct dwc2 *d, struct usb_pipe *p)
{
	uint32_t moved;

	if (!account(d, p, true, &moved))
		return ERR_IO;
	if (p->done > p->bytes)
		return ERR_RANGE;
	p->tries = 0;
	p->complete_split = false;
	if (is_in(p)) {
		if (p->done == p->bytes || moved < p->chunk)
			return OK;
	} else if (p->done == p->bytes) {
		bool whole = p->chunk > 0 && p->done % p->packet_bytes == 0;

		if (!p->ends_empty || !whole)
			return OK;
	}
	choose_chunk(p);
	run(d, p);
	return ERR_AGAIN;
}

/* Goes on after a halt that was to be expected, or that is forgiven so many times. */
static enum err once_more(struct dwc2 *d, struct usb_pipe *p, bool forgiven)
{
	if (!forgiven && ++p->tries > TRIES_MAX)
		return ERR_IO;
	run(d, p);
	return ERR_AGAIN;
}

/*
 * Half of a transaction that a hub translates (section 11.17): it has the packet (ACK to the first
 * half), the device's answer is not there yet (NYET to the second), or is "not now" (NAK).
 */
static enum err split_halted(struct dwc2 *d, struct usb_pipe *p, uint32_t why)
{
	bool answered = (why & (DWC2_HCINT_ACK | DWC2_HCINT_NYET | DWC2_HCINT_NAK)) != 0;

	if ((why & DWC2_HCINT_NYET) == 0)
		p->complete_split = !p->complete_split && (why & DWC2_HCINT_ACK) != 0;
	return once_more(d, p, answered);
}

static enum err halted(struct dwc2 *d, struct usb_pipe *p, uint32_t why)
{
	uint32_t moved;

	if ((why & DWC2_HCINT_COMPLETE) != 0)
		return chunk_done(d, p);
	if ((why & DWC2_HCINT_STALL) != 0)
		return ERR_REFUSED;
	if ((why & DWC2_HCINT_BABBLE) != 0)
		return ERR_RANGE;
	if ((why & (DWC2_HCINT_ERROR | DWC2_HCINT_AHB_ERROR)) != 0) {
		(void)account(d, p, false, &moved); /* for the next packet's PID */
		return ERR_IO;
	}
	if (is_split(p))
		return split_halted(d, p, why);
	if (!account(d, p, false, &moved) || p->done > p->bytes)
		return ERR_IO;
	choose_chunk(p);
	return once_more(d, p, moved > 0 || (why & DWC2_HCINT_NAK) != 0);
}

enum err dwc2_poll(struct usb_hcd *hcd, struct usb_pipe *p)
{
	struct dwc2 *d = dwc2_of(hcd);
	enum err e = ERR_AGAIN;

	/* What has not halted yet is left to its interrupt; so is what halts all too often. */
	for (unsigned i = 0; i < HALTS_A_POLL && e == ERR_AGAIN; i++) {
		uint32_t why = dwc2_read(d, channel(p, DWC2_HCINT));

		if ((why & DWC2_HCINT_HALTED) == 0)
			return ERR_AGAIN;
		e = halted(d, p, why);
	}
	if (e == ERR_AGAIN)
		return e;
	dwc2_write(d, channel(p, DWC2_HCINT), DWC2_HCINT_ALL);
	/* The device has written by now; lines that were fetched ahead of it are stale. */
	dma_read_barrier();
	if (is_in(p))
		cache_invalidate(p->data, room(p));
	return e;
}
