/* SPDX-License-Identifier: ISC */
/*
 * The job of the microcontroller's image that has no network stack: a frame goes from the LAN9118's
 * FIFO into memory, becomes its answer there, and goes back. Of Fata's driver only the start and
 * the interrupt are used.
 */
#include "base/attr.h"
#include "bench/peers/no_stack.h"
#include "drivers/net/lan9118/lan9118_internal.h"
#include "hal/board.h"
#include "hal/kv.h"
#include "runtime/fiber/fiber.h"
#include "runtime/loop/loop.h"
#include "runtime/start.h"
#include "unikernel.h"

enum { WORD = sizeof(uint32_t), FRAME_WORDS = 400, BATCH_FRAMES = 64 };

static struct netif *device;
static struct task task;
static struct no_stack server;
static uint32_t frame[FRAME_WORDS]; /* headers behind LAN9118_RX_OFFSET bytes lie on words */

static void send_frame(const struct lan9118 *l, size_t bytes)
{
	const uint32_t words = (uint32_t)(LAN9118_RX_OFFSET + bytes + 3) / WORD;

	lan9118_write(l, LAN9118_TX_DATA,
		      LAN9118_TX_A_FIRST | LAN9118_TX_A_LAST | LAN9118_RX_OFFSET << 16 |
			      (uint32_t)bytes);
	lan9118_write(l, LAN9118_TX_DATA, (uint32_t)bytes);
	(void)lan9118_put_words(l, (const uint8_t *)frame, words);
}

static void take_frame(const struct lan9118 *l)
{
	const uint32_t status = lan9118_read(l, LAN9118_RX_STATUS);
	const uint32_t bytes = LAN9118_RX_STATUS_BYTES(status);
	const uint32_t words = (LAN9118_RX_OFFSET + bytes + 3) / WORD;

	if ((status & LAN9118_RX_STATUS_BAD) != 0 || words > FRAME_WORDS) {
		for (uint32_t i = 0; i < words; i++)
			(void)lan9118_read(l, LAN9118_RX_DATA);
		return;
	}
	lan9118_get_words(l, frame, words);
	size_t answer = no_stack_answer(&server, (uint8_t *)frame + LAN9118_RX_OFFSET,
					bytes - LAN9118_FCS_BYTES);
	if (answer > 0)
		send_frame(l, answer);
}

static uint64_t poll(void *self, uint64_t now_us)
{
	const struct lan9118 *l = lan9118_of(device);

	(void)self;
	for (unsigned n = 0; n < BATCH_FRAMES;) {
		uint32_t frames = LAN9118_RX_FIFO_FRAMES(lan9118_read(l, LAN9118_RX_FIFO));
		if (frames == 0)
			return netif_rx_arm(device) ? now_us : TIME_NEVER;
		for (n += frames; frames > 0; frames--)
			take_frame(l);
	}
	return now_us;
}

int answer_frames(struct timer *timer, struct kv *pages, uint32_t ipv4)
{
	static const char name[] = "favicon.svg";
	struct kv_value page;

	(void)timer; /* the event loop has it */
	if (kv_get(pages, name, sizeof(name) - 1, &page) != OK ||
	    !no_stack_prepare(&server, page.bytes.data, page.bytes.len))
		stop_with_error("there is no %s that fits", name);
	device = board_netif(0, NULL);
	if (device == NULL)
		stop_with_error("there is no network interface");
	task_add(&task, "frames", poll, NULL);
	device->rx = task_waker(&task);
	device->tx = task_waker(&task);
	if (netif_start(device) != OK)
		stop_with_error("the network interface does not start");
	memcpy(server.mac, device->mac, sizeof(server.mac));
	store_be32(server.address, ipv4);
	boot_ready();
	fiber_park_forever();
}
