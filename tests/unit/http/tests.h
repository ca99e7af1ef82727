/* SPDX-License-Identifier: ISC */
/* The groups of tests: each returns the number of those that failed. */
#ifndef TESTS_UNIT_HTTP_TESTS_H
#define TESTS_UNIT_HTTP_TESTS_H

int http_requests_tests(void);
int http_conditional_tests(void);
int http_gzip_tests(void);
int http_kept_tests(void);
int http_body_tests(void);
int http_conn_tests(void);
int http_parts_tests(void);

#endif
