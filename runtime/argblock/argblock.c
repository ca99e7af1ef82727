/* SPDX-License-Identifier: ISC */
#include "runtime/argblock.h"

#include "base/bytes.h"
#include "runtime/args.h"
#include "runtime/console.h"
#include "runtime/start.h"

NORETURN static void refuse(const char *why)
{
	console_printf("error: the image's argument block %s: write it anew\n", why);
	stop(STATUS_USAGE);
}

static unsigned load_le16_fresh(const volatile uint8_t *p)
{
	return p[0] | (unsigned)p[1] << 8;
}

/*
 * The file was rewritten after it was compiled: read as volatile, since the compiler would take the
 * text to be what it is in the source, empty.
 */
char *argument_block_text(void)
{
	const struct argument_block *b = &argument_block;
	const volatile char *text = b->text;
	unsigned length = load_le16_fresh(b->header->length);

	if (load_le16_fresh(b->header->capacity) != b->capacity || length > b->capacity)
		refuse("says that it holds more than there is room for");
	for (unsigned i = 0; i < length; i++) {
		char c = text[i];
		if ((unsigned char)c < ' ' || c == 0x7f)
			refuse("contains a control character");
		b->copy[i] = c;
	}
	b->copy[length] = '\0';
	return b->copy;
}
