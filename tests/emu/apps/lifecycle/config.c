/* SPDX-License-Identifier: ISC */
/* three devices, each over the one before, and two jobs that take their time */
#include <fata/config.h>

SIGNATURE(part, "struct part *", "part.h");

static job_t job_of(const char *function, part_t part, const char *name)
{
	key status = key_u32(name, 0, "status that this job ends with", .max = 255);
	key after = key_duration(fata_text("%s-after", name), "10ms", "how long it runs");

	return job(function, part, default_timer(), status, after);
}

void configure(void)
{
	key broken = key_enum("broken", "none", "none|first|second|third", "device that fails");
	part_t first = device("first", part, sources(), "first_connect", uses(), keys(broken),
			      .stop = "part_stop");
	part_t second = device("second", part, sources(), "second_connect", uses(first),
			       keys(broken), .stop = "part_stop");
	part_t third = device("third", part, sources(), "third_connect", uses(second), keys(broken),
			      .stop = "part_stop");

	unikernel("lifecycle", job_of("left", third, "left"), job_of("right", third, "right"));
}
