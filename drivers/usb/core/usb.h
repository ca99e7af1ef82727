/* SPDX-License-Identifier: ISC */
/*
 * A USB host: the signature of a host controller, and the bus of devices behind it (USB 2.0
 * specification; sections are named where a rule comes from).
 *
 * A controller's driver embeds struct usb_hcd and moves bytes over pipes, of which each is an
 * endpoint with a channel of the controller's own and one transfer at a time: usb_pipe_begin()
 * starts it, usb_pipe_poll() says whether it has ended. Nothing calls back; when something ended,
 * the controller's interrupt handler silences it and wakes `hcd.waker`.
 *
 * usb_bus_find() finds the devices: it waits for them, as start-up may, a bounded time, looks
 * behind hubs, and gives each an address. Then a device's driver asks by usb_control(), which waits
 * too, and opens pipes. What devices say of themselves is hostile: lengths are checked before
 * use, counts bounded by the constants below.
 *
 * Memory belongs to the caller and lives as long as the bus runs. Event loop and start-up only.
 */
#ifndef DRIVERS_USB_CORE_USB_H
#define DRIVERS_USB_CORE_USB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/attr.h"
#include "base/cursor.h"
#include "base/err.h"
#include "base/waker.h"
#include "hal/timer.h"

enum {
	USB_DEVICES_MAX = 8,       /* that get an address, hubs among them */
	USB_CONTROL_BYTES = 512,   /* the longest answer of a control transfer */
	USB_CONTROL_US = 500000,   /* that a device may take for one while the bus starts */
	USB_ADDRESS_DEFAULT = 0,   /* of a device that was just reset */
	USB_HUB_PORTS_MAX = 8,     /* that are looked at */
	USB_CONFIGURATIONS_MAX = 4 /* that are looked at */
};

/* As the controller's port and its tokens count them. */
enum usb_speed { USB_SPEED_HIGH, USB_SPEED_FULL, USB_SPEED_LOW };

/* Section 9.6.6, bmAttributes. */
enum usb_type { USB_TYPE_CONTROL, USB_TYPE_ISOCHRONOUS, USB_TYPE_BULK, USB_TYPE_INTERRUPT };

/* With what the next packet of a pipe begins (section 8.4.4). */
enum usb_pid { USB_PID_DATA0, USB_PID_DATA1, USB_PID_SETUP };

#define USB_IN 0x80u /* in an endpoint's address, and in a request's type: towards the host */

struct usb_pipe {
	uint8_t address;         /* of the device */
	uint8_t endpoint;        /* its number, with USB_IN or without */
	uint8_t type;            /* enum usb_type: how the controller treats it */
	uint8_t speed;           /* enum usb_speed: of the device */
	uint8_t tt_hub, tt_port; /* the high-speed hub that translates to its speed; 0: none */
	uint16_t packet_bytes;   /* of the largest packet */
	bool ends_empty;         /* to send: after whole packets comes an empty one */
	uint8_t pid;             /* enum usb_pid: the controller keeps it */

	/* The controller's: the transfer under way. */
	uint8_t channel;
	bool busy, complete_split;
	uint8_t tries;
	uint8_t *data;
	uint32_t bytes, done;    /* of it */
	uint32_t chunk, packets; /* what the channel was told to move */
};

struct usb_hcd;

struct usb_hcd_ops {
	enum err (*start)(struct usb_hcd *hcd);
	void (*stop)(struct usb_hcd *hcd);
	bool (*is_connected)(struct usb_hcd *hcd);
	enum err (*reset_port)(struct usb_hcd *hcd, enum usb_speed *speed);
	void (*begin)(struct usb_hcd *hcd, struct usb_pipe *p);
	enum err (*poll)(struct usb_hcd *hcd, struct usb_pipe *p);
	enum err (*cancel)(struct usb_hcd *hcd, struct usb_pipe *p);
	bool (*arm)(struct usb_hcd *hcd);
};

struct usb_hcd {
	const struct usb_hcd_ops *ops;
	struct timer *timer;
	struct waker waker; /* set by the bus's user before anything is armed */
	uint8_t channels;   /* that it has; set by start */
	uint32_t in_use;    /* of them, as bits */
	bool is_connected;  /* something is at its port: set by arm and reset_port */
	bool has_new;       /* since the last reset_port something was connected there: by arm */
};

/* A device that has its address. */
struct usb_device {
	uint8_t address;
	uint8_t speed; /* enum usb_speed */
	uint8_t tt_hub, tt_port;
	uint8_t control_packet_bytes;
	uint8_t class, n_configurations;
	uint16_t vendor, product;
};

struct usb_bus {
	struct usb_hcd *hcd;
	struct usb_pipe control;
	uint32_t patience_us; /* with a control transfer */
	bool is_quiet;        /* says nothing of devices that do not work; set after the opening */
	unsigned n_devices;
	struct usb_device devices[USB_DEVICES_MAX];
	ALIGNED(CACHE_LINE_BYTES) uint8_t setup[CACHE_LINE_BYTES];
	ALIGNED(CACHE_LINE_BYTES)
	uint8_t data[USB_CONTROL_BYTES]; /* of the last control transfer */
};

/* --- pipes ----------------------------------------------------------------------------------- */

/* Gives `p`, whose first members the caller has filled, a channel. ERR_NOMEM: there is none left.
 */
MUST_USE enum err usb_pipe_open(struct usb_hcd *hcd, struct usb_pipe *p);

/* Ends what it does and gives its channel back. What was lent to it may be written to until
 * usb_pipe_settle() or usb_bus_stop() returns. */
void usb_pipe_close(struct usb_hcd *hcd, struct usb_pipe *p);

/*
 * Starts to move `bytes` from or to `data`, which is lent until usb_pipe_poll() returns something
 * else than ERR_AGAIN. If the device writes to it, it has room for whole packets, and is whole
 * cache lines. The pipe is idle.
 */
void usb_pipe_begin(struct usb_hcd *hcd, struct usb_pipe *p, void *data, uint32_t bytes);

/*
 * OK: the transfer has ended with p->done bytes. ERR_AGAIN: it has not. ERR_REFUSED: the endpoint
 * is halted ("stall"); ERR_RANGE: the device sent more than it was asked for; ERR_IO: it does
 * not answer properly, or the controller failed.
 */
MUST_USE enum err usb_pipe_poll(struct usb_hcd *hcd, struct usb_pipe *p);

/*
 * Lets the controller interrupt. True if something has ended, or the port changed, meanwhile: the
 * caller then polls instead of waiting.
 */
MUST_USE static inline bool usb_arm(struct usb_hcd *hcd)
{
	return hcd->ops->arm(hcd);
}

/* --- the bus --------------------------------------------------------------------------------- */

/* Starts the controller, with power at its port. What it returns if it does not work is its own. */
MUST_USE enum err usb_bus_open(struct usb_bus *bus, struct usb_hcd *hcd);

/*
 * Finds the devices, hubs' included, once; waits for them, a second or two at most, longer if
 * devices do not answer. ERR_NODEV: nothing is connected; ERR_TIMEOUT, ERR_IO: the first device
 * does not work. A device behind a hub that fails is left out. To look again, the bus is stopped
 * and opened anew.
 */
MUST_USE enum err usb_bus_find(struct usb_bus *bus);

/*
 * Opens `p` to the endpoint by which a hub tells that a port of its has changed, and has it ask for
 * that, into the cache line at `bytes`. False: the hub has none that can be used.
 */
MUST_USE bool usb_hub_watch(struct usb_bus *bus, const struct usb_device *hub, struct usb_pipe *p,
			    uint8_t *bytes);

/* Stops the controller: afterwards it touches no memory. */
void usb_bus_stop(struct usb_bus *bus);

/* Waits `us` microseconds: start-up only. */
void usb_wait(const struct usb_bus *bus, uint32_t us);

/*
 * A control transfer (section 9.3): sends the request and then bus->data, or receives that much at
 * most into it. Returns how many bytes were moved. ERR_REFUSED: the device does not do this
 * (ERR_TIMEOUT, ERR_IO as ever). Waits for bus->patience_us at most, thrice if packets are damaged.
 */
MUST_USE ssize_t usb_control(struct usb_bus *bus, const struct usb_device *d, uint8_t type,
			     uint8_t request, uint16_t value, uint16_t index, uint16_t bytes);

/* The same without data. */
MUST_USE enum err usb_command(struct usb_bus *bus, const struct usb_device *d, uint8_t type,
			      uint8_t request, uint16_t value, uint16_t index);

/* Reads a descriptor (section 9.4.3) of up to `bytes` bytes into bus->data; returns its bytes. */
MUST_USE ssize_t usb_descriptor(struct usb_bus *bus, const struct usb_device *d, uint8_t type,
				uint8_t number, uint16_t language, uint16_t bytes);

/*
 * Reads configuration number `i`, from 0, with all that belongs to it, into bus->data, of which as
 * much is valid as it returns. ERR_RANGE: it is longer than USB_CONTROL_BYTES.
 */
MUST_USE ssize_t usb_configuration(struct usb_bus *bus, const struct usb_device *d, uint8_t i);

/* Reads string number `i` as the device's first language has it: UTF-16LE, at bus->data + 2.
 * Returns its bytes. */
MUST_USE ssize_t usb_string(struct usb_bus *bus, const struct usb_device *d, uint8_t i);

/* An endpoint as its descriptor has it. */
struct usb_endpoint {
	uint8_t address; /* with USB_IN or without */
	uint8_t type;    /* enum usb_type */
	uint16_t packet_bytes;
};

/*
 * Takes the next descriptor of a configuration, up to its end or where it is damaged (NULL). *len
 * is how many bytes follow its length and its type, which is what is returned; they are borrowed.
 */
const uint8_t *usb_next_descriptor(struct cursor *c, uint8_t *type, size_t *len);

/* Reads an endpoint's descriptor from such bytes; false: it is none that drivers can use. */
MUST_USE bool usb_endpoint_read(struct usb_endpoint *e, const uint8_t *bytes, size_t len);

/* Ends an endpoint's halt; its next packet is DATA0 (section 9.4.5). */
MUST_USE enum err usb_clear_halt(struct usb_bus *bus, const struct usb_device *d,
				 struct usb_pipe *p);

/*
 * Has the channel of a pipe to `d`, whose transfer it ends first, do another: its device is asked
 * for its status. QEMU goes on with the transfer of a channel that was halted, until the channel
 * does another one. Afterwards the pipe is idle, and the device touches no memory of its.
 */
void usb_pipe_settle(struct usb_bus *bus, const struct usb_device *d, struct usb_pipe *p);

/* Whether `d` answers at all. */
MUST_USE bool usb_is_alive(struct usb_bus *bus, const struct usb_device *d);

/* Fills the members of `p` by which the controller reaches `d`. */
void usb_pipe_to(struct usb_pipe *p, const struct usb_device *d, uint8_t endpoint,
		 enum usb_type type, uint16_t packet_bytes);

#endif
