/* SPDX-License-Identifier: ISC */
/*
 * The Ethernet Control Model of USB communications devices (CDC 1.2 and ECM 1.2): adapters that
 * need no driver of their own kind, QEMU's usb-net among them. Frames travel as they are.
 *
 * Such a device has two interfaces: one to control it, by which it also notifies of its link, and
 * one for data, which is off in its first setting. A device with several configurations is used
 * in the first that offers this; that of QEMU offers RNDIS beside it.
 */
#ifndef DRIVERS_NET_CDC_ECM_CDC_ECM_H
#define DRIVERS_NET_CDC_ECM_CDC_ECM_H

#include <stddef.h>
#include <stdint.h>

#include "drivers/net/usb_net/usb_net.h"

extern const struct usb_net_function cdc_ecm;

/* What a configuration says of the function. */
struct cdc_ecm_layout {
	uint8_t configuration; /* its value */
	uint8_t control, data; /* interfaces … */
	uint8_t data_setting;  /* … and the setting of it that has endpoints */
	uint8_t mac_string;
	uint16_t segment_bytes; /* of the longest frame */
	struct usb_endpoint in, out;
	struct usb_endpoint notify; /* address 0: there is none that we can use */
};

/*
 * Reads a configuration with all that belongs to it, as far as `len` bytes go. ERR_NODEV: it has no
 * such function, or not all that it needs.
 */
MUST_USE enum err cdc_ecm_parse(struct cdc_ecm_layout *l, const uint8_t *bytes, size_t len);

/* Reads an address from its 12 hexadecimal digits in UTF-16LE; false: it is none of a station. */
MUST_USE bool cdc_ecm_mac(uint8_t mac[static 6], const uint8_t *text, size_t len);

#endif
