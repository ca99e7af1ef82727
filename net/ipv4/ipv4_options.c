/* SPDX-License-Identifier: ISC */
#include "net/ipv4/ipv4_options.h"

enum {
	END_OF_LIST = 0,
	NO_OPERATION = 1,
	LOOSE_SOURCE_ROUTE = 131,
	STRICT_SOURCE_ROUTE = 137,
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

enum ipv4_options ipv4_options_check(const uint8_t *options, size_t len)
{
	while (len > 0 && options[0] != END_OF_LIST) {
		size_t bytes = option_bytes(options, len);
		if (bytes == 0)
			return IPV4_OPTIONS_BAD;
		if (options[0] == LOOSE_SOURCE_ROUTE || options[0] == STRICT_SOURCE_ROUTE)
			return IPV4_OPTIONS_SOURCE_ROUTED;
		options += bytes;
		len -= bytes;
	}
	return IPV4_OPTIONS_HARMLESS;
}
