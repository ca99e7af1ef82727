/* SPDX-License-Identifier: ISC */
/*
 * From the clock chip's registers to Unix time. The C library of the build machine is the oracle.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "drivers/rtc/cmos_rtc/cmos_rtc.h"
#include "drivers/rtc/cmos_rtc/cmos_rtc_regs.h"

enum { FORMATS = 4 };

static uint8_t encode(int n, bool binary)
{
	return (uint8_t)(binary ? n : n / 10 * 16 + n % 10);
}

/* What a chip set to `t` holds; `format` 0 to 3 chooses BCD or binary, 12 or 24 hours. */
static struct cmos_rtc_registers registers_at(time_t t, unsigned format)
{
	struct tm tm;
	gmtime_r(&t, &tm);
	bool binary = (format & 1) != 0, hours24 = (format & 2) != 0;
	int year = tm.tm_year + 1900, hour = tm.tm_hour;
	struct cmos_rtc_registers r = {
		.second = encode(tm.tm_sec, binary),
		.minute = encode(tm.tm_min, binary),
		.hour = encode(hour, binary),
		.day = encode(tm.tm_mday, binary),
		.month = encode(tm.tm_mon + 1, binary),
		.year = encode(year % 100, binary),
		.century = encode(year / 100, binary),
	};
	r.status_b = (uint8_t)((binary ? CMOS_B_BINARY : 0) | (hours24 ? CMOS_B_24_HOURS : 0));
	if (!hours24) {
		int h = hour % 12 == 0 ? 12 : hour % 12;
		r.hour = (uint8_t)(encode(h, binary) | (hour >= 12 ? CMOS_HOUR_PM : 0));
	}
	return r;
}

static void agrees_with_the_c_library(void **state)
{
	const time_t first = 946684800, end = 7258118400; /* 2000 to 2199 */
	(void)state;
	unsigned format = 0;
	for (time_t t = first; t < end; t += 86400 * 3 + 3607) {
		struct cmos_rtc_registers r = registers_at(t, format++ % FORMATS);
		uint64_t unix_s;
		assert_int_equal(cmos_rtc_decode(&r, &unix_s), OK);
		assert_int_equal(unix_s, t);
	}
}

static void knows_the_hours_of_a_day(void **state)
{
	(void)state;
	for (int hour = 0; hour < 24; hour++) {
		for (unsigned format = 0; format < FORMATS; format++) {
			time_t t = 1709164800 + hour * 3600; /* 2024-02-29 */
			struct cmos_rtc_registers r = registers_at(t, format);
			uint64_t unix_s;
			assert_int_equal(cmos_rtc_decode(&r, &unix_s), OK);
			assert_int_equal(unix_s, t);
		}
	}
}

static void assumes_this_century_without_one(void **state)
{
	uint64_t unix_s;
	(void)state;
	struct cmos_rtc_registers r = registers_at(1709164800, 2);
	r.century = 0;
	assert_int_equal(cmos_rtc_decode(&r, &unix_s), OK);
	assert_int_equal(unix_s, 1709164800);
	r.century = 0xff;
	assert_int_equal(cmos_rtc_decode(&r, &unix_s), OK);
	assert_int_equal(unix_s, 1709164800);
}

static void refuse(uint8_t *value, uint8_t bad, const struct cmos_rtc_registers *r)
{
	uint64_t unix_s;
	uint8_t good = *value;
	*value = bad;
	assert_int_equal(cmos_rtc_decode(r, &unix_s), ERR_NOTREADY);
	*value = good;
	assert_int_equal(cmos_rtc_decode(r, &unix_s), OK);
}

static void refuses_what_is_no_date(void **state)
{
	(void)state;
	struct cmos_rtc_registers r = registers_at(1677542400, 2); /* 2023-02-28 */
	refuse(&r.second, 0x60, &r);
	refuse(&r.second, 0x0a, &r);
	refuse(&r.minute, 0x60, &r);
	refuse(&r.hour, 0x24, &r);
	refuse(&r.day, 0x00, &r);
	refuse(&r.day, 0x29, &r);
	refuse(&r.month, 0x00, &r);
	refuse(&r.month, 0x13, &r);
	refuse(&r.year, 0xa0, &r);
	refuse(&r.second, 0xff, &r);
	r = registers_at(1677542400, 0);
	refuse(&r.hour, 0x00, &r);
	refuse(&r.hour, 0x13, &r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_the_c_library),
		cmocka_unit_test(knows_the_hours_of_a_day),
		cmocka_unit_test(assumes_this_century_without_one),
		cmocka_unit_test(refuses_what_is_no_date),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
