/* SPDX-License-Identifier: ISC */
/* A text is checked, and if it is one, walked through as a whole. */
#include "base/assert.h"
#include "net/json/json.h"

static void walk(struct json value, unsigned depth)
{
	struct json rest = value, item;
	int64_t number;

	assert(value.len > 0 && depth <= JSON_DEPTH_MAX);
	struct json again;
	assert(json_parse(&again, value.at, value.len) && again.len == value.len);
	for (unsigned decimals = 0; decimals <= 6; decimals += 6)
		(void)!json_number(value, decimals, &number);
	(void)json_is_true(value);
	if (json_member(value, "a", &item) || json_member(value, "streams", &item))
		walk(item, depth + 1);
	while (json_next(&rest, &item)) {
		assert(item.at >= value.at && item.at + item.len <= value.at + value.len);
		walk(item, depth + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json value;

	if (json_parse(&value, (const char *)data, size))
		walk(value, 0);
	return 0;
}
