/* SPDX-License-Identifier: ISC */
#include "tests/fakes/dwc2_fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "drivers/usb/dwc2/dwc2_regs.h"
#include "tests/fakes/usb_fake.h"

enum { REGISTER_US = 1 };

struct dwc2_fake dwc2_fake;

/* --- time and the interrupt's line -------------------------------------------------------------
 */

static uint64_t now_us(struct timer *t)
{
	(void)t;
	return dwc2_fake.now_us += REGISTER_US;
}

static const struct timer_ops timer_ops = {.now_us = now_us};
struct timer dwc2_fake_timer = {.ops = &timer_ops};

static enum err enable(struct irq_chip *chip, uint32_t line, enum irq_trigger trigger)
{
	(void)chip;
	assert_int_equal(line, DWC2_FAKE_LINE);
	assert_int_equal(trigger, IRQ_LEVEL_HIGH);
	dwc2_fake.line_enabled = true;
	return OK;
}

static void disable(struct irq_chip *chip, uint32_t line)
{
	(void)chip;
	(void)line;
	dwc2_fake.line_enabled = false;
}

static const struct irq_chip_ops irq_ops = {.enable = enable, .disable = disable};
static struct irq_line lines[DWC2_FAKE_LINE + 1];
struct irq_chip dwc2_fake_irq = {.ops = &irq_ops, .lines = lines, .n_lines = DWC2_FAKE_LINE + 1};

/* --- registers ---------------------------------------------------------------------------------
 */

static uint32_t *reg(uint32_t offset)
{
	return &dwc2_fake.regs[offset / 4];
}

static uint32_t *of_channel(unsigned n, uint32_t offset)
{
	return reg(DWC2_CHANNEL(n) + offset);
}

void dwc2_fake_init(void)
{
	memset(&dwc2_fake, 0, sizeof(dwc2_fake));
	memset(lines, 0, sizeof(lines));
	dwc2_fake.runs = true;
	*reg(DWC2_GSNPSID) = 0x4f54280a;
	*reg(DWC2_GHWCFG2) = 2u << 3 | (DWC2_FAKE_CHANNELS - 1) << 14;
	*reg(DWC2_GRSTCTL) = DWC2_GRSTCTL_AHB_IDLE;
}

static uint32_t pending(void)
{
	uint32_t pending = 0, haint = 0;

	for (unsigned i = 0; i < DWC2_FAKE_CHANNELS; i++) {
		if ((*of_channel(i, DWC2_HCINT) & *of_channel(i, DWC2_HCINTMSK)) != 0)
			haint |= 1u << i;
	}
	if ((haint & *reg(DWC2_HAINTMSK)) != 0)
		pending |= DWC2_GINT_CHANNELS;
	if ((*reg(DWC2_HPRT) & DWC2_HPRT_CHANGES) != 0)
		pending |= DWC2_GINT_PORT;
	return pending | (*reg(DWC2_GINTSTS) & (DWC2_GINT_DISCONNECT | DWC2_GINT_HOST_MODE));
}

/* --- memory ------------------------------------------------------------------------------------
 */

static bool is_among(const struct dwc2_fake_range *ranges, uintptr_t at, size_t len)
{
	for (unsigned i = 0; i < DWC2_FAKE_RANGES; i++) {
		if (at >= ranges[i].start && at + len <= ROUND_UP(ranges[i].end, CACHE_LINE_BYTES))
			return true;
	}
	return false;
}

/* What lies at a bus address: the test's memory is where `near` is, of which it has 30 bits. */
static uint8_t *memory(uint32_t bus)
{
	uintptr_t near = (uintptr_t)&dwc2_fake, mask = 0x3fffffff;
	uintptr_t at = (near & ~mask) | (bus & mask);

	assert_int_equal(bus & DWC2_FAKE_BUS, DWC2_FAKE_BUS);
	assert_int_equal(bus & 3, 0);
	if (at + (mask + 1) / 2 < near)
		at += mask + 1;
	else if (near + (mask + 1) / 2 < at)
		at -= mask + 1;
	return (uint8_t *)at;
}

void dwc2_fake_clean(const void *p, size_t bytes)
{
	dwc2_fake.cleaned[dwc2_fake.n_cleaned++ % DWC2_FAKE_RANGES] =
		(struct dwc2_fake_range){(uintptr_t)p, (uintptr_t)p + bytes};
}

void dwc2_fake_invalidate(void *p, size_t bytes)
{
	assert_int_equal((uintptr_t)p % CACHE_LINE_BYTES, 0);
	dwc2_fake.invalidated[dwc2_fake.n_invalidated++ % DWC2_FAKE_RANGES] =
		(struct dwc2_fake_range){(uintptr_t)p, (uintptr_t)p + bytes};
}

/* The cache has been seen to, for what the channel is going to do. */
static void check_cache(unsigned n)
{
	bool in = (*of_channel(n, DWC2_HCCHAR) & DWC2_HCCHAR_IN) != 0;
	size_t len = *of_channel(n, DWC2_HCTSIZ) & DWC2_HCTSIZ_BYTES;
	uintptr_t at = (uintptr_t)memory(*of_channel(n, DWC2_HCDMA));

	if (len > 0)
		assert_true(is_among(in ? dwc2_fake.invalidated : dwc2_fake.cleaned, at, len));
}

/* --- channels ----------------------------------------------------------------------------------
 */

static void halt(unsigned n, uint32_t why)
{
	*of_channel(n, DWC2_HCCHAR) &= ~(DWC2_HCCHAR_ENABLE | DWC2_HCCHAR_DISABLE);
	*of_channel(n, DWC2_HCINT) |= why | DWC2_HCINT_HALTED;
	if (dwc2_fake.lies)
		*of_channel(n, DWC2_HCTSIZ) |= DWC2_HCTSIZ_BYTES;
}

static enum usb_pid pid_of(unsigned n)
{
	switch (*of_channel(n, DWC2_HCTSIZ) >> DWC2_HCTSIZ_PID_SHIFT & DWC2_HCTSIZ_PID) {
	case DWC2_PID_DATA0:
		return USB_PID_DATA0;
	case DWC2_PID_DATA1:
		return USB_PID_DATA1;
	default:
		return USB_PID_SETUP;
	}
}

/* Writes down that a packet of `len` bytes went. */
static void count_packet(unsigned n, uint32_t len)
{
	uint32_t size = *of_channel(n, DWC2_HCTSIZ);
	uint32_t bytes = size & DWC2_HCTSIZ_BYTES, packets = size >> 19 & DWC2_HCTSIZ_PACKETS;
	uint32_t pid = pid_of(n) == USB_PID_DATA0 ? DWC2_PID_DATA1 : DWC2_PID_DATA0;

	if (pid_of(n) == USB_PID_SETUP)
		pid = DWC2_PID_DATA1;
	assert_true(len <= bytes && packets > 0);
	*of_channel(n, DWC2_HCTSIZ) = (bytes - len) | (packets - 1) << 19 | pid << 29;
	*of_channel(n, DWC2_HCDMA) += len;
}

static void halt_for(unsigned n, int answer)
{
	switch (answer) {
	case USB_FAKE_STALL:
		halt(n, DWC2_HCINT_STALL);
		break;
	case USB_FAKE_BABBLE:
		halt(n, DWC2_HCINT_BABBLE);
		break;
	default:
		halt(n, DWC2_HCINT_ERROR);
	}
}

/* One packet. True: the next may follow. */
static bool step(unsigned n)
{
	uint32_t how = *of_channel(n, DWC2_HCCHAR), size = *of_channel(n, DWC2_HCTSIZ);
	uint32_t packet = how & 0x7ff, left = size & DWC2_HCTSIZ_BYTES;
	uint32_t packets = size >> 19 & DWC2_HCTSIZ_PACKETS;
	bool in = (how & DWC2_HCCHAR_IN) != 0;
	uint8_t *at = memory(*of_channel(n, DWC2_HCDMA));
	int answer;

	/* What may come is told in whole packets, which is all that the controller can stop at. */
	assert_true(packets > 0 && (!in || left == packets * packet));
	answer = usb_fake_transact((uint8_t)(how >> 22 & 0x7f), (uint8_t)(how >> 11 & 0xf), in,
				   pid_of(n), at, MIN(left, packet));
	if (answer == USB_FAKE_NAK)
		return false;
	if (answer < 0) {
		halt_for(n, answer);
		return false;
	}
	count_packet(n, (uint32_t)answer);
	if (packets > 1 && !(in && (uint32_t)answer < packet))
		return true;
	halt(n, DWC2_HCINT_COMPLETE);
	return false;
}

/* Half of a transaction through a hub. */
static void half(unsigned n)
{
	uint32_t split = *of_channel(n, DWC2_HCSPLT);

	dwc2_fake.splits++;
	if ((split & DWC2_HCSPLT_COMPLETE) == 0) {
		dwc2_fake.waits_left[n] = dwc2_fake.split_waits;
		halt(n, DWC2_HCINT_ACK);
	} else if (dwc2_fake.waits_left[n] > 0) {
		dwc2_fake.waits_left[n]--;
		halt(n, DWC2_HCINT_NYET);
	} else {
		assert_int_equal(*of_channel(n, DWC2_HCTSIZ) >> 19 & DWC2_HCTSIZ_PACKETS, 1);
		(void)step(n);
		if ((*of_channel(n, DWC2_HCCHAR) & DWC2_HCCHAR_ENABLE) != 0)
			halt(n, DWC2_HCINT_NAK);
	}
}

static void run_channel(unsigned n)
{
	if ((*of_channel(n, DWC2_HCCHAR) & DWC2_HCCHAR_ENABLE) == 0)
		return;
	if ((*of_channel(n, DWC2_HCSPLT) & DWC2_HCSPLT_ENABLE) != 0)
		half(n);
	else
		while (step(n))
			;
}

static void run_channels(void)
{
	if ((*reg(DWC2_HPRT) & DWC2_HPRT_ENABLED) == 0)
		return;
	for (unsigned i = 0; i < DWC2_FAKE_CHANNELS; i++)
		run_channel(i);
}

void dwc2_fake_run(void)
{
	run_channels();
	if ((pending() & *reg(DWC2_GINTMSK)) != 0 && dwc2_fake.line_enabled &&
	    (*reg(DWC2_GAHBCFG) & DWC2_GAHBCFG_INTERRUPTS) != 0)
		lines[DWC2_FAKE_LINE].handler(lines[DWC2_FAKE_LINE].arg);
}

/* --- the port ----------------------------------------------------------------------------------
 */

void dwc2_fake_unplug(void)
{
	usb_fake_root()->is_attached = false;
	*reg(DWC2_HPRT) &= ~(DWC2_HPRT_ENABLED | DWC2_HPRT_CONNECTED);
	*reg(DWC2_HPRT) |= DWC2_HPRT_CONNECT_DET | DWC2_HPRT_ENABLE_CHANGE;
	*reg(DWC2_GINTSTS) |= DWC2_GINT_DISCONNECT;
}

void dwc2_fake_plug(void)
{
	usb_fake_root()->is_reset = false;
	if ((*reg(DWC2_HPRT) & DWC2_HPRT_POWER) != 0)
		*reg(DWC2_HPRT) |= DWC2_HPRT_CONNECTED | DWC2_HPRT_CONNECT_DET;
}

static void write_port(uint32_t value)
{
	uint32_t old = *reg(DWC2_HPRT), w1c = DWC2_HPRT_CHANGES | DWC2_HPRT_ENABLED;
	uint32_t now = (old & w1c & ~value) | (value & ~w1c & ~DWC2_HPRT_CONNECTED & 0xffff) |
		       (old & (DWC2_HPRT_CONNECTED | 3u << 17));
	const struct usb_fake_device *root = usb_fake_root();

	if ((now & DWC2_HPRT_POWER) != 0 && root != NULL && (old & DWC2_HPRT_CONNECTED) == 0)
		now |= DWC2_HPRT_CONNECTED | DWC2_HPRT_CONNECT_DET;
	if ((old & DWC2_HPRT_RESET) != 0 && (value & DWC2_HPRT_RESET) == 0 && root != NULL &&
	    !dwc2_fake.never_enables) {
		usb_fake_reset_root();
		now &= ~(3u << 17);
		now |= DWC2_HPRT_ENABLED | DWC2_HPRT_ENABLE_CHANGE | (uint32_t)root->speed << 17;
	}
	*reg(DWC2_HPRT) = now;
}

static void write_channel(unsigned n, uint32_t which, uint32_t value)
{
	uint32_t *r = of_channel(n, which);

	if (which == DWC2_HCINT) {
		*r &= ~value;
	} else if (which == DWC2_HCCHAR && (value & DWC2_HCCHAR_DISABLE) != 0) {
		*r = value;
		if (!dwc2_fake.never_halts)
			halt(n, 0);
	} else {
		bool enables = which == DWC2_HCCHAR && (value & DWC2_HCCHAR_ENABLE) != 0;

		assert_false(enables && (*r & DWC2_HCCHAR_ENABLE) != 0);
		*r = value;
		if (enables) {
			dwc2_fake.activations++;
			check_cache(n);
		}
	}
}

uint32_t dwc2_fake_read(uintptr_t address)
{
	uint32_t offset = (uint32_t)(address - DWC2_FAKE_BASE);

	assert_true(offset < sizeof(dwc2_fake.regs));
	if (dwc2_fake.is_absent)
		return 0;
	if (dwc2_fake.runs)
		run_channels();
	return offset == DWC2_GINTSTS ? pending() : *reg(offset);
}

void dwc2_fake_write(uintptr_t address, uint32_t value)
{
	uint32_t offset = (uint32_t)(address - DWC2_FAKE_BASE);

	assert_true(offset < sizeof(dwc2_fake.regs));
	if (offset == DWC2_GRSTCTL)
		*reg(offset) = DWC2_GRSTCTL_AHB_IDLE |
			       (dwc2_fake.never_resets ? value & DWC2_GRSTCTL_CORE : 0);
	else if (offset == DWC2_GUSBCFG && (value & DWC2_GUSBCFG_FORCE_HOST) != 0)
		*reg(DWC2_GINTSTS) |= DWC2_GINT_HOST_MODE;
	else if (offset == DWC2_GINTSTS)
		*reg(offset) &= ~value | DWC2_GINT_HOST_MODE;
	else if (offset == DWC2_HPRT)
		write_port(value);
	else if (offset >= DWC2_CHANNEL(0) && offset < DWC2_CHANNEL(DWC2_FAKE_CHANNELS))
		write_channel((offset - DWC2_CHANNEL(0)) / 0x20, offset & 0x1c, value);
	else
		*reg(offset) = value;
}
