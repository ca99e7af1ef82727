/* SPDX-License-Identifier: ISC */
/*
 * The PCI transport against a device whose registers are a BAR of the test: where it finds them,
 * what it writes there, how it interrupts, and what it refuses.
 */
#define ARCH_MMIO_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Offsets are written out from the specification, not taken from the driver. */
enum {
	COMMON = 0x0000,
	ISR = 0x1000,
	CONFIG = 0x2000,
	NOTIFY = 0x3000,
	REGS_BYTES = 0x4000,
	MULTIPLIER = 4,
	QUEUES = 2,
	QUEUE_SIZE = 64,
	NO_VECTOR = 0xffff,
};

#define BAR_BASE   UINT64_C(0xfe000000)
#define TABLE_BASE UINT64_C(0xfe400000)

/* The device. */
static struct {
	uint64_t offered, accepted;
	uint32_t device_sel, driver_sel;
	uint16_t queue_sel, config_vector;
	uint8_t status, isr, generation;
	struct {
		uint16_t size, vector, enabled, notify_off;
		uint32_t address[6];
		unsigned notified;
	} queue[QUEUES];
	uint8_t config[64];
	uint32_t table[16];
	bool refuses_vectors;
	unsigned accesses;
} device;

static uint32_t read_register(uint64_t address, unsigned bytes);
static void write_register(uint64_t address, uint32_t v, unsigned bytes);

static inline uint8_t mmio_read8(uintptr_t address)
{
	return (uint8_t)read_register(address, 1);
}

static inline uint16_t mmio_read16(uintptr_t address)
{
	return (uint16_t)read_register(address, 2);
}

static inline uint32_t mmio_read32(uintptr_t address)
{
	return read_register(address, 4);
}

static inline void mmio_write8(uintptr_t address, uint8_t v)
{
	write_register(address, v, 1);
}

static inline void mmio_write16(uintptr_t address, uint16_t v)
{
	write_register(address, v, 2);
}

static inline void mmio_write32(uintptr_t address, uint32_t v)
{
	write_register(address, v, 4);
}

#include "drivers/pci/pci_msix.c"
#include "drivers/virtio/pci/virtio_pci.c"
#include "drivers/virtio/virtqueue.h"
#include "tests/fakes/pci_fake.h"

/* --- the device --------------------------------------------------------------------------------
 */

static uint32_t read_common(unsigned at, unsigned bytes)
{
	unsigned q = device.queue_sel;
	bool there = q < QUEUES;

	switch (at) {
	case 0x04:
		assert_int_equal(bytes, 4);
		return (uint32_t)(device.offered >> 32 * device.device_sel);
	case 0x10:
		assert_int_equal(bytes, 2);
		return device.config_vector;
	case 0x14:
		assert_int_equal(bytes, 1);
		return device.status;
	case 0x15:
		assert_int_equal(bytes, 1);
		return device.generation;
	case 0x18:
		assert_int_equal(bytes, 2);
		return there ? device.queue[q].size : 0;
	case 0x1a:
		assert_int_equal(bytes, 2);
		return device.queue[q].vector;
	case 0x1c:
		assert_int_equal(bytes, 2);
		return device.queue[q].enabled;
	case 0x1e:
		assert_int_equal(bytes, 2);
		return device.queue[q].notify_off;
	}
	fail_msg("read of common configuration %#x", at);
	return 0;
}

static void reset(void)
{
	device.config_vector = NO_VECTOR;
	device.accepted = 0;
	for (unsigned i = 0; i < QUEUES; i++) {
		device.queue[i].size = QUEUE_SIZE;
		device.queue[i].vector = NO_VECTOR;
		device.queue[i].enabled = 0;
	}
}

static void write_queue(unsigned at, uint32_t v, unsigned bytes)
{
	unsigned q = device.queue_sel;

	assert_true(q < QUEUES);
	if (at >= 0x20 && at < 0x38) {
		assert_int_equal(bytes, 4);
		device.queue[q].address[(at - 0x20) / 4] = v;
		return;
	}
	assert_int_equal(bytes, 2);
	if (at == 0x18)
		device.queue[q].size = (uint16_t)v;
	else if (at == 0x1a)
		device.queue[q].vector = device.refuses_vectors ? NO_VECTOR : (uint16_t)v;
	else if (at == 0x1c)
		device.queue[q].enabled = (uint16_t)v;
	else
		fail_msg("write of common configuration %#x", at);
}

static void write_common(unsigned at, uint32_t v, unsigned bytes)
{
	switch (at) {
	case 0x00:
		device.device_sel = v;
		return;
	case 0x08:
		device.driver_sel = v;
		return;
	case 0x0c:
		device.accepted |= (uint64_t)v << 32 * device.driver_sel;
		return;
	case 0x10:
		assert_int_equal(bytes, 2);
		device.config_vector = (uint16_t)v;
		return;
	case 0x14:
		assert_int_equal(bytes, 1);
		device.status = (uint8_t)v;
		if (v == 0)
			reset();
		return;
	case 0x16:
		assert_int_equal(bytes, 2);
		device.queue_sel = (uint16_t)v;
		return;
	}
	write_queue(at, v, bytes);
}

static uint32_t read_register(uint64_t address, unsigned bytes)
{
	uint64_t at = address - BAR_BASE;
	uint32_t v = 0;

	device.accesses++;
	assert_true(at < REGS_BYTES && at % bytes == 0);
	if (at < ISR)
		return read_common((unsigned)at, bytes);
	if (at < CONFIG) {
		assert_int_equal(at, ISR);
		v = device.isr;
		device.isr = 0;
		return v;
	}
	assert_true(at - CONFIG + bytes <= sizeof(device.config));
	memcpy(&v, device.config + at - CONFIG, bytes);
	return v;
}

static void notify(uint64_t at, uint32_t v, unsigned bytes)
{
	assert_int_equal(bytes, 2);
	for (unsigned i = 0; i < QUEUES; i++) {
		if (at == (uint64_t)device.queue[i].notify_off * MULTIPLIER) {
			assert_int_equal(v, i);
			device.queue[i].notified++;
			return;
		}
	}
	fail_msg("nobody is notified at %#lx", (unsigned long)at);
}

static void write_register(uint64_t address, uint32_t v, unsigned bytes)
{
	uint64_t at = address - BAR_BASE;

	device.accesses++;
	if (address >= TABLE_BASE && address < TABLE_BASE + sizeof(device.table)) {
		assert_int_equal(bytes, 4);
		device.table[(address - TABLE_BASE) / 4] = v;
		return;
	}
	assert_true(at < REGS_BYTES && at % bytes == 0);
	if (at >= NOTIFY)
		notify(at - NOTIFY, v, bytes);
	else
		write_common((unsigned)at, v, bytes);
}

/* --- the machine -------------------------------------------------------------------------------
 */

enum { LINES = 4, LINE_CONFIG = 1, LINE_QUEUES = 2 };

static struct pci_fake_function *function;
static struct virtio_pci slot;

static void add_area(unsigned at, uint32_t type, uint32_t n, uint32_t offset, uint32_t length)
{
	const uint32_t words[] = {type << 24 | 20 << 16, n, offset, length, MULTIPLIER};

	pci_fake_capability(function, at, 9, words, 5);
}

static void add_msix(uint32_t entries)
{
	const uint32_t words[] = {(entries - 1) << 16, 1, 0};

	function->word[5] = (uint32_t)TABLE_BASE; /* BAR 1, of 32 bits */
	function->bar_mask[1] = 0xfffff000;
	pci_fake_capability(function, 0x98, 17, words, 3);
}

static int setup(void **state)
{
	(void)state;
	memset(&device, 0, sizeof(device));
	device.offered = VIRTIO_F_VERSION_1;
	device.queue[1].notify_off = 3;
	reset();
	pci_fake_init(0x4000000);
	function = pci_fake_add(0, 2, 0, 0x1af4, 0x1041);
	pci_fake_bar(function, 4, BAR_BASE, REGS_BYTES);
	add_area(0x40, VIRTIO_PCI_TYPE_COMMON, 4, COMMON, 0x1000);
	add_area(0x54, VIRTIO_PCI_TYPE_ISR, 4, ISR, 0x1000);
	add_area(0x68, VIRTIO_PCI_TYPE_DEVICE, 4, CONFIG, 0x1000);
	add_area(0x7c, VIRTIO_PCI_TYPE_NOTIFY, 4, NOTIFY, 0x1000);
	add_msix(3);
	return 0;
}

static enum err probe(void)
{
	struct pci_function f = pci_fake_handle(function);

	return virtio_pci_probe(&slot, &f);
}

static enum err enable_line(struct irq_chip *chip, uint32_t line, enum irq_trigger trigger)
{
	(void)chip;
	(void)line;
	assert_int_equal(trigger, IRQ_EDGE_RISING);
	return OK;
}

static const struct irq_chip_ops chip_ops = {.enable = enable_line};
static struct irq_line lines[LINES];
static struct irq_chip chip = {.ops = &chip_ops, .lines = lines, .n_lines = LINES};

static enum err use_messages(void)
{
	const struct virtio_pci_message config = {0xfee00000, 81, LINE_CONFIG};
	const struct virtio_pci_message queues = {0xfee00000, 82, LINE_QUEUES};

	memset(lines, 0, sizeof(lines));
	assert_int_equal(virtio_pci_find_messages(&slot), OK);
	return virtio_pci_use_messages(&slot, &chip, &config, &queues);
}

static _Alignas(PAGE_BYTES) uint8_t ring[VIRTQUEUE_RING_BYTES(QUEUE_SIZE)];
static struct virtqueue_slot slots[QUEUE_SIZE];
static const struct virtqueue_memory memory = {.ring = ring, .slots = slots, .size = QUEUE_SIZE};
static struct virtqueue queue;

static enum err bring_up(uint16_t index)
{
	enum err e = virtio_negotiate(&slot.dev, 0);

	if (e == OK)
		e = virtqueue_setup(&queue, &slot.dev, index, &memory);
	if (e == OK)
		virtio_ready(&slot.dev);
	return e;
}

/* --- finding it --------------------------------------------------------------------------------
 */

static void devices_are_known_by_their_type(void **state)
{
	uint32_t net = 1, rng = 4;
	struct pci_function f = pci_fake_handle(function);

	(void)state;
	assert_true(virtio_pci_is(&f, &net));
	assert_false(virtio_pci_is(&f, &rng));
	f.device = 0x1005; /* transitional: its subsystem says */
	function->word[0x2c / 4] = 4 << 16 | 0x1af4;
	assert_true(virtio_pci_is(&f, &rng));
	f.vendor = 0x1af5;
	assert_false(virtio_pci_is(&f, &rng));
	f.vendor = 0x1af4;
	f.device = 0x0fff;
	assert_false(virtio_pci_is(&f, &rng));
	f.device = 0x1080;
	assert_false(virtio_pci_is(&f, &rng));
}

static void registers_are_where_the_device_says(void **state)
{
	(void)state;
	assert_int_equal(probe(), OK);
	assert_int_equal(slot.dev.id, VIRTIO_ID_NET);
	assert_int_equal(slot.common.start, BAR_BASE);
	assert_int_equal(slot.isr.start, BAR_BASE + ISR);
	assert_int_equal(slot.config.start, BAR_BASE + CONFIG);
	assert_int_equal(slot.notify.start, BAR_BASE + NOTIFY);
	assert_int_equal(slot.notify_multiplier, MULTIPLIER);
	assert_int_equal(pci_fake.maps, 1);                 /* all in one BAR */
	assert_int_equal(function->word[1] & 0x406, 0x406); /* memory, master, no line */
	assert_int_equal(device.accesses, 0);
}

static void the_first_structure_that_can_be_used_is(void **state)
{
	(void)state;
	add_area(0xb0, VIRTIO_PCI_TYPE_COMMON, 4, 0x3ff0, 0x1000); /* beyond the BAR */
	assert_int_equal(probe(), OK);
	assert_int_equal(slot.common.start, BAR_BASE);
	add_area(0xc4, VIRTIO_PCI_TYPE_COMMON, 7, 0, 0x1000); /* a reserved BAR */
	assert_int_equal(probe(), OK);
	add_area(0xd8, VIRTIO_PCI_TYPE_COMMON, 4, 0x800, 0x40);
	assert_int_equal(probe(), OK);
	assert_int_equal(slot.common.start, BAR_BASE + 0x800);
}

/* Changes a structure's place, and expects that the device is refused or taken. */
static void expect_area(unsigned at, uint32_t n, uint32_t offset, uint32_t length, enum err e)
{
	uint32_t *words = &function->word[at / 4], before[5];

	memcpy(before, words, sizeof(before));
	words[1] = n;
	words[2] = offset;
	words[3] = length;
	assert_int_equal(probe(), e);
	memcpy(words, before, sizeof(before));
}

static void structures_outside_of_their_bars_are_refused(void **state)
{
	static const unsigned places[] = {0x40, 0x54, 0x68, 0x7c};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		expect_area(places[i], 4, 0, REGS_BYTES, OK);
		expect_area(places[i], 4, 0, REGS_BYTES + 1, ERR_RANGE);
		expect_area(places[i], 4, REGS_BYTES, 0x38, ERR_RANGE);
		expect_area(places[i], 4, 0xfffffff0, 0x38, ERR_RANGE);
		expect_area(places[i], 4, 0x38, 0xffffffff, ERR_RANGE);
		expect_area(places[i], 4, 0, 0, ERR_RANGE);
		/* In a BAR that is none: only the type's own configuration need not be there. */
		expect_area(places[i], 3, 0, 0x38, places[i] == 0x68 ? OK : ERR_NODEV);
		expect_area(places[i], 255, 0, 0x38, places[i] == 0x68 ? OK : ERR_NODEV);
	}
	expect_area(0x40, 4, 0, 0x37, ERR_RANGE);
	expect_area(0x40, 4, 2, 0x38, ERR_RANGE);
	expect_area(0x7c, 4, 1, 0x38, ERR_RANGE);
}

static void a_multiplier_behind_configuration_space_is_refused(void **state)
{
	(void)state;
	function->word[1] &= 0xffff; /* forget the list */
	function->word[0x34 / 4] = 0;
	add_area(0x40, VIRTIO_PCI_TYPE_COMMON, 4, COMMON, 0x1000);
	const uint32_t words[] = {VIRTIO_PCI_TYPE_NOTIFY << 24, 4, NOTIFY, 0x1000};
	pci_fake_capability(function, 0xf0, 9, words, 4);
	assert_int_equal(probe(), ERR_RANGE);
}

static void an_odd_multiplier_is_refused(void **state)
{
	(void)state;
	function->word[(0x7c + 16) / 4] = 3;
	assert_int_equal(probe(), ERR_RANGE);
	function->word[(0x7c + 16) / 4] = 0; /* all queues share one */
	device.queue[1].notify_off = 0;
	assert_int_equal(probe(), OK);
}

/* --- driving it --------------------------------------------------------------------------------
 */

static void a_queue_is_set_up_and_notified(void **state)
{
	static uint8_t byte;
	const struct virtqueue_piece piece = {&byte, 1};

	(void)state;
	assert_int_equal(probe(), OK);
	assert_int_equal(bring_up(1), OK);
	assert_int_equal(device.accepted, VIRTIO_F_VERSION_1);
	assert_int_equal(device.status, 0x0f);
	assert_int_equal(device.queue[1].enabled, 1);
	assert_int_equal(device.queue[1].vector, NO_VECTOR); /* it is polled */
	assert_int_equal(device.queue[1].address[0], (uint32_t)(uintptr_t)ring);
	assert_int_equal(device.queue[1].address[1], (uintptr_t)ring >> 32);
	assert_int_equal(virtqueue_add(&queue, &piece, 0, 1, &byte), OK);
	virtqueue_kick(&queue);
	assert_int_equal(device.queue[1].notified, 1);
	assert_int_equal(device.queue[0].notified, 0);
}

static void queues_that_are_not_there_are_refused(void **state)
{
	(void)state;
	assert_int_equal(probe(), OK);
	assert_int_equal(bring_up(QUEUES), ERR_UNSUPPORTED);
	assert_int_equal(bring_up(VIRTIO_PCI_QUEUES), ERR_UNSUPPORTED);
	assert_int_equal(bring_up(0xffff), ERR_UNSUPPORTED);
	device.queue[0].notify_off = 0x400; /* behind the structure */
	assert_int_equal(bring_up(0), ERR_RANGE);
	device.queue[0].notify_off = 0xffff;
	assert_int_equal(bring_up(0), ERR_RANGE);
	device.queue[0].notify_off = 0x3ff;
	assert_int_equal(bring_up(0), OK);
}

static void a_device_of_old_is_refused(void **state)
{
	(void)state;
	device.offered = 0;
	assert_int_equal(probe(), OK);
	assert_int_equal(bring_up(0), ERR_UNSUPPORTED);
	assert_int_equal(device.status & 0x80, 0x80);
}

static void configuration_is_read_within_its_structure(void **state)
{
	uint8_t mac[6];

	(void)state;
	memcpy(device.config, "\x52\x54\x00\x12\x34\x56\x01", 7);
	function->word[(0x68 + 12) / 4] = 8;
	assert_int_equal(probe(), OK);
	assert_int_equal(virtio_config_read(&slot.dev, 0, 1, 6, mac), OK);
	assert_memory_equal(mac, device.config, 6);
	uint16_t status = 7;
	assert_int_equal(virtio_config_read(&slot.dev, 6, 2, 1, &status), OK);
	assert_int_equal(status, 1);
	assert_int_equal(virtio_config_read(&slot.dev, 8, 2, 1, &status), OK);
	assert_int_equal(status, 0); /* behind it there is nothing */
	assert_int_equal(virtio_config_read(&slot.dev, 0xfffffffe, 2, 1, &status), OK);
	assert_int_equal(status, 0);
}

/* --- interrupts --------------------------------------------------------------------------------
 */

static uint32_t why;

static void handle(void *arg)
{
	why = virtio_interrupt(arg);
}

static void messages_say_what_happened(void **state)
{
	(void)state;
	assert_int_equal(probe(), OK);
	assert_int_equal(use_messages(), OK);
	assert_int_equal(irq_attach(&chip, LINE_QUEUES, IRQ_EDGE_RISING, handle, &slot.dev), OK);
	assert_int_equal(bring_up(0), OK);
	assert_int_equal(device.queue[0].vector, 1);
	assert_int_equal(device.config_vector, 0);
	const uint32_t expected[] = {0xfee00000, 0, 81, 0, 0xfee00000, 0, 82, 0};
	assert_memory_equal(device.table, expected, sizeof(expected));
	assert_int_equal(function->word[0x98 / 4] >> 30, 2); /* enabled, not masked */

	device.accesses = 0;
	irq_chip_handle(&chip, LINE_QUEUES);
	assert_int_equal(why, VIRTIO_INTERRUPT_QUEUE);
	irq_chip_handle(&chip, LINE_CONFIG);
	assert_int_equal(why, VIRTIO_INTERRUPT_QUEUE | VIRTIO_INTERRUPT_CONFIG);
	irq_chip_handle(&chip, LINE_QUEUES);
	assert_int_equal(why, VIRTIO_INTERRUPT_QUEUE);
	assert_int_equal(device.accesses, 0);
}

/* A reset makes the device forget its vectors: the next start says them anew. */
static void vectors_are_said_after_each_reset(void **state)
{
	(void)state;
	assert_int_equal(probe(), OK);
	assert_int_equal(use_messages(), OK);
	assert_int_equal(bring_up(0), OK);
	assert_int_equal(virtio_reset(&slot.dev), OK);
	assert_int_equal(device.config_vector, NO_VECTOR);
	assert_int_equal(bring_up(0), OK);
	assert_int_equal(device.config_vector, 0);
	assert_int_equal(device.queue[0].vector, 1);
}

static void a_device_without_room_for_a_vector_is_refused(void **state)
{
	(void)state;
	assert_int_equal(probe(), OK);
	assert_int_equal(use_messages(), OK);
	device.refuses_vectors = true;
	assert_int_equal(bring_up(0), ERR_IO);
}

static void messages_need_two_entries(void **state)
{
	(void)state;
	function->word[0x98 / 4] &= 0xf800ffff; /* one */
	assert_int_equal(probe(), OK);
	assert_int_equal(virtio_pci_find_messages(&slot), ERR_NODEV);
	function->word[0x98 / 4] |= 1 << 16;
	assert_int_equal(virtio_pci_find_messages(&slot), OK);
}

static void a_line_is_acknowledged_by_asking_why(void **state)
{
	(void)state;
	assert_int_equal(probe(), OK);
	virtio_pci_use_line(&slot);
	assert_int_equal(function->word[1] & 0x400, 0);
	device.isr = 0xff;
	assert_int_equal(virtio_interrupt(&slot.dev), 3);
	assert_int_equal(virtio_interrupt(&slot.dev), 0);
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(devices_are_known_by_their_type),
		TEST(registers_are_where_the_device_says),
		TEST(the_first_structure_that_can_be_used_is),
		TEST(structures_outside_of_their_bars_are_refused),
		TEST(a_multiplier_behind_configuration_space_is_refused),
		TEST(an_odd_multiplier_is_refused),
		TEST(a_queue_is_set_up_and_notified),
		TEST(queues_that_are_not_there_are_refused),
		TEST(a_device_of_old_is_refused),
		TEST(configuration_is_read_within_its_structure),
		TEST(messages_say_what_happened),
		TEST(vectors_are_said_after_each_reset),
		TEST(a_device_without_room_for_a_vector_is_refused),
		TEST(messages_need_two_entries),
		TEST(a_line_is_acknowledged_by_asking_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
