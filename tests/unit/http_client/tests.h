/* SPDX-License-Identifier: ISC */
#ifndef TESTS_UNIT_HTTP_CLIENT_TESTS_H
#define TESTS_UNIT_HTTP_CLIENT_TESTS_H

/* Each returns how many of its tests failed. */
int run_call_tests(void);
int run_pool_tests(void);
int run_redirect_tests(void);
int run_response_tests(void);
int run_upload_tests(void);
int run_url_tests(void);

#endif
