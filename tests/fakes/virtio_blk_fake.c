/* SPDX-License-Identifier: ISC */
#include "tests/fakes/virtio_blk_fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Written out from the specification, not taken from the driver. */
enum { ID_BLOCK = 2, IN = 0, OUT = 1, FLUSH = 4, DISCARD = 11, ZEROES = 13, F_RO = 5 };

static uint64_t le(const uint8_t *at, unsigned n)
{
	uint64_t v = 0;

	memcpy(&v, at, n);
	return v;
}

void virtio_blk_fake_set(struct virtio_blk_fake *f, unsigned at, uint64_t value, unsigned bytes)
{
	memcpy(&f->device.config[at], &value, bytes);
}

void virtio_blk_fake_init(struct virtio_blk_fake *f, uint32_t version, uint64_t features)
{
	const uint64_t ring = UINT64_C(1) << 32 | 1u << 29;

	memset(f, 0, sizeof(*f));
	virtio_fake_init(&f->device, version, ID_BLOCK, features | ring, 128);
	virtio_blk_fake_set(f, 0, VIRTIO_BLK_FAKE_BYTES / 512, 8);
	virtio_blk_fake_set(f, 12, 20, 4);
	virtio_blk_fake_set(f, 20, 512, 4);
	virtio_blk_fake_set(f, 36, 64, 4);
	virtio_blk_fake_set(f, 48, 64, 4);
}

/* Copies between the pieces [from, to) of a chain and the medium; how many bytes. */
static uint32_t move(struct virtio_blk_fake *f, const struct virtio_fake_chain *c, unsigned from,
		     unsigned to, uint64_t sector, bool in)
{
	uint8_t *at = &f->bytes[sector * 512];
	uint32_t n = 0;

	assert_true(from < to);
	for (unsigned i = from; i < to; i++) {
		uint32_t size_max = (uint32_t)le(&f->device.config[8], 4);

		if ((f->device.accepted >> 1 & 1) != 0)
			assert_true(c->piece[i].len <= size_max);
		assert_true(c->piece[i].len + n <= VIRTIO_BLK_FAKE_BYTES - sector * 512);
		memcpy(in ? c->piece[i].bytes : at + n, in ? at + n : c->piece[i].bytes,
		       c->piece[i].len);
		n += c->piece[i].len;
	}
	assert_int_equal(n % le(&f->device.config[20], 4), 0);
	if ((f->device.accepted >> 2 & 1) != 0)
		assert_true(to - from <= le(&f->device.config[12], 4));
	return n;
}

static void change(struct virtio_blk_fake *f, const struct virtio_fake_chain *c, uint32_t type)
{
	const uint8_t *range = c->piece[1].bytes;
	uint64_t sector = le(range, 8), count = le(range + 8, 4);

	assert_int_equal(c->n_out, 2);
	assert_int_equal(c->piece[1].len, 16);
	assert_int_equal(le(range + 12, 4), 0);
	assert_true(count <= le(&f->device.config[type == DISCARD ? 36 : 48], 4));
	assert_true(sector + count <= VIRTIO_BLK_FAKE_BYTES / 512);
	memset(&f->bytes[sector * 512], type == DISCARD ? 0xd5 : 0, count * 512);
}

/* Does one; how many bytes were written to it. */
static uint32_t perform(struct virtio_blk_fake *f, const struct virtio_fake_chain *c)
{
	const uint8_t *header = c->piece[0].bytes;
	uint32_t type = (uint32_t)le(header, 4), written = 0;
	unsigned last = c->n_out + c->n_in - 1;

	assert_int_equal(c->piece[0].len, 16);
	assert_int_equal(c->piece[last].len, 1);
	f->requests++;
	if (f->status == 0) {
		assert_true(type == IN || type == FLUSH || (f->device.accepted >> F_RO & 1) == 0);
		if (type == IN)
			written = move(f, c, 1, last, le(header + 8, 8), true);
		else if (type == OUT)
			move(f, c, 1, c->n_out, le(header + 8, 8), false);
		else if (type == FLUSH)
			f->flushes++;
		else
			change(f, c, type);
	}
	*c->piece[last].bytes = f->status;
	return written + 1;
}

void virtio_blk_fake_work(struct virtio_blk_fake *f)
{
	static struct virtio_fake_chain held[VIRTIO_BLK_FAKE_HELD];
	unsigned n = 0;

	if ((f->device.status & 4) == 0)
		return;
	while (n < VIRTIO_BLK_FAKE_HELD && virtio_fake_pop(&f->device, 0, &held[n]))
		n++;
	if (n > f->max_held)
		f->max_held = n;
	if (f->silent)
		return;
	for (unsigned i = n; i-- > 0;)
		virtio_fake_push(&f->device, 0, held[i].head, perform(f, &held[i]) - f->short_by);
	virtio_fake_publish(&f->device, 0);
}
