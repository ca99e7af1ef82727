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

/*
 * The same address, of which the compiler knows nothing: the file was rewritten after it was
 * compiled, and even of volatile reads it would take the result to be what the source says.
 */
static const void *launder(const void *p)
{
	__asm__("" : "+r"(p));
	return p;
}

char *argument_block_text(void)
{
	const struct argument_block *b = &argument_block;
	const struct argument_block_header *header = launder(b->header);
	const char *text = launder(b->text);
	unsigned length = load_le16(header->length);

	if (load_le16(header->capacity) != b->capacity || length > b->capacity)
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
