/* SPDX-License-Identifier: ISC */
#include "tests/unit/http_client/rig.h"
#include "tests/unit/http_client/tests.h"

static struct http_text text(const char *s)
{
	return (struct http_text){s, strlen(s)};
}

static void expect_text(struct http_text t, const char *want)
{
	assert_int_equal(t.len, strlen(want));
	assert_memory_equal(t.at, want, t.len);
}

static void expect_url(const char *url, const char *host, uint16_t port, const char *target)
{
	struct http_url u;

	assert_int_equal(http_url_parse(&u, text(url)), OK);
	expect_text(u.host, host);
	assert_int_equal(u.port, port);
	expect_text(u.target, target);
}

static void urls_are_taken_apart(void **state)
{
	struct http_url u;

	(void)state;
	expect_url("http://a.test", "a.test", 80, "");
	expect_url("HTTP://a.test/", "a.test", 80, "/");
	expect_url("http://a.test:8080/x/y?z=/#part", "a.test", 8080, "/x/y?z=/");
	expect_url("http://a.test:?q", "a.test", 80, "?q");
	expect_url("http://a.test#f", "a.test", 80, "");
	expect_url("http://10.0.2.2:65535/", "10.0.2.2", 65535, "/");
	expect_url("http://[fd00::2]:81/a", "fd00::2", 81, "/a");
	expect_url("http://[::1]", "::1", 80, "");
	assert_int_equal(http_url_parse(&u, text("http://[fd00::2]:81/a")), OK);
	expect_text(u.authority, "[fd00::2]:81");
}

static void wrong_urls_are_refused(void **state)
{
	static const char *const wrong[] = {
		"",
		"a.test",
		"/path",
		"http:",
		"http:/a",
		"http:a.test",
		"http://",
		"http:///x",
		"http://:80/",
		"http://a.test:0/",
		"http://a.test:65536/",
		"http://a.test:99999999999999999999/",
		"http://a.test:8x/",
		"http://u@a.test/",
		"http://u:p@a.test/",
		"http://a b/",
		"http://a.test/x y",
		"http://a.test/\r\nX: y",
		"http://a.test/\x80",
		"http://a%00.test/",
		"http://[fd00::2/",
		"http://[fd00::2]x/",
		"http://[]/",
		"http://[a.test]/",
		"://a.test",
	};
	struct http_url u;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_int_equal(http_url_parse(&u, text(wrong[i])), ERR_INVALID);
	assert_int_equal(http_url_parse(&u, text("https://a.test/")), ERR_UNSUPPORTED);
	assert_int_equal(http_url_parse(&u, text("ftp:x")), ERR_UNSUPPORTED);
}

/* The examples of RFC 3986 section 5.4 that have a meaning here. */
static void references_are_resolved(void **state)
{
	static const struct {
		const char *reference, *url;
	} examples[] = {
		{"http://b.test/x", "http://b.test/x"},
		{"g", "http://a/b/c/g"},
		{"./g", "http://a/b/c/g"},
		{"g/", "http://a/b/c/g/"},
		{"/g", "http://a/g"},
		{"//g", "http://g"},
		{"?y", "http://a/b/c/d;p?y"},
		{"g?y", "http://a/b/c/g?y"},
		{"#s", "http://a/b/c/d;p?q"},
		{"g#s", "http://a/b/c/g"},
		{";x", "http://a/b/c/;x"},
		{"", "http://a/b/c/d;p?q"},
		{".", "http://a/b/c/"},
		{"..", "http://a/b/"},
		{"../g", "http://a/b/g"},
		{"../../../g", "http://a/g"},
		{"/./g", "http://a/g"},
		{"/../g", "http://a/g"},
		{"g/./h?a/../b", "http://a/b/c/g/h?a/../b"},
	};
	char out[HTTP_URL_BYTES_MAX];
	struct http_url base;
	size_t len;

	(void)state;
	assert_int_equal(http_url_parse(&base, text("http://a/b/c/d;p?q")), OK);
	for (size_t i = 0; i < ARRAY_SIZE(examples); i++) {
		struct http_text reference = text(examples[i].reference);
		assert_int_equal(http_url_resolve(&base, reference, out, &len), OK);
		expect_text((struct http_text){out, len}, examples[i].url);
	}
	assert_int_equal(http_url_resolve(&base, text("https://a/"), out, &len), ERR_UNSUPPORTED);
	assert_int_equal(http_url_resolve(&base, text("//"), out, &len), ERR_INVALID);
	assert_int_equal(http_url_resolve(&base, text("x y"), out, &len), ERR_INVALID);
	assert_int_equal(http_url_parse(&base, text("http://a")), OK);
	assert_int_equal(http_url_resolve(&base, text("g"), out, &len), OK);
	expect_text((struct http_text){out, len}, "http://a/g");
}

static void a_reference_may_be_too_long(void **state)
{
	char out[HTTP_URL_BYTES_MAX], reference[HTTP_URL_BYTES_MAX];
	struct http_url base;
	size_t len;

	(void)state;
	assert_int_equal(http_url_parse(&base, text("http://a/")), OK);
	memset(reference, 'x', sizeof(reference));
	assert_int_equal(http_url_resolve(&base, (struct http_text){reference, sizeof(reference)},
					  out, &len),
			 ERR_RANGE);
	/* "http://a/" is 9 bytes. */
	assert_int_equal(http_url_resolve(&base,
					  (struct http_text){reference, sizeof(reference) - 9}, out,
					  &len),
			 OK);
	assert_int_equal(len, HTTP_URL_BYTES_MAX);
}

int run_url_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(urls_are_taken_apart),
		cmocka_unit_test(wrong_urls_are_refused),
		cmocka_unit_test(references_are_resolved),
		cmocka_unit_test(a_reference_may_be_too_long),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
