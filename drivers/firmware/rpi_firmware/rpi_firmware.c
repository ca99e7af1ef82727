/* SPDX-License-Identifier: ISC */
#include "drivers/firmware/rpi_firmware/rpi_firmware.h"

#include <string.h>

#include "arch/barrier.h"
#include "arch/cache.h"
#include "arch/mmio.h"
#include "drivers/firmware/rpi_firmware/rpi_firmware_regs.h"

enum {
	POLLS_MAX = 2000000,    /* reads of the status, 100 ns or more each */
	STRAY_ANSWERS_MAX = 16, /* to questions of somebody before us */
	VALUE = 5,              /* words in front of a tag's values */
	VALUES_MAX = RPI_FIRMWARE_WORDS - VALUE - 1,
};

/* How the graphics processor addresses memory without its cache. */
#define BUS_UNCACHED 0xc0000000u

static enum err wait_clear(uintptr_t status, uint32_t flag)
{
	for (unsigned polls = 0; polls < POLLS_MAX; polls++) {
		if ((mmio_read32(status) & flag) == 0)
			return OK;
		cpu_relax();
	}
	return ERR_TIMEOUT;
}

/* Hands the message over and waits until it comes back. */
static enum err exchange(struct rpi_firmware *f)
{
	uint32_t word = ((uint32_t)(uintptr_t)f->message | BUS_UNCACHED) | MAILBOX_PROPERTIES;
	enum err e = wait_clear(f->base + MAILBOX_WRITE_STATUS, MAILBOX_STATUS_FULL);

	if (e != OK)
		return e;
	/* The message is in memory before the firmware is told of it, and no line hides its answer.
	 */
	cache_clean(f->message, sizeof(f->message));
	dma_write_barrier();
	mmio_write32(f->base + MAILBOX_WRITE, word);
	for (unsigned i = 0; i < STRAY_ANSWERS_MAX; i++) {
		e = wait_clear(f->base + MAILBOX_STATUS, MAILBOX_STATUS_EMPTY);
		if (e != OK)
			return e;
		if (mmio_read32(f->base + MAILBOX_READ) != word)
			continue;
		dma_read_barrier();
		cache_invalidate(f->message, sizeof(f->message));
		return OK;
	}
	return ERR_IO;
}

/*
 * Asks with `n` words of `values`, in place of which it writes the answer's, of which at least
 * `least` must have come.
 */
static enum err ask_for(struct rpi_firmware *f, uint32_t tag, uint32_t *values, size_t n,
			size_t least)
{
	uint32_t *m = f->message;
	uint32_t bytes = (uint32_t)(n * sizeof(*values)), length;
	enum err e;

	memset(m, 0, sizeof(f->message)); /* the last word ends the list of tags */
	m[0] = (uint32_t)((VALUE + n + 1) * sizeof(*m));
	m[1] = PROPERTY_REQUEST;
	m[2] = tag;
	m[3] = bytes;
	memcpy(&m[VALUE], values, bytes);
	e = exchange(f);
	if (e != OK)
		return e;
	length = m[4];
	if (m[1] != PROPERTY_SUCCESS || (length & PROPERTY_TAG_ANSWER) == 0)
		return ERR_UNSUPPORTED;
	length &= ~PROPERTY_TAG_ANSWER;
	/* QEMU answers nothing to what it does not know. */
	if (length == 0)
		return ERR_UNSUPPORTED;
	/* An answer may be longer than what there was room for. */
	if (m[2] != tag || length < least * sizeof(*values))
		return ERR_IO;
	memcpy(values, &m[VALUE], bytes);
	return OK;
}

static enum err ask(struct rpi_firmware *f, uint32_t tag, uint32_t *values, size_t n)
{
	return ask_for(f, tag, values, n, n);
}

/* Asks for two words, of which `first` goes into the question. */
static enum err ask_pair(struct rpi_firmware *f, uint32_t tag, uint32_t first, uint32_t values[2])
{
	values[0] = first;
	values[1] = 0;
	return ask(f, tag, values, 2);
}

/* The same where the answer repeats `first` and the second word is what was asked for. */
static enum err ask_of(struct rpi_firmware *f, uint32_t tag, uint32_t first, uint32_t *value)
{
	uint32_t values[2];
	enum err e = ask_pair(f, tag, first, values);

	if (e != OK)
		return e;
	if (values[0] != first)
		return ERR_IO;
	*value = values[1];
	return OK;
}

enum err rpi_firmware_memory(struct rpi_firmware *f, uint32_t *start, uint32_t *bytes)
{
	uint32_t values[2];
	enum err e = ask_pair(f, PROPERTY_ARM_MEMORY, 0, values);

	if (e != OK)
		return e;
	*start = values[0];
	*bytes = values[1];
	return OK;
}

enum err rpi_firmware_mac(struct rpi_firmware *f, uint8_t mac[RPI_MAC_BYTES])
{
	uint32_t values[2] = {0, 0};
	uint32_t *m = f->message;
	enum err e;

	/* The answer has six bytes: less than the two words that hold them. */
	e = ask(f, PROPERTY_MAC, values, 1);
	if (e != OK)
		return e;
	if ((m[4] & ~PROPERTY_TAG_ANSWER) < RPI_MAC_BYTES)
		return ERR_IO;
	memcpy(mac, &m[VALUE], RPI_MAC_BYTES);
	return OK;
}

enum err rpi_firmware_serial(struct rpi_firmware *f, uint64_t *serial)
{
	uint32_t values[2];
	enum err e = ask_pair(f, PROPERTY_SERIAL, 0, values);

	if (e != OK)
		return e;
	*serial = (uint64_t)values[1] << 32 | values[0];
	return OK;
}

enum err rpi_firmware_revision(struct rpi_firmware *f, uint32_t *revision)
{
	uint32_t value = 0;
	enum err e = ask(f, PROPERTY_REVISION, &value, 1);

	if (e != OK)
		return e;
	*revision = value;
	return OK;
}

enum err rpi_firmware_clock_hz(struct rpi_firmware *f, enum rpi_clock clock, uint32_t *hz)
{
	uint32_t rate;
	enum err e = ask_of(f, PROPERTY_CLOCK_RATE, clock, &rate);

	if (e != OK)
		return e;
	if (rate == 0)
		return ERR_NODEV;
	*hz = rate;
	return OK;
}

enum err rpi_firmware_temperature(struct rpi_firmware *f, uint32_t *milli_celsius)
{
	return ask_of(f, PROPERTY_TEMPERATURE, 0, milli_celsius);
}

enum err rpi_firmware_power(struct rpi_firmware *f, enum rpi_power device, bool on)
{
	uint32_t state;
	uint32_t values[2] = {device, (on ? POWER_ON : 0) | POWER_WAIT};
	enum err e = ask(f, PROPERTY_SET_POWER, values, 2);

	if (e != OK)
		return e;
	state = values[1];
	if (values[0] != device || (state & POWER_ABSENT) != 0)
		return ERR_NODEV;
	return ((state & POWER_ON) != 0) == on ? OK : ERR_IO;
}

/* Of a question about a pin the first word is its number, of the answer 0 if there is such a pin.
 */
static enum err ask_pin(struct rpi_firmware *f, uint32_t tag, unsigned pin, uint32_t *values,
			size_t n, size_t least)
{
	enum { FIRST_PIN = 128 };
	enum err e;

	values[0] = FIRST_PIN + pin;
	e = ask_for(f, tag, values, n, least);
	if (e != OK)
		return e;
	return values[0] == 0 ? OK : ERR_IO;
}

enum err rpi_firmware_pin_configure(struct rpi_firmware *f, unsigned pin,
				    const struct rpi_pin_config *config)
{
	/* In the order of the message; the last word is in the question to set only. */
	enum { PIN, IS_OUTPUT, POLARITY, HAS_PULL, PULL_UP, HIGH, WORDS };
	uint32_t values[WORDS] = {0};
	enum err e = ask_pin(f, PROPERTY_PIN_CONFIG, pin, values, HIGH, HIGH);

	if (e != OK)
		return e;
	values[IS_OUTPUT] = config->is_output;
	values[HAS_PULL] = config->has_pull;
	values[PULL_UP] = config->pull_up;
	values[HIGH] = config->high;
	return ask_pin(f, PROPERTY_SET_PIN_CONFIG, pin, values, WORDS, 1);
}

enum err rpi_firmware_pin_set(struct rpi_firmware *f, unsigned pin, bool high)
{
	uint32_t values[] = {0, high};

	return ask_pin(f, PROPERTY_SET_PIN_STATE, pin, values, ARRAY_SIZE(values), 1);
}

enum err rpi_firmware_pin_get(struct rpi_firmware *f, unsigned pin, bool *high)
{
	uint32_t values[] = {0, 0};
	enum err e =
		ask_pin(f, PROPERTY_PIN_STATE, pin, values, ARRAY_SIZE(values), ARRAY_SIZE(values));

	if (e == OK)
		*high = values[1] != 0;
	return e;
}
