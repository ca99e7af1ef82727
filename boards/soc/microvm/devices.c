/* SPDX-License-Identifier: ISC */
#include "boards/soc/microvm/devices.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "boards/soc/microvm/memory_map.h"
#include "drivers/irq/apic/apic.h"

#define WORD "virtio_mmio.device="

/* A piece of text that is consumed from the front. */
struct text {
	const char *next, *end;
};

static bool take(struct text *t, char c)
{
	if (t->next == t->end || *t->next != c)
		return false;
	t->next++;
	return true;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

/* A decimal number, or a hexadecimal one after "0x", of 32 bits. */
static bool take_number(struct text *t, uint32_t *value)
{
	int base = 10;
	if (t->end - t->next > 2 && t->next[0] == '0' && t->next[1] == 'x') {
		base = 16;
		t->next += 2;
	}
	const char *first = t->next;
	uint64_t v = 0;
	for (; t->next != t->end && digit_value(*t->next) < base; t->next++) {
		v = v * (uint64_t)base + (uint64_t)digit_value(*t->next);
		if (v > UINT32_MAX)
			return false;
	}
	*value = (uint32_t)v;
	return t->next != first;
}

/* The part behind the '='. Nothing outside the window that is mapped for slots is believed. */
static bool parse_device(struct text t, struct microvm_device *device)
{
	uint32_t bytes, base, line;
	if (!take_number(&t, &bytes) || !take(&t, '@') || !take_number(&t, &base) ||
	    !take(&t, ':') || !take_number(&t, &line) || t.next != t.end)
		return false;
	if (bytes < MICROVM_VIRTIO_SLOT_BYTES || base % MICROVM_VIRTIO_SLOT_BYTES != 0 ||
	    base < MICROVM_VIRTIO_START ||
	    base >= MICROVM_VIRTIO_START + MICROVM_VIRTIO_SLOTS * MICROVM_VIRTIO_SLOT_BYTES)
		return false;
	*device = (struct microvm_device){.base = base, .line = line};
	return line < APIC_PINS;
}

static bool is_new(const struct microvm_devices *d, const struct microvm_device *device)
{
	for (unsigned i = 0; i < d->n; i++) {
		if (d->device[i].base == device->base || d->device[i].line == device->line)
			return false;
	}
	return true;
}

static void add_word(struct microvm_devices *d, struct text word)
{
	size_t prefix = strlen(WORD);
	if ((size_t)(word.end - word.next) < prefix || memcmp(word.next, WORD, prefix) != 0)
		return;
	word.next += prefix;
	struct microvm_device device;
	if (d->n < MICROVM_DEVICES_MAX && parse_device(word, &device) && is_new(d, &device))
		d->device[d->n++] = device;
	else
		d->refused++;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

void microvm_devices_parse(struct microvm_devices *d, const char *cmdline)
{
	*d = (struct microvm_devices){0};
	const char *p = cmdline;
	while (*p != '\0') {
		if (is_space(*p)) {
			p++;
			continue;
		}
		struct text word = {.next = p};
		for (bool quoted = false; *p != '\0' && (quoted || !is_space(*p)); p++)
			quoted ^= *p == '"';
		word.end = p;
		add_word(d, word);
	}
}

void microvm_devices_of_acpi(struct microvm_devices *d, unsigned n_ioapics)
{
	unsigned slots = n_ioapics > 1 ? MICROVM_VIRTIO_SLOTS : MICROVM_VIRTIO_ONE_IOAPIC_SLOTS;
	uint32_t line = n_ioapics > 1 ? MICROVM_VIRTIO_LINE : MICROVM_VIRTIO_ONE_IOAPIC_LINE;
	*d = (struct microvm_devices){.n = slots};
	for (unsigned i = 0; i < slots; i++) {
		unsigned slot = slots - 1 - i;
		d->device[i].base = MICROVM_VIRTIO_START + slot * MICROVM_VIRTIO_SLOT_BYTES;
		d->device[i].line = line + slot;
	}
}

_Static_assert(MICROVM_VIRTIO_SLOTS <= MICROVM_DEVICES_MAX, "every slot has an entry");
