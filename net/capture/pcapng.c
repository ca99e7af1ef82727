/* SPDX-License-Identifier: ISC */
#include "net/capture/pcapng.h"

#include <string.h>

#include "base/attr.h"

enum {
	BLOCK_INTERFACE = 1,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6,
	BLOCK_SECTION = 0x0a0d0d0a,
	BYTE_ORDER_MAGIC = 0x1a2b3c4d,
	LINKTYPE_ETHERNET = 1,

	/* Options: of all blocks, of an interface, of a packet, of statistics. */
	OPTION_END = 0,
	IF_NAME = 2,
	EPB_FLAGS = 2,
	ISB_IFRECV = 4,
	ISB_IFDROP = 5,
	EPB_INBOUND = 1,
	EPB_OUTBOUND = 2,
};

/* Numbers are in the order of the machine, which the section's header tells. */
static uint8_t *put_u16(uint8_t *at, uint16_t value)
{
	memcpy(at, &value, sizeof(value));
	return at + sizeof(value);
}

static uint8_t *put_u32(uint8_t *at, uint32_t value)
{
	memcpy(at, &value, sizeof(value));
	return at + sizeof(value);
}

/* Behind `len` bytes, zeros up to the next multiple of four. */
static uint8_t *pad(uint8_t *at, size_t len)
{
	size_t padded = ROUND_UP(len, 4);
	memset(at + len, 0, padded - len);
	return at + padded;
}

static uint8_t *put_option(uint8_t *at, uint16_t code, const void *value, uint16_t len)
{
	at = put_u16(at, code);
	at = put_u16(at, len);
	memcpy(at, value, len);
	return pad(at, len);
}

/* High half first, whatever the byte order. */
static uint8_t *put_time(uint8_t *at, uint64_t unix_us)
{
	at = put_u32(at, (uint32_t)(unix_us >> 32));
	return put_u32(at, (uint32_t)unix_us);
}

static uint8_t *begin(uint8_t *out, uint32_t type)
{
	return put_u32(out, type) + 4;
}

/* The length of a block stands at both of its ends. */
static size_t end(uint8_t *out, uint8_t *at)
{
	uint32_t bytes = (uint32_t)(at - out) + 4;
	put_u32(out + 4, bytes);
	put_u32(at, bytes);
	return bytes;
}

static size_t section(uint8_t *out)
{
	uint8_t *at = begin(out, BLOCK_SECTION);
	at = put_u32(at, BYTE_ORDER_MAGIC);
	at = put_u16(at, 1); /* version 1.0 */
	at = put_u16(at, 0);
	at = put_u32(at, UINT32_MAX); /* a section of unknown length: 64 bits, -1 */
	at = put_u32(at, UINT32_MAX);
	return end(out, at);
}

static size_t interface_block(uint8_t *out, const char *name, uint32_t snap_bytes)
{
	uint8_t *at = begin(out, BLOCK_INTERFACE);
	at = put_u16(at, LINKTYPE_ETHERNET);
	at = put_u16(at, 0);
	at = put_u32(at, snap_bytes);
	at = put_option(at, IF_NAME, name, (uint16_t)MIN(strlen(name), (size_t)PCAPNG_NAME_MAX));
	at = put_u32(at, OPTION_END);
	return end(out, at);
}

size_t pcapng_header(uint8_t *out, const char *interface, uint32_t snap_bytes)
{
	size_t len = section(out);
	return len + interface_block(out + len, interface, snap_bytes);
}

size_t pcapng_packet(uint8_t *out, uint64_t unix_us, uint32_t frame_bytes, uint32_t kept_bytes,
		     bool sent)
{
	const uint32_t flags = sent ? EPB_OUTBOUND : EPB_INBOUND;
	uint8_t *at = begin(out, BLOCK_PACKET);
	at = put_u32(at, 0); /* the interface */
	at = put_time(at, unix_us);
	at = put_u32(at, kept_bytes);
	at = put_u32(at, frame_bytes);
	at = pad(at, kept_bytes);
	at = put_option(at, EPB_FLAGS, &flags, sizeof(flags));
	at = put_u32(at, OPTION_END);
	return end(out, at);
}

size_t pcapng_statistics(uint8_t *out, uint64_t unix_us, uint64_t frames, uint64_t missing)
{
	uint8_t *at = begin(out, BLOCK_STATISTICS);
	at = put_u32(at, 0);
	at = put_time(at, unix_us);
	at = put_option(at, ISB_IFRECV, &frames, sizeof(frames));
	at = put_option(at, ISB_IFDROP, &missing, sizeof(missing));
	at = put_u32(at, OPTION_END);
	return end(out, at);
}
