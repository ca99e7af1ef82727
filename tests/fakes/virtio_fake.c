/* SPDX-License-Identifier: ISC */
#include "tests/fakes/virtio_fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

/* Register and bit values are written out from the specification, not taken from the driver. */
enum {
	F_EVENT_IDX = 29,
	DESC_NEXT = 1,
	DESC_WRITE = 2,
	DESC_INDIRECT = 4,
};

static struct virtio_fake *plugged;

static bool legacy(const struct virtio_fake *fake)
{
	return fake->version == 1;
}

static bool has_event_idx(const struct virtio_fake *fake)
{
	return (fake->accepted >> F_EVENT_IDX & 1) != 0;
}

static uint16_t get16(uint64_t address)
{
	assert_int_equal(address % 2, 0);
	return *(volatile uint16_t *)(uintptr_t)address;
}

static void put16(uint64_t address, uint16_t v)
{
	*(volatile uint16_t *)(uintptr_t)address = v;
}

static uint64_t used_event_at(const struct virtio_fake_queue *q)
{
	return q->driver + 4 + 2 * q->num;
}

static uint64_t avail_event_at(const struct virtio_fake_queue *q)
{
	return q->device + 4 + 8 * q->num;
}

static void interrupt(struct virtio_fake *fake, uint32_t why)
{
	fake->interrupt_status |= why;
	fake->interrupts++;
	if (fake->raise != NULL)
		fake->raise(fake->raise_arg);
}

static void storm(struct virtio_fake *fake)
{
	static bool nested;
	if (!fake->storms || nested)
		return;
	nested = true;
	interrupt(fake, 3);
	nested = false;
}

/* --- registers ------------------------------------------------------------------------------- */

static void reset(struct virtio_fake *fake)
{
	fake->resets++;
	fake->accepted = 0;
	fake->interrupt_status = 0;
	fake->page_bytes = 0;
	for (unsigned i = 0; i < VIRTIO_FAKE_QUEUES; i++) {
		struct virtio_fake_queue *q = &fake->queue[i];
		*q = (struct virtio_fake_queue){
			.num_max = q->num_max,
			.hold_event = q->hold_event,
			.notified = q->notified,
		};
	}
}

void virtio_fake_init(struct virtio_fake *fake, uint32_t version, uint32_t id, uint64_t offered,
		      uint32_t num_max)
{
	*fake = (struct virtio_fake){.version = version, .id = id, .offered = offered};
	for (unsigned i = 0; i < VIRTIO_FAKE_QUEUES; i++)
		fake->queue[i].num_max = num_max;
	plugged = fake;
}

void *virtio_fake_low_memory(size_t bytes)
{
	static uintptr_t hint = 0x20000000;
	void *p = mmap((void *)hint, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		       0);
	assert_true(p != MAP_FAILED);
	assert_int_equal((uint64_t)(uintptr_t)p >> 44, 0); /* the hint was taken */
	hint += (bytes + 0xffff) & ~(size_t)0xffff;
	return p;
}

static uint32_t read_config(struct virtio_fake *fake, uint32_t offset, unsigned bytes)
{
	uint32_t v = 0;
	assert_true(offset + bytes <= VIRTIO_FAKE_CONFIG_BYTES && offset % bytes == 0);
	memcpy(&v, fake->config + offset, bytes);
	return v;
}

static uint32_t read_register(struct virtio_fake *fake, uint32_t offset)
{
	static const struct virtio_fake_queue none;
	const struct virtio_fake_queue *q =
		fake->queue_sel < VIRTIO_FAKE_QUEUES ? &fake->queue[fake->queue_sel] : &none;
	switch (offset) {
	case 0x000:
		return 0x74726976;
	case 0x004:
		return fake->version;
	case 0x008:
		return fake->id;
	case 0x010:
		return (uint32_t)(fake->offered >> (fake->device_sel == 0 ? 0 : 32));
	case 0x034:
		return q->num_max;
	case 0x040:
		assert_true(legacy(fake));
		return (uint32_t)(q->desc / 4096);
	case 0x044:
		assert_false(legacy(fake));
		return q->ready;
	case 0x060:
		return fake->interrupt_status;
	case 0x070:
		return fake->never_resets ? fake->status | 1 : fake->status;
	case 0x0fc:
		assert_false(legacy(fake));
		return fake->config_in_flux ? fake->generation++ : fake->generation;
	}
	fail_msg("read of register %#x", offset);
	return 0;
}

uint32_t virtio_fake_read(uintptr_t address, unsigned bytes)
{
	if (plugged == NULL || address - VIRTIO_FAKE_BASE >= 0x200)
		return 0;
	uint32_t offset = (uint32_t)(address - VIRTIO_FAKE_BASE);
	plugged->register_reads++;
	storm(plugged);
	if (offset >= 0x100)
		return read_config(plugged, offset - 0x100, bytes);
	assert_int_equal(bytes, 4);
	return read_register(plugged, offset);
}

static void write_status(struct virtio_fake *fake, uint32_t status)
{
	if (status == 0)
		reset(fake);
	if (fake->refuse_features)
		status &= ~8u;
	fake->status = status;
}

/* Section 2.7.2: the legacy rings follow each other, the used ring aligned. */
static void place_legacy_rings(struct virtio_fake *fake, struct virtio_fake_queue *q, uint32_t pfn)
{
	assert_int_not_equal(fake->page_bytes, 0);
	assert_int_not_equal(fake->queue_align, 0);
	q->desc = (uint64_t)pfn * fake->page_bytes;
	q->driver = q->desc + 16 * q->num;
	uint64_t end = q->driver + 4 + 2 * q->num + 2;
	q->device = (end + fake->queue_align - 1) / fake->queue_align * fake->queue_align;
	q->ready = 1;
}

static void set_half(uint64_t *v, bool high, uint32_t half)
{
	uint64_t keep = high ? *v & UINT32_MAX : *v & ~(uint64_t)UINT32_MAX;
	*v = keep | (uint64_t)half << (high ? 32 : 0);
}

static void check_ready(const struct virtio_fake *fake, const struct virtio_fake_queue *q)
{
	/* Section 2.7: alignment. Section 3.1.1: not before the features are agreed on. */
	assert_int_equal(q->desc % 16, 0);
	assert_int_equal(q->driver % 2, 0);
	assert_int_equal(q->device % 4, 0);
	assert_int_equal(fake->status & 0x0f, 1 | 2 | 8);
}

static void write_legacy(struct virtio_fake *fake, struct virtio_fake_queue *q, uint32_t offset,
			 uint32_t v)
{
	assert_true(legacy(fake));
	if (offset == 0x028)
		fake->page_bytes = v;
	else if (offset == 0x03c)
		fake->queue_align = v;
	else
		place_legacy_rings(fake, q, v);
}

static void write_modern(struct virtio_fake *fake, struct virtio_fake_queue *q, uint32_t offset,
			 uint32_t v)
{
	bool high = (offset & 4) != 0;
	assert_false(legacy(fake));
	switch (offset & ~4u) {
	case 0x080:
		set_half(&q->desc, high, v);
		return;
	case 0x090:
		set_half(&q->driver, high, v);
		return;
	case 0x0a0:
		set_half(&q->device, high, v);
		return;
	}
	assert_int_equal(offset, 0x044);
	q->ready = v;
	check_ready(fake, q);
}

static void notify(struct virtio_fake *fake, uint32_t queue)
{
	assert_true(queue < VIRTIO_FAKE_QUEUES);
	assert_true((fake->status & 4) != 0);
	fake->queue[queue].notified++;
	if (fake->on_notify != NULL)
		fake->on_notify(fake, queue);
}

void virtio_fake_write(uintptr_t address, uint32_t v)
{
	struct virtio_fake *fake = plugged;
	uint32_t offset = (uint32_t)(address - VIRTIO_FAKE_BASE);
	assert_non_null(fake);
	assert_true(offset < 0x100);
	fake->register_writes++;
	storm(fake);
	struct virtio_fake_queue *q = &fake->queue[fake->queue_sel % VIRTIO_FAKE_QUEUES];
	switch (offset) {
	case 0x014:
		fake->device_sel = v;
		return;
	case 0x024:
		fake->driver_sel = v;
		return;
	case 0x020:
		set_half(&fake->accepted, fake->driver_sel != 0, v);
		assert_int_equal(fake->accepted & ~fake->offered, 0);
		return;
	case 0x030:
		fake->queue_sel = v;
		return;
	case 0x038:
		assert_true(v > 0 && v <= q->num_max && (v & (v - 1)) == 0);
		q->num = v;
		return;
	case 0x050:
		notify(fake, v);
		return;
	case 0x064:
		fake->interrupt_status &= ~v;
		return;
	case 0x070:
		write_status(fake, v);
		return;
	case 0x028:
	case 0x03c:
	case 0x040:
		write_legacy(fake, q, offset, v);
		return;
	}
	write_modern(fake, q, offset, v);
}

/* --- rings ----------------------------------------------------------------------------------- */

struct desc {
	uint64_t address;
	uint32_t bytes;
	uint16_t flags, next;
};

static struct desc desc_at(uint64_t table, unsigned i)
{
	struct desc d;
	memcpy(&d, (const void *)(uintptr_t)(table + 16 * i), sizeof(d));
	return d;
}

static void add_piece(struct virtio_fake_chain *chain, const struct desc *d)
{
	unsigned n = chain->n_out + chain->n_in;
	assert_true(n < VIRTIO_FAKE_PIECES && d->bytes > 0);
	chain->piece[n].bytes = (uint8_t *)(uintptr_t)d->address;
	chain->piece[n].len = d->bytes;
	if ((d->flags & DESC_WRITE) != 0) {
		chain->n_in++;
		chain->in_bytes += d->bytes;
	} else {
		assert_int_equal(chain->n_in, 0); /* section 2.7.4.2: readable ones come first */
		chain->n_out++;
		chain->out_bytes += d->bytes;
	}
}

static void walk(uint64_t table, unsigned entries, uint16_t first, struct virtio_fake_chain *chain)
{
	struct desc d;
	unsigned i = first;
	for (unsigned steps = 0;; steps++, i = d.next) {
		assert_true(i < entries && steps < entries);
		d = desc_at(table, i);
		if ((d.flags & DESC_INDIRECT) != 0) {
			assert_int_equal(d.flags, DESC_INDIRECT);
			assert_false(chain->indirect);
			assert_int_equal(steps, 0);
			assert_int_equal(d.bytes % 16, 0);
			chain->indirect = true;
			walk(d.address, d.bytes / 16, 0, chain);
			return;
		}
		add_piece(chain, &d);
		if ((d.flags & DESC_NEXT) == 0)
			return;
	}
}

bool virtio_fake_pop(struct virtio_fake *fake, unsigned queue, struct virtio_fake_chain *chain)
{
	struct virtio_fake_queue *q = &fake->queue[queue];
	assert_true(q->ready != 0 && (fake->status & 4) != 0);
	uint16_t index = get16(q->driver + 2);
	if (!q->hold_event && has_event_idx(fake))
		put16(avail_event_at(q), q->avail_seen);
	if (index == q->avail_seen)
		return false;
	assert_true((uint16_t)(index - q->avail_seen) <= q->num);
	*chain = (struct virtio_fake_chain){
		.head = get16(q->driver + 4 + 2 * (q->avail_seen % q->num)),
	};
	walk(q->desc, q->num, chain->head, chain);
	assert_false(chain->indirect && (fake->accepted >> 28 & 1) == 0);
	q->avail_seen++;
	if (!q->hold_event && has_event_idx(fake))
		put16(avail_event_at(q), q->avail_seen);
	return true;
}

size_t virtio_fake_gather(const struct virtio_fake_chain *chain, void *bytes, size_t max)
{
	size_t n = 0;
	for (unsigned i = 0; i < chain->n_out; i++) {
		assert_true(n + chain->piece[i].len <= max);
		memcpy((uint8_t *)bytes + n, chain->piece[i].bytes, chain->piece[i].len);
		n += chain->piece[i].len;
	}
	return n;
}

void virtio_fake_scatter(const struct virtio_fake_chain *chain, const void *bytes, size_t len)
{
	const uint8_t *from = bytes;
	for (unsigned i = chain->n_out; len > 0; i++) {
		assert_true(i < chain->n_out + chain->n_in);
		size_t n = len < chain->piece[i].len ? len : chain->piece[i].len;
		memcpy(chain->piece[i].bytes, from, n);
		from += n;
		len -= n;
	}
}

void virtio_fake_push(struct virtio_fake *fake, unsigned queue, uint32_t id, uint32_t len)
{
	struct virtio_fake_queue *q = &fake->queue[queue];
	uint32_t entry[2] = {id, len};
	memcpy((void *)(uintptr_t)(q->device + 4 + 8 * (q->used % q->num)), entry, sizeof(entry));
	q->used++;
}

/* Section 2.7.7.2, spelt out index by index. */
static bool driver_wants(const struct virtio_fake *fake, const struct virtio_fake_queue *q)
{
	if (!has_event_idx(fake))
		return (get16(q->driver) & 1) == 0;
	assert_int_equal(get16(q->driver), 0);
	for (uint16_t i = q->used_shown; i != q->used; i++) {
		if (i == get16(used_event_at(q)))
			return true;
	}
	return false;
}

void virtio_fake_publish(struct virtio_fake *fake, unsigned queue)
{
	struct virtio_fake_queue *q = &fake->queue[queue];
	put16(q->device + 2, q->used);
	bool wants = q->used != q->used_shown && driver_wants(fake, q);
	q->used_shown = q->used;
	if (wants)
		interrupt(fake, 1);
}

void virtio_fake_jump(struct virtio_fake *fake, unsigned queue, uint16_t by)
{
	fake->queue[queue].used += by;
	virtio_fake_publish(fake, queue);
}

void virtio_fake_want_notify(struct virtio_fake *fake, unsigned queue, bool want)
{
	put16(fake->queue[queue].device, want ? 0 : 1);
}

unsigned virtio_fake_await(struct virtio_fake *fake, unsigned queue)
{
	const struct virtio_fake_queue *q = &fake->queue[queue];
	uint16_t index = get16(q->driver + 2);
	if (has_event_idx(fake))
		put16(avail_event_at(q), index);
	return (uint16_t)(index - q->avail_seen);
}

unsigned virtio_fake_consume(struct virtio_fake *fake, unsigned queue)
{
	struct virtio_fake_chain chain;
	unsigned n = 0;
	for (; virtio_fake_pop(fake, queue, &chain); n++)
		virtio_fake_push(fake, queue, chain.head, 0);
	virtio_fake_publish(fake, queue);
	return n;
}

void virtio_fake_config_changed(struct virtio_fake *fake)
{
	fake->generation++;
	interrupt(fake, 2);
}
