/* SPDX-License-Identifier: ISC */
/* No device at all: neither a table, nor the loop, nor the heap. Texts that must be escaped. */
#include <fata/config.h>

void configure(void)
{
	key name = key_string("name", "a \"quoted\" C:\\path, for ??\?/ and déjà vu",
			      "whom to \"greet\", C:\\, what?\?/ and */ this /* that");

	unikernel("hello", job("hello_start", name));
}
