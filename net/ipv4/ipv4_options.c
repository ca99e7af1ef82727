/* SPDX-License-Identifier: ISC */
#include "net/ipv4/ipv4_options.h"

enum {
	END_OF_LIST = 0,
	NO_OPERATION = 1,
	TYPE_AND_LENGTH = 2, /* bytes of every other option before its data */
};

/* Bytes of the first option, 0 if its length is impossible. */
static size_t option_bytes(const uint8_t *option, size_t len)
{
	if (option[0] == NO_OPERATION)
		return 1;
	if (len < TYPE_AND_LENGTH || option[1] < TYPE_AND_LENGTH || option[1] > len)
		return 0;
	return option[1];
}

enum ipv4_options ipv4_options_find(const uint8_t *options, size_t len, uint8_t type, uint8_t other)
{
	while (len > 0 && options[0] != END_OF_LIST) {
		size_t bytes = option_bytes(options, len);
		if (bytes == 0)
			return IPV4_OPTIONS_BAD;
		if (options[0] == type || options[0] == other)
			return IPV4_OPTIONS_FOUND;
		options += bytes;
		len -= bytes;
	}
	return IPV4_OPTIONS_HARMLESS;
}
