/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/rng/virtio_rng/virtio_rng.h"
#include "drivers/virtio/virtio_mmio.h"
#include "tests/fakes/runtime.h"
#include "tests/fakes/virtio_fake.h"

static struct virtio_fake fake;
static struct virtio_mmio mmio;
static struct virtio_rng *device;
static struct rng *rng;
static struct virtio_fake_chain chain;

/* Time passes with each look at it. */
static uint64_t clock_us;

static uint64_t now_us(struct timer *t)
{
	(void)t;
	return clock_us += 10;
}

static void arm(struct timer *t, uint64_t deadline_us)
{
	(void)t;
	(void)deadline_us;
}

static const struct timer_ops timer_ops = {now_us, arm};
static struct timer timer = {.ops = &timer_ops};

/* What the device does with a request: writes so many bytes, and says so many. */
static uint32_t write_bytes, say_bytes;
static uint8_t next_byte;

static void answer(struct virtio_fake *f, unsigned queue)
{
	uint8_t bytes[VIRTIO_RNG_CHUNK];
	assert_true(virtio_fake_pop(f, queue, &chain));
	assert_int_equal(chain.n_out, 0);
	assert_true(chain.in_bytes <= sizeof(bytes));
	uint32_t n = write_bytes < chain.in_bytes ? write_bytes : chain.in_bytes;
	for (uint32_t i = 0; i < n; i++)
		bytes[i] = next_byte++;
	virtio_fake_scatter(&chain, bytes, n);
	virtio_fake_push(f, queue, chain.head, say_bytes < chain.in_bytes ? say_bytes : n);
	virtio_fake_publish(f, queue);
}

static void ignore(struct virtio_fake *f, unsigned queue)
{
	assert_true(virtio_fake_pop(f, queue, &chain));
}

static void lie(struct virtio_fake *f, unsigned queue)
{
	assert_true(virtio_fake_pop(f, queue, &chain));
	virtio_fake_push(f, queue, chain.head, chain.in_bytes + 1);
	virtio_fake_publish(f, queue);
}

static void plug(uint32_t version)
{
	if (device == NULL)
		device = virtio_fake_low_memory(sizeof(*device));
	virtio_fake_init(&fake, version, VIRTIO_ID_RNG, VIRTIO_F_VERSION_1 | VIRTIO_F_EVENT_IDX, 8);
	fake.on_notify = answer;
	write_bytes = say_bytes = VIRTIO_RNG_CHUNK;
	next_byte = 0;
	assert_int_equal(virtio_mmio_probe(&mmio, VIRTIO_FAKE_BASE), OK);
	rng = virtio_rng_init(device, &mmio.dev, &timer);
	assert_int_equal(fake.register_writes, 0);
}

static void expect_counting(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		assert_int_equal(bytes[i], (uint8_t)i);
}

static void fills_any_length(void **state)
{
	(void)state;
	static const size_t lengths[] = {1, 32, 63, 64, 65, 128, 200};
	for (uint32_t version = 1; version <= 2; version++) {
		for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
			uint8_t bytes[256];
			memset(bytes, 0xee, sizeof(bytes));
			plug(version);
			assert_int_equal(rng_read(rng, bytes, lengths[i]), OK);
			expect_counting(bytes, lengths[i]);
			assert_int_equal(bytes[lengths[i]], 0xee);
			assert_int_equal(fake.interrupts, 0);
		}
	}
}

static void keeps_no_copy_of_what_it_gave(void **state)
{
	(void)state;
	uint8_t bytes[32];
	static const uint8_t zero[VIRTIO_RNG_CHUNK];
	plug(2);
	next_byte = 1;
	assert_int_equal(rng_read(rng, bytes, sizeof(bytes)), OK);
	assert_memory_equal(device->chunk, zero, sizeof(zero));
}

static void short_answers_add_up(void **state)
{
	(void)state;
	uint8_t bytes[200];
	plug(2);
	write_bytes = say_bytes = 7;
	assert_int_equal(rng_read(rng, bytes, sizeof(bytes)), OK);
	expect_counting(bytes, sizeof(bytes));
}

static void silence_ends_in_time(void **state)
{
	(void)state;
	uint8_t bytes[200], chunk[VIRTIO_RNG_CHUNK];
	plug(2);
	fake.on_notify = ignore;
	uint64_t start = clock_us;
	assert_int_equal(rng_read(rng, bytes, sizeof(bytes)), ERR_TIMEOUT);
	assert_in_range(clock_us - start, VIRTIO_RNG_WAIT_US, 2 * VIRTIO_RNG_WAIT_US);
	assert_int_equal(fake.status, 0); /* reset: it will not write to the chunk later */
	memset(chunk, 0x55, sizeof(chunk));
	fake.on_notify = answer;
	assert_int_equal(rng_read(rng, bytes, sizeof(bytes)), OK);
	expect_counting(bytes, sizeof(bytes));
}

/* A byte now and then does not stretch the time without end. */
static void trickle(struct virtio_fake *f, unsigned queue)
{
	clock_us += VIRTIO_RNG_WAIT_US / 10;
	answer(f, queue);
}

static void trickle_ends_in_time(void **state)
{
	(void)state;
	uint8_t bytes[64];
	plug(2);
	write_bytes = say_bytes = 1;
	fake.on_notify = trickle;
	uint64_t start = clock_us;
	assert_int_equal(rng_read(rng, bytes, sizeof(bytes)), ERR_TIMEOUT);
	assert_in_range(clock_us - start, VIRTIO_RNG_WAIT_US, 2 * VIRTIO_RNG_WAIT_US);
}

static void lies_are_errors(void **state)
{
	(void)state;
	uint8_t bytes[64];
	plug(2);
	say_bytes = 0;
	assert_int_equal(rng_read(rng, bytes, sizeof(bytes)), ERR_IO);
	assert_int_equal(fake.status, 0);
	plug(2);
	fake.on_notify = lie;
	assert_int_equal(rng_read(rng, bytes, sizeof(bytes)), ERR_IO);
	assert_int_equal(fake.status, 0);
	assert_non_null(strstr(fake_log_last, "used length beyond the buffer"));
	plug(2);
	fake.refuse_features = true;
	assert_int_equal(rng_read(rng, bytes, sizeof(bytes)), ERR_UNSUPPORTED);
	plug(1);
	fake.never_resets = true;
	assert_int_equal(rng_read(rng, bytes, sizeof(bytes)), ERR_TIMEOUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fills_any_length),
		cmocka_unit_test(keeps_no_copy_of_what_it_gave),
		cmocka_unit_test(short_answers_add_up),
		cmocka_unit_test(silence_ends_in_time),
		cmocka_unit_test(trickle_ends_in_time),
		cmocka_unit_test(lies_are_errors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
