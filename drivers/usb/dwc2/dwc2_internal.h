/* SPDX-License-Identifier: ISC */
/*
 * What the parts of the driver share: dwc2.c (the controller and its port) and dwc2_channel.c.
 */
#ifndef DRIVERS_USB_DWC2_DWC2_INTERNAL_H
#define DRIVERS_USB_DWC2_DWC2_INTERNAL_H

#include "arch/mmio.h"
#include "drivers/usb/dwc2/dwc2.h"
#include "drivers/usb/dwc2/dwc2_regs.h"

static inline struct dwc2 *dwc2_of(struct usb_hcd *hcd)
{
	return container_of(hcd, struct dwc2, hcd);
}

static inline uint32_t dwc2_read(const struct dwc2 *d, uint32_t offset)
{
	return mmio_read32(d->base + offset);
}

static inline void dwc2_write(const struct dwc2 *d, uint32_t offset, uint32_t value)
{
	mmio_write32(d->base + offset, value);
}

/* Waits until the bits of `mask` are `value`, `us` at most. */
MUST_USE enum err dwc2_wait(const struct dwc2 *d, uint32_t offset, uint32_t mask, uint32_t value,
			    uint32_t us);

/* Halts channel `n`, which is then idle unless the controller does not answer: ERR_TIMEOUT, and a
 * line in the log. */
enum err dwc2_halt(const struct dwc2 *d, unsigned n);

void dwc2_begin(struct usb_hcd *hcd, struct usb_pipe *p);
enum err dwc2_poll(struct usb_hcd *hcd, struct usb_pipe *p);
enum err dwc2_cancel(struct usb_hcd *hcd, struct usb_pipe *p);

#endif
