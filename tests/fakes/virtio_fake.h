/* SPDX-License-Identifier: ISC */
/*
 * A virtio device in memory, behind the registers of virtio over MMIO, legacy or current.
 *
 * It finds the rings from what the driver wrote to its registers, by arithmetic of its own, and
 * walks them as a device would; it fails the test if a chain is malformed. It does nothing by
 * itself: the test takes chains (virtio_fake_pop), fills them and gives them back
 * (virtio_fake_push, virtio_fake_publish), or lies.
 *
 * virtio_fake_mmio.c holds the real drivers/virtio/virtio_mmio.c with its register accesses led
 * here; a test links that instead. One device is plugged in at a time, at VIRTIO_FAKE_BASE.
 */
#ifndef TESTS_FAKES_VIRTIO_FAKE_H
#define TESTS_FAKES_VIRTIO_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	VIRTIO_FAKE_BASE = 0x10000000,
	VIRTIO_FAKE_QUEUES = 2,
	VIRTIO_FAKE_PIECES = 64,
	VIRTIO_FAKE_CONFIG_BYTES = 64,
};

struct virtio_fake_queue {
	/* Set by the test. */
	uint32_t num_max;
	bool hold_event; /* popping does not move the index at which a notification is wanted */
	/* Registers. */
	uint32_t num, ready;
	uint64_t desc, driver, device;
	/* State. */
	uint16_t avail_seen; /* available entries taken */
	uint16_t used;       /* used entries written */
	uint16_t used_shown; /* of those, published */
	unsigned notified;
};

struct virtio_fake {
	/* Set by the test before the driver starts. */
	uint32_t version; /* 1 or 2 */
	uint32_t id;
	uint64_t offered;
	uint8_t config[VIRTIO_FAKE_CONFIG_BYTES];
	bool refuse_features;
	bool never_resets;
	bool storms;              /* interrupts after each access to a register */
	bool config_in_flux;      /* the generation changes with every look */
	void (*raise)(void *arg); /* the interrupt line */
	void *raise_arg;
	void (*on_notify)(struct virtio_fake *fake, unsigned queue);

	uint64_t accepted;
	uint32_t status, interrupt_status, generation;
	uint32_t queue_sel, device_sel, driver_sel, page_bytes, queue_align;
	struct virtio_fake_queue queue[VIRTIO_FAKE_QUEUES];
	unsigned resets, interrupts, register_reads, register_writes;
};

struct virtio_fake_chain {
	uint16_t head;
	bool indirect;
	unsigned n_out, n_in;
	uint32_t out_bytes, in_bytes;
	struct {
		uint8_t *bytes;
		uint32_t len;
	} piece[VIRTIO_FAKE_PIECES];
};

/* Makes a device with queues of `num_max` entries and plugs it in. */
void virtio_fake_init(struct virtio_fake *fake, uint32_t version, uint32_t id, uint64_t offered,
		      uint32_t num_max);

/*
 * `bytes` bytes of zeros at a low page, for rings: the page number of a legacy queue has 32 bits,
 * and the build machine puts static memory above what those reach. Never freed.
 */
void *virtio_fake_low_memory(size_t bytes);

uint32_t virtio_fake_read(uintptr_t address, unsigned bytes);
void virtio_fake_write(uintptr_t address, uint32_t value);

/* Takes the next available chain of a queue. False: there is none. */
bool virtio_fake_pop(struct virtio_fake *fake, unsigned queue, struct virtio_fake_chain *chain);

/* The bytes that the driver put in the chain. Returns how many. */
size_t virtio_fake_gather(const struct virtio_fake_chain *chain, void *bytes, size_t max);

/* Writes bytes to the writable pieces of the chain; fails the test if they do not fit. */
void virtio_fake_scatter(const struct virtio_fake_chain *chain, const void *bytes, size_t len);

/* Writes a used entry, not yet visible. Any id and length, true or not. */
void virtio_fake_push(struct virtio_fake *fake, unsigned queue, uint32_t id, uint32_t len);

/* Makes the used entries visible and interrupts if the driver wants it. */
void virtio_fake_publish(struct virtio_fake *fake, unsigned queue);

/* Moves the used index by `by` without writing entries: a lie. */
void virtio_fake_jump(struct virtio_fake *fake, unsigned queue, uint16_t by);

/* The USED_NO_NOTIFY flag of a queue. */
void virtio_fake_want_notify(struct virtio_fake *fake, unsigned queue, bool want);

/*
 * As a device does that has too few buffers for what it has received: asks to be told of the next
 * one, with EVENT_IDX. Returns how many there are.
 */
unsigned virtio_fake_await(struct virtio_fake *fake, unsigned queue);

/* Takes all chains of a queue and gives them back unwritten. Returns how many. */
unsigned virtio_fake_consume(struct virtio_fake *fake, unsigned queue);

/* Reports a changed configuration. */
void virtio_fake_config_changed(struct virtio_fake *fake);

#endif
