/* SPDX-License-Identifier: ISC */
#include "drivers/usb/dwc2/dwc2.h"

#include "arch/barrier.h"
#include "drivers/usb/dwc2/dwc2_internal.h"

enum {
	MS = 1000, /* in microseconds */

	CORE_RESET_US = 100 * MS,
	FLUSH_US = 10 * MS,
	HOST_MODE_US = 200 * MS,   /* 25 ms, or 50 of debouncing where a reset had it forget */
	PORT_RESET_US = 60 * MS,   /* at least 50 ms (TDRSTR, section 7.1.7.5) */
	PORT_ENABLE_US = 100 * MS, /* until the port says that it is */
	PORT_OFF_US = 2 * MS,      /* two frames: no transaction is under way any more */

	/* Words of the FIFO for what is received, and sent without and with a period. */
	RX_WORDS = 1024,
	TX_WORDS = 1024,
	PERIODIC_TX_WORDS = 1024,
};

static void delay(const struct dwc2 *d, uint32_t us)
{
	uint64_t end = timer_now_us(d->hcd.timer) + us;

	while (timer_now_us(d->hcd.timer) < end)
		cpu_relax();
}

enum err dwc2_wait(const struct dwc2 *d, uint32_t offset, uint32_t mask, uint32_t value,
		   uint32_t us)
{
	uint64_t end = timer_now_us(d->hcd.timer) + us;

	while ((dwc2_read(d, offset) & mask) != value) {
		if (timer_now_us(d->hcd.timer) >= end)
			return ERR_TIMEOUT;
		cpu_relax();
	}
	return OK;
}

/* --- bringing up ----------------------------------------------------------------------------- */

static enum err identify(struct dwc2 *d)
{
	uint32_t hw = dwc2_read(d, DWC2_GHWCFG2);

	if ((dwc2_read(d, DWC2_GSNPSID) & DWC2_GSNPSID_MASK) != DWC2_GSNPSID_OTG2)
		return ERR_NODEV;
	if ((hw & DWC2_GHWCFG2_ARCH) != DWC2_GHWCFG2_ARCH_DMA)
		return ERR_UNSUPPORTED;
	d->hcd.channels =
		(uint8_t)(1 + (hw >> DWC2_GHWCFG2_CHANNELS_SHIFT & DWC2_GHWCFG2_CHANNELS_MASK));
	return OK;
}

static enum err reset_core(struct dwc2 *d)
{
	enum err e = dwc2_wait(d, DWC2_GRSTCTL, DWC2_GRSTCTL_AHB_IDLE, DWC2_GRSTCTL_AHB_IDLE,
			       CORE_RESET_US);

	if (e != OK)
		return e;
	dwc2_write(d, DWC2_GRSTCTL, DWC2_GRSTCTL_CORE);
	return dwc2_wait(d, DWC2_GRSTCTL, DWC2_GRSTCTL_CORE, 0, CORE_RESET_US);
}

/* The chip's own high-speed PHY, 8 bits wide, and host mode, whatever the cable's end says. */
static enum err set_up_phy(struct dwc2 *d)
{
	uint32_t usb = dwc2_read(d, DWC2_GUSBCFG);
	enum err e;

	usb &= ~(DWC2_GUSBCFG_PHY_16BIT | DWC2_GUSBCFG_ULPI | DWC2_GUSBCFG_SRP | DWC2_GUSBCFG_HNP);
	dwc2_write(d, DWC2_GUSBCFG, usb | DWC2_GUSBCFG_FORCE_HOST);
	/* A PHY is chosen by a reset; its clock may have been stopped. */
	e = reset_core(d);
	dwc2_write(d, DWC2_PCGCCTL, 0);
	if (e == OK)
		e = dwc2_wait(d, DWC2_GINTSTS, DWC2_GINT_HOST_MODE, DWC2_GINT_HOST_MODE,
			      HOST_MODE_US);
	return e;
}

static enum err flush(struct dwc2 *d, uint32_t which)
{
	dwc2_write(d, DWC2_GRSTCTL, which);
	return dwc2_wait(d, DWC2_GRSTCTL, DWC2_GRSTCTL_TX_FLUSH | DWC2_GRSTCTL_RX_FLUSH, 0,
			 FLUSH_US);
}

static enum err set_up_fifos(struct dwc2 *d)
{
	enum err e;

	dwc2_write(d, DWC2_GRXFSIZ, RX_WORDS);
	dwc2_write(d, DWC2_GNPTXFSIZ, (uint32_t)TX_WORDS << 16 | RX_WORDS);
	dwc2_write(d, DWC2_HPTXFSIZ, (uint32_t)PERIODIC_TX_WORDS << 16 | (RX_WORDS + TX_WORDS));
	e = flush(d, DWC2_GRSTCTL_TX_FLUSH | DWC2_GRSTCTL_TX_ALL);
	return e == OK ? flush(d, DWC2_GRSTCTL_RX_FLUSH) : e;
}

/* Writes to the port's register without touching the bits that a 1 clears. */
static void write_port(struct dwc2 *d, uint32_t set, uint32_t clear)
{
	uint32_t port = dwc2_read(d, DWC2_HPRT);

	port &= ~(DWC2_HPRT_CHANGES | DWC2_HPRT_ENABLED | clear);
	dwc2_write(d, DWC2_HPRT, port | set);
}

static void interrupt(void *arg)
{
	struct dwc2 *d = arg;

	/* Not by the one bit for all in GAHBCFG, at which QEMU leaves the line as it is. */
	dwc2_write(d, DWC2_GINTMSK, 0);
	waker_wake(&d->hcd.waker);
}

static enum err set_up_host(struct dwc2 *d)
{
	uint32_t ahb = dwc2_read(d, DWC2_GAHBCFG);
	enum err e;

	ahb &= ~DWC2_GAHBCFG_AXI_BURST;
	dwc2_write(d, DWC2_GINTMSK, 0); /* until arm() */
	dwc2_write(d, DWC2_GAHBCFG,
		   ahb | DWC2_GAHBCFG_AXI_WAIT | DWC2_GAHBCFG_DMA | DWC2_GAHBCFG_INTERRUPTS);
	dwc2_write(d, DWC2_HCFG, dwc2_read(d, DWC2_HCFG) & ~DWC2_HCFG_CLOCK);
	e = set_up_fifos(d);
	for (unsigned i = 0; e == OK && i < d->hcd.channels; i++)
		e = dwc2_halt(d, i);
	if (e != OK)
		return e;
	dwc2_write(d, DWC2_HAINTMSK, (1u << d->hcd.channels) - 1);
	dwc2_write(d, DWC2_GINTSTS, UINT32_MAX);
	write_port(d, DWC2_HPRT_POWER, 0);
	return OK;
}

static enum err start(struct usb_hcd *hcd)
{
	struct dwc2 *d = dwc2_of(hcd);
	enum err e = identify(d);

	if (e == OK && !d->attached) {
		e = irq_attach(d->irq, d->line, IRQ_LEVEL_HIGH, interrupt, d);
		d->attached = e == OK;
	}
	if (e == OK)
		e = reset_core(d);
	if (e == OK)
		e = set_up_phy(d);
	if (e == OK)
		e = set_up_host(d);
	return e;
}

static void stop(struct usb_hcd *hcd)
{
	struct dwc2 *d = dwc2_of(hcd);
	uint32_t port;

	if (!d->attached)
		return;
	dwc2_write(d, DWC2_GAHBCFG, dwc2_read(d, DWC2_GAHBCFG) & ~DWC2_GAHBCFG_INTERRUPTS);
	irq_detach(d->irq, d->line);
	d->attached = false;
	/* Without a port no transaction begins; those under way end within their frame. */
	port = dwc2_read(d, DWC2_HPRT) & ~DWC2_HPRT_CHANGES;
	dwc2_write(d, DWC2_HPRT, port | DWC2_HPRT_ENABLED);
	delay(d, PORT_OFF_US);
	for (unsigned i = 0; i < hcd->channels; i++)
		dwc2_halt(d, i);
	write_port(d, 0, DWC2_HPRT_POWER);
	hcd->is_connected = hcd->has_new = false;
}

/* --- the port -------------------------------------------------------------------------------- */

static bool is_connected(struct usb_hcd *hcd)
{
	return (dwc2_read(dwc2_of(hcd), DWC2_HPRT) & DWC2_HPRT_CONNECTED) != 0;
}

static enum err reset_port(struct usb_hcd *hcd, enum usb_speed *speed)
{
	struct dwc2 *d = dwc2_of(hcd);
	uint32_t port;
	enum err e;

	write_port(d, DWC2_HPRT_RESET, 0);
	delay(d, PORT_RESET_US);
	write_port(d, 0, DWC2_HPRT_RESET);
	e = dwc2_wait(d, DWC2_HPRT, DWC2_HPRT_ENABLED, DWC2_HPRT_ENABLED, PORT_ENABLE_US);
	if (e != OK)
		return e;
	port = dwc2_read(d, DWC2_HPRT);
	write_port(d, DWC2_HPRT_CHANGES, 0);
	hcd->is_connected = true;
	hcd->has_new = false;
	*speed = (enum usb_speed)(port >> DWC2_HPRT_SPEED_SHIFT & DWC2_HPRT_SPEED_MASK);
	return *speed <= USB_SPEED_LOW ? OK : ERR_IO;
}

static bool arm(struct usb_hcd *hcd)
{
	struct dwc2 *d = dwc2_of(hcd);
	uint32_t pending = dwc2_read(d, DWC2_GINTSTS);

	if ((pending & (DWC2_GINT_PORT | DWC2_GINT_DISCONNECT)) != 0) {
		uint32_t port = dwc2_read(d, DWC2_HPRT);

		/* Whatever it was, a port that is not enabled has lost its device. */
		if ((port & DWC2_HPRT_ENABLED) == 0)
			hcd->is_connected = false;
		if ((port & DWC2_HPRT_CONNECT_DET) != 0)
			hcd->has_new = true;
		write_port(d, DWC2_HPRT_CHANGES, 0);
		dwc2_write(d, DWC2_GINTSTS, DWC2_GINT_DISCONNECT);
		return true;
	}
	if ((pending & DWC2_GINT_CHANNELS) != 0)
		return true;
	dwc2_write(d, DWC2_GINTMSK, DWC2_GINT_PORT | DWC2_GINT_CHANNELS | DWC2_GINT_DISCONNECT);
	return false;
}

static const struct usb_hcd_ops dwc2_ops = {
	.start = start,
	.stop = stop,
	.is_connected = is_connected,
	.reset_port = reset_port,
	.begin = dwc2_begin,
	.poll = dwc2_poll,
	.cancel = dwc2_cancel,
	.arm = arm,
};

struct usb_hcd *dwc2_init(struct dwc2 *d, uintptr_t base, uint32_t bus_offset, struct irq_chip *irq,
			  uint32_t line, struct timer *timer)
{
	*d = (struct dwc2){
		.hcd = {.ops = &dwc2_ops, .timer = timer},
		.base = base,
		.bus_offset = bus_offset,
		.irq = irq,
		.line = line,
	};
	return &d->hcd;
}
