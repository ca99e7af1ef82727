/* SPDX-License-Identifier: ISC */
/*
 * The DesignWare USB 2.0 OTG controller of the Raspberry Pi 1 to 3 and Zero as a host, struct
 * usb_hcd of drivers/usb/core: control, bulk and interrupt transfers by its own DMA, to devices of
 * all speeds; low and full speed behind a high-speed hub by split transactions.
 *
 * A channel does one chunk after the other until a transfer is complete, and halts after each; the
 * interrupt handler masks the controller and wakes, and the event loop looks at the channels, by
 * usb_pipe_poll(). A chunk is as much as the controller can move at once, but one packet where a
 * hub translates (each has its two transactions), and for what goes to a device at full speed, or
 * between it and its endpoint 0: QEMU's controller then needs no 250 us for each packet, and
 * real ones lose an interrupt for each 50 us.
 *
 * The controller is not coherent with the caches, and sees memory at `bus_offset` above where the
 * processor has it. What it writes to is whole cache lines, discarded before, so that no line is
 * written back over it, and after, since the processor may have fetched ahead meanwhile.
 *
 * QEMU goes on with the transfer of a channel that was halted, so that memory which was lent to it
 * may be written to until usb_pipe_settle(); drivers keep a transfer to receive under way
 * instead of giving it up, or they lose what it brings.
 */
#ifndef DRIVERS_USB_DWC2_DWC2_H
#define DRIVERS_USB_DWC2_DWC2_H

#include "drivers/usb/core/usb.h"
#include "hal/irq.h"

struct dwc2 {
	struct usb_hcd hcd;
	uintptr_t base;
	uint32_t bus_offset;
	struct irq_chip *irq;
	uint32_t line;
	bool attached;
};

/*
 * Prepares the controller whose registers (4 KiB) are at `base` and whose interrupt is `line`, and
 * returns it as a struct usb_hcd, which knows the time by `timer`. Does not touch it before start.
 */
struct usb_hcd *dwc2_init(struct dwc2 *d, uintptr_t base, uint32_t bus_offset, struct irq_chip *irq,
			  uint32_t line, struct timer *timer);

#endif
