/* SPDX-License-Identifier: ISC */
/*
 * A network interface over the real drivers, from frames to registers, and fakes below them.
 */
#ifndef TESTS_UNIT_USB_RIG_H
#define TESTS_UNIT_USB_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/net/cdc_ecm/cdc_ecm.h"
#include "drivers/net/lan78xx/lan78xx.h"
#include "drivers/net/lan78xx/lan78xx_regs.h"
#include "drivers/net/lan95xx/lan95xx.h"
#include "drivers/net/lan95xx/lan95xx_regs.h"
#include "drivers/net/lan_usb/lan_usb.h"
#include "drivers/net/usb_net/usb_net.h"
#include "drivers/usb/dwc2/dwc2.h"
#include "tests/fakes/dwc2_fake.h"
#include "tests/fakes/runtime.h"
#include "tests/fakes/usb_fake.h"

enum { RX_PACKETS = 8, TX_PACKETS = 80, BUF_BYTES = 2048 };

extern struct usb_net net;
extern struct netif *nif;
extern struct pkt_pool rx_pool, tx_pool;
extern unsigned rx_wakes, tx_wakes;
extern enum err fallback_result;

/* An interface that is not started yet, and nothing plugged in. */
int set_up(void **state);

/* Stops it; all packets must be back. */
int tear_down(void **state);

/* Plugs an adapter into the controller's port and starts the interface. */
struct usb_fake_device *started(enum usb_speed speed);

/* A packet to send with a frame of `len` bytes, of which the first is `tag`. */
struct pkt *frame(size_t len, uint8_t tag);

/* What the event loop does after an interrupt: a frame, or NULL with the controller armed. */
struct pkt *received(void);

int run_bus_tests(void);
int run_frame_tests(void);
int run_fault_tests(void);
int run_plug_tests(void);
int run_lan95xx_tests(void);
int run_lan78xx_tests(void);

#endif
