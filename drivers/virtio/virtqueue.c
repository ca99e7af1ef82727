/* SPDX-License-Identifier: ISC */
#include "drivers/virtio/virtqueue.h"

#include <string.h>

#include "arch/barrier.h"
#include "base/assert.h"

enum {
	DESC_NEXT = 1,     /* section 2.7.5 */
	DESC_WRITE = 2,    /* the device writes */
	DESC_INDIRECT = 4, /* section 2.7.5.3 */

	AVAIL_NO_INTERRUPT = 1, /* section 2.7.6 */
	USED_NO_NOTIFY = 1,     /* section 2.7.8 */

	/* Words of the two rings. */
	RING_FLAGS = 0,
	RING_INDEX = 1,
	RING_ENTRIES = 2,
};

/* Memory that the device reads or writes at any time: each access is one load or store. */
static uint16_t load_shared16(const uint16_t *p)
{
	return __atomic_load_n(p, __ATOMIC_RELAXED);
}

static uint32_t load_shared32(const uint32_t *p)
{
	return __atomic_load_n(p, __ATOMIC_RELAXED);
}

static void store_shared16(uint16_t *p, uint16_t v)
{
	__atomic_store_n(p, v, __ATOMIC_RELAXED);
}

/* The driver's word behind the available ring, and the device's behind the used ring. */
static uint16_t *used_event(const struct virtqueue *q)
{
	return &q->avail[RING_ENTRIES + q->size];
}

static uint16_t *avail_event(const struct virtqueue *q)
{
	return &q->used[RING_ENTRIES + q->size * (sizeof(*q->used_ring) / sizeof(*q->used))];
}

COLD void virtqueue_fail(struct virtqueue *q, const char *what)
{
	if (q->fault == NULL) /* the first one is the cause */
		q->fault = what;
}

static COLD void *fail(struct virtqueue *q, const char *what)
{
	virtqueue_fail(q, what);
	return NULL;
}

/* --- setting up ---------------------------------------------------------------------------- */

/* The largest power of two that is not above either; 0 if the device has no such queue. */
static uint16_t agree_on_size(uint16_t size, uint32_t device_max)
{
	assert(size > 0 && size <= VIRTQUEUE_SIZE_MAX && (size & (size - 1)) == 0);
	while (size > device_max)
		size /= 2;
	return size;
}

static void lay_out(struct virtqueue *q, const struct virtqueue_memory *m)
{
	assert((uintptr_t)m->ring % PAGE_BYTES == 0);
	memset(m->ring, 0, VIRTQUEUE_RING_BYTES(q->size));
	memset(m->slots, 0, q->size * sizeof(*m->slots));
	uint8_t *used = (uint8_t *)m->ring + VIRTQUEUE_USED_OFFSET(q->size);
	q->desc = m->ring;
	q->avail = (void *)(q->desc + q->size);
	q->used = (void *)used;
	q->used_ring = (void *)&q->used[RING_ENTRIES];
	q->slots = m->slots;
	for (uint16_t i = 0; i < q->size; i++)
		q->slots[i].next = i + 1;
	q->n_free = q->size;
}

enum err virtqueue_setup(struct virtqueue *q, struct virtio_device *dev, uint16_t index,
			 const struct virtqueue_memory *m)
{
	*q = (struct virtqueue){
		.dev = dev,
		.index = index,
		.size = agree_on_size(m->size, dev->ops->queue_max(dev, index)),
		.event_idx = virtio_has(dev, VIRTIO_F_EVENT_IDX),
	};
	if (q->size == 0)
		return ERR_UNSUPPORTED;
	if (virtio_has(dev, VIRTIO_F_INDIRECT_DESC) && m->tables != NULL) {
		q->tables = m->tables;
		q->table_entries = m->table_entries;
	}
	lay_out(q, m);
	virtqueue_disarm(q);
	struct virtio_queue_address address = {
		.descriptors = (uintptr_t)q->desc,
		.driver = (uintptr_t)q->avail,
		.device = (uintptr_t)q->used,
	};
	return dev->ops->queue_enable(dev, index, q->size, &address);
}

/* --- adding -------------------------------------------------------------------------------- */

static void write_desc(struct virtqueue_desc *d, const struct virtqueue_piece *piece,
		       uint16_t flags, uint16_t next)
{
	assert(piece->len > 0);
	d->address = (uintptr_t)piece->bytes;
	d->bytes = piece->len;
	d->flags = flags;
	d->next = next;
}

/* Fills the indirect table of descriptor `head`, and the descriptor with the table. */
static void write_table(struct virtqueue *q, uint16_t head, const struct virtqueue_piece *pieces,
			unsigned n_out, unsigned n)
{
	struct virtqueue_desc *table = &q->tables[(size_t)head * q->table_entries];
	for (unsigned i = 0; i < n; i++) {
		uint16_t flags = i < n_out ? DESC_NEXT : DESC_NEXT | DESC_WRITE;
		write_desc(&table[i], &pieces[i], flags, (uint16_t)(i + 1));
	}
	table[n - 1].flags &= (uint16_t)~DESC_NEXT;
	const struct virtqueue_piece whole = {table, (uint32_t)(n * sizeof(*table))};
	write_desc(&q->desc[head], &whole, DESC_INDIRECT, 0);
}

/* Fills a chain of descriptors from `head` on, and returns the last one. */
static uint16_t write_chain(struct virtqueue *q, uint16_t head,
			    const struct virtqueue_piece *pieces, unsigned n_out, unsigned n)
{
	uint16_t at = head, last = head;
	for (unsigned i = 0; i < n; i++) {
		uint16_t flags = i < n_out ? DESC_NEXT : DESC_NEXT | DESC_WRITE;
		last = at;
		at = q->slots[last].next;
		write_desc(&q->desc[last], &pieces[i], flags, at);
	}
	q->desc[last].flags &= (uint16_t)~DESC_NEXT;
	return last;
}

/* A chain of several pieces; apart, so that the path for one stays short. False: no room. */
HOT(device)
static NOINLINE bool add_several(struct virtqueue *q, const struct virtqueue_piece *pieces,
				 unsigned n_out, unsigned n)
{
	uint16_t head = q->free_head, last = head;
	struct virtqueue_slot *slot = &q->slots[head];
	bool indirect = n <= q->table_entries;
	slot->n_desc = (uint8_t)(indirect ? 1 : n);
	if (slot->n_desc > q->n_free)
		return false;
	if (indirect)
		write_table(q, head, pieces, n_out, n);
	else
		last = write_chain(q, head, pieces, n_out, n);
	slot->in_bytes = 0;
	for (unsigned i = n_out; i < n; i++)
		slot->in_bytes += pieces[i].len;
	q->free_head = q->slots[last].next;
	return true;
}

static void add_one(struct virtqueue *q, const struct virtqueue_piece *piece, bool in)
{
	struct virtqueue_slot *slot = &q->slots[q->free_head];
	write_desc(&q->desc[q->free_head], piece, in ? DESC_WRITE : 0, 0);
	slot->n_desc = 1;
	slot->in_bytes = in ? piece->len : 0;
	q->free_head = slot->next;
}

HOT(device)
enum err virtqueue_add(struct virtqueue *q, const struct virtqueue_piece *pieces, unsigned n_out,
		       unsigned n_in, void *cookie)
{
	unsigned n = n_out + n_in;
	uint16_t head = q->free_head;
	assert(cookie != NULL);
	assert(n > 0 && n <= VIRTQUEUE_CHAIN_MAX);
	if (q->fault != NULL)
		return ERR_IO;
	if (q->n_free == 0) /* then free_head is none */
		return ERR_AGAIN;
	if (n == 1)
		add_one(q, pieces, n_in == 1);
	else if (!add_several(q, pieces, n_out, n))
		return ERR_AGAIN;
	q->slots[head].cookie = cookie;
	q->n_free -= q->slots[head].n_desc;
	q->avail[RING_ENTRIES + (q->added & (q->size - 1))] = head;
	q->added++;
	return OK;
}

/* Section 2.7.10: whether going from index `old` to `now` passed `event`, modulo 2^16. */
static bool passed_event(uint16_t event, uint16_t now, uint16_t old)
{
	return (uint16_t)(now - event - 1) < (uint16_t)(now - old);
}

static bool device_wants_notification(const struct virtqueue *q, uint16_t old)
{
	if (q->event_idx)
		return passed_event(load_shared16(avail_event(q)), q->published, old);
	return (load_shared16(&q->used[RING_FLAGS]) & USED_NO_NOTIFY) == 0;
}

/* The head at available index `i`, in range whatever became of the shared memory. */
static uint16_t available_entry(const struct virtqueue *q, uint16_t i)
{
	return q->avail[RING_ENTRIES + (i & (q->size - 1))] & (q->size - 1);
}

HOT(device) void virtqueue_kick(struct virtqueue *q)
{
	uint16_t old = q->published;
	if (q->added == old || q->fault != NULL)
		return;
	for (uint16_t i = old; i != q->added; i++)
		q->slots[available_entry(q, i)].published = true;
	/* Descriptors and ring entries are in memory before the index that covers them. */
	dma_write_barrier();
	store_shared16(&q->avail[RING_INDEX], q->added);
	q->published = q->added;
	/*
	 * The index is in memory before we read what the device waits for: it writes that, then
	 * reads the index once more, so at least one side sees the other. Also orders the index
	 * before the notification.
	 */
	dma_full_barrier();
	if (device_wants_notification(q, old)) {
		q->notifications++;
		q->dev->ops->notify(q->dev, q->index);
	}
}

/* --- taking back --------------------------------------------------------------------------- */

BRIEF void free_chain(struct virtqueue *q, uint16_t head)
{
	struct virtqueue_slot *slot = &q->slots[head];
	uint16_t last = head;
	for (unsigned i = 1; i < slot->n_desc; i++)
		last = q->slots[last].next;
	q->slots[last].next = q->free_head;
	q->free_head = head;
	q->n_free += slot->n_desc;
	slot->cookie = NULL;
	slot->published = false;
}

/* Looks at the device's used index. True if it has moved, by no more than it can have. */
static bool look_again(struct virtqueue *q)
{
	uint16_t index = load_shared16(&q->used[RING_INDEX]);
	if (index == q->used_seen)
		return false;
	if ((uint16_t)(index - q->used_seen) > virtqueue_in_flight(q)) {
		virtqueue_fail(q, "used index beyond what is in flight");
		return false;
	}
	q->used_known = index;
	/* The index is read before the entries, and the buffers, that it covers. */
	dma_read_barrier();
	return true;
}

HOT(device) void *virtqueue_get_used(struct virtqueue *q, uint32_t *len)
{
	if (q->fault != NULL || (q->used_seen == q->used_known && !look_again(q)))
		return NULL;
	const struct virtqueue_used *entry = &q->used_ring[q->used_seen & (q->size - 1)];
	uint32_t id = load_shared32(&entry->id);
	uint32_t bytes = load_shared32(&entry->bytes);
	if (id >= q->size)
		return fail(q, "used id out of range");
	struct virtqueue_slot *slot = &q->slots[id];
	if (slot->cookie == NULL || !slot->published)
		return fail(q, "used id that is not in flight");
	/* Section 2.7.8.1: old devices report nonsense for chains that they only read. */
	if (slot->in_bytes == 0)
		bytes = 0;
	if (bytes > slot->in_bytes)
		return fail(q, "used length beyond the buffer");
	void *cookie = slot->cookie;
	free_chain(q, (uint16_t)id);
	q->used_seen++;
	*len = bytes;
	return cookie;
}

bool virtqueue_arm(struct virtqueue *q, uint16_t count)
{
	assert(count > 0);
	if (q->event_idx) {
		store_shared16(used_event(q), (uint16_t)(q->used_seen + count - 1));
	} else {
		store_shared16(&q->avail[RING_FLAGS], 0);
		count = 1;
	}
	/*
	 * The wish is in memory before we look at the used index: the device moves that, then
	 * reads the wish, so either it interrupts or we see what it did.
	 */
	dma_full_barrier();
	uint16_t used = (uint16_t)(load_shared16(&q->used[RING_INDEX]) - q->used_seen);
	return q->fault != NULL || used >= count;
}

void virtqueue_disarm(struct virtqueue *q)
{
	/* With EVENT_IDX the flag must stay zero (section 2.7.7.1): an index just passed it is. */
	if (q->event_idx)
		store_shared16(used_event(q), (uint16_t)(q->used_seen - 1));
	else
		store_shared16(&q->avail[RING_FLAGS], AVAIL_NO_INTERRUPT);
}

void *virtqueue_reclaim(struct virtqueue *q)
{
	for (uint16_t i = 0; i < q->size; i++) {
		void *cookie = q->slots[i].cookie;
		if (cookie != NULL) {
			free_chain(q, i);
			return cookie;
		}
	}
	return NULL;
}
