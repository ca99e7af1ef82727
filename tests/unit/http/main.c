/* SPDX-License-Identifier: ISC */
#include "tests/unit/http/tests.h"

int main(void)
{
	int failed = http_requests_tests();
	failed += http_conditional_tests();
	failed += http_gzip_tests();
	failed += http_kept_tests();
	failed += http_body_tests();
	failed += http_conn_tests();
	failed += http_parts_tests();
	return failed != 0;
}
