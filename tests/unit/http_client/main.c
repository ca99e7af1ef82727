/* SPDX-License-Identifier: ISC */
#include "tests/unit/http_client/tests.h"

int main(void)
{
	return run_url_tests() + run_call_tests() + run_response_tests() + run_upload_tests() +
	       run_redirect_tests() + run_pool_tests();
}
