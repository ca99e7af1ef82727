/* SPDX-License-Identifier: ISC */
/*
 * The transport and the queue against the fake device, in every combination of register layout
 * and ring features.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "drivers/virtio/virtio_mmio.h"
#include "drivers/virtio/virtqueue.h"
#include "tests/fakes/virtio_fake.h"

enum { SIZE = 16, TABLE = 4 };

static struct virtio_fake fake;
static struct virtio_mmio mmio;
static struct virtqueue queue;
static struct virtqueue_slot slots[SIZE];
static struct virtqueue_desc tables[SIZE * TABLE];
static uint8_t buffers[SIZE * 8][64];
static int cookies[SIZE * 8];

static struct virtqueue_memory memory = {
	.slots = slots,
	.tables = tables,
	.size = SIZE,
	.table_entries = TABLE,
};

struct mode {
	uint32_t version;
	uint64_t ring_features;
};

static const struct mode modes[] = {
	{1, 0},
	{1, VIRTIO_F_EVENT_IDX},
	{1, VIRTIO_F_EVENT_IDX | VIRTIO_F_INDIRECT_DESC},
	{2, 0},
	{2, VIRTIO_F_EVENT_IDX},
	{2, VIRTIO_F_INDIRECT_DESC},
	{2, VIRTIO_F_EVENT_IDX | VIRTIO_F_INDIRECT_DESC},
};

static void plug(const struct mode *m, uint32_t num_max)
{
	uint64_t offered = m->ring_features | (m->version == 2 ? VIRTIO_F_VERSION_1 : 0);
	virtio_fake_init(&fake, m->version, VIRTIO_ID_NET, offered, num_max);
	assert_int_equal(virtio_mmio_probe(&mmio, VIRTIO_FAKE_BASE), OK);
}

static void bring_up(const struct mode *m, uint32_t num_max)
{
	plug(m, num_max);
	assert_int_equal(virtio_negotiate(&mmio.dev, 0), OK);
	assert_int_equal(virtqueue_setup(&queue, &mmio.dev, 1, &memory), OK);
	virtio_ready(&mmio.dev);
	assert_int_equal(fake.status & 4, 4);
}

static enum err add(unsigned i, unsigned n_out, unsigned n_in)
{
	struct virtqueue_piece pieces[VIRTQUEUE_CHAIN_MAX + 1];
	for (unsigned k = 0; k < n_out + n_in; k++)
		pieces[k] = (struct virtqueue_piece){buffers[i], k + 1};
	return virtqueue_add(&queue, pieces, n_out, n_in, &cookies[i]);
}

/* The device takes the next chain and gives it back with `len` bytes. */
static uint16_t complete(uint32_t len)
{
	struct virtio_fake_chain chain;
	assert_true(virtio_fake_pop(&fake, 1, &chain));
	virtio_fake_push(&fake, 1, chain.head, len);
	virtio_fake_publish(&fake, 1);
	return chain.head;
}

/* --- transport ------------------------------------------------------------------------------- */

static void probe_tells_devices_from_empty_slots(void **state)
{
	(void)state;
	virtio_fake_init(&fake, 2, VIRTIO_ID_RNG, 0, 8);
	assert_int_equal(virtio_mmio_probe(&mmio, VIRTIO_FAKE_BASE), OK);
	assert_int_equal(mmio.dev.id, VIRTIO_ID_RNG);
	assert_false(mmio.dev.legacy);
	fake.version = 1;
	assert_int_equal(virtio_mmio_probe(&mmio, VIRTIO_FAKE_BASE), OK);
	assert_true(mmio.dev.legacy);
	fake.version = 3;
	assert_int_equal(virtio_mmio_probe(&mmio, VIRTIO_FAKE_BASE), ERR_UNSUPPORTED);
	fake.version = 2;
	fake.id = 0;
	assert_int_equal(virtio_mmio_probe(&mmio, VIRTIO_FAKE_BASE), ERR_NODEV);
	assert_int_equal(virtio_mmio_probe(&mmio, VIRTIO_FAKE_BASE + 0x200), ERR_NODEV);
	assert_int_equal(fake.register_writes, 0);
}

static void negotiation_takes_what_both_want(void **state)
{
	(void)state;
	const uint64_t version_1 = VIRTIO_F_VERSION_1, mine = 1 << 5;
	virtio_fake_init(&fake, 2, VIRTIO_ID_NET,
			 version_1 | VIRTIO_F_EVENT_IDX | VIRTIO_F_ACCESS_PLATFORM |
				 UINT64_C(1) << 34 | UINT64_C(1) << 40 | 0xff,
			 8);
	assert_int_equal(virtio_mmio_probe(&mmio, VIRTIO_FAKE_BASE), OK);
	assert_int_equal(virtio_negotiate(&mmio.dev, mine | 1 << 16), OK);
	assert_int_equal(mmio.dev.features,
			 version_1 | VIRTIO_F_EVENT_IDX | VIRTIO_F_ACCESS_PLATFORM | mine);
	assert_int_equal(fake.accepted, mmio.dev.features);
	assert_int_equal(fake.status, 1 | 2 | 8);
}

static void negotiation_fails_in_bounded_time(void **state)
{
	(void)state;
	plug(&modes[3], 8);
	fake.refuse_features = true;
	assert_int_equal(virtio_negotiate(&mmio.dev, 0), ERR_UNSUPPORTED);
	assert_int_equal(fake.status & 128, 128);

	plug(&modes[3], 8);
	fake.offered &= ~VIRTIO_F_VERSION_1; /* a current device that is not version 1 */
	assert_int_equal(virtio_negotiate(&mmio.dev, 0), ERR_UNSUPPORTED);

	plug(&modes[0], 8);
	fake.never_resets = true;
	assert_int_equal(virtio_negotiate(&mmio.dev, 0), ERR_TIMEOUT);
	assert_int_equal(fake.status & 128, 128);
	assert_true(fake.register_reads < 2 * VIRTIO_RESET_POLLS);
}

static void legacy_devices_get_no_upper_features(void **state)
{
	(void)state;
	plug(&modes[1], 8);
	fake.offered |= VIRTIO_F_VERSION_1 | VIRTIO_F_ANY_LAYOUT;
	assert_int_equal(virtio_negotiate(&mmio.dev, 0), OK);
	assert_int_equal(fake.accepted, VIRTIO_F_EVENT_IDX | VIRTIO_F_ANY_LAYOUT);
	assert_int_equal(fake.status, 1 | 2);
}

static void configuration_is_of_one_generation(void **state)
{
	(void)state;
	uint8_t bytes[6];
	uint16_t word;
	plug(&modes[3], 8);
	memcpy(fake.config, "\1\2\3\4\5\6\7\x08", 8);
	assert_int_equal(virtio_config_read(&mmio.dev, 0, 1, 6, bytes), OK);
	assert_memory_equal(bytes, "\1\2\3\4\5\6", 6);
	assert_int_equal(virtio_config_read(&mmio.dev, 6, 2, 1, &word), OK);
	assert_int_equal(word, 0x0807);
	fake.config_in_flux = true;
	assert_int_equal(virtio_config_read(&mmio.dev, 0, 1, 6, bytes), ERR_IO);
}

static void interrupts_are_acknowledged(void **state)
{
	(void)state;
	plug(&modes[3], 8);
	assert_int_equal(virtio_interrupt(&mmio.dev), 0);
	assert_int_equal(fake.register_writes, 0);
	fake.interrupt_status = 3;
	assert_int_equal(virtio_interrupt(&mmio.dev), 3);
	assert_int_equal(fake.interrupt_status, 0);
	fake.status = 64;
	assert_true(virtio_needs_reset(&mmio.dev));
}

/* --- queue ----------------------------------------------------------------------------------- */

static void size_is_what_both_can(void **state)
{
	(void)state;
	static const struct {
		uint32_t num_max, size;
	} cases[] = {{1024, SIZE}, {16, 16}, {15, 8}, {9, 8}, {2, 2}, {1, 1}};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		bring_up(&modes[i % ARRAY_SIZE(modes)], cases[i].num_max);
		assert_int_equal(queue.size, cases[i].size);
		assert_int_equal(fake.queue[1].num, cases[i].size);
	}
	plug(&modes[0], 0);
	assert_int_equal(virtio_negotiate(&mmio.dev, 0), OK);
	assert_int_equal(virtqueue_setup(&queue, &mmio.dev, 1, &memory), ERR_UNSUPPORTED);
}

static void queue_in_use_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		bring_up(&modes[i], SIZE);
		assert_int_equal(virtqueue_setup(&queue, &mmio.dev, 1, &memory), ERR_IO);
	}
}

static void chains_reach_the_device_and_come_back(void **state)
{
	(void)state;
	struct virtio_fake_chain chain;
	uint32_t len;
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		bring_up(&modes[i], SIZE);
		assert_int_equal(add(7, 2, 1), OK);
		assert_false(virtio_fake_pop(&fake, 1, &chain)); /* not before the kick */
		virtqueue_kick(&queue);
		assert_int_equal(fake.queue[1].notified, 1);
		assert_true(virtio_fake_pop(&fake, 1, &chain));
		assert_int_equal(chain.n_out, 2);
		assert_int_equal(chain.n_in, 1);
		assert_ptr_equal(chain.piece[0].bytes, buffers[7]);
		assert_int_equal(chain.out_bytes, 1 + 2);
		assert_int_equal(chain.in_bytes, 3);
		bool offered = (modes[i].ring_features & VIRTIO_F_INDIRECT_DESC) != 0;
		assert_int_equal(chain.indirect, offered);
		assert_null(virtqueue_get_used(&queue, &len));
		virtio_fake_push(&fake, 1, chain.head, 2);
		assert_null(virtqueue_get_used(&queue, &len)); /* not before the index moves */
		virtio_fake_publish(&fake, 1);
		assert_ptr_equal(virtqueue_get_used(&queue, &len), &cookies[7]);
		assert_int_equal(len, 2);
		assert_int_equal(queue.n_free, SIZE);
		assert_null(queue.fault);
	}
}

static void full_queue_refuses_and_recovers(void **state)
{
	(void)state;
	uint32_t len;
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		bring_up(&modes[i], SIZE);
		unsigned n = 0;
		while (add(n, 3, 0) == OK)
			n++;
		bool indirect = (modes[i].ring_features & VIRTIO_F_INDIRECT_DESC) != 0;
		assert_int_equal(n, indirect ? SIZE : SIZE / 3);
		virtqueue_kick(&queue);
		assert_int_equal(virtio_fake_consume(&fake, 1), n);
		for (unsigned k = 0; k < n; k++)
			assert_ptr_equal(virtqueue_get_used(&queue, &len), &cookies[k]);
		assert_int_equal(queue.n_free, SIZE);
	}
}

static void chains_longer_than_a_table_are_direct(void **state)
{
	(void)state;
	struct virtio_fake_chain chain;
	bring_up(&modes[6], SIZE);
	assert_int_equal(add(0, TABLE + 1, 0), OK);
	assert_int_equal(add(1, TABLE, 0), OK);
	assert_int_equal(add(2, 1, 0), OK);
	virtqueue_kick(&queue);
	assert_true(virtio_fake_pop(&fake, 1, &chain));
	assert_false(chain.indirect);
	assert_int_equal(chain.n_out, TABLE + 1);
	assert_true(virtio_fake_pop(&fake, 1, &chain));
	assert_true(chain.indirect);
	assert_true(virtio_fake_pop(&fake, 1, &chain));
	assert_false(chain.indirect); /* a table for one buffer is a waste */
}

static void one_notification_a_batch(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		bring_up(&modes[i], SIZE);
		for (unsigned k = 0; k < 5; k++)
			assert_int_equal(add(k, 1, 0), OK);
		virtqueue_kick(&queue);
		virtqueue_kick(&queue); /* nothing new */
		assert_int_equal(fake.queue[1].notified, 1);
		assert_int_equal(queue.notifications, 1);
	}
}

static void device_can_decline_notifications(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		bring_up(&modes[i], SIZE);
		assert_int_equal(add(0, 1, 0), OK);
		virtqueue_kick(&queue);
		if (queue.event_idx)
			fake.queue[1].hold_event = true; /* the event stays at 0: passed */
		else
			virtio_fake_want_notify(&fake, 1, false);
		assert_int_equal(add(1, 1, 0), OK);
		virtqueue_kick(&queue);
		assert_int_equal(fake.queue[1].notified, 1);
		if (queue.event_idx)
			fake.queue[1].hold_event = false;
		else
			virtio_fake_want_notify(&fake, 1, true);
		assert_int_equal(virtio_fake_consume(&fake, 1), 2); /* and moves the event */
		assert_int_equal(add(2, 1, 0), OK);
		virtqueue_kick(&queue);
		assert_int_equal(fake.queue[1].notified, 2);
	}
}

static void interrupts_come_only_when_armed(void **state)
{
	(void)state;
	uint32_t len;
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		bring_up(&modes[i], SIZE);
		for (unsigned k = 0; k < 8; k++)
			assert_int_equal(add(k, 1, 0), OK);
		virtqueue_kick(&queue);
		complete(0);
		assert_int_equal(fake.interrupts, 0);
		assert_true(virtqueue_arm(&queue, 1)); /* it is there already */
		assert_non_null(virtqueue_get_used(&queue, &len));
		assert_false(virtqueue_arm(&queue, 1));
		complete(0);
		assert_int_equal(fake.interrupts, 1);
		virtqueue_disarm(&queue);
		complete(0);
		assert_int_equal(fake.interrupts, 1);
		assert_non_null(virtqueue_get_used(&queue, &len));
		assert_non_null(virtqueue_get_used(&queue, &len));
		assert_false(virtqueue_arm(&queue, 3));
		complete(0);
		complete(0);
		assert_int_equal(fake.interrupts, queue.event_idx ? 1 : 3);
		assert_int_equal(virtqueue_arm(&queue, 3), !queue.event_idx);
		complete(0);
		assert_int_equal(fake.interrupts, queue.event_idx ? 2 : 4);
		assert_true(virtqueue_arm(&queue, 3));
	}
}

static uint32_t random_state;

static uint32_t random_below(uint32_t n)
{
	random_state = random_state * 1664525 + 1013904223;
	return (random_state >> 8) % n;
}

/* The device gives one of the chains that it holds back, any of them. */
static void complete_any(struct virtio_fake_chain *held, unsigned *n_held)
{
	unsigned k = random_below(*n_held);
	uint32_t len = held[k].in_bytes == 0 ? 0 : 1 + random_below(held[k].in_bytes);
	virtio_fake_push(&fake, 1, held[k].head, len);
	virtio_fake_publish(&fake, 1);
	held[k] = held[--*n_held];
}

/* Many times around the rings and the 16-bit indices, in random order of completion. */
static void indices_wrap(const struct mode *m)
{
	static struct virtio_fake_chain held[SIZE];
	bool mine[SIZE * 8] = {false};
	unsigned n_held = 0, next = 0;
	uint32_t len, returned = 0, added = 0;
	bring_up(m, SIZE);
	while (returned < 70000) {
		unsigned batch = random_below(4);
		for (unsigned k = 0; k < batch && !mine[next]; k++) {
			if (add(next, 1 + random_below(2), random_below(2)) != OK)
				break;
			mine[next] = true;
			next = (next + 1) % ARRAY_SIZE(mine);
			added++;
		}
		unsigned notified = fake.queue[1].notified;
		bool fresh = virtqueue_unpublished(&queue) > 0;
		virtqueue_kick(&queue);
		/* The device has seen everything before, so it asked for this notification. */
		assert_int_equal(fake.queue[1].notified - notified, fresh);
		while (virtio_fake_pop(&fake, 1, &held[n_held]))
			n_held++;
		while (n_held > 0 && random_below(3) != 0)
			complete_any(held, &n_held);
		for (int *c; (c = virtqueue_get_used(&queue, &len)) != NULL; returned++) {
			assert_true(mine[c - cookies]);
			mine[c - cookies] = false;
		}
		assert_null(queue.fault);
		unsigned interrupts = fake.interrupts;
		assert_false(virtqueue_arm(&queue, 1));
		if (n_held > 0) {
			complete_any(held, &n_held);
			assert_int_equal(fake.interrupts - interrupts, 1);
		}
	}
	assert_true(added > UINT16_MAX);
}

static void indices_wrap_in_all_modes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
		indices_wrap(&modes[i]);
}

/* --- lies ------------------------------------------------------------------------------------ */

static void expect_fault(const char *what)
{
	uint32_t len;
	assert_null(virtqueue_get_used(&queue, &len));
	assert_non_null(queue.fault);
	assert_string_equal(queue.fault, what);
	/* From here on the queue is dead: nothing is taken, returned or notified. */
	unsigned notified = fake.queue[1].notified;
	assert_int_equal(add(9, 1, 0), ERR_IO);
	virtqueue_kick(&queue);
	assert_null(virtqueue_get_used(&queue, &len));
	assert_true(virtqueue_arm(&queue, 1));
	assert_int_equal(fake.queue[1].notified, notified);
}

static void used_index_that_jumps(void **state)
{
	(void)state;
	static const uint16_t jumps[] = {4, SIZE, SIZE + 1, 0x7fff, 0x8000, 0xffff};
	for (size_t i = 0; i < ARRAY_SIZE(jumps); i++) {
		bring_up(&modes[i % ARRAY_SIZE(modes)], SIZE);
		for (unsigned k = 0; k < 3; k++)
			assert_int_equal(add(k, 1, 0), OK);
		virtqueue_kick(&queue);
		assert_int_equal(add(3, 1, 0), OK); /* added, but not shown: does not count */
		virtio_fake_jump(&fake, 1, jumps[i]);
		expect_fault("used index beyond what is in flight");
	}
}

static void used_id_that_cannot_be(void **state)
{
	(void)state;
	static const uint32_t ids[] = {SIZE, SIZE + 1, 0xffff, 0x10000, UINT32_MAX};
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		bring_up(&modes[i % ARRAY_SIZE(modes)], SIZE);
		assert_int_equal(add(0, 1, 0), OK);
		virtqueue_kick(&queue);
		virtio_fake_push(&fake, 1, ids[i], 0);
		virtio_fake_publish(&fake, 1);
		expect_fault("used id out of range");
	}
}

static void used_id_twice_or_not_of_a_head(void **state)
{
	(void)state;
	uint32_t len;
	bring_up(&modes[0], SIZE);
	assert_int_equal(add(0, 2, 0), OK);
	assert_int_equal(add(1, 2, 0), OK);
	virtqueue_kick(&queue);
	uint16_t head = complete(0);
	virtio_fake_push(&fake, 1, head, 0);
	virtio_fake_publish(&fake, 1);
	assert_non_null(virtqueue_get_used(&queue, &len));
	expect_fault("used id that is not in flight");

	bring_up(&modes[0], SIZE);
	assert_int_equal(add(0, 2, 0), OK);
	virtqueue_kick(&queue);
	virtio_fake_push(&fake, 1, 1, 0); /* the second descriptor of the chain */
	virtio_fake_publish(&fake, 1);
	expect_fault("used id that is not in flight");

	bring_up(&modes[3], SIZE);
	assert_int_equal(add(0, 1, 0), OK);
	virtqueue_kick(&queue);
	assert_int_equal(add(1, 1, 0), OK);
	virtio_fake_push(&fake, 1, 1, 0); /* a chain that it was not shown */
	virtio_fake_publish(&fake, 1);
	expect_fault("used id that is not in flight");
}

static void used_length_that_cannot_be(void **state)
{
	(void)state;
	uint32_t len;
	bring_up(&modes[3], SIZE);
	assert_int_equal(add(0, 1, 1), OK); /* 1 byte to read, 2 to write */
	assert_int_equal(add(1, 0, 2), OK); /* 1 and 2 to write */
	assert_int_equal(add(2, 1, 0), OK); /* nothing to write: the length means nothing */
	assert_int_equal(add(3, 0, 1), OK);
	virtqueue_kick(&queue);
	complete(2);
	complete(3);
	complete(77);
	complete(2);
	assert_non_null(virtqueue_get_used(&queue, &len));
	assert_int_equal(len, 2);
	assert_non_null(virtqueue_get_used(&queue, &len));
	assert_int_equal(len, 3);
	assert_non_null(virtqueue_get_used(&queue, &len));
	assert_int_equal(len, 0);
	expect_fault("used length beyond the buffer");
}

static void reset_returns_what_was_in_flight(void **state)
{
	(void)state;
	uint32_t len;
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		unsigned seen = 0;
		bring_up(&modes[i], SIZE);
		for (unsigned k = 0; k < 5; k++)
			assert_int_equal(add(k, 3, 0), OK);
		virtqueue_kick(&queue);
		complete(0);
		assert_ptr_equal(virtqueue_get_used(&queue, &len), &cookies[0]);
		assert_int_equal(add(5, 1, 0), OK); /* never shown */
		virtio_fake_jump(&fake, 1, 9);
		assert_null(virtqueue_get_used(&queue, &len));
		assert_int_equal(virtio_reset(&mmio.dev), OK);
		for (int *c; (c = virtqueue_reclaim(&queue)) != NULL;)
			seen |= 1u << (c - cookies);
		assert_int_equal(seen, 0x3e);
		assert_int_equal(queue.n_free, SIZE);
	}
}

static enum err add_empty_piece(void)
{
	const struct virtqueue_piece empty = {buffers[0], 0};
	return virtqueue_add(&queue, &empty, 1, 0, cookies);
}

static void callers_bugs_assert(void **state)
{
	(void)state;
	bring_up(&modes[0], SIZE);
	expect_assert_failure(add(0, 0, 0));
	expect_assert_failure(add(0, VIRTQUEUE_CHAIN_MAX, 1));
	expect_assert_failure(add_empty_piece());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(probe_tells_devices_from_empty_slots),
		cmocka_unit_test(negotiation_takes_what_both_want),
		cmocka_unit_test(negotiation_fails_in_bounded_time),
		cmocka_unit_test(legacy_devices_get_no_upper_features),
		cmocka_unit_test(configuration_is_of_one_generation),
		cmocka_unit_test(interrupts_are_acknowledged),
		cmocka_unit_test(size_is_what_both_can),
		cmocka_unit_test(queue_in_use_is_refused),
		cmocka_unit_test(chains_reach_the_device_and_come_back),
		cmocka_unit_test(full_queue_refuses_and_recovers),
		cmocka_unit_test(chains_longer_than_a_table_are_direct),
		cmocka_unit_test(one_notification_a_batch),
		cmocka_unit_test(device_can_decline_notifications),
		cmocka_unit_test(interrupts_come_only_when_armed),
		cmocka_unit_test(indices_wrap_in_all_modes),
		cmocka_unit_test(used_index_that_jumps),
		cmocka_unit_test(used_id_that_cannot_be),
		cmocka_unit_test(used_id_twice_or_not_of_a_head),
		cmocka_unit_test(used_length_that_cannot_be),
		cmocka_unit_test(reset_returns_what_was_in_flight),
		cmocka_unit_test(callers_bugs_assert),
	};
	memory.ring = virtio_fake_low_memory(VIRTQUEUE_RING_BYTES(SIZE));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
