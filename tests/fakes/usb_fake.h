/* SPDX-License-Identifier: ISC */
/*
 * USB devices in memory, packet by packet: an Ethernet adapter as QEMU's (RNDIS first, ECM second),
 * those of the LAN9514 and the LAN7515, and hubs. They hold a host to the rules: addresses, data
 * toggles, stages of control transfers. Each can be made to lie, fall silent, or go.
 */
#ifndef TESTS_FAKES_USB_FAKE_H
#define TESTS_FAKES_USB_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/usb/core/usb.h"

enum usb_fake_answer {
	USB_FAKE_NAK = -1,
	USB_FAKE_STALL = -2,
	USB_FAKE_SILENCE = -3,
	USB_FAKE_BABBLE = -4,
};

enum { USB_FAKE_DEVICES = 10, USB_FAKE_FRAMES = 64, USB_FAKE_CONFIG_BYTES = 512 };

struct usb_fake_frame {
	uint8_t bytes[2048];
	size_t len;
};

struct usb_fake_device {
	/* Set by the test. */
	bool is_hub;
	const struct usb_fake_chip *chip; /* of a LAN9514 or LAN7515; else NULL */
	bool is_attached;
	enum usb_speed speed;
	int hub; /* the device, from 0, whose port this one is at; -1: the controller's */
	uint8_t port, ports;
	uint8_t control_packet;
	uint16_t bulk_packet;
	const char *mac;
	bool is_silent;           /* answers nothing */
	bool is_silent_to_string; /* … to this one */
	unsigned errors;          /* packets that are damaged, from now on */
	unsigned stalls_in;       /* times that its endpoint to read from halts */
	bool babbles;
	bool overlong;     /* answers more than it was asked for, within a packet */
	bool never_resets; /* a hub's port never says that its reset is done */
	uint8_t config[2][USB_FAKE_CONFIG_BYTES];
	size_t config_bytes[2];

	/* State. */
	bool is_reset, is_powered[16], port_reset[16], port_changed[16];
	uint8_t address, new_address, configuration, setting;
	uint16_t filter;
	uint8_t setup[8], answer[512];
	size_t answer_bytes, answer_at;
	bool stalls_control, expects_status;
	bool halted_in, toggle_in, toggle_out, toggle_control, toggle_notify;
	unsigned status_requests;
	/* Frames to the host, and those that came from it. */
	struct usb_fake_frame to_host[USB_FAKE_FRAMES], from_host[USB_FAKE_FRAMES];
	unsigned to_host_first, to_host_count, from_host_count;
	size_t frame_at;
	bool frame_ends_empty;
	struct usb_fake_frame gathering;
	uint8_t notification[8];
	size_t notification_bytes;
	bool notifies;
	/* The LAN9514's registers, and those of its PHY, of which the last half keep what is read
	 * until it has been read. */
	uint32_t regs[0x600 / 4];
	uint16_t mii[32];
	bool never_ready; /* a bit that clears itself does not */
};

/* What is where in Ethernet controllers whose registers are reached by vendor requests. */
struct usb_fake_chip {
	uint16_t product;
	uint16_t hw_cfg, reset_ctl, mii_addr, mii_data, int_ep_ctl;
	uint32_t hw_reset, phy_reset, ready, int_phy;
	uint8_t phy_status, phy_mask;        /* of the PHY's interrupts */
	uint16_t phy_link_up, phy_link_down; /* of them, by what has happened */
};

extern const struct usb_fake_chip usb_fake_lan9514, usb_fake_lan7515;

extern struct usb_fake_device usb_fake[USB_FAKE_DEVICES];

/* Nothing plugged in. */
void usb_fake_init(void);

/* Plugs an adapter or a hub with `ports` ports into device `i`; `hub` as in the struct. */
struct usb_fake_device *usb_fake_adapter(unsigned i, int hub, uint8_t port, enum usb_speed speed);
struct usb_fake_device *usb_fake_hub(unsigned i, int hub, uint8_t port, enum usb_speed speed,
				     uint8_t ports);

/* Device `i` is plugged in or out at its hub, which notes that and tells of it. */
void usb_fake_plug(unsigned i, bool in);

/* Plugs such a controller. */
struct usb_fake_device *usb_fake_lan(unsigned i, int hub, uint8_t port,
				     const struct usb_fake_chip *chip);

/* Its cable is plugged into something that can do `partner` (MII_ANLPAR), or into nothing: 0. */
void usb_fake_cable(struct usb_fake_device *d, uint16_t partner);

/* The controller's port was reset. */
void usb_fake_reset_root(void);

/* The device at the controller's port, or NULL. */
struct usb_fake_device *usb_fake_root(void);

/*
 * One transaction: `pid` is how its data begins, of which `data` has `len` bytes, or room for them.
 * Returns bytes, or enum usb_fake_answer.
 */
int usb_fake_transact(uint8_t address, uint8_t endpoint, bool in, enum usb_pid pid, uint8_t *data,
		      size_t len);

/* Has the adapter send a frame. */
void usb_fake_send(struct usb_fake_device *d, const void *frame, size_t len);

/* Has it notify that its cable is in, or not. */
void usb_fake_notify(struct usb_fake_device *d, bool connected);

#endif
