/* SPDX-License-Identifier: ISC */
/*
 * The Raspberry Pi's firmware, which runs on the graphics processor and is asked by a mailbox: what
 * memory the processor has, the board's numbers, clocks, power and temperature.
 *
 * A question is a message in memory that the firmware answers in place, within a millisecond as a
 * rule. The caller waits, for a bounded time: start-up and event loop only, one question at a time.
 * The struct belongs to the caller and lies below 1 GiB, where the graphics processor sees it.
 */
#ifndef DRIVERS_FIRMWARE_RPI_FIRMWARE_RPI_FIRMWARE_H
#define DRIVERS_FIRMWARE_RPI_FIRMWARE_RPI_FIRMWARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

enum {
	RPI_FIRMWARE_WORDS = 16, /* of a message; a whole cache line */
	RPI_MAC_BYTES = 6,
};

/* Clocks and power domains by the firmware's numbers. */
enum rpi_clock {
	RPI_CLOCK_EMMC = 1,
	RPI_CLOCK_UART = 2,
	RPI_CLOCK_ARM = 3,
	RPI_CLOCK_CORE = 4,
	RPI_CLOCK_EMMC2 = 12,
};
enum rpi_power { RPI_POWER_SD = 0, RPI_POWER_USB = 3 };

struct rpi_firmware {
	ALIGNED(CACHE_LINE_BYTES) uint32_t message[RPI_FIRMWARE_WORDS];
	uintptr_t base;
};

/* A static initialiser for the mailbox with its registers (64 bytes) at `address`. */
#define RPI_FIRMWARE(address)                                                                      \
	{                                                                                          \
		.base = (address)                                                                  \
	}

/*
 * Each asks one question. ERR_TIMEOUT: no answer within some tenths of a second; ERR_UNSUPPORTED:
 * the firmware does not know the question; ERR_IO: the answer is none to it. Then nothing is
 * written to the results.
 */

/* The memory that is the processor's, not the graphics processor's. */
MUST_USE enum err rpi_firmware_memory(struct rpi_firmware *f, uint32_t *start, uint32_t *bytes);

/* The board's Ethernet address. */
MUST_USE enum err rpi_firmware_mac(struct rpi_firmware *f, uint8_t mac[RPI_MAC_BYTES]);

/* The board's serial number, and its revision code, which tells the model. */
MUST_USE enum err rpi_firmware_serial(struct rpi_firmware *f, uint64_t *serial);
MUST_USE enum err rpi_firmware_revision(struct rpi_firmware *f, uint32_t *revision);

/* Of a revision code that has fields, where that of the memory is: 256 MiB, 512 MiB and so on. */
#define RPI_REVISION_HAS_FIELDS 0x00800000u
#define RPI_REVISION_RAM_SHIFT  20
#define RPI_REVISION_RAM_MASK   7u
#define RPI_REVISION_RAM_MIN    (UINT64_C(256) << 20)

/* The rate of a clock in Hz; ERR_NODEV if it does not run. */
MUST_USE enum err rpi_firmware_clock_hz(struct rpi_firmware *f, enum rpi_clock clock, uint32_t *hz);

/* The temperature of the chip in thousandths of a degree Celsius. */
MUST_USE enum err rpi_firmware_temperature(struct rpi_firmware *f, uint32_t *milli_celsius);

/* Turns a device on or off, and waits until it is. ERR_NODEV: there is no such device. */
MUST_USE enum err rpi_firmware_power(struct rpi_firmware *f, enum rpi_power device, bool on);

/*
 * Pins of the chip that the firmware has for itself: on the 3 B the LED and some more, which are
 * numbers 0 to 7 here. What it calls polarity stays as it is. ERR_IO: there is no such pin.
 */
enum { RPI_PINS = 8 };

struct rpi_pin_config {
	bool is_output, high; /* `high`: of an output, its level */
	bool has_pull, pull_up;
};

MUST_USE enum err rpi_firmware_pin_configure(struct rpi_firmware *f, unsigned pin,
					     const struct rpi_pin_config *config);
MUST_USE enum err rpi_firmware_pin_set(struct rpi_firmware *f, unsigned pin, bool high);
MUST_USE enum err rpi_firmware_pin_get(struct rpi_firmware *f, unsigned pin, bool *high);

#endif
