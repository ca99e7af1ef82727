/* SPDX-License-Identifier: ISC */
/* What boards offer: network interfaces, disks, pins, a watchdog, the console, the clock. */
#ifndef HAL_BOARD_CFG_H
#define HAL_BOARD_CFG_H

#include <fata/module.h>

#include "base/pkt.cfg.h"
#include "runtime/loop/loop.cfg.h"

/* --- network interfaces ---------------------------------------------------------------------- */

struct netif_options {
	/* Receive buffers of 2 KiB: what all peers together can fill. From 176 on, devices that can
	 * put TCP segments together do so, up to 64 KiB; bulk transfers are several times as fast.
	 */
	unsigned rx_packets;
	unsigned mtu;      /* 0: the device's; less, 576 at least, for smaller buffers */
	unsigned rx_bytes; /* of each: a frame, and room in front of it for what answers in it */
};

enum {
	FATA_MTU = 1500,
	FATA_MTU_MIN = 576,
	/* A frame's header, its checksum and alignment, and PKT_HEADROOM in front of it. */
	FATA_RX_ROOM_BYTES = 148,
};

static inline void fata_check_rx_bytes(unsigned mtu, unsigned bytes)
{
	const struct fata_board *board = fata_this_board();
	unsigned room = board->rx_room_bytes != 0 ? board->rx_room_bytes : FATA_RX_ROOM_BYTES;
	unsigned min = board->rx_bytes_min;

	if (min == 0)
		min = (board->rx_room_bytes != 0 ? FATA_MTU_MIN : FATA_MTU) + room;
	if (mtu < FATA_MTU_MIN || mtu > FATA_MTU || bytes < mtu + room)
		fata_fault("an MTU of %u with receive buffers of %u bytes: expected %u to %u, and "
			   "%u bytes more at least",
			   mtu, bytes, FATA_MTU_MIN, FATA_MTU, room);
	else if (bytes < min)
		fata_fault("receive buffers of %u bytes: the interface of the board %s needs %u, "
			   "whatever the MTU",
			   bytes, board->name, min);
}

static inline netif_t fata_netif(const char *name, const struct netif_options *options)
{
	/* The board numbers its interfaces; those of the image are taken in turn. */
	const struct fata_spec spec = {
		.kind = "net",
		.about = "network interface $index of the board",
		.signature = &fata_signature_netif,
		.headers = "hal/board.h hal/netif.h",
		.state = "static struct netif *$self;",
		.value = "$self",
		.start = fata_text("$self = board_netif($index, $rx);\n%s"
				   "return $self != NULL ? OK : ERR_NODEV;",
				   options->mtu == 0 ? ""
						     : fata_text("if ($self != NULL)\n"
								 "\t$self->mtu = %u;\n",
								 options->mtu)),
		.counters = "metrics_add($page, &netif_counters, &($self)->stats, $name);",
	};
	const char *pool = fata_text("%s-rx", fata_new_name(spec.kind, name));
	fata_check_rx_bytes(options->mtu != 0 ? options->mtu : FATA_MTU, options->rx_bytes);
	packets_t rx =
		fata_packets(pool, options->rx_packets, options->rx_bytes, "receive buffers", true);
	fata_needs_of_board("netif", FATA_INDEX);
	return (netif_t){
		fata_device(&spec, name, FATA_USES({"rx", rx.node}, {"loop", fata_loop()}))};
}

#define NETIF_DEFAULTS     .rx_packets = 176, .mtu = 0, .rx_bytes = 2048
#define NETIF_OPTIONS(...) (&(const struct netif_options){NETIF_DEFAULTS, __VA_ARGS__})
#define default_netif(...) FATA_HERE(fata_netif(NULL, NETIF_OPTIONS(__VA_ARGS__)))
#define netif(NAME, ...)   FATA_HERE(fata_netif((NAME), NETIF_OPTIONS(__VA_ARGS__)))

FATA_OFFERS(default_netif, "netif_t default_netif(" FATA_TEXT_OF(NETIF_DEFAULTS) ")",
	    "the next network interface of the board, under its usual name")
FATA_OFFERS(netif, "netif_t netif(const char *name, " FATA_TEXT_OF(NETIF_DEFAULTS) ")",
	    "the next network interface, named: its keys are --NAME-ipv4 and so on")

/* --- disks ----------------------------------------------------------------------------------- */

/* Its user starts it: a slot without a card is not the end of an image. */
static inline block_t default_block(void)
{
	/* The board numbers its disks; those of the image are taken in turn. */
	static const struct fata_spec spec = {
		.kind = "disk",
		.about = "disk $index of the board",
		.signature = &fata_signature_block,
		.headers = "hal/block.h hal/board.h",
		.state = "static struct block *$self;",
		.value = "$self",
		.start = "$self = board_block($index);\n"
			 "if ($self == NULL)\n"
			 "\treturn ERR_NODEV;\n"
			 "($self)->waker = $waker;\n"
			 "return OK;",
		.stop = "block_stop($self);",
		.poll = "block_poll($self, now_us)",
		.own_task = true,
	};
	fata_needs_of_board("block", FATA_INDEX);
	return (block_t){fata_device(&spec, NULL, FATA_USES({"loop", fata_loop()}))};
}
#define default_block() FATA_HERE(default_block())

FATA_OFFERS(default_block, "block_t default_block(void)",
	    "the next disk of the board; block_start() looks for its medium")

static inline flash_t default_flash(void)
{
	static const struct fata_spec spec = {
		.kind = "flash",
		.about = "flash memory of the board",
		.signature = &fata_signature_flash,
		.headers = "hal/board.h hal/flash.h",
		.state = "static struct flash *$self;",
		.value = "$self",
		.start = "$self = board_flash();\nreturn $self != NULL ? OK : ERR_NODEV;",
	};
	fata_needs_of_board("flash", 0);
	return (flash_t){fata_single(&spec, "flash", FATA_USES({"loop", fata_loop()}))};
}
#define default_flash() FATA_HERE(default_flash())

FATA_OFFERS(default_flash, "flash_t default_flash(void)",
	    "the board's flash memory that is not the image's")

/* --- pins ------------------------------------------------------------------------------------ */

SIGNATURE(gpio, "struct gpio *", "hal/gpio.h");
SIGNATURE(led, "const struct gpio_line *", "hal/gpio.h");

static inline gpio_t default_gpio(void)
{
	static const struct fata_spec spec = {
		.kind = "gpio",
		.about = "pins of the board",
		.signature = &fata_signature_gpio,
		.headers = "hal/board.h",
		.value = "board_gpio()",
	};
	fata_needs_of_board("gpio", 0);
	return (gpio_t){fata_single(&spec, "gpio", FATA_USES())};
}
#define default_gpio() FATA_HERE(default_gpio())

static inline led_t default_led(void)
{
	static const struct fata_spec spec = {
		.kind = "led",
		.about = "light of the board",
		.signature = &fata_signature_led,
		.headers = "hal/board.h",
		.value = "board_led()",
	};
	fata_needs_of_board("led", 0);
	return (led_t){fata_single(&spec, "led", FATA_USES())};
}
#define default_led() FATA_HERE(default_led())

FATA_OFFERS(default_gpio, "gpio_t default_gpio(void)", "the pins of the board's chip")
FATA_OFFERS(default_led, "led_t default_led(void)",
	    "the board's light, or NULL to its job on a model that has none")

/* --- the watchdog ---------------------------------------------------------------------------- */

SIGNATURE(watchdog, "struct watchdog *", "hal/watchdog.h", .exclusive = true);

static inline watchdog_t default_watchdog(void)
{
	static const struct fata_spec spec = {
		.kind = "watchdog",
		.about = "watchdog of the board",
		.signature = &fata_signature_watchdog,
		.headers = "hal/board.h",
		.value = "board_watchdog()",
	};
	fata_needs_of_board("watchdog", 0);
	return (watchdog_t){fata_single(&spec, "watchdog", FATA_USES())};
}
#define default_watchdog() FATA_HERE(default_watchdog())

FATA_OFFERS(default_watchdog, "watchdog_t default_watchdog(void)",
	    "the board's watchdog, for a job that feeds it, or for watchdog_fed()")

/* --- the console and the clock --------------------------------------------------------------- */

static inline uart_t default_console(void)
{
	static const struct fata_spec spec = {
		.kind = "console",
		.about = "console of the board",
		.signature = &fata_signature_uart,
		.headers = "hal/board.h",
		.value = "board_console()",
	};
	fata_needs_of_board("uart", 0);
	return (uart_t){fata_single(&spec, "console", FATA_USES())};
}
#define default_console() FATA_HERE(default_console())

static inline clock_t default_clock(void)
{
	static const struct fata_spec spec = {
		.kind = "clock",
		.about = "clock of the board",
		.signature = &fata_signature_clock,
		.headers = "hal/board.h",
		.value = "board_clock()",
	};
	fata_needs_of_board("clock", 0);
	return (clock_t){fata_single(&spec, "clock", FATA_USES())};
}
#define default_clock() FATA_HERE(default_clock())

/* One for the image; unknown until somebody sets it, where the board has no clock. */
static inline wall_t wall_clock(void)
{
	bool has_clock = fata_board_has("clock") > 0;
	struct fata_node *clock = has_clock ? (default_clock)().node : NULL;
	const struct fata_spec spec = {
		.kind = "wall",
		.about = "time of day",
		.signature = &fata_signature_wall,
		.modules = "base",
		.headers = "base/wall_clock.h hal/clock.h runtime/time.h",
		.state = "static struct wall_clock $self;",
		.value = "&$self",
		.start = has_clock ? "uint64_t unix_s = clock_now_s($clock);\n"
				     "if (unix_s != 0)\n"
				     "\twall_clock_set(&$self, time_now_us(), unix_s * US_PER_S);\n"
				     "return OK;"
				   : NULL,
	};
	return (wall_t){
		fata_single(&spec, "wall", FATA_USES({"clock", clock}, {"loop", fata_loop()}))};
}
#define wall_clock() FATA_HERE(wall_clock())

FATA_OFFERS(default_console, "uart_t default_console(void)", "the board's console")
FATA_OFFERS(default_clock, "clock_t default_clock(void)", "the board's clock: the time of day")
FATA_OFFERS(wall_clock, "wall_t wall_clock(void)",
	    "the time of day as the image knows it: from the board's clock or sntp_client()")

#endif
